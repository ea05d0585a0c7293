"""What the tutorials share: how they print numbers and refuse arguments; nothing is computed here.
"""

from typing import Iterable, List, Sequence


def decimals(values: Iterable[float]) -> str:
    """Numbers as the articles print them: eight decimals at most, no zeros at the end.

    >>> decimals([0.4406489868843162, -0.2078435, 0.5, -1e-17])
    '0.44064899 -0.2078435 0.5 0'
    """
    texts = [f"{value:.8f}".rstrip("0").rstrip(".") for value in values]
    return " ".join("0" if text == "-0" else text for text in texts)


def whole(values: Sequence[float]) -> str:
    """Whole numbers as a row of inputs: (1, 0, 1)."""
    return "(" + ", ".join(f"{value:g}" for value in values) + ")"


def first_column(rows: Sequence[Sequence[float]]) -> List[float]:
    """The first number of each row: the outputs of one unit, or the weights that lead to it."""
    return [row[0] for row in rows]


def refuse(name: str, arguments: Sequence[str]) -> None:
    """ValueError if a tutorial that takes no arguments was given some."""
    if arguments:
        raise ValueError(
            f"the tutorial {name} takes no arguments, but found: {' '.join(arguments)}"
        )
