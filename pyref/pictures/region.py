"""What a network of two inputs answers all over a rectangle of them."""

from array import array
from math import inf, isfinite
from typing import Any, List, Optional, Sequence, Tuple

from ..rows.arrays import Floats
from .chart import NotOfItsKind

Span = Tuple[float, float]  # from low to high

MARGIN = 0.08  # beside the rows, in parts of their range
DEVIATIONS = 2.5  # on both sides of the mean, where there are no rows
USUAL: Span = (-0.5, 1.5)  # where nothing is known of the inputs


def middles(span: Span, count: int) -> List[float]:
    """Of so many cells side by side.

    >>> middles((0.0, 4.0), 2)
    [1.0, 3.0]
    """
    low, high = span
    return [low + (high - low) * (place + 0.5) / count for place in range(count)]


def grid(across: Span, up: Span, columns: int, rows: int) -> Floats:
    """The middles of cells, line by line, as one draws them: the second input falls.

    >>> grid((0.0, 4.0), (0.0, 2.0), 2, 2).tolist()
    [1.0, 1.5, 3.0, 1.5, 1.0, 0.5, 3.0, 0.5]
    """
    xs = middles(across, columns)
    return array("d", [value for y in reversed(middles(up, rows)) for x in xs for value in (x, y)])


def spans(network: Any, inputs: Optional[Floats]) -> Tuple[Span, Span]:
    """Where to look: around the rows, or else around the mean that inputs are scaled by.

    Raises NotOfItsKind where the network has not two inputs.
    """
    if network.sizes[0] != 2:
        count = network.sizes[0]
        raise NotOfItsKind(
            f"decision regions need a network of two inputs; this one has {count}"
        )
    if inputs:
        return around(inputs[0::2]), around(inputs[1::2])
    scaling = network.input_scaling
    if scaling is None:
        return USUAL, USUAL
    across, up = [
        (mean - DEVIATIONS * deviation, mean + DEVIATIONS * deviation)
        for mean, deviation in zip(scaling.means, scaling.deviations)
    ]
    return across, up


def around(values: Floats) -> Span:
    low, high = min(values), max(values)
    room = (high - low) * MARGIN or abs(low) * MARGIN or 0.5
    if not isfinite(high - low + 2.0 * room):
        raise ValueError("decision regions: the inputs are too far apart to be drawn")
    return low - room, high + room


def lines(values: Sequence[Any], columns: int) -> List[List[Any]]:
    """
    >>> lines([1, 2, 3, 4], 2)
    [[1, 2], [3, 4]]
    """
    return [list(values[place : place + columns]) for place in range(0, len(values), columns)]


def finite_span(values: List[float]) -> Span:
    """From the lowest to the highest finite one."""
    low, high = inf, -inf
    for value in values:
        if isfinite(value):
            low, high = min(low, value), max(high, value)
    return (low, high) if low <= high else (0.0, 0.0)
