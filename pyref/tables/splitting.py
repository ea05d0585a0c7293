"""Splitting rows into those that train and those that validate."""

from typing import List, Tuple

from ..reference.generator import Stream


def split(rows: int, part: float, seed: int) -> Tuple[List[int], List[int]]:
    """The rows that train and those that validate, `part` of all (rounded), in file order.

    The stream of `seed` shuffles the rows; the first ones validate.  A part of 0 leaves all to
    training.  Raises ValueError where one side would have no rows.

    >>> split(5, 0.4, seed=1)
    ([0, 2, 4], [1, 3])
    """
    validating = int(part * rows + 0.5)
    if part and not 0 < validating < rows:
        raise ValueError(
            f"--validation {part:g}: of {rows} rows, {validating} would validate and "
            f"{rows - validating} train; each side needs at least one"
        )
    order = Stream(seed).shuffled(rows) if validating else list(range(rows))
    held_out = bytearray(rows)
    for row in order[:validating]:
        held_out[row] = 1
    training = [row for row in range(rows) if not held_out[row]]
    return training, [row for row in range(rows) if held_out[row]]
