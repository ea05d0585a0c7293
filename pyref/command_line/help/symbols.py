"""What textbooks call by other names: `pyref help symbols`.

The table is that of the docstring of pyref/reference/, and stands nowhere else in the program.
"""

from typing import Iterator

from ..book.chapters import docstring, python_source
from ..terminal import folded

BEGINS = "What textbooks call by other names"
PLACE, NAMES = 15, 47  # columns: where a row says what it is, and what others call it


def table() -> str:
    text = docstring(python_source("__init__"))
    return text[text.index(BEGINS) :].strip()


def in_words(width: int) -> Iterator[str]:
    heading, _, *rows = table().splitlines()
    yield from folded(heading, 0, 0, width)
    yield ""
    for row in (row[4:] for row in rows):
        if len(row) <= width:
            yield row
        else:  # what others call it goes below
            yield from folded(row[:NAMES].rstrip(), PLACE, PLACE, width)
            yield from folded(" " * PLACE + row[NAMES:].strip(), PLACE, PLACE, width)
