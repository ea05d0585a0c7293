"""IDX, the format of MNIST (LeCun, Cortes and Burges): two zero bytes, one for the type, one for
the number of dimensions, each dimension as a big-endian number of 32 bits, and the numbers.

Images and labels are two files.  The images' is the one to name: the labels are looked for beside
it, under its name with `labels` for `images` and `idx1` for the other number, packed or not.
"""

import os
import re
import sys
from array import array
from struct import unpack
from typing import Any, Iterator, List, Optional, Tuple

from ...rows.arrays import Floats
from ..columns import Columns
from ..sources import Source
from ..streams import Stream, unpacked
from .reader import Reader

TYPES = {0x08: "B", 0x09: "b", 0x0B: "h", 0x0C: "i", 0x0D: "f", 0x0E: "d"}
NUMBERS = 1 << 16


def is_idx(head: bytes) -> bool:
    return head[:2] == b"\0\0" and len(head) > 7 and head[2] in TYPES and 0 < head[3] < 5


class Images(Reader):
    """The images, a row each, and behind them their label where there are labels."""

    def __init__(self, stream: Stream, source: Source) -> None:
        super().__init__(source.name)
        self.has_names = False
        self._stream = stream
        self._code, shape = self.header(stream)
        if len(shape) < 2:
            self.refuse("these are labels; name the file of the images, they are found beside it")
        self._rows, self._pixels = shape[0], 1
        for length in shape[1:]:
            self._pixels *= length
        if not self._rows or not self._pixels:
            self.refuse("the table is empty")
        self.labels_path = labels_beside(source.path)
        self._labels: Floats = array("d")
        if self.labels_path is not None:
            self._labels = self.labels(self.labels_path)
            self.targets = [self._pixels]
            self.categorical = {self._pixels}
        self.first = ["0"] * (self._pixels + (self.labels_path is not None))

    def header(self, stream: Any) -> Tuple[str, List[int]]:
        start = self.read(stream, 4)
        if not is_idx(start + b"\0\0\0\0"):
            self.refuse("this is no IDX file")
        shape = unpack(f">{start[3]}I", self.read(stream, 4 * start[3]))
        return TYPES[start[2]], list(shape)

    def read(self, stream: Any, size: int) -> bytes:
        try:
            return Stream.read_exactly(stream, size)
        except ValueError as error:
            self.refuse(str(error))

    def labels(self, path: str) -> Floats:
        with open(path, "rb") as file:
            stream = unpacked(Stream(file))
            code, shape = self.header(stream)
            if shape != [self._rows]:
                self.refuse(
                    f"{self._rows:,} images, but the labels in {path} are "
                    f"{' × '.join(map(str, shape))}"
                )
            return self.numbers(stream, code, self._rows)

    def numbers(self, stream: Any, code: str, count: int) -> Floats:
        made = array(code)
        made.frombytes(self.read(stream, count * made.itemsize))
        if sys.byteorder == "little":
            made.byteswap()
        return array("d", made.tolist())  # three quarters of the time of array("d", made)

    def blocks(self) -> Iterator[Floats]:
        together = max(1, NUMBERS // self._pixels)
        for first in range(0, self._rows, together):
            count = min(together, self._rows - first)
            yield self.numbers(self._stream, self._code, count * self._pixels)

    def fill(self, columns: Columns, places: List[int], with_first: bool) -> None:
        done = 0
        for block in self.blocks():
            count = len(block) // self._pixels
            if places == list(range(self._pixels + 1)):
                # Row by row takes a fifth of the time of column by column.
                rows = block
                block = array("d", bytes(8 * count * len(places)))
                for row in range(count):
                    at = row * len(places)
                    block[at : at + self._pixels] = rows[
                        row * self._pixels : (row + 1) * self._pixels
                    ]
                block[self._pixels :: len(places)] = self._labels[done : done + count]
            elif places != list(range(self._pixels)):
                of_all, block = block, array("d", bytes(8 * count * len(places)))
                for column, place in enumerate(places):
                    block[column :: len(places)] = (
                        of_all[place :: self._pixels] if place < self._pixels
                        else self._labels[done : done + count]
                    )
            columns.add_numbers(block, count)
            done += count


def labels_beside(path: Optional[str]) -> Optional[str]:
    if path is None:
        return None
    folder, name = os.path.split(path)
    plain = re.sub(r"\.gz$", "", re.sub(r"idx\d", "idx1", name.replace("images", "labels")))
    for candidate in (plain, plain + ".gz"):
        beside = os.path.join(folder, candidate)
        if candidate != name and os.path.isfile(beside):
            return beside
    return None
