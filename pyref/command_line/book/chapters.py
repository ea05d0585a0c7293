"""The chapters of pyref/reference/ in reading order, as the docstring of that folder lists them.

All is read from the sources: docstrings may be missing where a program runs (python -OO).
"""

import ast
import re
from functools import lru_cache
from pathlib import Path
from typing import List, NamedTuple, Optional, Tuple

from ...guessing import closest, did_you_mean
from ...own_files import contents_of

MIRROR = Path(__file__).resolve().parents[3] / "csrc" / "reference"  # in a clone


class Chapter(NamedTuple):
    number: int
    name: str  # of the file
    part: str  # of the book
    title: str


def python_source(name: str) -> str:
    """The text of a file of pyref/reference/.  Raises OSError where there is none."""
    return contents_of(f"reference/{name}.py").decode("utf-8").replace("\r\n", "\n")


def c_source(name: str) -> Optional[str]:
    """The text of the file in csrc/reference/ that mirrors it, or None where it is not here."""
    path = MIRROR / f"{name}.c"
    return path.read_text(encoding="utf-8") if path.is_file() else None


def docstring(source: str) -> str:
    return ast.get_docstring(ast.parse(source)) or ""


def first_sentence(text: str) -> str:
    """
    >>> first_sentence("The loop: epochs,\\nbatches.  One round …")
    'The loop: epochs, batches'
    """
    return re.split(r"\.(?:\s|$)", " ".join(text.split()), maxsplit=1)[0]


@lru_cache(maxsize=None)
def chapters() -> Tuple[Chapter, ...]:
    """
    >>> chapters()[0][:3]
    (1, 'neuron', 'The neuron, and networks of neurons')
    """
    text = docstring(python_source("__init__"))
    listed = re.findall(r"^(\w[^:\n]*): ([a-z_,\s]+)\.$", text, re.M)
    found: List[Chapter] = []
    for part, names in listed:
        for name in names.replace(",", " ").split():
            title = first_sentence(docstring(python_source(name)))
            found.append(Chapter(len(found) + 1, name, part, title))
    return tuple(found)


def chapter_called(word: str) -> Chapter:
    """By its number, its name, or the name of its file.  Raises ValueError for another word."""
    book = chapters()
    name = word[: -len(".py")] if word.endswith(".py") else word
    for chapter in book:
        if name in (chapter.name, str(chapter.number)):
            return chapter
    close = closest(name, [chapter.name for chapter in book])
    raise ValueError(
        f"there is no chapter {word!r}{did_you_mean(close)} (pyref read lists them, 1 to "
        f"{len(book)})"
    )
