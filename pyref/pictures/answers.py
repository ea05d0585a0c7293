"""What a network has answered to rows whose targets are known, and what pictures need of it."""

from array import array
from typing import Any, List, NamedTuple, Optional, Tuple

from ..arguments.loss import loss_of
from ..arguments.task import classes_of, targets_of, task_of
from ..arguments.units import given_inputs, scaled_data
from ..measures import LabelCounts, Matrix, confusion_matrix, label_counts
from ..reference.losses import class_of
from ..rows.arrays import Floats
from ..tables import passes
from ..tables.layout import CLASSIFICATION, LABELS, REGRESSION
from .chart import NotOfItsKind

PROBABILITIES = ("sigmoid", "softmax")


class Answers(NamedTuple):
    """Flat arrays of rows: of `inputs` as the network takes them, before they are scaled; of
    `outputs` and, of a regression or labels, `targets` in the user's units.  Of classes, `targets`
    are their numbers, one for each row."""

    inputs: Floats
    outputs: Floats
    targets: Floats


def answers_to(network: Any, inputs: Any, targets: Any) -> Answers:
    """What the network answers to rows in any form that it takes."""
    data = scaled_data(network, inputs, targets, loss_of(network))
    rows = given_inputs(network, inputs)
    flat = array("d", [value for row in rows for value in row])
    outputs = network.predict(flat)
    if task_of(network) == CLASSIFICATION:
        return Answers(flat, outputs, array("d", [class_of(row) for row in data.targets]))
    scaling = network.target_scaling
    wanted = data.targets if scaling is None else map(scaling.inverse, data.targets)
    return Answers(flat, outputs, array("d", [value for row in wanted for value in row]))


def columns(flat: Floats, width: int) -> List[Floats]:
    """
    >>> columns(array("d", [1.0, 2.0, 3.0, 4.0]), 2)
    [array('d', [1.0, 3.0]), array('d', [2.0, 4.0])]
    """
    return [flat[place::width] for place in range(width)]


def matrix_of(network: Any, answers: Answers) -> Matrix:
    said = passes.fastest.answers(answers.outputs, network.sizes[-1])
    return confusion_matrix(answers.targets, said, len(classes_of(network) or []))


def labels_of(network: Any, answers: Answers) -> List[LabelCounts]:
    width = network.sizes[-1]
    both = zip(columns(answers.outputs, width), columns(answers.targets, width))
    return [label_counts(outputs, targets) for outputs, targets in both]


def probabilities(network: Any, answers: Answers) -> Tuple[str, List[float], List[bool]]:
    """What the network has given probabilities to, these, and of each whether it was so.

    Of two classes it is the second one, of labels each of them, and of more classes the answer,
    that it is right.  Raises NotOfItsKind where outputs are no probabilities.
    """
    task, output, width = task_of(network), network.layers[-1].activation, network.sizes[-1]
    if task == REGRESSION:
        raise NotOfItsKind("calibration is of probabilities: a regression answers none")
    one_by_one = task == LABELS or width == 1
    if output not in PROBABILITIES or (not one_by_one and output != "softmax"):
        raise NotOfItsKind(
            f"calibration is of probabilities: {output} outputs are none (softmax's are, and "
            "sigmoid's of two classes or labels)"
        )
    outputs, targets = answers.outputs, answers.targets
    if task == LABELS:
        return "a label", list(outputs), [target >= 0.5 for target in targets]
    classes = classes_of(network) or []
    if len(classes) == 2:
        return classes[1], list(outputs if width == 1 else outputs[1::2]), list(map(bool, targets))
    rows = [list(outputs[place : place + width]) for place in range(0, len(outputs), width)]
    said = [(max(row), class_of(row)) for row in rows]
    return "the answer", [p for p, _ in said], [
        answer == target for (_, answer), target in zip(said, targets)
    ]


def names_of_outputs(network: Any) -> Optional[List[str]]:
    """One for each, where they can be told: a class, a label or a target."""
    if task_of(network) != CLASSIFICATION:
        return targets_of(network)
    classes = classes_of(network) or []
    return [classes[1]] if network.sizes[-1] == 1 else classes
