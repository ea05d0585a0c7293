"""How the commands write numbers and lists of names."""

from typing import Iterable, List, Sequence

from ..terminal import Titled

ENGINES = {"c": "C", "python": "Python"}
LEAST_OF_A_NAME = 6  # so that names that are cut can be told apart


def titled(title: str, text: str) -> Titled:
    """A line of a report: a title, and what there is to say."""
    return Titled(f"{title:<11} {text}")


def titled_once(title: str, texts: Iterable[str]) -> List[str]:
    """Lines of a report that share a title: it stands before the first.

    >>> titled_once("layers", ["one", "two"])
    ['layers      one', '            two']
    """
    return [titled("" if place else title, text) for place, text in enumerate(texts)]


def columns_that_fit(columns: Sequence[Sequence[str]], room: int) -> List[str]:
    """The lines of a table of columns, each with its heading, right-aligned; the last columns are
    given up where there is no room for them, and the first is cut.

    >>> columns_that_fit([["", "one", "another"], ["rows", "1", "20"], ["right", "0 %", "–"]], 25)
    ['           rows  right', '      one     1    0 %', '  another    20      –']
    >>> columns_that_fit([["", "one", "another"], ["rows", "1", "20"]], 14)
    ['          rows', '     one     1', '  anoth…    20']
    """
    widths = [max(map(len, column)) + 2 for column in columns]
    while len(widths) > 2 and sum(widths) > room:
        widths.pop()
    widths[0] = min(widths[0], max(room - sum(widths[1:]), LEAST_OF_A_NAME + 2))
    return [
        "".join(cut(cell, width - 2).rjust(width) for cell, width in zip(row, widths))
        for row in zip(*columns)
    ]


def cut(text: str, most: int) -> str:
    """
    >>> cut("versicolor", 6), cut("short", 6)
    ('versi…', 'short')
    """
    return text if len(text) <= most else text[: most - 1] + "…"


def amount(count: int, what: str) -> str:
    """
    >>> amount(1, "row"), amount(1500, "epoch")
    ('1 row', '1,500 epochs')
    """
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def numbered(what: str, numbers: Sequence[int]) -> str:
    """
    >>> numbered("column", [3]), numbered("column", [3, 4])
    ('column 3', 'columns 3, 4')
    """
    return f"{what}{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def listing(names: Sequence[str], most: int) -> str:
    """
    >>> listing(["a", "b", "c"], most=2)
    'a, b …'
    """
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")


def engines_in_words(names: Iterable[str]) -> str:
    """
    >>> engines_in_words({"python", "c"})
    'C and the Python'
    """
    return " and the ".join(ENGINES.get(name, name) for name in sorted(names))
