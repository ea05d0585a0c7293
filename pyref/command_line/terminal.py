"""Where lines of a report end, and their colours: both by the stream that they go to."""

import os
import re
from typing import List, TextIO

from ..display.line import USUAL

LEAST = 40  # columns
BOLD, RED, PLAIN = "\x1b[1m", "\x1b[1;31m", "\x1b[0m"


class Titled(str):
    """A line of a report that begins with a title, in so many columns; what does not fit into the
    line goes on below itself."""

    heading = 12


def columns(stream: TextIO) -> int:
    """How wide a terminal is, at least 40; 80 where there is none.  COLUMNS says another number,
    as it does for most programs."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return max(int(said), LEAST)
    if stream.isatty():
        try:
            return max(os.get_terminal_size(stream.fileno()).columns or USUAL, LEAST)
        except OSError:
            pass  # it says that it is one, and has no size
    return USUAL


def can_show(stream: TextIO, characters: str) -> bool:
    """Whether the stream's encoding has them."""
    try:
        characters.encode(getattr(stream, "encoding", None) or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def has_colours(stream: TextIO) -> bool:
    """As https://no-color.org asks; Windows' old console would show them as characters."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty() and (os.name != "nt" or "WT_SESSION" in os.environ)


def folded(line: str, title: int, indent: int, width: int) -> List[str]:
    """The lines of at most so many columns that a line becomes, broken between words only, and not
    in its title; those after the first are indented.  A number and its % stay together.

    >>> folded("rows        120 train, 30 do not", 12, 14, 24)
    ['rows        120 train,', '              30 do not']
    """
    if len(line) <= width:
        return [line]
    made, rest = line[:title], line[title:]
    lines, empty = [], True
    for word in re.findall(r"\S+(?: %\S*)?", rest):
        if not empty and len(made) + 1 + len(word) > width:
            lines.append(made)
            made, empty = " " * indent, True
        made, empty = made + " " * (not empty) + word, False
    return [*lines, made]


def laid_out(line: str, width: int, coloured: bool, visible: str) -> List[str]:
    """The lines that stand for one of a report, of which `visible` is what shows.  Rows of tables,
    whose cells stand apart, are for those to fit who made them."""
    heading = getattr(line, "heading", 0)
    if heading:
        lines = folded(visible, heading, heading + 2, width)
    elif "  " in visible.strip() or visible.startswith("  "):
        return [visible]
    else:
        lines = folded(visible, 0, 6 if visible.startswith("note: ") else 0, width)
    if coloured and heading and lines[0][:heading].strip():
        lines[0] = f"{BOLD}{lines[0][:heading]}{PLAIN}{lines[0][heading:]}"
    return lines
