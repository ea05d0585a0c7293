"""What is to be learned of each row: targets as a table, within what the loss can mean."""

from array import array
from typing import Any, Optional, Sequence

from .conversion import is_row, offered_array, refuse_masked, table
from .data import Table

INFINITY = float("inf")
LARGEST_TARGET = {"binary_cross_entropy": 1.0, "cross_entropy": 1.0, "poisson": INFINITY}


def targets_table(
    data: Any, outputs: int, loss: str, count: int, precision: str = "double"
) -> Table:
    """The targets of `count` rows.

    For cross_entropy they may be class numbers, one for each row, flat or in one column; they
    become rows with one 1.
    """
    refuse_masked("targets", data)
    data = offered_array(data)
    if loss == "cross_entropy" and outputs > 1:
        numbers = class_numbers(data, count * outputs)
        if numbers is not None:
            return one_hot(numbers, outputs, count)
    elif outputs > 1:
        refuse_class_numbers(data, outputs, loss, count)
    made = table("targets", data, outputs, precision)
    refuse_other_count(made.count, count)
    if loss in LARGEST_TARGET:
        check_range(made, loss)
    if loss == "cross_entropy":
        check_adding_up(made)
    return made


def class_numbers(data: Any, length_of_rows: int) -> Optional[Sequence[Any]]:
    """The numbers of a column, or of what is flat and not whole rows, one after the other."""
    if isinstance(data, (list, tuple)):
        if data and all(is_row(row) and len(row) == 1 for row in data):
            return [row[0] for row in data]
        return data if data and not is_row(data[0]) else None
    if isinstance(data, array):
        return data if len(data) != length_of_rows else None
    try:
        view = memoryview(data)
        values: Any = view.tolist()
        if (view.shape or ())[1:] == (1,):
            return [row[0] for row in values]
        return values if view.ndim == 1 and len(view) != length_of_rows else None
    except (NotImplementedError, TypeError, ValueError, BufferError):  # for `table` to refuse
        return None


def refuse_class_numbers(data: Any, outputs: int, loss: str, count: int) -> None:
    """Of losses that do not take them: what else to do."""
    numbers = class_numbers(data, count * outputs)
    if numbers is not None and len(numbers) == count:
        raise ValueError(
            f"targets: one value for each row found, but {loss} compares with all {outputs} "
            "outputs.  If they are the numbers of classes, train a network of softmax outputs by "
            f"loss='cross_entropy', or give each row {outputs} targets: 1 in the place of its "
            "class, else 0"
        )


def one_hot(numbers: Sequence[Any], outputs: int, count: int) -> Table:
    """For each class number a row with one 1, in its place."""
    classes = frozenset(range(outputs))
    flat = array("d", [0.0]) * (len(numbers) * outputs)
    for place, value in enumerate(numbers):
        try:
            known = value in classes
        except TypeError:  # a row among numbers
            known = False
        if not known:
            raise ValueError(
                f"targets, row {place}: {value!r} found, a class from 0 to {outputs - 1} is needed"
                " (classes may have other names: give these as texts)"
            )
        flat[place * outputs + int(value)] = 1.0
    refuse_other_count(len(numbers), count)
    return Table(count, outputs, None, flat)


def refuse_other_count(found: int, count: int) -> None:
    if found != count:
        raise ValueError(f"{count} rows of inputs, but {found} rows of targets")


def check_range(targets: Table, loss: str) -> None:
    """Some losses mean nothing for targets below 0, or above 1."""
    flat, width, largest = targets.flat(), targets.width, LARGEST_TARGET[loss]
    if min(flat) < 0.0 or max(flat) > largest:
        place = next(i for i, value in enumerate(flat) if not 0.0 <= value <= largest)
        range_needed = "of 0 or more" if largest == INFINITY else f"from 0 to {largest:g}"
        raise ValueError(
            f"targets, row {place // width}, column {place % width}: {flat[place]!r} found, "
            f"{loss} needs targets {range_needed}"
        )


def check_adding_up(targets: Table) -> None:
    flat, width = targets.flat(), targets.width
    for start in range(0, len(flat), width):
        total = 0.0
        for value in flat[start : start + width]:
            total += value
        if abs(total - 1.0) > 1e-6:
            raise ValueError(
                f"targets, row {start // width}: they add up to {total!r}, "
                "cross_entropy needs one 1, or probabilities that add up to 1"
            )
