"""Precision: in how many binary digits the numbers of a network are kept.

A Python float has 53 (IEEE 754 binary64, *double precision*).  A network may keep its numbers in 24
(binary32, *single precision*), as graphics cards and small boards do: they take half the room, and
a processor adds and multiplies twice as many at once.

A `Precision` is three functions.  `rounded` takes a row of numbers that is going to be kept: it
rounds each to the nearest number of the precision, of two equally near ones to the even one, and
to infinity beyond the largest.  The two others add up what a layer adds up, where each product and
each sum is such a number again.  What else is computed on the way to a number that is kept is
computed in double.
"""

from array import array
from typing import Callable, Dict, List, NamedTuple, Sequence

Row = List[float]


def as_they_are(row: Row) -> Row:
    return row


def to_binary32(row: Row) -> Row:
    """
    >>> to_binary32([0.5, 0.1, 16777217.0, 1e39])
    [0.5, 0.10000000149011612, 16777216.0, inf]
    """
    return array("f", row).tolist()


def products_added(sums: Row, factor: float, numbers: Sequence[float]) -> Row:
    """sums[j] + factor · numbers[j] for each j."""
    return [total + factor * number for total, number in zip(sums, numbers)]


def products_added_in_single(sums: Row, factor: float, numbers: Sequence[float]) -> Row:
    products = to_binary32([factor * number for number in numbers])
    return to_binary32([total + product for total, product in zip(sums, products)])


def weighted_sums(starts: Row, factors: Row, columns: Sequence[Sequence[float]]) -> Row:
    """For each column: its start, then + factor · number, for one after the other.

    >>> weighted_sums([0.5, 0.0], [3.0, 4.0], [[1.0, 2.0], [0.0, -1.0]])
    [11.5, -4.0]
    """
    sums = []
    for total, column in zip(starts, columns):
        for factor, number in zip(factors, column):
            total += factor * number
        sums.append(total)
    return sums


def weighted_sums_in_single(
    starts: Row, factors: Row, columns: Sequence[Sequence[float]]
) -> Row:
    """The same, all columns side by side: rows are rounded ten times as fast as single numbers."""
    sums = starts
    for factor, numbers in zip(factors, zip(*columns)):
        sums = products_added_in_single(sums, factor, numbers)
    return sums


class Precision(NamedTuple):
    rounded: Callable[[Row], Row]
    products_added: Callable[[Row, float, Sequence[float]], Row]
    weighted_sums: Callable[[Row, Row, Sequence[Sequence[float]]], Row]


PRECISIONS: Dict[str, Precision] = {
    "double": Precision(as_they_are, products_added, weighted_sums),
    "single": Precision(to_binary32, products_added_in_single, weighted_sums_in_single),
}
