"""Numbers of single precision in short decimals.

A number of single precision is a double, too, of which JSON would show all digits: 0.1 becomes
0.10000000149011612.  But no more than nine are needed to tell it from its neighbours, so a file has
0.1, and whoever reads it rounds to single precision again.
"""

from typing import List, Sequence

from ..reference.precision import to_binary32

MOST_DIGITS = 9  # which tell any two apart


def shortest(row: Sequence[float]) -> List[float]:
    """The doubles of the shortest decimals that single precision rounds to these numbers.

    >>> shortest([0.10000000149011612, -2.0, 16777216.0])
    [0.1, -2.0, 16777216.0]
    """
    found = [float(f"{value:.{MOST_DIGITS}g}") for value in row]
    left: Sequence[int] = range(len(row))  # where fewer digits may do
    for digits in range(MOST_DIGITS - 1, 0, -1):
        shorter = [float(f"{row[place]:.{digits}g}") for place in left]
        same = [value == row[place] for place, value in zip(left, to_binary32(shorter))]
        for place, value, fits in zip(left, shorter, same):
            if fits:
                found[place] = value
        left = [place for place, fits in zip(left, same) if fits]
    return found


def written(rows: List[List[float]], precision: str) -> List[List[float]]:
    """Rows of that precision as a file holds them."""
    return rows if precision == "double" else [shortest(row) for row in rows]
