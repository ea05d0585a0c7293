"""How the columns of a table become the inputs of a network: numbers as they are, words as numbers,
and what stands in for gaps.

A preparation is fitted on the training rows, belongs to the network, and is kept in its file.  It
makes inputs of the columns in their order:

numbers    one input, the number
words      two of them, one input: 0 for the first word, 1 for the second; else an input for each
           word, which is 1 in the rows that have it and 0 in all others
left out   no input

and behind those of a column that had gaps in the training rows one more input, 1 where there is a
gap and 0 elsewhere.  A gap itself becomes `gap`, which the training rows decide: their mean, added
up in the order of the file, or their median; of words the most frequent one, the first of equals.
So a gap in a column that had none in training has its stand-in, too, but no input that tells.

Everything is done in plain Python, with the same bits everywhere.  Scaling comes afterwards.
"""

from array import array
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple, Union

from ..rows.arrays import Floats
from . import passes
from .cells import why_no_number
from .columns import Columns

NUMBERS, WORDS, LEFT_OUT = "numbers", "words", "left out"

MISSING = ("mean", "median", "drop", "error")
UNKNOWN = ("error", "ignore")
MOST_KNOWN = 12  # words that a message lists


class Kind(NamedTuple):
    """One of the three, and why it is left out."""

    name: str
    reason: str = ""


class Column(NamedTuple):
    """What becomes of one column; see above.  `name` is None where the table had no header."""

    name: Optional[str]
    kind: str
    words: Tuple[str, ...] = ()
    gap: Union[None, float, str] = None  # what stands in for a gap; None: it is an error
    indicator: bool = False
    reason: str = ""  # why it is left out

    @property
    def inputs(self) -> int:
        if self.kind == LEFT_OUT:
            return 0
        own = 1 if self.kind == NUMBERS or len(self.words) == 2 else len(self.words)
        return own + self.indicator

    def input_names(self, name: str) -> List[str]:
        """
        >>> Column(None, "words", ("blue", "green", "red"), "red", True).input_names("colour")
        ['colour=blue', 'colour=green', 'colour=red', 'colour is missing']
        """
        if self.kind == LEFT_OUT:
            return []
        if self.kind == NUMBERS:
            names = [name]
        else:
            words = self.words[1:] if len(self.words) == 2 else self.words
            names = [f"{name}={word}" for word in words]
        return names + [f"{name} is missing"] * self.indicator


class Preparation(NamedTuple):
    """`columns` of the table, without its targets and those that were to be ignored; `missing` is
    one of MISSING, as training was told to treat gaps."""

    columns: Tuple[Column, ...]
    missing: str = "mean"

    @property
    def used(self) -> List[Column]:
        return [column for column in self.columns if column.kind != LEFT_OUT]

    @property
    def inputs(self) -> int:
        """How many the network has."""
        return sum(column.inputs for column in self.columns)

    @property
    def is_plain(self) -> bool:
        """Whether every column it uses goes in as it is, where it has no gaps."""
        return all(column.kind == NUMBERS and not column.indicator for column in self.used)

    def names(self) -> Optional[List[str]]:
        """Of the columns it uses; None where the table had no header."""
        names = [column.name for column in self.used if column.name is not None]
        return names if len(names) == len(self.used) else None

    def input_names(self) -> Optional[List[str]]:
        """None for plain columns without names."""
        if self.is_plain:
            return self.names()
        names: List[str] = []
        for number, column in enumerate(self.columns, 1):
            for name in column.input_names(str(number) if column.name is None else column.name):
                while name in names:
                    name += "'"
                names.append(name)
        return names

    def encode(
        self,
        cells: Columns,
        at: Optional[Sequence[int]] = None,
        rows: Optional[Sequence[int]] = None,
        unknown: str = "error",
        where: Callable[[int, int], str] = "row {}, column {}".format,
        bad_rows: Optional[Dict[int, str]] = None,
    ) -> Floats:
        """The inputs for some rows (None: all), flat.

        `at` are the columns of `cells` that are those it uses, None the first ones.  `unknown`
        says what becomes of words that the training rows did not have: "error", or "ignore",
        which makes all inputs of its column 0.  `where(row, column)` is for errors: ValueError
        that names, of each column, the first cell that does not fit.  Where `bad_rows` is given,
        it is filled instead with the rows that have such cells, and what is wrong with them; in
        their inputs something stands.
        """
        used = self.used
        at = range(len(used)) if at is None else at
        whole = not any(column in cells.gaps or column in cells.words for column in at)
        if self.is_plain and whole:
            return as_they_are(cells, at, rows)
        made = Encoding(cells, rows, self.inputs, unknown, where, bad_rows)
        for column, place in zip(used, at):
            if column.kind == NUMBERS:
                made.add_numbers(column, place)
            else:
                made.add_words(column, place)
        if made.wrong:
            raise ValueError("\n".join(made.wrong))
        return made.flat


