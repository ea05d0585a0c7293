"""From a field to a number, a gap or a word.

A number is written as 5, -0.25, .5 or 1e-3: ASCII digits, a decimal point (or a comma, where the
table has decimal commas), nothing else but spaces around it.  `float` alone would also take 1_000,
digits of other scripts, nan and inf.
"""

import re
from functools import lru_cache
from math import isfinite
from typing import Optional

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
WITH_COMMA = re.compile(r"[+-]?\d[\d.]*,\d[\d.,]*(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
# What may stand between thousands, each with what is used for it: spaces that break no line too.
MARKS = {",": ",", ".": ".", " ": " \u00a0\u202f\u2009", "'": "'\u2019", "_": "_"}
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


def number(text: str, decimal: str = ".", thousands: str = "") -> Optional[float]:
    """The number that a field holds, or None.  Between its thousands there may be a mark.

    >>> number(" 1e3 "), number("1_000"), number("nan"), number("1e999"), number("1,5", ",")
    (1000.0, None, None, None, 1.5)
    >>> number("-1,234,567.5", ".", ","), number("1.234", ",", "."), number("12,34", ".", ",")
    (-1234567.5, 1234.0, None)
    """
    text = text.strip()
    if thousands and has_thousands(text, decimal, thousands):
        text = re.sub(f"[{MARKS[thousands]}]", "", text)
    if decimal != ".":
        text = text.translate(POINT_FOR_COMMA)
    if NUMBER.fullmatch(text):
        value = float(text)
        if isfinite(value):
            return value
    return None


POINT_FOR_COMMA = {ord(","): ".", ord("."): ","}  # so that 1.234 is no number


def has_thousands(text: str, decimal: str, mark: str) -> bool:
    """Whether this is a number of more than three digits, with the mark in all places where it may
    be.

    >>> has_thousands("1 234 567", ".", " "), has_thousands("1234,567", ".", ",")
    (True, False)
    """
    return pattern_of_thousands(decimal, mark).fullmatch(text) is not None


@lru_cache(maxsize=None)
def pattern_of_thousands(decimal: str, mark: str) -> "re.Pattern[str]":
    return re.compile(rf"[+-]?\d{{1,3}}([{MARKS[mark]}]\d{{3}})+([{decimal}]\d*)?", re.ASCII)


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


def advice_on_commas(text: str, decimal: str) -> str:
    """The options to paste that read a field with commas, for which `number` gives None."""
    text = text.strip()
    mark = "." if decimal == "," else ","
    what = "points" if decimal == "," else "commas"
    if has_thousands(text, decimal, mark):
        return f" (--thousands {mark} reads {what} between thousands, --decimal {mark} decimals)"
    if decimal == "," or WITH_COMMA.fullmatch(text):
        return f" (--decimal {mark} reads {what})"
    return ""


def in_digits(value: float) -> str:
    """A number as a category: the same word however it was written.

    >>> in_digits(3.0), in_digits(-0.0), in_digits(0.5), in_digits(1e300)
    ('3', '0', '0.5', '1e+300')
    """
    return str(int(value)) if value == int(value) and abs(value) < 1e16 else repr(value)
