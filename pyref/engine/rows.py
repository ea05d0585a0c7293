"""What users hand over, turned into rows of numbers; what is wrong with it, said with its place.

Accepted are lists (or tuples) of rows, a flat list of numbers where rows have one column, and any
object with the buffer protocol (array.array, memoryview, NumPy arrays) or that offers one through
`to_numpy` or `__array__` (pandas).  C-contiguous doubles are used in place by the C engine.
"""

import sys
from array import array
from typing import Dict, Iterator, List, NamedTuple, Optional, Sequence, Union

from ..reference.losses import total_weight
from .scanning import fingerprint, first_not_finite

INFINITY = float("inf")
DIGEST_BLOCK = 65536  # numbers
REAL_KINDS = ("b", "i", "u", "f")  # of NumPy's arrays, which convert themselves fastest
LARGEST_TARGET = {"binary_cross_entropy": 1.0, "cross_entropy": 1.0, "poisson": INFINITY}

Buffer = Union[array, memoryview]


KNOWN_DIGESTS: Dict[tuple, str] = {}
MOST_KNOWN = 16


def sha256_of(shape: str, parts: List[Buffer]) -> str:
    import hashlib  # see Network.digest

    digest = hashlib.sha256(shape.encode())
    for part in parts:
        for first in range(0, len(part), DIGEST_BLOCK):
            block = array("d")
            block.frombytes(memoryview(part)[first : first + DIGEST_BLOCK].cast("B"))
            if sys.byteorder == "little":
                block.byteswap()
            digest.update(block)
    return digest.hexdigest()


class Table:
    """`count` rows of `width` finite numbers, as lists for Python and as one buffer for C.

    It is a sequence of its rows, too, for those who need only some of them.
    """

    def __init__(self, count: int, width: int, lists: Optional[list], flat: Optional[Buffer]):
        self.count = count
        self.width = width
        self.from_buffer = lists is None
        self._lists = lists
        self._flat = flat

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, place: int) -> List[float]:
        if self._lists is not None:
            return self._lists[place]
        return list(self._flat[place * self.width : (place + 1) * self.width])

    def __iter__(self) -> Iterator[List[float]]:
        return (self[place] for place in range(self.count))

    def lists(self) -> List[List[float]]:
        if self._lists is None:
            flat, width = self._flat.tolist(), self.width
            self._lists = [flat[place : place + width] for place in range(0, len(flat), width)]
        return self._lists

    def flat(self) -> Buffer:
        if self._flat is None:
            self._flat = array("d")
            for row in self._lists:
                self._flat.extend(row)
        return self._flat


class Data(NamedTuple):
    """Inputs and targets, row for row; `weights` None: every row weighs 1."""

    inputs: Table
    targets: Table
    weights: Optional[array]

    @property
    def count(self) -> int:
        return self.inputs.count

    def digest(self) -> str:
        """SHA-256 of the numbers as big-endian doubles, and of their shape.

        Hashing takes 1 ns a byte, more than an epoch of a small network does.  So the digest of
        data that have come before is remembered.
        """
        weighted = "" if self.weights is None else " weighted"
        shape = f"{self.count} {self.inputs.width} {self.targets.width}{weighted}\n"
        parts = [self.inputs.flat(), self.targets.flat()]
        parts += [] if self.weights is None else [self.weights]
        key = (shape, *map(fingerprint, parts))
        digest = None if None in key else KNOWN_DIGESTS.get(key)
        if digest is None:
            if len(KNOWN_DIGESTS) >= MOST_KNOWN:
                KNOWN_DIGESTS.clear()
            digest = KNOWN_DIGESTS[key] = sha256_of(shape, parts)
        return digest

    def total_weight(self) -> float:
        return float(self.count) if self.weights is None else total_weight(self.weights)


def table(what: str, data: object, width: int) -> Table:
    """`data` as a Table of rows with `width` columns; `what` names it in messages.

    Raises TypeError for objects that are no rows of numbers, ValueError for numbers that do not
    fit: another number of columns, no rows, NaN or infinity.
    """
    data = offered_array(data)
    if getattr(getattr(data, "dtype", None), "kind", None) in REAL_KINDS:
        data = data.astype("float64", order="C", copy=False)
    if isinstance(data, (list, tuple)):
        made = table_of_lists(what, data, width)
    elif isinstance(data, (str, bytes)):
        raise TypeError(f"{what}: rows of numbers are needed, not {type(data).__name__}")
    else:
        try:
            view = memoryview(data)
        except (TypeError, ValueError, BufferError):
            raise TypeError(
                f"{what}: lists of rows or a buffer of numbers are needed, "
                f"not {type(data).__name__}"
            ) from None
        made = table_of_buffer(what, view, width)
    if made.count == 0:
        raise ValueError(f"{what}: there are no rows")
    return made


def offered_array(data: object) -> object:
    """Objects such as pandas' say how to turn them into an array."""
    if isinstance(data, (list, tuple, str, bytes, array, memoryview)):
        return data
    for name in ("to_numpy", "__array__"):
        offer = getattr(data, name, None)
        if offer is not None:
            return offer()
    return data


