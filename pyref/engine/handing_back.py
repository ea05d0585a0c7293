"""Back into a network's lists: all of a training's weights, or none."""

from array import array
from itertools import accumulate, islice
from operator import is_
from typing import Any, List, NamedTuple, Optional

from ..reference.layer import Layer, Rows
from ..reference.parameters import copy_rows, parameters
from ..rows.arrays import Floats
from ..rows.digests import parameters_digest
from ..rows.late import Late

SPARE = 16  # bytes for each number of the longest list: twice what it takes to fill a list anew


class Shape(NamedTuple):
    """Of a layer, as a training found it.  It is the training's to its end, whatever becomes of
    the lists."""

    inputs: int
    units: int
    has_biases: bool

    @property
    def lists(self) -> int:
        """How many it has, each as long as there are units."""
        return self.inputs + self.has_biases


def shapes_of(layers: List[Layer]) -> List[Shape]:
    return [
        Shape(len(layer.weights), layer.units, layer.biases is not None) for layer in layers
    ]


def lengths_of(shapes: List[Shape]) -> List[int]:
    """Of all lists, in the order of `parameters`."""
    return [shape.units for shape in shapes for _ in range(shape.lists)]


def fitting_lists(layers: List[Layer], shapes: List[Shape]) -> List[List[float]]:
    """The lists of the layers, as `parameters` gives them, if they have these shapes."""
    if len(layers) != len(shapes):
        raise ValueError(f"{len(layers)} layers found where {len(shapes)} were in training")
    lists: List[List[float]] = []
    for number, (layer, shape) in enumerate(zip(layers, shapes), 1):
        weights, biases = layer.weights, layer.biases
        rows = list(weights) if type(weights) is list else []
        if biases is not None:
            rows.append(biases)
        fit = set(map(type, rows)) == {list} and set(map(len, rows)) == {shape.units}
        if not fit or len(rows) != shape.lists or (biases is None) is shape.has_biases:
            also = " and as many biases" if shape.has_biases else " and no biases"
            raise ValueError(
                f"layer {number}: its shape was changed while it was in training: it began with "
                f"{shape.inputs} lists of {shape.units} weights{also}. The training ends, and the "
                "trainer stands where the weights were handed back last"
            )
        lists += rows
    return lists


class Spare:
    """Memory to write with, taken before it is too late to turn back."""

    def __init__(self, lengths: List[int]) -> None:
        ends = list(accumulate(lengths))
        self.places = list(map(slice, [0] + ends, ends))  # of the lists' numbers, side by side
        self.memory = bytes(SPARE * max(lengths) + 4096)
        self.numbers = array("d", bytes(8 * max(lengths))).tolist()

    def fill(self, lists: Rows, values: Rows) -> None:
        """Lists of the same lengths: no number is made, and no list grows."""
        del self.memory
        copy_rows(values, lists)

    def write(
        self, lists: Rows, values: Floats, before: Floats, copies: Optional[Rows]
    ) -> None:
        """The `values` into all lists, and into new `copies` of these; or none, and the lists hold
        what they held `before`.

        Row by row, as numbers are made quickly where others have just gone: 784-2048-2048-10 took
        0.15 s, and 0.7 s where all numbers were made before the first list was changed.  So memory
        may run out in the midst, which is why it goes back then: row by row as well, each of which
        leaves as much memory as the next one needs, and the first finds what is spared here.
        """
        done = 0
        try:
            for place, numbers in enumerate(self.places):
                new = values[numbers].tolist()
                lists[place][:] = new
                done = place + 1
                if copies is not None:
                    copies[place] = new
        except BaseException:
            del self.memory, self.numbers
            new = None  # nothing may hold the numbers that are to make room
            if copies is not None:
                copies.clear()
            for row, numbers in islice(zip(lists, self.places), done):
                row[:] = before[numbers].tolist()
            raise


class Handed:
    """What a training hands back to its layers: the `digest` of these numbers, and whether they
    still stand there."""

    def __init__(
        self, layers: List[Layer], lists: Rows, copies: Optional[Rows], numbers: Floats,
        holds_whole: bool,
    ) -> None:
        """`copies` are those that will be made of the lists, or None where nobody will ask;
        `holds_whole` says whether one of the numbers is whole."""
        self.found, self.lists, self.copies = layers, lists, copies
        self.digest, self.holds_whole = Late(parameters_digest, numbers), holds_whole
        if copies is None:
            self.digest.made()  # as long as there is a way back
        else:
            self.layers, self.parts = list(layers), parts(layers)

    def still_stands(self, layers: List[Layer]) -> bool:
        """Whether nobody has changed a list, or put another in its place; in doubt, no.

        A number is first compared as an object, and only the places of objects are read: 5 % of
        the time that reading all numbers takes.  Where it is another object its value counts.  That
        tells neither zeros of either sign from each other nor whole numbers from an int or a bool:
        such are in doubt.  What else equals a float (a Fraction, a Decimal) is written over when
        the training goes on, and looked at when the network is used.
        """
        return (
            self.copies is not None
            and layers is self.found
            and not self.holds_whole
            and same(layers, self.layers)
            and same(parts(layers), self.parts)
            and same(parameters(layers), self.lists)
            and self.lists == self.copies
        )


def parts(layers: List[Layer]) -> List[Any]:
    return [part for layer in layers for part in (layer.weights, layer.biases, layer.activation)]


def same(found: List[Any], expected: List[Any]) -> bool:
    """Whether these are the same objects."""
    return len(found) == len(expected) and all(map(is_, found, expected))
