"""Fitting a preparation: what the training rows decide."""

from array import array
from typing import Iterable, List, Optional, Sequence, Tuple

from ..rows.arrays import Floats, Integers
from . import passes
from .columns import Columns
from .preparation import LEFT_OUT, NUMBERS, WORDS, Column, Kind, Preparation


def fit(
    cells: Columns,
    kinds: Sequence[Kind],
    names: Optional[Sequence[str]],
    rows: Optional[Sequence[int]] = None,
    missing: str = "mean",
) -> Preparation:
    """The preparation for the first columns of `cells`, one for each of `kinds`, by the given rows
    (None: all)."""
    columns = []
    # Of columns that have neither words nor gaps, all at once.
    means = passes.fastest.means(cells.numbers, cells.width, len(kinds), rows)
    for at, kind in enumerate(kinds):
        name = None if names is None else names[at]
        if kind.name == LEFT_OUT:
            columns.append(Column(name, LEFT_OUT, reason=kind.reason))
        elif kind.name == WORDS:
            columns.append(fitted_words(name, *cells.as_words(at, rows), missing))
        else:
            if missing == "median" or at in cells.gaps:
                columns.append(fitted_numbers(name, cells.column(at, rows), missing))
            else:
                columns.append(Column(name, NUMBERS, (), None if missing == "error" else means[at]))
    return Preparation(tuple(columns), missing)


def fitted_numbers(name: Optional[str], values: Floats, missing: str) -> Column:
    known = array("d", [value for value in values if value == value])
    gap: Optional[float] = None
    if missing != "error":
        gap = 0.0
        if known:
            gap = median(known) if missing == "median" else passes.mean(known)
    return Column(name, NUMBERS, (), gap, len(known) < len(values))


def median(values: Iterable[float]) -> float:
    """The middle one, or halfway between the two in the middle.

    >>> median([3.0, 1.0, 2.0]), median([4.0, 1.0, 3.0, 2.0])
    (2.0, 2.5)
    """
    ordered = sorted(values)
    upper = ordered[len(ordered) // 2]
    if len(ordered) % 2:
        return upper
    return (ordered[len(ordered) // 2 - 1] + upper) / 2.0


def fitted_words(
    name: Optional[str], codes: Integers, texts: List[str], missing: str
) -> Column:
    counts = [0] * len(texts)
    gaps = 0
    for code in codes:
        if code < 0:
            gaps += 1
        else:
            counts[code] += 1
    words = sorted({text for text, count in zip(texts, counts) if count}, key=by_value)
    gap: Optional[str] = None
    if missing != "error" and words:
        count_of = dict(zip(texts, counts))
        gap = max(words, key=lambda word: count_of[word])  # the first of equals
    return Column(name, WORDS, tuple(words), gap, gaps > 0)


def by_value(text: str) -> Tuple[int, float, str]:
    """Numbers as categories go first, and by value; words by code point.

    >>> sorted(["b", "10", "9", "a"], key=by_value)
    ['9', '10', 'a', 'b']
    """
    try:
        return 0, float(text), text
    except ValueError:
        return 1, 0.0, text
