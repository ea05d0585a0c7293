"""Text with a separator between cells: CSV and its kin.

The text is UTF-8, with or without byte order mark (streams.py makes it of others); lines end with
LF or CR LF.  Fields may be quoted ("…", a quote inside doubled).  Empty lines are passed over, and
so are lines that begin with #; a line `sep=;` at the beginning names the separator, as Excel writes
it.

Blocks of lines without quotes, which are most of most tables, are split as they are; what is
quoted, and what is wrong, goes record by record through Python's csv.
"""

import csv
from itertools import repeat
from typing import Any, Iterator, List, NoReturn, Optional, Sequence

from .. import passes
from ..cells import is_word
from ..columns import Columns
from ..sources import Source
from ..streams import Stream, blocks_of_lines
from .reader import Reader
from .separators import decimal_of, named_line, separator_of

ROWS = 2000  # that go into the columns together
SAMPLE = 50  # lines to look at before
MOST_STOPS = 100  # of an engine in a block, for rows that are not plain
MARK = b"\xef\xbb\xbf"
THE_OTHER = {",": ".", ".": ","}  # is the decimal mark, where one of them stands in thousands


class Delimited(Reader):
    """`line` is the number of the last line read."""

    def __init__(self, stream: Stream, source: Source) -> None:
        super().__init__(source.name)
        self.line = 0
        self.comments = 0  # below the first row
        self._blocks = blocks_of_lines(stream)
        self._block, self._at = b"", 0
        head = stream.head
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            self.line = 1
            self.refuse("this is UTF-16: --encoding utf-16 reads it")
        if head.startswith(MARK):
            head = head[len(MARK) :]
        text = head.decode("utf-8", "replace").replace("\r\n", "\n")
        said, is_said = named_line(text)
        if is_said:
            text = text.partition("\n")[2]
        self.separator = source.separator or said or separator_of(text)
        self.thousands = source.thousands or ""
        self.decimal = (
            source.decimal or THE_OTHER.get(self.thousands) or decimal_of(text, self.separator)
        )
        for what, mark in (("separator", self.separator), ("mark of thousands", self.thousands)):
            if self.decimal == mark:
                raise ValueError(f"{self.name}: the {what} and the decimal mark are both {mark!r}")
        if self._more():
            self._at = len(MARK) * self._block.startswith(MARK)
            if is_said:
                self._next_line()
        self._records = csv.reader(
            self._lines(), delimiter=self.separator, strict=True, skipinitialspace=True
        )
        self._at_start = True
        first = self.record()
        if first is None:
            raise ValueError(f"{self.name}: the table is empty")
        self.first, self.first_line = first, self.begins
        self.comments = 0
        # csv refuses a zero byte before Python 3.11, and whoever reads the row says it better.
        lines = [
            line for line in text.split("\n")[:SAMPLE]
            if line.strip() and line[0] != "#" and "\0" not in line
        ]
        self.below = list(csv.reader(lines[1:], delimiter=self.separator, skipinitialspace=True))
        self.look_for_sizes()

    def refuse(self, what: str) -> NoReturn:
        raise ValueError(f"{self.name}, line {self.line}: {what}")

    def look_for_sizes(self) -> None:
        """The tables that come with scikit-learn begin with a line of their numbers of rows and
        inputs, and the names of the classes, which are numbers below."""
        rows, inputs, *classes = (cell.strip() for cell in self.first + ["", ""])
        classes = [name for name in classes if name]
        if not (rows.isdecimal() and inputs.isdecimal() and len(classes) > 1 and self.below):
            return
        known = set(map(str, range(len(classes))))
        if any(map(is_word, classes)) and all(
            len(row) == int(inputs) + 1 and row[-1].strip() in known for row in self.below[:-1]
        ) and len(self.below[0]) == int(inputs) + 1:
            self.notes.append(
                f"line {self.first_line} ({','.join(self.first)}) is taken for the sizes of the "
                "table and its classes, as in the files of scikit-learn, and for no row"
            )
            self.first = self.record() or []
            self.first_line, self.has_names = self.begins, False
            self.below = self.below[1:]

    def fill(self, columns: Columns, places: List[int], with_first: bool) -> None:
        if with_first:
            self.add([self.first], [self.first_line], columns, places)
        make = passes.fastest.read_rows
        if len(set(places)) < len(places):  # a column is wanted as numbers and as text
            make = None
        reader = make and make(
            self.separator, self.decimal, self.width, places, columns.verbatim
        )
        while self._at < len(self._block) or self._more():
            if reader is not None:
                self.read_block(reader, columns, places)
            elif not self.add_block(columns, places):
                self.add_records(columns, places)
        if self.comments:
            self.notes.append(
                f"{self.comments:,} lines below the first row begin with # and were passed over"
            )

    def add(
        self, rows: List[List[str]], lines: Sequence[int], columns: Columns, places: List[int]
    ) -> None:
        """Rows that begin in these lines."""
        for place, line in enumerate(lines):
            found = len(rows[place])
            if found != self.width:
                if columns.wrong_rows is None:
                    self.line = line
                    self.refuse_width(found)
                columns.wrong_rows.append(columns.rows + place)
                rows[place] = (rows[place] + [""] * self.width)[: self.width]
        for place, line in enumerate(lines):
            columns.note_line(columns.rows + place, line)
        by_column = list(zip(*rows))
        columns.add_texts([by_column[place] for place in places], plain=False)

    def refuse_width(self, found: int) -> NoReturn:
        self.refuse(
            f"the row has {found} of the {self.width} cells that the first row has"
            if found < self.width
            else f"the row has {found} cells, the first row has {self.width}"
        )

    def read_block(self, reader: Any, columns: Columns, places: List[int]) -> None:
        """The rest of a block by an engine, and what is not plain there by csv."""
        block = self._block
        for _ in range(MOST_STOPS if is_utf8(block) else 0):
            rows, self._at, values, others = reader.read(block, self._at)
            if rows:
                columns.note_line(columns.rows, self.line + 1)
                columns.add_read(values, rows, others, block)
                self.line += rows
            if self._at == len(block):
                return
            record = self.record()
            if record is not None:
                self.add([record], [self.begins], columns, places)
            if self._block is not block:  # it went on in the next
                return
        self.add_records(columns, places)

    def add_block(self, columns: Columns, places: List[int]) -> bool:
        """The rest of a block, if each of its lines is a row whose cells only need splitting."""
        block = self._block[self._at :] if self._at else self._block
        if b'"' in block or b"\0" in block or b"\n#" in block or block[:1] == b"#":
            return False
        try:
            text = block.decode("utf-8")
        except UnicodeDecodeError:
            return False
        text = text.replace("\r\n", "\n")
        if "\r" in text:
            return False
        lines = text.split("\n")
        if not lines[-1]:
            lines.pop()
        plain = "_" not in text and text.isascii()
        if plain and self.separator != " " and self.decimal == "." and self.width > 1:
            separators = set(map(str.count, lines, repeat(self.separator)))
            if separators == {self.width - 1}:
                cells = self.separator.join(lines).split(self.separator)
                if columns.add_cells(cells, len(lines), self.width, places, self.line + 1):
                    self.line += len(lines)
                    self._at = len(self._block)
                    return True
        separator = None if self.separator == " " else self.separator
        rows = [line.split(separator) for line in lines]
        if set(map(len, rows)) != {self.width} or self.width == 1 and not all(lines):
            return False
        columns.note_line(columns.rows, self.line + 1)
        for first in range(0, len(rows), ROWS):
            by_column = list(zip(*rows[first : first + ROWS]))
            columns.add_texts([by_column[place] for place in places], plain)
        self.line += len(rows)
        self._at = len(self._block)
        return True

    def add_records(self, columns: Columns, places: List[int]) -> None:
        """The rest of a block, and of a record that goes on in the next, by Python's csv."""
        while self._at < len(self._block):
            rows: List[List[str]] = []
            lines: List[int] = []
            while self._at < len(self._block) and len(rows) < ROWS:
                record = self.record()
                if record is None:
                    break
                rows.append(record)
                lines.append(self.begins)
            if rows:
                self.add(rows, lines, columns, places)

    def record(self) -> Optional[List[str]]:
        """The next record, which `begins` in a line; None at the end."""
        self._at_start = True
        try:
            for record in self._records:
                if len(record) > 1 or (record and record[0].strip()):
                    return record
                self._at_start = True
            return None
        except csv.Error as error:
            if "new-line" in str(error):
                self.refuse("a carriage return inside a line; lines must end with LF or CR LF")
            # An open quote swallows the lines below it, so that the last one is not to blame.
            self.line = self.begins
            self.refuse(
                f"in the row that begins here, the quotes around a field are not in order ({error})"
            )

    def _more(self) -> bool:
        self._block, self._at = next(self._blocks, b""), 0
        return bool(self._block)

    def _next_line(self) -> bytes:
        end = self._block.find(b"\n", self._at) + 1 or len(self._block)
        line = self._block[self._at : end]
        self._at = end
        self.line += 1
        return line

    def _lines(self) -> Iterator[str]:
        """Lines of text; where a record may begin, without those that are empty or comments."""
        while self._at < len(self._block) or self._more():
            line = self._next_line()
            if b"\0" in line:
                self.refuse("a zero byte found: this is no text file; a CSV file is needed")
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError as error:
                self.refuse(
                    f"byte {error.start + 1} is 0x{line[error.start]:02x}, which is not UTF-8; "
                    "--encoding cp1252 reads what Windows writes in western Europe, and other "
                    "names other texts"
                )
            if self._at_start:
                if text.startswith("#"):
                    self.comments += 1
                    continue
                if not text.strip():
                    continue
                self._at_start = False
                self.begins = self.line
            if self.separator == " ":
                text = text.replace("\t", " ").rstrip() + "\n"
            yield text


def is_utf8(block: bytes) -> bool:
    try:
        return block.isascii() or block.decode("utf-8") is not None
    except UnicodeDecodeError:
        return False
