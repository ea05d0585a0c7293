"""How the commands write numbers and lists of names."""

from typing import Iterable, List, Sequence

ENGINES = {"c": "C", "python": "Python"}


def titled(title: str, text: str) -> str:
    """A line of a report: a title, and what there is to say."""
    return f"{title:<11} {text}"


def titled_once(title: str, texts: Iterable[str]) -> List[str]:
    """Lines of a report that share a title: it stands before the first.

    >>> titled_once("layers", ["one", "two"])
    ['layers      one', '            two']
    """
    return [titled("" if place else title, text) for place, text in enumerate(texts)]


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


def duration(seconds: float) -> str:
    """
    >>> duration(0.0123), duration(3.21), duration(61), duration(7261)
    ('12 ms', '3.2 s', '1 min 1 s', '2 h 1 min')
    """
    if seconds < 0.9995:
        return f"{1000.0 * seconds:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return "{} h {} min".format(*divmod(minutes, 60))
