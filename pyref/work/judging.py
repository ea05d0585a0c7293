"""How good a network's answers are: right classes, right labels, errors in the user's units."""

from typing import List, NamedTuple, Optional

from ..arguments.task import classes_of, task_of
from ..arguments.loss import loss_of
from ..measures import (
    ColumnError, LabelCounts, Matrix, balanced_accuracy, column_error, confusion_matrix,
    label_counts, log_loss, roc_auc, rows_right_in_all,
)
from ..network import Network
from ..rows.arrays import Floats
from ..tables import passes
from ..tables.layout import CLASSIFICATION, LABELS
from .from_options import targets_for


class Judgement(NamedTuple):
    """Over `rows` rows: for classes, how many are `right`, and, where they were asked for, a
    `matrix` of answers, the `balanced_accuracy`, the `log_loss` where the outputs are the
    probabilities of classes, and the area `roc_auc` where there are two; for labels, the counts of
    each, and how many rows are right in all of them; or the `errors` of each target.
    """

    rows: int
    loss: Optional[float] = None
    right: Optional[int] = None
    matrix: Optional[Matrix] = None
    balanced_accuracy: Optional[float] = None
    log_loss: Optional[float] = None
    roc_auc: Optional[float] = None
    labels: Optional[List[LabelCounts]] = None
    right_in_all: int = 0
    errors: Optional[List[ColumnError]] = None


def judge(
    network: Network, inputs: Floats, targets: Floats, backend: str, in_detail: bool = True
) -> Judgement:
    """What is no detail of classes, how many are right, takes half the time."""
    found = network.evaluate(inputs, targets_for(network, targets), backend=backend)
    width, rows, task = network.sizes[-1], len(inputs) // network.sizes[0], task_of(network)
    judged = Judgement(rows, found.loss)
    if task == CLASSIFICATION:
        judged = judged._replace(
            right=round(found.accuracy * rows),
            log_loss=found.loss if loss_is_log_loss(network) else None,
        )
        if not in_detail:
            return judged
    outputs = network.predict(inputs, backend=backend)
    if task == CLASSIFICATION:
        return with_details(judged, network, outputs, targets)
    columns = [(outputs[j::width], targets[j::width]) for j in range(width)]
    if task == LABELS:
        return judged._replace(
            labels=[label_counts(*column) for column in columns],
            right_in_all=rows_right_in_all(outputs, targets, width),
        )
    return judged._replace(errors=[column_error(*column) for column in columns])


def loss_is_log_loss(network: Network) -> bool:
    loss = loss_of(network)
    return loss == "cross_entropy" or (loss == "binary_cross_entropy" and network.sizes[-1] == 1)


def with_details(
    judged: Judgement, network: Network, outputs: Floats, targets: Floats
) -> Judgement:
    """Of classes."""
    width, classes = network.sizes[-1], len(classes_of(network) or ())
    matrix = confusion_matrix(targets, passes.fastest.answers(outputs, width), classes)
    details = judged._replace(matrix=matrix, balanced_accuracy=balanced_accuracy(matrix))
    if judged.log_loss is None and network.layers[-1].activation in ("sigmoid", "softmax"):
        if width == 1 or network.layers[-1].activation == "softmax":
            details = details._replace(log_loss=log_loss(outputs, width, targets))
    if classes == 2:
        scores = outputs if width == 1 else outputs[1::2]
        details = details._replace(roc_auc=roc_auc(scores, targets))
    return details
