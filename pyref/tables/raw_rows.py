"""Rows that a caller hands over as they were written, prepared for a network."""

from typing import Any, Callable, Optional, Sequence

from .columns import Columns
from .layout import columns_named
from .preparation import LEFT_OUT, WORDS, Preparation

BOOLEANS = ("bool", "bool_")  # Python's and NumPy's


def prepared(preparation: Optional[Preparation], inputs: Any) -> Any:
    """Rows of a raw table as rows of inputs, in the same form; all else as it is.

    Raw are lists of rows, with the columns of the table that was learned from or those of them
    that are used, and tables with names (pandas, polars), whose columns are found by these.
    Raises ValueError for rows of another length and for cells that do not fit.
    """
    if preparation is None:
        return inputs
    if hasattr(inputs, "columns"):
        names = preparation.names()
        if names is None:
            return inputs
        missing = [name for name in names if name not in list(inputs.columns)]
        if missing:
            raise ValueError(f"inputs: no {columns_named(missing)}, which the network needs")
        if preparation.is_plain and len(names) == len(inputs.columns):
            return inputs if list(inputs.columns) == names else inputs[names]
        rows: Sequence[Any] = list(zip(*(list(inputs[name]) for name in names)))
    elif isinstance(inputs, (list, tuple)) and inputs and is_cells(inputs[0]):
        rows = inputs
        if preparation.is_plain and len(rows[0]) == preparation.inputs and all_numbers(rows):
            return inputs
    else:
        return inputs
    flat = preparation.encode(cells_of(preparation, rows), where=in_row(preparation))
    width = preparation.inputs
    return [flat[place : place + width].tolist() for place in range(0, len(flat), width)]


def is_cells(row: Any) -> bool:
    return hasattr(row, "__len__") and not isinstance(row, (str, bytes))


def all_numbers(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether no cell is a text or a gap; what else is wrong is for others to say."""
    return not any(
        value is None or isinstance(value, str) or value != value for row in rows for value in row
    )


def cells_of(preparation: Preparation, rows: Sequence[Sequence[Any]]) -> Columns:
    """The columns that it uses."""
    used = [at for at, column in enumerate(preparation.columns) if column.kind != LEFT_OUT]
    widths = (len(used), len(preparation.columns))
    needed = " or ".join(map(str, sorted(set(widths))))
    for place, row in enumerate(rows):
        if not is_cells(row) or len(row) != len(rows[0]) or len(row) not in widths:
            found = f"{len(row)} cells" if is_cells(row) else f"{row!r:.40}"
            raise ValueError(f"inputs, row {place}: {found} found, {needed} cells are needed")
    cells = Columns(len(used))
    columns = list(zip(*rows))
    if len(columns) > len(used):
        columns = [columns[at] for at in used]
    cells.add_values([
        spelled(values, column.words) if column.kind == WORDS else values
        for values, column in zip(columns, preparation.used)
    ])
    return cells


def spelled(values: Sequence[Any], words: Sequence[str]) -> Sequence[Any]:
    """True and False as the table wrote them that was learned from.

    >>> spelled([True, None, "FALSE"], ("FALSE", "TRUE"))
    ['TRUE', None, 'FALSE']
    """
    as_written = {word.lower(): word for word in words}
    return [
        as_written.get(str(value).lower(), value) if type(value).__name__ in BOOLEANS else value
        for value in values
    ]


def in_row(preparation: Preparation) -> Callable[[int, int], str]:
    def where(row: int, column: int) -> str:
        name = preparation.used[column].name
        return f"inputs, row {row}, column {column if name is None else repr(name)}"

    return where
