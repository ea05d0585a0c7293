"""From a field to a number.

A number is written as 5, -0.25, .5 or 1e-3: ASCII digits, a decimal point, nothing else but
spaces around it.  `float` alone would also take 1_000, digits of other scripts, nan and inf.
"""

import re
from math import isfinite
from typing import Optional

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
WITH_COMMA = re.compile(r"[+-]?\d[\d.]*,\d[\d.,]*(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


def number(text: str) -> Optional[float]:
    """The number that a field holds, or None.

    >>> number(" 1e3 "), number("1_000"), number("nan"), number("1e999")
    (1000.0, None, None, None)
    """
    text = text.strip()
    if NUMBER.fullmatch(text):
        value = float(text)
        if isfinite(value):
            return value
    return None


def is_word(text: str) -> bool:
    """Whether a field is neither empty nor meant as a number, right or wrong."""
    text = text.strip()
    if not text or WITH_COMMA.fullmatch(text):
        return False
    try:
        float(text)
    except ValueError:
        return True
    return False


def why_no_number(text: str) -> str:
    """What is wrong with a field for which `number` gives None, and what is expected."""
    text = text.strip()
    if not text:
        return "the cell is empty; a number is needed"
    if WITH_COMMA.fullmatch(text):
        return f"{text!r} has a comma; numbers need a decimal point and no other separators"
    if is_word(text):
        return f"{text!r:.60} found; a number is needed"
    if isfinite(float(text)):
        return f"{text!r:.60} found; a number in plain digits, 0 to 9, is needed"
    return f"{text!r:.60} found; a finite number is needed"