def table_of_lists(what: str, rows: Sequence, width: int) -> Table:
    if rows and width == 1 and not is_row(rows[0]):
        rows = [(value,) for value in rows]
    flat = array("d")
    for place, row in enumerate(rows):
        if not is_row(row):
            hint = f"; one row alone is {[list(rows)]!r:.60}" if len(rows) == width > 1 else ""
            raise TypeError(
                f"{what}, row {place}: a list of {width} numbers is needed, not {row!r:.40}{hint}"
            )
        try:
            flat.fromlist(row if type(row) is list else list(row))
        except (TypeError, OverflowError):
            flat.extend(
                [number_at(what, place, column, value) for column, value in enumerate(row)]
            )
        found = len(flat) - place * width
        if found != width:
            raise ValueError(f"{what}, row {place}: {found} numbers found, {width} are needed")
    refuse_not_finite(what, flat, width)
    made = Table(len(rows), width, None, flat)
    made.from_buffer = False
    return made


def is_row(row: object) -> bool:
    return isinstance(row, (list, tuple, array, memoryview)) or (
        hasattr(row, "__len__")
        and hasattr(row, "__iter__")
        and not isinstance(row, (str, bytes, bytearray, dict, set))
    )


def number_at(what: str, place: int, column: int, value: object) -> float:
    if not isinstance(value, (str, bytes)):
        try:
            return float(value)
        except OverflowError:
            raise ValueError(
                f"{what}, row {place}, column {column}: {value!r:.40} is too large for a float"
            ) from None
        except (TypeError, ValueError):
            pass
    raise TypeError(f"{what}, row {place}, column {column}: a number is needed, not {value!r:.40}")


def refuse_not_finite(what: str, flat: Buffer, width: int) -> None:
    place = first_not_finite(flat)
    if place >= 0:
        raise ValueError(
            f"{what}, row {place // width}, column {place % width}: {flat[place]!r} found, "
            "a finite number is needed"
        )


def table_of_buffer(what: str, view: memoryview, width: int) -> Table:
    shape = view.shape or (1,)
    columns = shape[-1] if len(shape) == 2 else width
    if len(shape) > 2 or columns != width:
        raise ValueError(f"{what}: an array of shape {shape} found, {width} columns are needed")
    size = 1
    for length in shape:
        size *= length
    if size % width:
        raise ValueError(
            f"{what}: a flat buffer of {size} numbers cannot be split into rows of {width}"
        )
    if view.format in ("d", "@d", "=d") and view.c_contiguous and view.itemsize == 8:
        flat: Buffer = view.cast("B").cast("d") if view.nbytes else array("d")
    else:
        flat = converted(what, view)
    refuse_not_finite(what, flat, width)
    return Table(size // width, width, None, flat)


def converted(what: str, view: memoryview) -> array:
    """A copy as doubles, of whatever numbers and strides."""
    try:
        values = view.tolist()
        if view.ndim > 1:
            values = [value for row in values for value in row]
        return array("d", values)
    except (NotImplementedError, TypeError, ValueError):
        raise TypeError(
            f"{what}: a buffer of numbers is needed, not one of format {view.format!r}"
        ) from None


def targets_table(data: object, outputs: int, loss: str, count: int) -> Table:
    """The targets of `count` rows.

    For cross_entropy they may be class numbers, one for each row, flat or in one column; they
    become rows with one 1.
    """
    data = offered_array(data)
    if loss == "cross_entropy" and outputs > 1:
        numbers = class_numbers(data, count * outputs)
        if numbers is not None:
            data = [one_hot(place, value, outputs) for place, value in enumerate(numbers)]
    made = table("targets", data, outputs)
    if made.count != count:
        raise ValueError(f"{count} rows of inputs, but {made.count} rows of targets")
    if loss in LARGEST_TARGET:
        check_range(made, loss)
    if loss == "cross_entropy":
        check_adding_up(made)
    return made


def class_numbers(data: object, length_of_rows: int) -> Optional[Sequence]:
    """The numbers of a column, or of what is flat and not whole rows, one after the other."""
    if isinstance(data, (list, tuple)):
        if data and all(is_row(row) and len(row) == 1 for row in data):
            return [row[0] for row in data]
        return data if data and not is_row(data[0]) else None
    try:
        view = memoryview(data)
    except (TypeError, ValueError, BufferError):
        return None
    if view.ndim == 2 and view.shape[1] == 1:
        return [row[0] for row in view.tolist()]
    return view.tolist() if view.ndim == 1 and len(view) != length_of_rows else None


def one_hot(place: int, value: object, outputs: int) -> List[float]:
    if value not in range(outputs):
        raise ValueError(
            f"targets, row {place}: {value!r} found, a class from 0 to {outputs - 1} is needed"
        )
    row = [0.0] * outputs
    row[int(value)] = 1.0
    return row


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


def row_weights(weights: object, count: int) -> Optional[array]:
    """One weight of 0 or more for each of `count` rows, or None for None."""
    if weights is None:
        return None
    made = table("weights", weights, 1)
    if made.count != count:
        raise ValueError(f"{count} rows of inputs, but {made.count} weights")
    flat = array("d", made.flat())
    for place, weight in enumerate(flat):
        if weight < 0.0:
            raise ValueError(f"weights, row {place}: {weight!r} found, 0 or more is needed")
    return flat


def balanced(classes: List[int], class_count: int) -> List[float]:
    """Class weights that give every class the same say: rows / (classes × rows of the class).

    (scikit-learn's class_weight="balanced"; King and Zeng 2001.)  A class without rows gets 0.
    """
    counts = [0] * class_count
    for number in classes:
        counts[number] += 1
    return [len(classes) / (class_count * count) if count else 0.0 for count in counts]
