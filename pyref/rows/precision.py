"""Rows in the precision that a network keeps its numbers in, "double" or "single"."""

from typing import TypeVar, Union

from .arrays import Buffer, Floats
from .data import Table
from .digests import typecode_of
from .scanning import first_not_finite, narrowed, widened

TYPECODES = {"double": "d", "single": "f"}  # of arrays, and formats of buffers


Held = TypeVar("Held", bound=Buffer)


def in_precision(flat: Held, typecode: str) -> Union[Held, Floats]:
    """The numbers of a buffer as those of an array with this typecode."""
    if typecode_of(flat) == typecode:
        return flat
    return narrowed(flat) if typecode == "f" else widened(flat)


def kept(what: str, rows: Table, precision: str) -> Table:
    """The rows as a network of that precision keeps them; `what` names them in messages.

    Raises ValueError for a number that is finite in double precision alone.
    """
    flat = rows.flat() if precision == "single" else None
    if flat is None or typecode_of(flat) == "f":
        return rows
    made = Table(rows.count, rows.width, None, narrowed(flat))
    made.form = rows.form
    place = first_not_finite(made.flat())
    if place >= 0:
        row, column = divmod(place, rows.width)
        raise ValueError(
            f"{what}, row {row}, column {column}: {flat[place]!r} found, which is beyond the "
            "largest number of single precision"
        )
    return made
