"""Lists of numbers as doubles in memory.

`struct` takes 8 ns a number, and array.fromlist 22 (CPython 3.11)."""

from array import array
from functools import lru_cache
from struct import Struct
from struct import error as StructError
from typing import Callable, Iterable, List

from .arrays import Floats


@lru_cache(maxsize=64)
def packer(count: int) -> Callable[..., bytes]:
    return Struct(f"{count}d").pack


def packed(row: List[float]) -> bytes:
    """The numbers of a list.  Raises TypeError for what is none, OverflowError for an int that is
    too large."""
    try:
        return packer(len(row))(*row)
    except StructError:  # it says no more; or the list has another length by now
        return array("d", row).tobytes()


def packed_rows(rows: Iterable[List[float]]) -> Floats:
    """The numbers of all these lists, side by side."""
    flat = array("d")
    for row in rows:
        flat.frombytes(packed(row))
    return flat
