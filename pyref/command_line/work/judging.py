"""How good a network's answers are: right classes, right labels, errors in the user's units."""

from array import array
from collections import Counter
from math import sqrt
from typing import List, NamedTuple, Optional

from ...network import Network
from ...reference.labels import said_yes
from ...tables import passes
from ...tables.layout import CLASSIFICATION, LABELS
from .from_options import targets_for
from .model_data import classes_of, task_of

Matrix = List[List[int]]


def confusion_matrix(outputs: array, width: int, targets: array, classes: int) -> Matrix:
    """How many rows of each class (first index) were taken for each class (second)."""
    counts = Counter(zip(targets, passes.fastest.answers(outputs, width)))
    return [[counts[(float(true), said)] for said in range(classes)] for true in range(classes)]


class LabelCounts(NamedTuple):
    """Of one label: how many rows have it; how many of these were found; and how many others were
    given it by mistake."""

    rows: int
    have_it: int
    found: int
    mistaken: int

    @property
    def right(self) -> int:
        return self.rows - (self.have_it - self.found) - self.mistaken


def label_counts(outputs: array, targets: array) -> LabelCounts:
    """Of one column of outputs and targets."""
    have_it = found = mistaken = 0
    for yes, target in zip(said_yes(outputs), said_yes(targets)):
        have_it += target
        found += yes and target
        mistaken += yes and not target
    return LabelCounts(len(targets), have_it, found, mistaken)


def rows_right_in_all(outputs: array, targets: array, width: int) -> int:
    """How many rows got all their labels and no others."""
    wanted, said = said_yes(targets), said_yes(outputs)
    places = range(0, len(targets), width)
    return sum(said[i : i + width] == wanted[i : i + width] for i in places)


class ColumnError(NamedTuple):
    """Of one target column: the root of the mean squared error, in the target's unit, and R²."""

    root_mean_square: float
    r_squared: Optional[float]  # None where all targets are the same


def column_error(outputs: array, targets: array) -> ColumnError:
    """R² is the part of the targets' variance that the outputs explain, 1 − Σ(y − t)²/Σ(t − mean)²:
    1 is perfect, 0 no better than the mean as a guess, below 0 worse."""
    total = 0.0
    for target in targets:
        total += target
    mean = total / len(targets)
    error = spread = 0.0
    for output, target in zip(outputs, targets):
        error += (output - target) * (output - target)
        spread += (target - mean) * (target - mean)
    return ColumnError(sqrt(error / len(targets)), 1.0 - error / spread if spread else None)


class Judgement(NamedTuple):
    """Over `rows` rows: for classes, how many are `right`, and a `matrix` of answers; for labels,
    the counts of each, and how many rows are right in all of them; or the `errors` of each target.
    """

    rows: int
    loss: Optional[float] = None
    right: Optional[int] = None
    matrix: Optional[Matrix] = None
    labels: Optional[List[LabelCounts]] = None
    right_in_all: int = 0
    errors: Optional[List[ColumnError]] = None


def judge(
    network: Network, inputs: array, targets: array, backend: str, with_matrix: bool = True
) -> Judgement:
    """Without a matrix, classes take half the time."""
    found = network.evaluate(inputs, targets_for(network, targets), backend=backend)
    width, rows, task = network.sizes[-1], len(inputs) // network.sizes[0], task_of(network)
    judged = Judgement(rows, found.loss)
    if task == CLASSIFICATION:
        judged = judged._replace(right=round(found.accuracy * rows))
        if not with_matrix:
            return judged
    outputs = network.predict(inputs, backend=backend)
    if task == CLASSIFICATION:
        classes = len(classes_of(network))
        return judged._replace(matrix=confusion_matrix(outputs, width, targets, classes))
    columns = [(outputs[j::width], targets[j::width]) for j in range(width)]
    if task == LABELS:
        return judged._replace(
            labels=[label_counts(*column) for column in columns],
            right_in_all=rows_right_in_all(outputs, targets, width),
        )
    return judged._replace(errors=[column_error(*column) for column in columns])
