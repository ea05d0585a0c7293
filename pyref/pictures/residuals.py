"""What is left of the targets of a regression when its answers are taken away."""

from math import ceil, isfinite
from typing import List, NamedTuple

from ..measures import ColumnError, column_error
from ..rows.arrays import Floats
from .chart import Point

MOST_POINTS = 2000  # on a panel


class Residuals(NamedTuple):
    """Of one target: its name, (answer, target − answer) of rows, of every n-th where there are
    many, and the errors over all of them."""

    name: str
    points: List[Point]
    rows: int
    error: ColumnError


def residuals(name: str, outputs: Floats, targets: Floats) -> Residuals:
    """
    >>> from array import array
    >>> residuals("y", array("d", [1.0, 2.0]), array("d", [1.5, 1.0])).points
    [(1.0, 0.5), (2.0, -1.0)]
    """
    every = ceil(len(outputs) / MOST_POINTS)
    both = zip(outputs[::every], targets[::every])
    points = [(answer, target - answer) for answer, target in both if isfinite(answer)]
    return Residuals(name, points, len(outputs), column_error(outputs, targets))
