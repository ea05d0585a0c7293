"""What is asked of this machine: how many processors, and how much memory."""

import os
from typing import List, Optional

from ..reference.settings import whole

BYTES_PER_PARAMETER = 44  # measured; of a float in a list, 32 would be the least


def checked_threads(threads: Optional[int]) -> Optional[int]:
    return None if threads is None else whole("threads", threads, least=1)


def processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not everywhere
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def refuse_too_large(sizes: List[int], copies: int) -> None:
    """Raises MemoryError where so many copies of a network do not fit."""
    count = sum((inputs + 1) * units for inputs, units in zip(sizes, sizes[1:]))
    needed = count * BYTES_PER_PARAMETER * copies
    try:
        available = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not on Windows
        available = 2**62
    if needed > available:
        raise MemoryError(
            f"sizes {sizes} make {count:,} parameters, which need about {needed // 10**9:,} GB "
            f"here; this machine has {available // 10**9:,} GB"
        )
