"""Going through a buffer of doubles as fast as can be: by the kernel, if it was loaded."""

from math import isfinite
from typing import Optional

from . import backend


def first_not_finite(flat) -> int:
    """The place of the first number that is infinite or not a number, or -1."""
    kernel = vars(backend).get("kernel")
    if kernel is not None:  # less than 1 ns a number; below, 30
        return kernel.lib.first_not_finite(kernel.ffi.from_buffer("double[]", flat), len(flat))
    if all(map(isfinite, flat)):
        return -1
    return next(place for place, value in enumerate(flat) if not isfinite(value))


def fingerprint(flat) -> Optional[int]:
    """64 bits that all but surely change with any bit of the buffer; None without a kernel."""
    kernel = vars(backend).get("kernel")
    if kernel is None:
        return None
    return kernel.lib.fingerprint(kernel.ffi.from_buffer("double[]", flat), len(flat))
