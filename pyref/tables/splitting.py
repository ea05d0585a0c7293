"""Splitting rows into those that train and those that validate, once or in folds."""

from array import array
from itertools import compress
from typing import List, Optional, Sequence, Tuple

from . import passes

Split = Tuple[Sequence[int], Sequence[int]]  # the rows that train, and those that validate

PARTS = {"validate": "validation", "test": "test"}  # what rows do, and the part that they are


def split(
    rows: int,
    part: float,
    seed: int,
    classes: Optional[Sequence[float]] = None,
    what: str = "validate",
) -> Split:
    """The rows that train and those that validate, `part` of all (rounded), in file order.

    The stream of `seed` shuffles the rows; the first ones validate.  Where `classes` tell the class
    number of each row, the part is that of each class, as near as whole rows can be: see `shares`.
    A part of 0 leaves all to training.  Raises ValueError where one side would have no rows, which
    says `what` those that do not train do.

    >>> split(5, 0.4, seed=1)
    (array('q', [0, 2, 4]), array('q', [1, 3]))
    >>> split(5, 0.4, seed=1, classes=[0, 1, 0, 1, 0])
    (array('q', [2, 3, 4]), array('q', [0, 1]))
    """
    validating = int(part * rows + 0.5)
    if part and not 0 < validating < rows:
        raise ValueError(
            f"--{PARTS[what]} {part:g}: of {rows} rows, {validating} would {what} and "
            f"{rows - validating} train; each side needs at least one"
        )
    if not validating:
        return range(rows), ()
    order = passes.fastest.shuffled(seed, rows)
    held_out, trains = bytearray(rows), bytearray(b"\1") * rows
    for row in order[:validating] if classes is None else first_of_each(order, classes, validating):
        held_out[row], trains[row] = 1, 0
    of_training, of_validation = (
        array("q", compress(range(rows), chosen)) for chosen in (trains, held_out)
    )
    return of_training, of_validation


def folds(
    rows: int, count: int, seed: int, classes: Optional[Sequence[float]] = None
) -> List[Split]:
    """So many splits, in which each row validates once: the rows that train and those that
    validate, in file order.

    The stream of `seed` shuffles the rows, which are then dealt out one by one, class by class
    where `classes` tell the class number of each row: so neither the folds nor the rows of a class
    in them differ by more than one.  Raises ValueError where there are fewer than two folds, or
    fewer rows than folds.

    >>> [list(validate) for _, validate in folds(6, 3, seed=1)]
    [[0, 1], [3, 5], [2, 4]]
    >>> [list(validate) for _, validate in folds(6, 3, seed=1, classes=[0, 1, 0, 1, 0, 1])]
    [[1, 4], [0, 5], [2, 3]]
    """
    if not 2 <= count <= rows:
        raise ValueError(
            f"folds: of {rows} rows, from 2 to {rows} folds can be made, not {count}"
        )
    order = passes.fastest.shuffled(seed, rows)
    if classes is not None:
        order = sorted(order, key=classes.__getitem__)  # which keeps the order within a class
    fold_of = array("q", bytes(8 * rows))
    for place, row in enumerate(order):
        fold_of[row] = place % count
    return [
        (array("q", [row for row, fold in enumerate(fold_of) if fold != number]),
         array("q", [row for row, fold in enumerate(fold_of) if fold == number]))
        for number in range(count)
    ]


def first_of_each(
    order: Sequence[int], classes: Sequence[float], wanted: int
) -> List[int]:
    """So many rows, each class's share of them, in this order."""
    left = [0] * (int(max(classes)) + 1)
    for number in classes:
        left[int(number)] += 1
    left = shares(left, wanted)
    chosen = []
    for row in order:
        number = int(classes[row])
        if left[number]:
            left[number] -= 1
            chosen.append(row)
    return chosen


def shares(counts: Sequence[int], wanted: int) -> List[int]:
    """How many rows of each class make so many in all: its part of them rounded down, and one more
    for those that lost most by that, the first of equals (Hamilton's method, 1792).

    >>> shares([50, 50, 50], 31), shares([90, 9, 1], 20)
    ([11, 10, 10], [18, 2, 0])
    """
    rows = sum(counts)
    given = [count * wanted // rows for count in counts]
    lost = sorted(range(len(counts)), key=lambda c: (-(counts[c] * wanted % rows), c))
    for number in lost[: wanted - sum(given)]:
        given[number] += 1
    return given
