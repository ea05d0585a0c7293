"""pyref read: the reference in reading order, a chapter at a time."""

import sys
from argparse import Namespace
from itertools import groupby
from typing import Iterator, List

from ..exercises import NAMES, exercise
from .book import columns
from .book.chapters import Chapter, c_source, chapter_called, chapters, python_source
from .book.mirror import PYTHON_ALONE
from .help.parser import NewParser
from .pager import has_colours, pager, show
from .saying import answer, command
from .terminal import columns as columns_of, folded

DESCRIPTION = f"""\
Read pyref/reference/, the part of pyref that says how everything is computed, a chapter at a time
and in the order in which it is meant to be read.

  pyref read            the table of contents
  pyref read neuron     a chapter, by its name or its number

On a terminal of {columns.LEAST_FOR_BOTH} columns or more, the C of csrc/reference/ stands beside
the Python, each function beside its mirror, where the sources are here (an installed pyref has
the Python alone).  The numbers are those of the file's lines, as pyref explain names them.  On a
terminal $PAGER shows it, or less; COLUMNS says another width, NO_COLOR turns colours off."""


def add_parser(new_parser: NewParser) -> None:
    parser = new_parser(usage="pyref read [CHAPTER]", description=DESCRIPTION)
    parser.set_defaults(run=run)
    parser.add_argument(
        "chapter", metavar="CHAPTER", nargs="?", help="name or number of a chapter"
    )


def run(options: Namespace) -> int:
    if options.chapter is None:
        answer(contents(columns_of(sys.stdout)))
        return 0
    chapter = chapter_called(options.chapter)
    through = pager()
    lines = page(chapter, columns_of(sys.stdout), has_colours(through))
    show("\n".join(lines) + "\n", through)
    return 0


def contents(width: int) -> Iterator[str]:
    for part, group in groupby(chapters(), key=lambda chapter: chapter.part):
        yield part
        for chapter in group:
            line = f"{chapter.number:4}  {chapter.name:<16}  {chapter.title}"
            yield from folded(line, 24, 24, width)
        yield ""
    yield from folded(f"{command()} read 1 begins, {command()} read NAME shows any other.", 0, 0,
                      width)


def page(chapter: Chapter, width: int, coloured: bool) -> List[str]:
    python, c = python_source(chapter.name), c_source(chapter.name)
    if c is not None and width >= columns.LEAST_FOR_BOTH:
        lines = columns.side_by_side(python, c, width, coloured)
    else:
        lines = columns.alone(python, width if sys.stdout.isatty() else None, coloured)
    title = f"Chapter {chapter.number}: pyref/reference/{chapter.name}.py"
    heading = [title, *where_c_is(chapter, c is not None, width), ""]
    return [*heading, *lines, "", *after(chapter)]


def where_c_is(chapter: Chapter, has_mirror: bool, width: int) -> Iterator[str]:
    """Unless it is beside the Python."""
    if chapter.name in PYTHON_ALONE:
        yield from folded(f"No C is beside it: {PYTHON_ALONE[chapter.name]}.", 0, 0, width)
    elif not has_mirror:
        yield from folded("Its mirror in C, csrc/reference/, comes with pyref's sources; it is not "
                          "here.", 0, 0, width)
    elif width < columns.LEAST_FOR_BOTH:
        yield from folded(f"In C: csrc/reference/{chapter.name}.c, here beside it from "
                          f"{columns.LEAST_FOR_BOTH} columns on.", 0, 0, width)


def after(chapter: Chapter) -> Iterator[str]:
    tasks = [name for name in NAMES if exercise(name).CHAPTER == chapter.name]
    if tasks:
        yield f"Exercise{'s' * (len(tasks) > 1)}: {command()} exercise {', '.join(tasks)}"
    book = chapters()
    if chapter.number < len(book):
        following = book[chapter.number]
        yield f"Next: {command()} read {following.name}"
    else:
        yield "This was the last chapter."
