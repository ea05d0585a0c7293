"""The passes over all numbers of a table, which take the time that reading one takes.

Python does them here.  An engine that is faster, once it has been loaded and checked, puts its own
`Passes` in the place of Python's with `use`; the bits are the same.

Rows stand in a flat array, `apart` numbers from each other; a pass looks at their first `width`
columns.  `rows` lists some of them, None means all.
"""

from array import array
from math import sqrt
from typing import Any, Callable, List, NamedTuple, Optional, Sequence, Tuple

from ..reference.generator import Stream
from ..reference.losses import class_of
from ..rows.arrays import Buffer, Floats

Rows = Optional[Sequence[int]]


class Passes(NamedTuple):
    """`scaled(flat, means, deviations)`; `means(flat, apart, width, rows)`;
    `means_and_deviations(flat, width)`; `taken(flat, apart, width, rows)`, side by side;
    `answers(outputs, width)`, the class of each row; `shuffled(seed, count)`, the first shuffle of
    a stream.

    `read_rows` reads plain cells from a block of text, or is None where Python's own float and csv
    are the fastest there is: see formats/delimited.py.
    """

    scaled: Callable[[Buffer, Sequence[float], Sequence[float]], Floats]
    means: Callable[[Floats, int, int, Rows], List[float]]
    means_and_deviations: Callable[[Floats, int], List[Tuple[float, float]]]
    taken: Callable[[Floats, int, int, Rows], Floats]
    answers: Callable[[Floats, int], Sequence[int]]
    shuffled: Callable[[int, int], Sequence[int]]
    read_rows: Optional[Callable[..., Any]] = None


def scaled(flat: Buffer, means: Sequence[float], deviations: Sequence[float]) -> Floats:
    width = len(means)
    made = array("d", bytes(8 * len(flat)))
    for column, (mean, d) in enumerate(zip(means, deviations)):
        made[column::width] = array("d", [(x - mean) / d for x in flat[column::width]])
    return made


def means(flat: Floats, apart: int, width: int, rows: Rows) -> List[float]:
    found = []
    for column in range(width):
        values = flat[column::apart]
        found.append(mean(values if rows is None else array("d", [values[row] for row in rows])))
    return found


def mean(values: Sequence[float]) -> float:
    """Added up from the first on.

    >>> mean(array("d", [0.1] * 10)), mean(array("d", [1.0, 2.0]))
    (0.1, 1.5)
    """
    if values.count(values[0]) == len(values):  # rounding would make another number of it
        return values[0]
    total = 0.0
    for x in values:
        total += x
    return total / len(values)


def means_and_deviations(flat: Floats, width: int) -> List[Tuple[float, float]]:
    found = []
    for column in range(width):
        values = flat[column::width]
        middle = mean(values)
        total = 0.0
        for x in values:
            total += (x - middle) * (x - middle)
        found.append((middle, sqrt(total / len(values)) or 1.0))
    return found


def taken(flat: Floats, apart: int, width: int, rows: Rows) -> Floats:
    chosen = array("d")
    for row in range(len(flat) // apart) if rows is None else rows:
        chosen.extend(flat[row * apart : row * apart + width])
    return chosen


def answers(outputs: Floats, width: int) -> List[int]:
    return [class_of(outputs[place : place + width]) for place in range(0, len(outputs), width)]


def shuffled(seed: int, count: int) -> List[int]:
    return Stream(seed).shuffled(count)


IN_PYTHON = Passes(scaled, means, means_and_deviations, taken, answers, shuffled)
fastest = IN_PYTHON


def use(passes: Passes) -> None:
    global fastest
    fastest = passes
