"""The kernel's ways through a buffer of doubles, for rows/scanning.py."""

from typing import Optional

from .._kernel import ffi, lib
from ..rows.scanning import Scans


DOUBLES, ADDRESS = ffi.typeof("double[]"), ffi.typeof("uintptr_t")  # looked up once
ALIGNMENT = ffi.alignof("double")


def first_not_finite(flat) -> int:
    return lib.first_not_finite(ffi.from_buffer(DOUBLES, flat), len(flat))


def fingerprint(flat) -> Optional[int]:
    return lib.fingerprint(ffi.from_buffer(DOUBLES, flat), len(flat))


def is_aligned(flat) -> bool:
    """A pointer to doubles must be one to where doubles may stand, or C means nothing by it."""
    return int(ffi.cast(ADDRESS, ffi.from_buffer(flat))) % ALIGNMENT == 0


IN_C = Scans(first_not_finite, fingerprint, is_aligned)
