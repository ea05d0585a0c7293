"""Colours that everybody can tell apart, also on paper that is printed in grey.

Kinds of things have those of Okabe and Ito ("Color Universal Design", 2008), in an order in which
neighbours differ in lightness, too.  Amounts have scales whose lightness goes one way only: from
white to dark blue (ColorBrewer's "Blues") where nothing is 0, and cividis (Nuñez, Anderton and
Renslow, "Optimizing colormaps with consideration for color vision deficiency", 2018) elsewhere.
"""

from math import isfinite
from typing import List, Sequence

BLUE, ORANGE, GREEN, PINK, SKY, VERMILION, YELLOW = KINDS = (
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442",
)
BLUES = ("#f7fbff", "#deebf7", "#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#08519c",
         "#08306b")
CIVIDIS = ("#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369",
           "#e1cc55", "#fee838")
LEVELS = 64  # of a scale: more cannot be told apart


def mixed(one: str, other: str, part: float) -> str:
    """So much of the other colour.

    >>> mixed("#000000", "#ffffff", 0.5), mixed("#0072b2", "#ffffff", 0.0)
    ('#808080', '#0072b2')
    """
    return "#" + "".join(
        f"{round(a + (b - a) * part):02x}" for a, b in zip(parts_of(one), parts_of(other))
    )


def parts_of(colour: str) -> List[int]:
    """
    >>> parts_of("#0072b2")
    [0, 114, 178]
    """
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def lightness(colour: str) -> float:
    """From 0 to 1, as paper in grey shows it (Rec. 601)."""
    red, green, blue = parts_of(colour)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255.0


def scale(stops: Sequence[str]) -> List[str]:
    """LEVELS colours along these."""
    made = []
    for level in range(LEVELS):
        at = level * (len(stops) - 1) / (LEVELS - 1)
        place = min(int(at), len(stops) - 2)
        made.append(mixed(stops[place], stops[place + 1], at - place))
    return made


def level(value: float, low: float, high: float) -> int:
    """Where a number stands on a scale from low to high; what is beyond has the last colour.

    >>> level(0.0, -1.0, 1.0), level(5.0, -1.0, 1.0), level(float("nan"), -1.0, 1.0)
    (32, 63, 0)
    """
    if not isfinite(value):
        return LEVELS - 1 if value > 0.0 else 0
    part = (value - low) / ((high - low) or 1.0)
    return max(0, min(LEVELS - 1, round(part * (LEVELS - 1))))


def kind(place: int) -> str:
    """The colour of the n-th kind of things."""
    return KINDS[place % len(KINDS)]
