"""Rows of numbers as both engines take them: lists of lists for Python, one flat buffer for C."""

from array import array
from typing import Iterator, List, NamedTuple, Optional

from ..reference.layer import Rows
from ..reference.losses import total_weight
from .arrays import Buffer, Floats
from .digests import digest, typecode_of
from .scanning import widened


class Table:
    """`count` rows of `width` finite numbers, as lists for Python and as one buffer for C.

    It is a sequence of its rows, too, for those who need only some of them.  `form` is that of an
    answer to them: None for lists, else the typecode of a flat array.
    """

    def __init__(
        self, count: int, width: int, lists: Optional[Rows], flat: Optional[Buffer]
    ) -> None:
        self.count = count
        self.width = width
        self.form = None if flat is None or lists is not None else typecode_of(flat)
        self._lists = lists
        self._flat = flat

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, place: int) -> List[float]:
        if self._lists is not None:
            return self._lists[place]
        return self.doubles(self.flat()[place * self.width : (place + 1) * self.width])

    def __iter__(self) -> Iterator[List[float]]:
        return (self[place] for place in range(self.count))

    @staticmethod
    def doubles(flat: Buffer) -> List[float]:
        """Of single precision by way of an engine, which subnormal numbers do not get lost on."""
        same = flat if typecode_of(flat) == "d" else widened(flat)
        return same.tolist()  # type: ignore[return-value]  # typeshed takes a view's for integers

    def lists(self) -> List[List[float]]:
        if self._lists is None:
            flat, width = self.doubles(self.flat()), self.width
            self._lists = [flat[place : place + width] for place in range(0, len(flat), width)]
        return self._lists

    def flat(self) -> Buffer:
        if self._flat is None:
            self._flat = array("d")
            for row in self.lists():
                self._flat.extend(row)
        return self._flat


class Data(NamedTuple):
    """Inputs and targets, row for row; `weights` None: every row weighs 1."""

    inputs: Table
    targets: Table
    weights: Optional[Floats]

    @property
    def count(self) -> int:  # type: ignore[override]  # rows, as a Table does
        return self.inputs.count

    def digest(self) -> str:
        """SHA-256 of the numbers, big-endian in their precision, and of their shape."""
        weighted = "" if self.weights is None else " weighted"
        shape = f"{self.count} {self.inputs.width} {self.targets.width}{weighted}\n"
        parts = [self.inputs.flat(), self.targets.flat()]
        parts += [] if self.weights is None else [self.weights]
        return digest(shape, parts)

    def total_weight(self) -> float:
        return float(self.count) if self.weights is None else total_weight(self.weights)