def as_they_are(
    cells: Columns, at: Sequence[int], rows: Optional[Sequence[int]]
) -> Floats:
    """Plain columns; the array of `cells` itself where it is all of it."""
    width, count = cells.width, len(at)
    if list(at) == list(range(count)):  # side by side
        if rows is None and count == width:
            return cells.numbers
        return passes.fastest.taken(cells.numbers, width, count, rows)
    flat = array("d", bytes(8 * count * (cells.rows if rows is None else len(rows))))
    for place, column in enumerate(at):
        flat[place::count] = cells.column(column, rows)
    return flat


class Encoding:
    """Inputs that are being filled, column by column; `wrong` tells what does not fit."""

    def __init__(
        self, cells: Columns, rows: Optional[Sequence[int]], width: int, unknown: str,
        where: Callable[[int, int], str],
        bad_rows: Optional[Dict[int, str]],
    ) -> None:
        self.cells, self.rows, self.width = cells, rows, width
        self.unknown, self.where, self.bad_rows = unknown, where, bad_rows
        self.count = cells.rows if rows is None else len(rows)
        self.flat = array("d", bytes(8 * self.count * width))
        self.next = 0
        self.wrong: List[str] = []

    def refuse(self, places: List[int], column: int, what: Callable[[int], str]) -> None:
        """`what(place)` says what is wrong with a cell."""
        for place in places:
            row = place if self.rows is None else self.rows[place]
            if self.bad_rows is None:
                self.wrong.append(f"{self.where(row, column)}: {what(place)}")
                return
            if row not in self.bad_rows:
                self.bad_rows[row] = f"{self.where(row, column)}: {what(place)}"

    def add(self, values: Floats) -> None:
        self.flat[self.next :: self.width] = values
        self.next += 1

    def add_numbers(self, column: Column, at: int) -> None:
        values = self.cells.column(at, self.rows)
        gaps: List[int] = []
        if at in self.cells.words:
            codes = self.cells.codes(at, self.rows)
            texts = self.cells.words[at].texts
            self.refuse([place for place, code in enumerate(codes) if code], at,
                        lambda place: why_no_number(texts[codes[place] - 1], self.cells.decimal))
        if at in self.cells.gaps:
            gaps = [place for place, value in enumerate(values) if value != value]
            if column.gap is None:
                self.refuse(gaps, at, lambda place: "the cell is empty; a number is needed")
            stand_in: Any = 0.0 if column.gap is None else column.gap
            for place in gaps:
                values[place] = stand_in
        self.add(values)
        self.add_indicator(column, gaps)

    def add_words(self, column: Column, at: int) -> None:
        codes, texts = self.cells.as_words(at, self.rows)
        place_of: Dict[Any, int] = {word: place for place, word in enumerate(column.words)}
        places = [place_of.get(text, -1) for text in texts]
        gaps: List[int] = []
        if at in self.cells.gaps:
            gaps = [place for place, code in enumerate(codes) if code < 0]
            if column.gap is None:
                self.refuse(gaps, at, lambda place: "the cell is empty; a word is needed")
        places.append(place_of.get(column.gap, -1))  # which -1 leads to
        new = {code for code in range(len(texts)) if places[code] < 0}
        if self.unknown == "error" and new:
            self.refuse([place for place, code in enumerate(codes) if code in new], at,
                        lambda place: never_seen(texts[codes[place]], column.words))
        if len(column.words) == 2:
            values = [float(place == 1) for place in places]
            self.add(array("d", map(values.__getitem__, codes)))
        else:
            first, width, flat = self.next, self.width, self.flat
            for row, code in enumerate(codes):
                if places[code] >= 0:
                    flat[row * width + first + places[code]] = 1.0
            self.next += len(column.words)
        self.add_indicator(column, gaps)

    def add_indicator(self, column: Column, gaps: List[int]) -> None:
        if column.indicator:
            values = array("d", bytes(8 * self.count))
            for place in gaps:
                values[place] = 1.0
            self.add(values)


def never_seen(text: str, known: Sequence[str]) -> str:
    words = ", ".join(map(repr, known[:MOST_KNOWN]))
    more = f" … ({len(known)} in all)" if len(known) > MOST_KNOWN else ""
    return (
        f"{text!r:.60} was never seen in training; known are {words}{more} "
        "(--unknown ignore takes it for none of them)"
    )
