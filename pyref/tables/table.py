"""A whole table in memory: its inputs as doubles, its targets as what is written there.

Rows are read one at a time and go straight into one flat array of doubles; of the target columns
each different text is kept once.  What is wrong with a row is said with its line and column.
"""

from array import array
from itertools import chain
from math import isfinite
from operator import itemgetter
from typing import Callable, Dict, List, Sequence

from .cells import is_word, number, why_no_number
from .layout import Layout
from .records import Records
from .sources import Source


Advice = Callable[[Layout, bool], str]  # by the layout, and whether it is about the first row


class TextColumn:
    """The cells of one column: `texts[codes[row]]`, and the line where each text came first."""

    def __init__(self) -> None:
        self.codes = array("l")
        self.texts: List[str] = []
        self.lines: List[int] = []
        self._code_of: Dict[str, int] = {}

    def append(self, text: str, line: int) -> None:
        code = self._code_of.setdefault(text, len(self.texts))
        if code == len(self.texts):
            self.texts.append(text)
            self.lines.append(line)
        self.codes.append(code)


class Table:
    """`rows` rows; `inputs` is rows × columns in one array, `targets` one TextColumn each."""

    def __init__(self, name: str, layout: Layout, width: int, advice: Advice) -> None:
        self.name = name
        self.advice = advice
        self.layout = layout
        self.width = width  # of the file, in columns
        self.rows = 0
        self.inputs = array("d")
        self.targets = [TextColumn() for _ in layout.targets]

    def refuse(self, line: int, place: int, what: str) -> None:
        """Raise the error for a cell."""
        raise ValueError(f"{self.name}, line {line}, {self.layout.column(place)}: {what}")


def no_advice(layout: Layout, in_first_row: bool) -> str:
    return ""


def read(
    source: Source, layout_of: Callable[[List[str]], Layout], advice: Advice = no_advice
) -> Table:
    """The table of a source.  `layout_of` finds the layout from the first row; `advice` is what
    to add to the error about a word where a number is needed.

    Raises ValueError with line and column for what cannot be used: no rows, rows of different
    lengths, cells that are empty or no finite numbers where numbers are needed.
    """
    records = Records(source)
    first = next(records, None)
    if first is None:
        raise ValueError(f"{source.name}: the table is empty")
    try:
        layout = layout_of(first)
    except ValueError as error:
        raise ValueError(f"{source.name}: {error}") from None
    table = Table(source.name, layout, len(first), advice)
    fill(table, records if layout.names else chain([first], records), records)
    if table.rows == 0:
        raise ValueError(f"{source.name}: the table has a header, but no rows")
    return table


def fill(table: Table, rows, records: Records) -> None:
    pick = picker(table.layout.inputs)
    inputs = table.inputs
    targets = list(zip(table.targets, table.layout.targets))
    for row in rows:
        if len(row) != table.width:
            records.refuse(
                f"the row has {len(row)} of the {table.width} cells that the first row has"
                if len(row) < table.width
                else f"the row has {len(row)} cells, the first row has {table.width}"
            )
        try:
            values = array("d", map(float, pick(row)))
            usable = records.plain and all(map(isfinite, values))
        except ValueError:
            usable = False
        inputs.extend(values if usable else checked(table, row, records.line))
        for column, place in targets:
            text = row[place].strip()
            if not text:
                table.refuse(records.line, place, "the cell is empty; a target is needed")
            column.append(text, records.line)
        table.rows += 1


def picker(places: List[int]) -> Callable[[List[str]], Sequence[str]]:
    if len(places) == 1:
        place = places[0]
        return lambda row: (row[place],)
    return itemgetter(*places)


def checked(table: Table, row: List[str], line: int) -> array:
    """The inputs of a row that `float` refuses, or might read too kindly."""
    values = array("d")
    for place in table.layout.inputs:
        value = number(row[place])
        if value is None:
            in_first_row = table.layout.names is None and table.rows == 0
            advice = table.advice(table.layout, in_first_row) if is_word(row[place]) else ""
            table.refuse(line, place, why_no_number(row[place]) + advice)
        values.append(value)
    return values
