"""Two texts side by side, function beside function; and which of their lines are what."""

import ast
import re
from itertools import zip_longest
from typing import Iterable, List, NamedTuple, Sequence

from ..terminal import BOLD, PLAIN
from .mirror import pairs

FAINT = "\x1b[2m"
BETWEEN = " | "
LEAST_FOR_BOTH = 150  # columns: most lines then stay whole


class Line(NamedTuple):
    text: str
    look: str = ""  # BOLD where something begins, FAINT for words about the code


def python_lines(source: str) -> List[Line]:
    """Docstrings and comments are faint; where a function or a class begins is bold."""
    looks = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            looks[node.lineno] = BOLD
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)):
            first = node.body[0]
            if isinstance(first, ast.Expr) and ast.get_docstring(node) is not None:
                for number in range(first.lineno, (first.end_lineno or first.lineno) + 1):
                    looks[number] = FAINT
    lines = []
    for number, text in enumerate(source.rstrip().split("\n"), 1):
        look = FAINT if text.lstrip().startswith("#") else looks.get(number, "")
        lines.append(Line(text, look))
    return lines


def c_lines(source: str) -> List[Line]:
    lines, in_comment = [], False
    for text in source.rstrip().split("\n"):
        in_comment = in_comment or text.lstrip().startswith("/*")
        begins = re.match(r"(INLINE|static) [\w \*]*\w+\(", text)
        lines.append(Line(text, FAINT if in_comment else BOLD if begins else ""))
        in_comment = in_comment and "*/" not in text
    return lines


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
    return [Line(piece, line.look) for piece in [*pieces, text]]


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
    both = width - len(BETWEEN)
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
                painted(ours, coloured, room) + BETWEEN.rstrip()
                + (" " + painted(theirs, coloured) if theirs.text else "")
                for ours, theirs in zip_longest(*parts, fillvalue=blank)
            ]
            shown.append(" " * room + BETWEEN.rstrip())
    return shown[:-1]


def alone(lines: Sequence[Line], coloured: bool) -> Iterable[str]:
    return [painted(line, coloured) for line in lines]


def painted(line: Line, coloured: bool, width: int = 0) -> str:
    text = line.text.ljust(width)
    return f"{line.look}{text}{PLAIN}" if coloured and line.look and line.text else text
