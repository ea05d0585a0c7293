"""Splitting rows into those that train and those that validate."""

from array import array
from itertools import compress
from typing import Sequence, Tuple

from . import passes

Split = Tuple[Sequence[int], Sequence[int]]  # the rows that train, and those that validate


def split(rows: int, part: float, seed: int) -> Split:
    """The rows that train and those that validate, `part` of all (rounded), in file order.

    The stream of `seed` shuffles the rows; the first ones validate.  A part of 0 leaves all to
    training.  Raises ValueError where one side would have no rows.

    >>> split(5, 0.4, seed=1)
    (array('q', [0, 2, 4]), array('q', [1, 3]))
    """
    validating = int(part * rows + 0.5)
    if part and not 0 < validating < rows:
        raise ValueError(
            f"--validation {part:g}: of {rows} rows, {validating} would validate and "
            f"{rows - validating} train; each side needs at least one"
        )
    if not validating:
        return range(rows), ()
    held_out, trains = bytearray(rows), bytearray(b"\1") * rows
    for row in passes.fastest.shuffled(seed, rows)[:validating]:
        held_out[row], trains[row] = 1, 0
    return tuple(array("q", compress(range(rows), chosen)) for chosen in (trains, held_out))
