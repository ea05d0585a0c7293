"""NumPy's files of arrays, .npy and .npz, without NumPy.

The format is described in numpy.lib.format (NEP 1): the mark \\x93NUMPY, two bytes of version, the
length of a header, the header, which is a Python literal of a dictionary with `descr`,
`fortran_order` and `shape`, and the bytes of the array.  An .npz is a ZIP archive of such files.

An array of rows has the columns of a table; of more dimensions, each row holds the rest, flat.  Of
an archive of several arrays two are taken, inputs and targets: those that are asked for, as in
FILE.npz?x,y, or a pair of usual names.
"""

import sys
from array import array
from struct import unpack
from typing import Any, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from ..columns import Columns
from ..sources import Source
from ..streams import Stream
from .others import refuse_spreadsheet
from .reader import Reader

MARK = b"\x93NUMPY"
ARCHIVE = b"PK\x03\x04"

# Codes of the array module for what stands in a file; half floats go through struct.
CODES = {
    "f8": "d", "f4": "f", "i1": "b", "u1": "B", "b1": "B", "i2": "h", "u2": "H", "i4": "i",
    "u4": "I", "i8": "q", "u8": "Q",
}
NUMBERS = 1 << 16  # that are converted together
PAIRS = (
    ("x_train", "y_train"), ("x", "y"), ("data", "target"), ("inputs", "targets"),
    ("images", "labels"), ("arr_0", "arr_1"), ("x_test", "y_test"),
)


class Header(NamedTuple):
    kind: str  # such as f8, or U and S for texts
    size: int  # of an element, in bytes
    swapped: bool  # whether the bytes stand in the other order than in this machine
    by_column: bool
    shape: Tuple[int, ...]

    @property
    def rows(self) -> int:
        return self.shape[0] if self.shape else 1

    @property
    def width(self) -> int:
        width = 1
        for length in self.shape[1:]:
            width *= length
        return width


