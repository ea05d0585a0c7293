"""How good answers are: right classes, right labels, errors in the user's units."""

from array import array
from math import sqrt
from typing import List, NamedTuple, Optional

from ..reference.labels import said_yes
from ..reference.losses import class_of

Matrix = List[List[int]]


def confusion_matrix(outputs: array, width: int, targets: array, classes: int) -> Matrix:
    """How many rows of each class (first index) were taken for each class (second)."""
    matrix = [[0] * classes for _ in range(classes)]
    for row, target in enumerate(targets):
        answer = class_of(outputs[row * width : (row + 1) * width])
        matrix[int(target)][answer] += 1
    return matrix


def right_answers(matrix: Matrix) -> int:
    return sum(matrix[place][place] for place in range(len(matrix)))


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
