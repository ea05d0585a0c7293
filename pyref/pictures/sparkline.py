"""The course of a loss in one line of characters."""

from math import log
from typing import List, Sequence

from .curves import LOGARITHMIC

BLOCKS = "▁▂▃▄▅▆▇█"
PLAIN = "_.-'"  # the same, where there are no others than ASCII's


def is_logarithmic(values: Sequence[float]) -> bool:
    """As on learning curves."""
    lowest = min(values)
    return lowest > 0.0 and max(values) / lowest >= LOGARITHMIC


def sparkline(values: Sequence[float], width: int, levels: str = BLOCKS) -> str:
    """At most so many characters, the first for the first value, the last for the last; where
    `is_logarithmic`, as high as the logarithms are.

    >>> sparkline([4.0, 3.0, 2.0, 1.0], 4), sparkline([1.0, 2.0, 3.0, 4.0], 2, PLAIN)
    ('█▆▃▁', "_'")
    """
    last = len(values) - 1
    width = min(width, len(values))
    shown = [values[round(place * last / max(width - 1, 1))] for place in range(width)]
    heights: List[float] = list(map(log, shown)) if is_logarithmic(values) else shown
    low, high = min(heights), max(heights)
    most = len(levels) - 1
    return "".join(
        levels[round((height - low) / ((high - low) or 1.0) * most)] for height in heights
    )
