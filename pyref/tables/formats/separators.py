"""Which character stands between the cells of a text, and which in its numbers."""

import re
from typing import List, Tuple

from ..cells import DECIMAL_COMMA, NUMBER

SEPARATORS = "\t;,|"  # the first that fits is taken; a space fits where none does
LINES = 50  # to look at


def lines_to_look_at(text: str) -> List[str]:
    """The first lines, without those that are empty or comments, and without quoted parts."""
    lines = [re.sub('"[^"]*"?', '""', line) for line in text.split("\n")[: LINES + 1]]
    if len(lines) > 1:
        lines.pop()  # which may be cut off
    return [line for line in lines if line.strip() and not line.startswith("#")]


def separator_of(text: str) -> str:
    """That of the lines at the beginning of a table: one that is in each of them as often, spaces
    (and tabs among them) where all lines have as many words, or else one that is in the first.

    >>> separator_of('5,1;3,5;setosa'), separator_of('"a;b",c'), separator_of('1  2 3')
    (';', ',', ' ')
    >>> separator_of('weight, kg|length, cm\\n1|2\\n')
    '|'
    """
    lines = lines_to_look_at(text)
    first = lines[0] if lines else ""
    present = [separator for separator in SEPARATORS if separator in first]
    for separator in present:
        if all(line.count(separator) == first.count(separator) for line in lines):
            return separator
    words = {len(line.split()) for line in lines}
    if len(words) == 1 and words.pop() > 1 or not present and " " in first.strip():
        return " "
    return present[0] if present else ","


def decimal_of(text: str, separator: str) -> str:
    """A comma where semicolons separate, some cells are numbers with one, and none has a point.

    >>> decimal_of('a;b\\n1,5;x\\n', ';'), decimal_of('a;b\\n1,5;2.5\\n', ';')
    (',', '.')
    """
    if separator != ";":
        return "."
    commas = False
    for line in lines_to_look_at(text):
        for cell in line.split(separator):
            cell = cell.strip()
            if "." in cell and NUMBER.fullmatch(cell):
                return "."
            commas = commas or DECIMAL_COMMA.fullmatch(cell) is not None
    return "," if commas else "."


def named_line(text: str) -> Tuple[str, bool]:
    """The separator of Excel's line `sep=;`, and whether the first line is one.

    >>> named_line('sep=;\\r\\na;b'), named_line('a;b')
    ((';', True), ('', False))
    """
    match = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    return (match[1], True) if match else ("", False)
