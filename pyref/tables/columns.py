"""The cells of a table in memory: numbers row by row, and beside them words where there are any.

A cell is a double: a finite number, NaN for a gap, 0.0 for a word.  A column in which words were
met has a code for each row, too, that leads to the word; each different word is kept once.
"""

import os
from array import array
from bisect import bisect_right
from math import isfinite
from typing import Any, Dict, FrozenSet, Iterable, Iterator, List, Optional, Sequence, Tuple

from ..rows.arrays import Buffer, Floats, Integers, View
from ..rows.scanning import first_not_finite
from . import passes
from .cells import in_digits, is_missing, number

NAN = float("nan")
GAP = -1
MOST_APART = 16  # columns: each costs a pass over all cells


class Words:
    """Of one column: `texts[codes[row] - 1]` where the code is above 0, which means no word;
    `rows` where each text came first."""

    def __init__(self) -> None:
        self.codes = array("i")
        self.texts: List[str] = []
        self.rows: List[int] = []
        self.code_of: Dict[str, int] = {}

    def pad(self, rows: int) -> Integers:
        """The codes, with one for each of so many rows."""
        if len(self.codes) < rows:
            self.codes.extend(array("i", bytes(self.codes.itemsize * (rows - len(self.codes)))))
        return self.codes

    def code(self, text: str, row: int) -> int:
        code = self.code_of.get(text)
        if code is None:
            self.texts.append(text)
            self.rows.append(row)
            code = self.code_of[text] = len(self.texts)
        return code


