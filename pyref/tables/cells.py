"""From a field to a number, a gap or a word.

A number is written as 5, -0.25, .5 or 1e-3: ASCII digits, a decimal point (or a comma, where the
table has decimal commas), nothing else but spaces around it.  `float` alone would also take 1_000,
digits of other scripts, nan and inf.
"""

import re
from math import isfinite
from typing import Optional

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
WITH_COMMA = re.compile(r"[+-]?\d[\d.]*,\d[\d.,]*(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
DATE_OR_TIME = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ]\d{1,2}:\d{2}.*)?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})( \d{1,2}:\d{2}.*)?"
    r"|\d{1,2}[- ][A-Za-z]{3}[- ]\d{2,4}"
    r"|\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?",
    re.ASCII,
)

# How tables write that nothing is known, in upper and lower case.
MISSING = frozenset(("", "na", "n/a", "nan", "null", "none", "?", "-"))


def is_missing(text: str) -> bool:
    """
    >>> [text for text in ("", " ", "N/A", "?", "-", "0", "unknown") if is_missing(text)]
    ['', ' ', 'N/A', '?', '-']
    """
    return text.strip().lower() in MISSING


def number(text: str, decimal: str = ".") -> Optional[float]:
    """The number that a field holds, or None.

    >>> number(" 1e3 "), number("1_000"), number("nan"), number("1e999"), number("1,5", ",")
    (1000.0, None, None, None, 1.5)
    """
    text = text.strip()
    if decimal != ".":
        text = text.translate(POINT_FOR_COMMA)
    if NUMBER.fullmatch(text):
        value = float(text)
        if isfinite(value):
            return value
    return None


POINT_FOR_COMMA = {ord(","): ".", ord("."): ","}  # so that 1.234 is no number


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


def is_date_or_time(text: str) -> bool:
    """
    >>> [is_date_or_time(text) for text in ("2024-01-31", "31.1.2024 12:30", "8:15", "1-2")]
    [True, True, True, False]
    """
    return DATE_OR_TIME.fullmatch(text) is not None


def why_no_number(text: str, decimal: str = ".") -> str:
    """What is wrong with a field for which `number` gives None, and what is expected."""
    text = text.strip()
    if not text:
        return "the cell is empty; a number is needed"
    if decimal == "," and not is_word(text):
        return (
            f"{text!r:.60} found; a number with a decimal comma and no other separators is needed"
        )
    if WITH_COMMA.fullmatch(text):
        return f"{text!r} has a comma; numbers need a decimal point and no other separators"
    if is_word(text):
        return f"{text!r:.60} found; a number is needed"
    if isfinite(float(text)):
        return f"{text!r:.60} found; a number in plain digits, 0 to 9, is needed"
    return f"{text!r:.60} found; a finite number is needed"


def in_digits(value: float) -> str:
    """A number as a category: the same word however it was written.

    >>> in_digits(3.0), in_digits(-0.0), in_digits(0.5), in_digits(1e300)
    ('3', '0', '0.5', '1e+300')
    """
    return str(int(value)) if value == int(value) and abs(value) < 1e16 else repr(value)
