"""The kernel's ways through a buffer of doubles, for rows/scanning.py."""

from typing import Optional

from .._kernel import ffi, lib
from ..rows.scanning import Scans


def first_not_finite(flat) -> int:
    return lib.first_not_finite(ffi.from_buffer("double[]", flat), len(flat))


def fingerprint(flat) -> Optional[int]:
    return lib.fingerprint(ffi.from_buffer("double[]", flat), len(flat))


IN_C = Scans(first_not_finite, fingerprint)
