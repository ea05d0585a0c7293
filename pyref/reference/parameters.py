"""All parameters of a network, in canonical order, and arithmetic with all of them.

The *parameters* are what training changes: every weight and every bias.  This file says in which
order they stand where they are taken one after the other: in steps, in sums and in files.
"""

from math import isfinite
from typing import List

from .layer import Layer, Row, Rows


def parameters(layers: List[Layer]) -> Rows:
    """Every parameter of the network, as the lists that hold them, in canonical order.

    Layer by layer: the weights input by input, then the biases.  Gradients and whatever an
    optimizer remembers are kept in lists of the same shape.

    >>> parameters([Layer([[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0], "tanh")])
    [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    """
    lists: List[Row] = []
    for layer in layers:
        lists.extend(layer.weights)
        if layer.biases is not None:
            lists.append(layer.biases)
    return lists


def copy_rows(source: Rows, destination: Rows) -> None:
    """The numbers of one list of lists into another of the same shape."""
    for old, new in zip(destination, source):
        old[:] = new


def round_rows(layers: List[Layer], rows: Rows) -> None:
    """What has been computed for these layers is kept: in place, each list by their `rounded`."""
    rounded = layers[0].rounded
    for row in rows:
        kept = rounded(row)
        if kept != row:  # else it stays as it is: a memory of zeros holds one 0.0, many times
            row[:] = kept


def all_finite(rows: Rows) -> bool:
    """Whether no number is infinite or not a number (NaN)."""
    return all(all(map(isfinite, row)) for row in rows)


def plus(layers: List[Layer], rows: Rows, factor: float, others: Rows) -> Rows:
    """rows + factor · others, of what has been computed for these layers"""
    rounded = layers[0].rounded
    return [
        rounded([value + factor * other for value, other in zip(row, of_others)])
        for row, of_others in zip(rows, others)
    ]


def times(layers: List[Layer], factor: float, rows: Rows) -> Rows:
    rounded = layers[0].rounded
    return [rounded([factor * value for value in row]) for row in rows]


def dot(layers: List[Layer], a: Rows, b: Rows) -> float:
    """Σ a·b over two lists in the shape of `parameters`.

    Unit by unit: a unit's weights, from its first input to its last, then its bias, from 0.0;
    then the units are added up in order.
    """
    total = 0.0
    first = 0
    for layer in layers:
        after = first + len(layer.weights) + (layer.biases is not None)
        for unit_a, unit_b in zip(zip(*a[first:after]), zip(*b[first:after])):
            of_unit = 0.0
            for value_a, value_b in zip(unit_a, unit_b):
                of_unit += value_a * value_b
            total += of_unit
        first = after
    return total