class Columns:
    """`rows` rows of `width` cells in the flat array `numbers`; `words` by column, `gaps` counted
    by column, both only where there are any.

    The columns in `verbatim` are texts, as they are written, whatever they hold.  Where
    `wrong_rows` is a list, rows with too few cells or too many are noted there, and no error.
    """

    def __init__(
        self, width: int, decimal: str = ".", verbatim: FrozenSet[int] = frozenset(),
        wrong_rows: Optional[List[int]] = None, thousands: str = "",
    ) -> None:
        self.width = width
        self.decimal = decimal
        self.thousands = thousands
        self.verbatim = verbatim
        self.wrong_rows = wrong_rows
        self.rows = 0
        self.numbers = array("d")
        self.words: Dict[int, Words] = {column: Words() for column in verbatim}
        self.gaps: Dict[int, int] = {}
        self.lines: List[Tuple[int, int]] = []  # rows and their lines, from where both count on
        self._known: List[Dict[bytes, int]] = [{} for _ in range(width)]  # codes of cells, or GAP
        self.most_numbers = memory_here() // 8

    # Filling.

    def note_line(self, row: int, line: int) -> None:
        """A row is in this line of the file, those after it in those that follow."""
        if not self.lines or line - row != self.lines[-1][1] - self.lines[-1][0]:
            self.lines.append((row, line))

    def add_texts(self, columns: Sequence[Sequence[str]], plain: bool) -> None:
        """Rows, given by column.  `plain`: what `float` takes and is finite is a number."""
        count = len(columns[0])
        block = array("d", bytes(8 * count * self.width))
        for column, texts in enumerate(columns):
            block[column :: self.width] = self.cells(column, texts, plain)
        self.append(block, count)

    def add_cells(
        self, cells: List[str], count: int, width: int, places: Sequence[int], line: int
    ) -> bool:
        """Rows of a text of `width` columns, whose cells stand one after the other; those in
        `places` are wanted.  False, with nothing added, where that needs a closer look.

        What `float` takes at once goes through it without becoming rows and columns before: that
        is a third faster.
        """
        apart = [column for column in range(self.width)
                 if column in self.words or column in self.gaps]
        out = set(range(width)).difference(places).union(places[column] for column in apart)
        if len(out) > MOST_APART or len(out) == width or len(set(places)) < len(places):
            return False
        of_column = {column: cells[places[column] :: width] for column in apart}
        left = width
        for place in sorted(out, reverse=True):
            del cells[place::left]
            left -= 1
        try:
            values = array("d", list(map(float, cells)))
        except ValueError:
            return False
        if first_not_finite(values) >= 0:
            return False
        self.note_line(self.rows, line)
        kept = [place for place in range(width) if place not in out]
        if kept == list(places):
            self.append(values, count)
            return True
        stands = {place: at for at, place in enumerate(kept)}
        block = array("d", bytes(8 * count * self.width))
        for column, place in enumerate(places):
            if column in of_column:
                block[column :: self.width] = self.cells(column, of_column[column], True)
            else:
                block[column :: self.width] = values[stands[place] :: left]
        self.append(block, count)
        return True

    def append(self, block: Buffer, count: int) -> None:
        if len(self.numbers) + len(block) > self.most_numbers:
            raise ValueError(
                f"more than {self.most_numbers:,} numbers, which is more than fit in the memory "
                "of this machine"
            )
        self.numbers.frombytes(memoryview(block).cast("B"))
        self.rows += count

    def cells(self, column: int, texts: Sequence[str], plain: bool) -> Floats:
        words = self.words.get(column)
        if plain and words is None and self.decimal == ".":
            try:
                # Through a list: a quarter faster than an array that grows.
                return self.with_gaps(column, array("d", list(map(float, texts))))
            except ValueError:
                pass
            try:
                return self.with_gaps(
                    column, array("d", [float(text) if text else NAN for text in texts])
                )
            except ValueError:
                pass
        known = {} if words is None else words.code_of
        values, codes, gaps = array("d"), array("i"), 0
        for row, text in enumerate(texts, self.rows):
            code = known.get(text)
            if code is None:
                value, code = self.cell(column, text, row)
                known = self.words[column].code_of if code else known
                gaps += value != value
                values.append(value)
            else:
                values.append(0.0)
            codes.append(code)
        if column in self.words:
            self.words[column].pad(self.rows).extend(codes)
        self.count_gaps(column, gaps)
        return values

    def with_gaps(self, column: int, values: Floats) -> Floats:
        """Raises ValueError where one is infinite."""
        if first_not_finite(values) >= 0:
            self.count_gaps(column, gaps_in(values))
        return values

    def count_gaps(self, column: int, gaps: int) -> None:
        if gaps:
            self.gaps[column] = self.gaps.get(column, 0) + gaps

    def cell(self, column: int, text: str, row: int) -> Tuple[float, int]:
        """The double of a cell, and its code."""
        if column in self.verbatim:
            return 0.0, self.words[column].code(text.strip(), row)
        value = number(text, self.decimal, self.thousands)
        if value is not None:
            return value, 0
        text = text.strip()
        if is_missing(text):
            return NAN, 0
        return 0.0, self.words.setdefault(column, Words()).code(text, row)

    def add_numbers(self, block: Floats, count: int) -> None:
        """Rows of numbers as they stand; NaN is a gap.  Raises ValueError for an infinite one."""
        if first_not_finite(block) >= 0:
            for column in range(self.width):
                self.count_gaps(column, gaps_in(block[column :: self.width]))
        self.append(block, count)

    def add_read(
        self, block: View, count: int, others: Integers, text: bytes
    ) -> None:
        """Rows of numbers that an engine has read from a text, and the cells that it left: their
        places in the block, and where they begin and end in the text."""
        for column, rows, cells in by_column(others, self.width, count, text):
            known = self._known[column]
            codes: List[Any] = list(map(known.get, cells))
            if None in codes:
                self.learn(column, rows, cells, codes, block)
            if GAP in codes:
                for place, code in enumerate(codes):
                    if code == GAP:
                        block[rows[place] * self.width + column] = NAN
                        self.count_gaps(column, 1)
                        codes[place] = 0
            if column in self.words:
                of_column = self.words[column].pad(self.rows)
                if len(codes) == count:
                    of_column.extend(codes)
                else:
                    of_column.extend(array("i", bytes(4 * count)))
                    for row, code in zip(rows, codes):
                        of_column[self.rows + row] = code
        self.append(block, count)

    def learn(
        self, column: int, rows: Sequence[int], cells: List[bytes], codes: List[Any],
        block: View,
    ) -> None:
        """Fill in the codes of cells that were not met before: words, gaps, and numbers that are
        not plain, which have the code 0 and go into the block."""
        known = self._known[column]
        for place, code in enumerate(codes):
            if code is not None:
                continue
            cell = cells[place]
            codes[place] = known.get(cell)
            if codes[place] is None:
                text = cell.decode("utf-8")
                value, code = self.cell(column, text, self.rows + rows[place])
                if value == value and not code:
                    block[rows[place] * self.width + column] = value
                else:
                    code = known[cell] = code or GAP
                codes[place] = code

    def add_values(self, columns: Sequence[Sequence[Any]]) -> None:
        """Rows, given by column, of numbers, texts and None."""
        count = len(columns[0])
        block = array("d", bytes(8 * count * self.width))
        for column, values in enumerate(columns):
            block[column :: self.width] = self.values(column, values)
        self.append(block, count)

    def values(self, column: int, values: Sequence[Any]) -> Floats:
        if column not in self.verbatim:
            try:
                return self.with_gaps(column, array("d", values))
            except (TypeError, OverflowError):
                pass
        return self.cells(column, [as_text(value, self.decimal) for value in values], False)

    # Looking.

    def column(self, column: int, rows: Optional[Sequence[int]] = None) -> Floats:
        values = self.numbers[column :: self.width]
        return values if rows is None else array("d", map(values.__getitem__, rows))

    def codes(self, column: int, rows: Optional[Sequence[int]] = None) -> Integers:
        """Those of the words of a column that has some."""
        codes = self.words[column].pad(self.rows)
        return codes if rows is None else array("i", map(codes.__getitem__, rows))

    def line(self, row: int) -> int:
        """Where a row stands in its file; for what has no lines, its number from 1."""
        if not self.lines:
            return row + 1
        place = bisect_right(self.lines, (row, 1 << 62)) - 1
        first, line = self.lines[place]
        return line + row - first

    def text(self, row: int, column: int) -> str:
        """A cell in words, for messages."""
        if column in self.words:
            code = self.words[column].pad(self.rows)[row]
            if code:
                return self.words[column].texts[code - 1]
        value = self.numbers[row * self.width + column]
        return "" if value != value else in_digits(value)

    def as_words(
        self, column: int, rows: Optional[Sequence[int]] = None
    ) -> Tuple[Integers, List[str]]:
        """For each row the number of its text, -1 for a gap; and the texts, where numbers count as
        the same text however they were written."""
        texts = list(self.words[column].texts) if column in self.words else []
        code_of: Dict[float, int] = {}
        values = self.column(column, rows)
        codes = self.codes(column, rows)[:] if texts else array("i", bytes(4 * len(values)))
        for place, code in enumerate(codes):
            if code:
                chosen = code - 1
            else:
                value = values[place]
                chosen = code_of.get(value, -1)
                if chosen < 0 and value == value:
                    chosen = code_of[value] = len(texts)
                    texts.append(in_digits(value))
            codes[place] = chosen
        return codes, texts

    def gap_rows(self, column: int) -> List[int]:
        if column not in self.gaps:
            return []
        return [row for row, value in enumerate(self.column(column)) if value != value]

    def taken(self, rows: Sequence[int]) -> "Columns":
        """Some of the rows, in their order."""
        made = Columns(self.width, self.decimal, thousands=self.thousands)
        made.rows = len(rows)
        width = self.width
        made.numbers = passes.fastest.taken(self.numbers, width, width, rows)
        for column, words in self.words.items():
            codes = array("i", map(words.pad(self.rows).__getitem__, rows))
            if any(codes):
                made.words[column] = kept = Words()
                kept.codes = array("i")
                for row, code in enumerate(codes):
                    kept.codes.append(code and kept.code(words.texts[code - 1], row))
        for column in self.gaps:
            made.count_gaps(column, gaps_in(made.column(column)))
        for place, row in enumerate(rows):
            made.note_line(place, self.line(row))
        return made


