"""The kernel's passes over the numbers of a table, for tables/passes.py."""

from array import array
from math import sqrt
from typing import FrozenSet, List, Sequence, Tuple

from .._kernel import ffi, lib
from ..reference.generator import Stream
from ..rows.arrays import Buffer, Floats, Integers, View
from ..tables.passes import Passes, Rows
from .buffers import copy_stream_in, zeros
from .calls import CData


def doubles(values: Buffer) -> CData:
    return ffi.from_buffer("double[]", values)


def order_of(flat: Floats, apart: int, rows: Rows) -> Tuple[CData, int]:
    """The places of rows for the kernel, and how many they are."""
    if rows is None:
        return ffi.NULL, len(flat) // apart
    if not isinstance(rows, array):
        rows = array("q", rows)
    return ffi.from_buffer("int64_t[]", rows), len(rows)


def scaled(flat: Buffer, means: Sequence[float], deviations: Sequence[float]) -> Floats:
    width, made = len(means), zeros(len(flat))
    lib.scale_rows(doubles(flat), len(flat) // width, width, list(means), list(deviations),
                   doubles(made))
    return made


def means(flat: Floats, apart: int, width: int, rows: Rows) -> List[float]:
    order, count = order_of(flat, apart, rows)
    totals, same = zeros(width), bytearray(width)
    lib.sum_columns(doubles(flat), order, count, apart, width, doubles(totals),
                    ffi.from_buffer("uint8_t[]", same))
    first = (0 if rows is None else rows[0]) * apart
    return [
        flat[first + column] if same[column] else totals[column] / count for column in range(width)
    ]


def means_and_deviations(flat: Floats, width: int) -> List[Tuple[float, float]]:
    count, totals = len(flat) // width, zeros(width)
    middles = means(flat, width, width, None)
    lib.sum_squares(doubles(flat), count, width, middles, doubles(totals))
    return [(middle, sqrt(total / count) or 1.0) for middle, total in zip(middles, totals)]


def taken(flat: Floats, apart: int, width: int, rows: Rows) -> Floats:
    order, count = order_of(flat, apart, rows)
    made = zeros(count * width)
    lib.take_rows(doubles(flat), order, count, apart, width, doubles(made))
    return made


def answers(outputs: Floats, width: int) -> Integers:
    count = len(outputs) // width
    made = array("q", [0]) * count
    lib.answers_of(doubles(outputs), count, width, ffi.from_buffer("int64_t[]", made))
    return made


def shuffled(seed: int, count: int) -> Integers:
    stream = ffi.new("Stream *")
    copy_stream_in(Stream(seed), stream)
    made = array("q", [0]) * count
    lib.shuffled(stream, ffi.from_buffer("int64_t[]", made), count)
    return made


class TextReader:
    """Reads the plain cells of blocks of text: `read(text, at)` gives how many rows there are from
    `at` on, where it stopped, their numbers, and places, beginnings and ends of the cells that are
    no plain numbers.

    The numbers stand in a buffer that the next call fills again.

    `width` is the number of columns, `places` are those that are wanted, in their order; all cells
    of those whose number in this order is in `verbatim` are given as they are written.
    """

    OTHERS = 1 << 16

    def __init__(
        self, separator: str, decimal: str, width: int, places: Sequence[int],
        verbatim: FrozenSet[int] = frozenset(),
    ) -> None:
        slots = array("i", [-1]) * width
        for slot, place in enumerate(places):
            slots[place] = -2 - slot if slot in verbatim else slot
        self._slots = ffi.new("int32_t[]", slots.tolist())
        self._reading = ffi.new("Reading *")
        self._reading.width, self._reading.slots = width, len(places)
        self._reading.separator, self._reading.decimal = ord(separator), ord(decimal)
        self._reading.most_others = self.OTHERS
        self._values = array("d")
        self._others = array("q", bytes(8 * 3 * self.OTHERS))

    def read(self, text: bytes, at: int) -> Tuple[int, int, View, Integers]:
        reading = self._reading
        reading.at = at
        reading.most_rows = (len(text) - at) // (2 * reading.width) + 1  # a cell takes two bytes
        wanted = reading.most_rows * reading.slots
        if wanted > len(self._values):
            self._values = zeros(wanted)
        lib.read_rows(reading, ffi.from_buffer("uint8_t[]", text), len(text), self._slots,
                      doubles(self._values), ffi.from_buffer("int64_t[]", self._others))
        others = self._others[: 3 * reading.others]
        values: View = memoryview(self._values)
        return reading.rows, reading.at, values[: reading.rows * reading.slots], others


IN_C = Passes(scaled, means, means_and_deviations, taken, answers, shuffled, TextReader)
