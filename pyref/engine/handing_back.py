"""Back into a network's lists: all of a training's weights, or none."""

from typing import List, NamedTuple

from ..reference.layer import Layer
from ..reference.parameters import copy_rows

SPARE = 16  # bytes for each number of the longest list: twice what it takes to fill a list anew


class Shape(NamedTuple):
    """Of a layer, as a training found it.  It is the training's to its end, whatever becomes of
    the lists."""

    inputs: int
    units: int
    has_biases: bool

    def lengths(self) -> List[int]:
        """Of its lists, in the order of `parameters`."""
        return [self.units] * (self.inputs + self.has_biases)


def shapes_of(layers: List[Layer]) -> List[Shape]:
    return [
        Shape(len(layer.weights), layer.units, layer.biases is not None) for layer in layers
    ]


def lengths_of(shapes: List[Shape]) -> List[int]:
    return [length for shape in shapes for length in shape.lengths()]


def fitting_lists(layers: List[Layer], shapes: List[Shape]) -> List[List[float]]:
    """The lists of the layers, as `parameters` gives them, if they have these shapes."""
    if len(layers) != len(shapes):
        raise ValueError(f"{len(layers)} layers found where {len(shapes)} were in training")
    lists: List[List[float]] = []
    for number, (layer, shape) in enumerate(zip(layers, shapes), 1):
        weights, biases = layer.weights, layer.biases
        rows = list(weights) if type(weights) is list else []
        rows += [] if biases is None else [biases]
        fit = all(type(row) is list and len(row) == shape.units for row in rows)
        if not fit or len(rows) != len(shape.lengths()) or (biases is None) is shape.has_biases:
            also = " and as many biases" if shape.has_biases else " and no biases"
            raise ValueError(
                f"layer {number}: its shape was changed while it was in training: it began with "
                f"{shape.inputs} lists of {shape.units} weights{also}. The training ends, and the "
                "trainer stands where the weights were handed back last"
            )
        lists += rows
    return lists


class Spare:
    """Memory for `fill`, taken before it is too late to turn back."""

    def __init__(self, lengths: List[int]) -> None:
        self.memory = bytes(SPARE * max(lengths) + 4096)

    def fill(self, lists: List[List[float]], values: List[List[float]]) -> None:
        """Lists of the same lengths: no number is made, and no list grows."""
        del self.memory
        copy_rows(values, lists)
