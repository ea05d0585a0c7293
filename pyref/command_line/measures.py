"""How good answers are: right classes, errors in the user's units."""

from array import array
from math import sqrt
from typing import List, NamedTuple, Optional

from ..losses import class_of

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
