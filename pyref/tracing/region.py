"""What a network with two inputs answers all over a square of them: its decision region."""

from typing import List, NamedTuple

from ..pictures.region import grid, lines
from ..reference.layer import Layer, Rows
from ..reference.losses import class_of
from ..reference.network import predict

CELLS = 24  # to a side


class Region(NamedTuple):
    """The square, and the answers before and after each epoch."""

    low: float
    high: float
    answers: List[List[float]]


def square(low: float, high: float) -> Rows:
    """The middles of its cells, line by line, as one draws them: the second input falls.

    >>> square(0.0, 24.0)[0], square(0.0, 24.0)[24]
    ([0.5, 23.5], [0.5, 22.5])
    """
    return lines(grid((low, high), (low, high), CELLS, CELLS), 2)


def is_of_classes(activations: List[str]) -> bool:
    """Whether outputs compete: then the largest is what matters, else each is an answer."""
    return activations[-1] == "softmax"


def answers(layers: List[Layer], low: float, high: float) -> List[float]:
    """Of each cell the class, or the first output where outputs are no classes."""
    rows = square(low, high)
    outputs = [predict(layers, [layers[0].rounded(row)])[0] for row in rows]
    if is_of_classes([layer.activation for layer in layers]):
        return [float(class_of(y)) for y in outputs]
    return [y[0] for y in outputs]
