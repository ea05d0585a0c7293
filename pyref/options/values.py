"""What the values of options may be.  argparse shows the message of an ArgumentTypeError."""

from argparse import ArgumentTypeError
from codecs import getincrementaldecoder
from typing import Callable, Iterable, List, Union

from ..arguments.by_name import plain
from ..tables.cells import MARKS, number

SEPARATORS = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";"}


def count(text: str) -> int:
    """A whole number from 1, which may be written as 1e3.

    >>> count("20"), count("1e3")
    (20, 1000)
    """
    if text.isascii() and text.isdigit():
        value = int(text)
    else:
        near = number(text)
        value = int(near) if near is not None and near == int(near) and "e" in text.lower() else 0
    if value < 1:
        raise ArgumentTypeError(f"a whole number, at least 1, is needed, not {text!r}")
    return value


def count_or_zero(text: str) -> int:
    return 0 if text == "0" else count(text)


def seed(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) >= 2**32:
        raise ArgumentTypeError(f"a whole number from 0 to {2**32 - 1} is needed, not {text!r}")
    return int(text)


def seeds(text: str) -> List[int]:
    """Seeds, and ranges of them, which have both ends.

    >>> seeds("3"), seeds("1-4,7")
    ([3], [1, 2, 3, 4, 7])
    """
    found: List[int] = []
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        numbers = range(seed(first), seed(last or first) + 1)
        if not numbers:
            raise ArgumentTypeError(f"seeds from a lower to a higher one are needed, not {part!r}")
        found += numbers
    return found


MOST_ROWS = 1000


def row_numbers(text: str) -> List[int]:
    """Numbers of rows from 1, and ranges of them, in this order.

    >>> row_numbers("60"), row_numbers("60,3-5")
    ([60], [60, 3, 4, 5])
    """
    found: List[int] = []
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        numbers = range(count(first), count(last or first) + 1)
        if not numbers:
            raise ArgumentTypeError(f"rows from an upper to a lower one are needed, not {part!r}")
        if len(found) + len(numbers) > MOST_ROWS:
            raise ArgumentTypeError(f"at most {MOST_ROWS:,} rows at a time can be told of")
        found += numbers
    return found


def above_zero(text: str) -> float:
    value = number(text)
    if value is None or value <= 0.0:
        raise ArgumentTypeError(f"a number above 0 is needed, not {text!r}")
    return value


def zero_or_more(text: str) -> float:
    value = number(text)
    if value is None or value < 0.0:
        raise ArgumentTypeError(f"0 or a number above it is needed, not {text!r}")
    return value


def file_name(text: str) -> str:
    if not text:
        raise ArgumentTypeError("the name of a file is needed, not ''")
    return text


def separator(text: str) -> str:
    """A character, or the name of one.

    >>> separator("semicolon"), separator("|")
    (';', '|')
    """
    text = SEPARATORS.get(text, text)
    if len(text) != 1 or text in "\"\r\n":
        raise ArgumentTypeError(f"one character, or tab or space, is needed, not {text!r}")
    return text


def thousands(text: str) -> str:
    """A mark, or the name of one."""
    mark = {"space": " ", "comma": ",", "point": ".", "apostrophe": "'"}.get(text, text)
    if mark not in MARKS:
        raise ArgumentTypeError(
            f"comma, point, space, apostrophe or one of {' '.join(MARKS).strip()} is needed, not "
            f"{text!r}"
        )
    return mark


def encoding(text: str) -> str:
    """The name of one that Python has for texts."""
    try:
        getincrementaldecoder(text)
        "a".encode(text)
    except (LookupError, ValueError):
        raise ArgumentTypeError(
            f"an encoding of texts is needed, such as cp1252, latin-1 or utf-16, not {text!r}"
        ) from None
    return text


def batch_size(text: str) -> Union[str, int]:
    return "all" if text == "all" else count(text)


def class_weights(text: str) -> Union[str, List[float]]:
    """
    >>> class_weights("1, 2.5")
    [1.0, 2.5]
    """
    return text if text == "balanced" else [zero_or_more(weight) for weight in text.split(",")]


def part(text: str) -> float:
    """A number from 0 to below 1, or its hundredfold with a %.

    >>> part("0.2"), part("20%")
    (0.2, 0.2)
    """
    in_percent = text.endswith("%")
    value = number(text[:-1] if in_percent else text)
    if in_percent and value is not None:
        value /= 100.0
    if value is None or not 0.0 <= value < 1.0:
        raise ArgumentTypeError(f"a number from 0 to below 1 is needed, not {text!r}")
    return value


def score(text: str) -> float:
    """A number up to 1, or its hundredfold with a %.

    >>> score("0.95"), score("95%")
    (0.95, 0.95)
    """
    in_percent = text.endswith("%")
    value = number(text[:-1] if in_percent else text)
    if in_percent and value is not None:
        value /= 100.0
    if value is None or value > 1.0:
        raise ArgumentTypeError(f"a number up to 1 is needed, not {text!r}")
    return value


def part_or_table(text: str) -> Union[float, str]:
    """A part of the rows, or where other rows are.

    >>> part_or_table("20%"), part_or_table("others.csv")
    (0.2, 'others.csv')
    """
    if text and number(text[:-1] if text.endswith("%") else text) is None:
        return text
    try:
        return part(text)
    except ArgumentTypeError as error:
        raise ArgumentTypeError(f"{error} (or the name of a table)") from None


def name_of(names: Iterable[str]) -> Callable[[str], str]:
    """Takes a name in upper and lower case, with underscores or without.

    >>> name_of(["relu", "leaky_relu"])("LeakyReLU")
    'leaky_relu'
    """
    known = {plain(name): name for name in names}
    return lambda text: known.get(plain(text.strip()), text)


def layer_sizes(text: str) -> List[int]:
    """Units of each hidden layer, such as 16,8; 0 is no hidden layer.

    >>> layer_sizes("16,8"), layer_sizes("0")
    ([16, 8], [])
    """
    if text.strip() == "0":
        return []
    try:
        return [count(size.strip()) for size in text.split(",")]
    except ArgumentTypeError:
        raise ArgumentTypeError(
            f"units of each hidden layer are needed, such as 16,8 (0: none), not {text!r}"
        ) from None


def network_sizes(text: str) -> List[int]:
    """
    >>> network_sizes("784,128,10")
    [784, 128, 10]
    """
    try:
        sizes = [count(size.strip()) for size in text.split(",")]
    except ArgumentTypeError:
        sizes = []
    if len(sizes) < 2:
        raise ArgumentTypeError(
            f"inputs, units of each hidden layer and outputs are needed, such as 784,128,10, "
            f"not {text!r}"
        )
    return sizes
