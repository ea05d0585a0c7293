"""A whole table in memory, as it was written: the cells of its inputs, then those of its targets.

Whatever can be read is read here; what a network can make of it is decided afterwards (kinds), so
that all columns that cannot be used are told at once.
"""

from typing import Callable, List, NoReturn, Optional, Sequence, Set

from .cells import is_word
from .columns import Columns
from .formats import opened_reader
from .formats.reader import Reader
from .layout import Layout, checked_names, places_of
from .sources import Source


class Table:
    """`cells` has a column for each of `layout.inputs` and then of `layout.targets`, and behind
    them those at the places `kept`, as they are written.

    `width` is the number of columns of the file; `categorical` holds the places there of those
    that the format declares to be categories; `without_target` counts rows that were left out
    because a target is missing.
    """

    def __init__(
        self, name: str, layout: Layout, reader: Reader, keep: Optional[str] = None,
        with_wrong_rows: bool = False,
    ) -> None:
        self.name = name
        self.layout = layout
        self.width = reader.width
        self.categorical: Set[int] = set(reader.categorical)
        self.notes: List[str] = []
        self.without_target = 0
        self.kept = places_of("--keep", keep, layout, self.width)
        count = len(self.places)
        self.cells = Columns(
            count, reader.decimal, frozenset(range(count - len(self.kept), count)),
            [] if with_wrong_rows else None, reader.thousands,
        )

    @property
    def rows(self) -> int:
        return self.cells.rows

    @property
    def places(self) -> List[int]:
        return self.layout.inputs + self.layout.targets + self.kept

    @property
    def target_columns(self) -> List[int]:
        """Those of `cells` that are targets."""
        inputs = len(self.layout.inputs)
        return list(range(inputs, inputs + len(self.layout.targets)))

    def kept_texts(self, row: int) -> List[str]:
        return [self.cells.text(row, column) for column in sorted(self.cells.verbatim)]

    def refuse(self, row: int, column: int, what: str) -> NoReturn:
        """Raise the error for a cell."""
        raise ValueError(f"{self.where(row, column)}: {what}")

    def where(self, row: int, column: int) -> str:
        return (
            f"{self.name}, line {self.cells.line(row)}, {self.layout.column(self.places[column])}"
        )

    def keep(self, rows: Sequence[int]) -> None:
        """These alone, in their order."""
        self.cells = self.cells.taken(rows)


def read(
    source: Source,
    layout_of: Callable[[Reader, Optional[bool]], Layout],
    keep: Optional[str] = None,
    with_wrong_rows: bool = False,
) -> Table:
    """The table of a source.  `layout_of` finds the layout from the first row; `keep` names columns
    whose texts are wanted as well.

    Raises ValueError, with the line, for what is no table: no rows, and rows of different lengths,
    unless they are to stay: `cells.wrong_rows` then tells which these are.
    """
    with opened_reader(source) as reader:
        header = source.header if reader.has_names is None else reader.has_names
        layout = layout_of(reader, header)
        table = Table(source.name, layout, reader, keep, with_wrong_rows)
        reader.fill(table.cells, table.places, with_first=layout.names is None)
        table.notes += reader.notes
    if table.rows == 0:
        raise ValueError(f"{source.name}: the table has a header, but no rows")
    return table


def leave_out_rows_without_target(table: Table) -> None:
    """Rows whose target is not known teach nothing."""
    gaps = {row for column in table.target_columns for row in table.cells.gap_rows(column)}
    if not gaps:
        return
    if len(gaps) == table.rows:
        column = table.layout.column(table.layout.targets[0])
        raise ValueError(f"{table.name}: {column}, the target, is empty in every row")
    table.keep([row for row in range(table.rows) if row not in gaps])
    table.without_target = len(gaps)
    count = f"{len(gaps):,} row{'s' if len(gaps) > 1 else ''} without a target"
    table.notes.append(f"{count} {'are' if len(gaps) > 1 else 'is'} left out")


def find_late_header(table: Table) -> None:
    """Columns may have numbers for names: then the first row is known for a header by its target,
    a word above nothing but numbers.  Take it out of the rows."""
    cells = table.cells
    if table.layout.names is not None or cells.rows == 1:
        return
    if table.layout.without_use(table.width):  # whose first cells are gone
        return
    for column in table.target_columns:
        words = cells.words.get(column)
        if words is None or len(words.texts) > 1 or not is_word(words.texts[0]):
            return
        if words.rows != [0] or any(words.pad(cells.rows)[1:]):
            return
    names = [""] * table.width
    for column, place in enumerate(table.places):
        names[place] = cells.text(0, column)
    table.keep(range(1, cells.rows))
    table.layout = table.layout._replace(names=checked_names(names, list(range(table.width))))


def lonely_class(table: Table) -> Optional[str]:
    """A word in the first row that no other row has, where classes come again: it may well be the
    name of the column, above others whose names are numbers."""
    cells, column = table.cells, table.target_columns[0]
    if table.layout.names is not None:
        return None
    codes, texts = cells.as_words(column)
    word = cells.text(0, column)
    if not is_word(word) or codes[0] in codes[1:] or len(texts) == cells.rows:
        return None
    return (
        f"{table.name}, line {cells.line(0)}: taken for data, though no other row is of the "
        f"class {word!r:.40}: if these are the names of the columns, say --header yes"
    )
