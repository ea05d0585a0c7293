"""Two texts side by side, function beside function; and where something begins in them."""

import ast
import re
from itertools import zip_longest
from typing import List, NamedTuple, Optional

from ..terminal import BOLD, PLAIN
from .mirror import pairs

FAINT = "\x1b[2m"
NUMBERS = 4  # columns: of the lines of Python, with a space
BETWEEN = " | "
LEAST_FOR_BOTH = 150  # columns: most lines then stay whole


class Line(NamedTuple):
    text: str
    begins: bool = False  # a function or a class
    number: int = 0  # in its file, from 1; 0: no line begins here


def python_lines(source: str) -> List[Line]:
    begin = {node.lineno for node in ast.walk(ast.parse(source))
             if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    lines = enumerate(source.rstrip().split("\n"), 1)
    return [Line(text, number in begin, number) for number, text in lines]


def c_lines(source: str) -> List[Line]:
    begins = re.compile(r"(INLINE|static) [\w \*]*\w+\(")
    return [Line(text, bool(begins.match(text))) for text in source.rstrip().split("\n")]


def folded(line: Line, width: int) -> List[Line]:
    """In pieces that fit, broken where there are spaces if it can be; those after the first are
    indented by four more, if there is room.

    >>> [piece.text for piece in folded(Line("    one two three"), 12)]
    ['    one two', '      three']
    """
    text = line.text
    indent = min(len(text) - len(text.lstrip()) + 4, width // 2)
    pieces = []
    while len(text) > width:
        end = text.rfind(" ", indent + 1, width + 1)
        if end < 0 or not text[:end].strip():
            end = width
        pieces.append(text[:end].rstrip())
        text = " " * indent + text[end:].lstrip()
    first, *others = [*pieces, text]
    return [line._replace(text=first), *(Line(other, line.begins) for other in others)]


def without_blank_end(lines: List[Line]) -> List[Line]:
    while lines and not lines[-1].text.strip():
        lines = lines[:-1]
    return lines


def room_for(left: List[Line], right: List[Line], both: int) -> int:
    """Of so many columns, how many go to the left, so that the fewest lines have to be folded.

    >>> room_for([Line("x" * 20)], [Line("y" * 10), Line("y" * 3)], 30)
    20
    """
    def too_long(room: int) -> int:
        return sum(len(line.text) > room for line in left) + sum(
            len(line.text) > both - room for line in right
        )

    return min(range(both // 3, both - both // 3 + 1), key=too_long)


def side_by_side(python: str, c: str, width: int, coloured: bool) -> List[str]:
    """Each function of Python begins on the line on which its mirror in C does."""
    left, right = python_lines(python), c_lines(c)
    both = width - NUMBERS - len(BETWEEN)
    room = room_for(left, right, both)
    rooms = (room, both - room)
    starts = pairs(python, c)
    edges = [(0, 0), *((pair.python, pair.c) for pair in starts), (len(left), len(right))]
    shown: List[str] = []
    for (top, c_top), (bottom, c_bottom) in zip(edges, edges[1:]):
        parts = [
            [piece for line in without_blank_end(lines) for piece in folded(line, each)]
            for lines, each in zip((left[top:bottom], right[c_top:c_bottom]), rooms)
        ]
        if any(parts):
            blank = Line("")
            shown += [
                numbered(ours, coloured, room) + BETWEEN.rstrip()
                + (" " + painted(theirs, coloured) if theirs.text else "")
                for ours, theirs in zip_longest(*parts, fillvalue=blank)
            ]
            shown.append(" " * (NUMBERS + room) + BETWEEN.rstrip())
    return shown[:-1]


def alone(python: str, width: Optional[int], coloured: bool) -> List[str]:
    """Folded to a width, if there is one."""
    return [
        numbered(piece, coloured).rstrip() for line in python_lines(python)
        for piece in (folded(line, width - NUMBERS) if width else [line])
    ]


def numbered(line: Line, coloured: bool, width: int = 0) -> str:
    """With the number that explain and error messages call it by."""
    number = f"{line.number or '':>{NUMBERS - 1}} "
    if coloured and line.number:
        number = f"{FAINT}{number}{PLAIN}"
    return number + painted(line, coloured, width)


def painted(line: Line, coloured: bool, width: int = 0) -> str:
    text = line.text.ljust(width)
    return f"{BOLD}{text}{PLAIN}" if coloured and line.begins else text
