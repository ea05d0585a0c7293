"""A table to learn from that a caller holds in memory, as columns of values."""

from typing import Any, Iterator, List, Optional, Sequence

from ..rows.arrays import Floats
from .columns import Columns
from .examples import RawExamples, treat_gaps
from .formats.databases import Values
from .kinds import kinds_of, remarks
from .layout import Layout
from .sources import Source
from .table import Table


class InMemory(Values):
    """All rows are one block."""

    def __init__(self, name: str, names: Sequence[str], columns: Sequence[Sequence[Any]]) -> None:
        super().__init__(Source(name, None, name), names)
        self.columns = columns

    def blocks(self, places: List[int]) -> Iterator[List[Sequence[Any]]]:
        yield [self.columns[place] for place in places]


def raw_examples(
    columns: Sequence[Sequence[Any]],
    names: Optional[List[str]],
    targets: Floats,
    target_names: List[str],
    task: str,
    classes: Optional[List[str]],
    categorical: Sequence[int] = (),
    missing: str = "mean",
    name: str = "X",
) -> RawExamples:
    """As `pyref.read_table` would give them.

    `columns` are numbers, texts and None, `targets` as RawExamples has them; `categorical` are the
    places of columns whose numbers are names.  `missing` is "mean", "median" or "error", since rows
    that are left out would be missed by the caller.  Raises ValueError for columns that cannot be
    used, which are told all at once.
    """
    places = list(range(len(columns)))
    called = names or [f"column_{place + 1}" for place in places]
    reader = InMemory(name, called, columns)
    table = Table(name, Layout(names, places, []), reader)
    reader.fill(table.cells, table.places, False)
    table.categorical.update(categorical)
    kinds = kinds_of(table)
    treat_gaps(table, kinds, missing)
    table.notes += remarks(table, kinds)
    if names is not None:
        of_targets = range(len(columns), len(columns) + len(target_names))
        table.layout = Layout(names + target_names, places, list(of_targets))
    return RawExamples(table, kinds, targets, task, classes, missing)


def cells_in(columns: Sequence[Sequence[Any]]) -> Columns:
    """The same without a look at what they are."""
    cells = Columns(len(columns))
    cells.add_values(columns)
    return cells
