"""Going through a buffer of doubles, or of floats of single precision, as fast as can be.

Python does it here.  An engine that is faster, once it has been loaded and checked, puts its own
`Scans` in the place of Python's with `use`.
"""

from array import array
from math import isfinite
from typing import Callable, List, NamedTuple, Optional

from .arrays import Buffer, Floats


class Scans(NamedTuple):
    """`first_not_finite` is the place of the first number that is infinite or not a number, or −1;
    `fingerprint` is 64 bits that all but surely change with any bit of the buffer, or None;
    `is_aligned` says whether the engine can read numbers where the buffer stands; `narrowed` makes
    an array of single precision of one of double, `widened` the other way round; `decimals` are
    the numbers of a list as repr writes them, with ", " between."""

    first_not_finite: Callable[..., int]
    fingerprint: Callable[..., Optional[int]]
    is_aligned: Callable[..., bool]
    narrowed: Callable[..., Floats]
    widened: Callable[..., Floats]
    decimals: Callable[[List[float]], str]


def first_not_finite_in_python(flat: Buffer) -> int:
    if all(map(isfinite, flat)):  # 30 ns a number; the kernel takes less than 1
        return -1
    return next(place for place, value in enumerate(flat) if not isfinite(value))


def no_fingerprint(flat: Buffer) -> None:
    """Any that Python could compute would take longer than the SHA-256 it is to save."""


def anywhere(flat: Buffer) -> bool:
    """Python reads byte by byte where it must."""
    return True


def narrowed_in_python(flat: Buffer) -> Floats:
    return array("f", flat)


def widened_in_python(flat: Buffer) -> Floats:
    return array("d", flat)


def decimals_in_python(row: List[float]) -> str:
    return ", ".join(map(repr, row))


IN_PYTHON = Scans(
    first_not_finite_in_python, no_fingerprint, anywhere, narrowed_in_python, widened_in_python,
    decimals_in_python,
)
fastest = IN_PYTHON


def use(scans: Scans) -> None:
    global fastest
    fastest = scans


def first_not_finite(flat: Buffer) -> int:
    return fastest.first_not_finite(flat)


def fingerprint(flat: Buffer) -> Optional[int]:
    return fastest.fingerprint(flat)


def is_aligned(flat: Buffer) -> bool:
    return fastest.is_aligned(flat)


def narrowed(flat: Buffer) -> Floats:
    return fastest.narrowed(flat)


def widened(flat: Buffer) -> Floats:
    return fastest.widened(flat)


def decimals(row: List[float]) -> str:
    return fastest.decimals(row)