class Arrays(Reader):
    """One array, or two side by side; `streams` are open files that begin with MARK."""

    def __init__(self, source: Source, streams: Sequence[Any], names: Sequence[str] = ()) -> None:
        super().__init__(source.name)
        self.has_names = False
        self._streams = streams
        self._headers = []
        for place, stream in enumerate(streams):
            try:
                self._headers.append(header_of(stream))
            except ValueError as error:
                self.refuse(f"{names[place]}: {error}" if names else str(error))
        counts = {header.rows for header in self._headers}
        if len(counts) > 1:
            self.refuse(
                f"the arrays {' and '.join(names)} have {sorted(counts)} rows: as many each are "
                "needed"
            )
        self._rows = counts.pop()
        if not self._rows:
            self.refuse("the table is empty")
        self._width = sum(header.width for header in self._headers)
        if len(streams) > 1:
            first = self._headers[0].width
            self.targets = list(range(first, self._width))
        self.first = ["0"] * self._width

    def fill(self, columns: Columns, places: List[int], with_first: bool) -> None:
        together = max(1, NUMBERS // self._width)
        parts = [
            iter_rows(stream, header, together)
            for stream, header in zip(self._streams, self._headers)
        ]
        for first in range(0, self._rows, together):
            count = min(together, self._rows - first)
            by_column: List[Any] = []  # arrays, and lists of texts
            for part, header in zip(parts, self._headers):
                block = next(part)
                by_column += [block[place :: header.width] for place in range(header.width)]
            if all(isinstance(by_column[place], array) for place in places):
                made = array("d", bytes(8 * count * len(places)))
                for column, place in enumerate(places):
                    made[column :: len(places)] = by_column[place]
                columns.add_numbers(made, count)
            else:
                columns.add_values([by_column[place] for place in places])


def header_of(stream: Any) -> Header:
    """Raises ValueError for an array that is no table of numbers or texts."""
    mark = read(stream, 8)
    if mark[:6] != MARK:
        raise ValueError("this is no array of NumPy")
    size = unpack("<H", read(stream, 2))[0] if mark[6] == 1 else unpack("<I", read(stream, 4))[0]
    if size > 1 << 16:
        raise ValueError("the header of the array is damaged")
    from ast import literal_eval

    try:
        told = literal_eval(read(stream, size).decode("utf-8"))
        described, by_column, shape = told["descr"], told["fortran_order"], tuple(told["shape"])
    except (ValueError, SyntaxError, KeyError, TypeError):
        raise ValueError("the header of the array is damaged") from None
    if not isinstance(described, str):
        raise ValueError("an array of records; one of numbers is needed (to_numpy of its columns)")
    if not all(isinstance(length, int) and length >= 0 for length in shape):
        raise ValueError("the header of the array is damaged")
    order, kind = described[:1], described[1:]
    if kind[:1] in ("U", "S") and kind[1:].isdigit():
        element = int(kind[1:]) * (4 if kind[0] == "U" else 1)
        kind = kind[0]
    elif kind in CODES or kind == "f2":
        element = int(kind[1:])
    else:
        raise ValueError(
            f"an array of type {described!r}; numbers or texts are needed (Python objects are "
            "never loaded: they can run code)"
        )
    if by_column and len(shape) > 2:
        raise ValueError("an array in Fortran order of more than two dimensions")
    other = ">" if sys.byteorder == "little" else "<"
    return Header(kind, element, order == other, bool(by_column) and len(shape) == 2, shape)


def read(stream: Any, size: int) -> bytes:
    found = b"".join(pieces(stream, size))
    if len(found) < size:
        raise ValueError(f"the file ends too early: {size - len(found):,} bytes are missing")
    return found


def pieces(stream: Any, size: int) -> Iterator[bytes]:
    while size > 0:
        piece = stream.read(min(size, 1 << 20))
        if not piece:
            return
        size -= len(piece)
        yield piece


def iter_rows(stream: Any, header: Header, together: int) -> Iterator[Any]:
    """Blocks of so many rows, flat; the last may be shorter."""
    rows, width = header.rows, header.width
    if header.by_column:
        whole = elements(read(stream, rows * width * header.size), header)
        for first in range(0, rows, together):
            count = min(together, rows - first)
            block = whole[:0] * 0 if isinstance(whole, list) else array("d")
            for row in range(first, first + count):
                block.extend(whole[row::rows])
            yield block
        return
    for first in range(0, rows, together):
        count = min(together, rows - first)
        yield elements(read(stream, count * width * header.size), header)


def elements(data: bytes, header: Header) -> Any:
    """As doubles, or as texts."""
    if header.kind in ("U", "S"):
        return [
            text_of(data[place : place + header.size], header)
            for place in range(0, len(data), header.size)
        ] if header.size else []
    if header.kind == "f2":
        order = "=" if not header.swapped else ">" if sys.byteorder == "little" else "<"
        return array("d", unpack(f"{order}{len(data) // 2}e", data))
    made = array(CODES[header.kind])
    made.frombytes(data)
    if header.swapped:
        made.byteswap()
    return made if header.kind == "f8" else array("d", made)


def text_of(data: bytes, header: Header) -> str:
    if header.kind == "S":
        return data.rstrip(b"\0").decode("utf-8", "replace")
    little = (sys.byteorder == "little") != header.swapped
    return data.decode("utf-32-le" if little else "utf-32-be").rstrip("\0")


def one_array(stream: Stream, source: Source) -> Arrays:
    return Arrays(source, [stream])


def from_archive(source: Source) -> Arrays:
    """Raises ValueError where it is not clear which arrays are meant."""
    if source.path is None:
        raise ValueError(f"{source.name}: a ZIP archive cannot be read from a pipe; give its path")
    import zipfile

    try:
        archive = zipfile.ZipFile(source.path)
    except zipfile.BadZipFile as error:
        raise ValueError(f"{source.name}: the archive is damaged ({error})") from None
    names = [name[: -len(".npy")] for name in archive.namelist() if name.endswith(".npy")]
    if not names:
        refuse_spreadsheet(archive.namelist())
        raise ValueError(
            f"{source.name}: a ZIP archive without arrays of NumPy; unpack it and give a table "
            "in it"
        )
    chosen = chosen_names(names, source.part)
    if chosen is None:
        raise ValueError(
            f"{source.name}: it holds {', '.join(names)}; say which are the inputs and the "
            f"targets, as in {source.path}?{names[0]},{names[-1]}"
        )
    return Arrays(source, [archive.open(name + ".npy") for name in chosen], chosen)


def chosen_names(names: List[str], part: Optional[str]) -> Optional[List[str]]:
    if part is not None:
        wanted = [name.strip() for name in part.split(",")]
        return wanted if set(wanted) <= set(names) and 0 < len(wanted) <= 2 else None
    if len(names) == 1:
        return names
    known = {name.lower(): name for name in names}
    for pair in PAIRS:
        if all(name in known for name in pair):
            return [known[name] for name in pair]
    return None