def by_column(
    others: Integers, width: int, count: int, text: bytes
) -> Iterator[Tuple[int, Sequence[int], List[bytes]]]:
    """Cells of a text by their columns, with their rows: see Columns.add_read."""
    places = others[0::3]
    each = len(places) // count if count else 0
    if each and len(places) == each * count:
        columns = places[:each]
        if all(
            places[k::each] == array("q", range(column, column + width * count, width))
            for k, column in enumerate(columns)
        ):  # the same in all rows
            for k, column in enumerate(columns):
                begins, ends = others[3 * k + 1 :: 3 * each], others[3 * k + 2 :: 3 * each]
                yield column, range(count), [text[b:e] for b, e in zip(begins, ends)]
            return
    rows: Dict[int, List[int]] = {}
    cells: Dict[int, List[bytes]] = {}
    for place, begin, end in zip(places, others[1::3], others[2::3]):
        row, column = divmod(place, width)
        rows.setdefault(column, []).append(row)
        cells.setdefault(column, []).append(text[begin:end])
    for column in rows:
        yield column, rows[column], cells[column]


def gaps_in(values: Iterable[float]) -> int:
    gaps = 0
    for value in values:
        if value != value:
            gaps += 1
        elif not isfinite(value):
            raise ValueError(f"{value!r} found; a finite number is needed")
    return gaps


def as_text(value: Any, decimal: str) -> str:
    """A value of a database or a data frame as a cell of text."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        raise ValueError("bytes found; a number or a text is needed")
    if isinstance(value, bool):
        return str(int(value))
    text = str(value)
    if text in ("<NA>", "NaT") and not isinstance(value, str):  # what pandas has for gaps
        return ""
    return text.replace(".", ",") if decimal == "," and not isinstance(value, str) else text


def memory_here() -> int:
    """Of this machine, in bytes; where that cannot be known, more than any has."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not on Windows
        return 2**62
