"""Texts on pictures: numbers at axes, and names that come from anywhere."""

import re
from math import ceil, floor, log10
from typing import Any, List, Tuple

UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
                   "\ud800-\udfff\ufffe\uffff]")
LONGEST = 24  # characters of a name


def named(text: str) -> str:
    r"""A name from anywhere, without characters that XML cannot hold, that end lines or turn the
    direction of writing, and cut where it is too long.

    >>> print(named("a" + chr(27) + "[2J"), named("a name of more characters than fit"))
    a\x1b[2J a name of more characte…
    """
    text = UNFIT.sub(lambda found: ascii(found[0])[1:-1], text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def number(value: float, digits: int = 4) -> str:
    """
    >>> number(1234567.0), number(-0.25), number(1e-7), number(0.0)
    ('1,235,000', '−0.25', '1e−7', '0')
    """
    text = f"{value:.{digits}g}"
    if "e" in text:
        if 1e-4 <= abs(value) < 1e9:
            text = f"{float(text):,.0f}"
        else:
            mantissa, _, power = text.partition("e")
            text = f"{mantissa}e{int(power)}"
    elif abs(value) >= 10000.0:
        text = f"{float(text):,g}"
    return text.replace("-", "−")


def ticks(low: float, high: float, most: int = 6, whole: bool = False) -> List[float]:
    """At most so many numbers between these, 1, 2 or 5 times a power of ten apart.

    >>> ticks(0.0, 1.0), ticks(0.5, 4.5, whole=True)
    ([0.0, 0.2, 0.4, 0.6, 0.8, 1.0], [1.0, 2.0, 3.0, 4.0])
    """
    if not high > low:
        return [low]
    power = floor(log10((high - low) / most)) - 1
    steps = [times * 10.0**above for above in range(power, power + 4) for times in (1, 2, 5)]
    for step in steps:
        if whole and step < 1.0:
            continue
        first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return [float(f"{place * step:.12g}") for place in range(first, last + 1)]
    return []


def powers(low: float, high: float, most: int = 7) -> List[float]:
    """Powers of ten between these, which are above 0; of few, their twofold and fivefold, too.

    >>> powers(0.02, 30.0)
    [0.1, 1.0, 10.0]
    >>> powers(0.15, 1.2)
    [0.2, 0.5, 1.0]
    """
    first, last = floor(log10(low)), ceil(log10(high))
    every = max(1, ceil((last - first) / most))
    found = [float(f"1e{power}") for power in range(first, last + 1, every)]
    if every == 1 and sum(low <= value <= high for value in found) < 3:
        found = [float(f"{times}e{power}") for power in range(first, last + 1)
                 for times in (1, 2, 5)]
    return [value for value in found if low <= value <= high]


def room_of(text: str, size: float) -> float:
    """About how wide it is in a font without serifs.

    >>> room_of("setosa", 10.0)
    34.2
    """
    return round(0.57 * size * len(text), 1)


def lines_of(items: List[Tuple[Any, float]], room: float) -> List[List[Any]]:
    """Things with their widths, as many in each line as fit.

    >>> lines_of([("a", 40.0), ("b", 40.0), ("c", 40.0)], 100.0)
    [['a', 'b'], ['c']]
    """
    lines: List[List[Any]] = []
    left = 0.0
    for item, width in items:
        if not lines or width > left:
            lines.append([])
            left = room
        lines[-1].append(item)
        left -= width
    return lines
