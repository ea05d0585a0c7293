"""ARFF, Weka's format: lines @relation, @attribute NAME TYPE and @data, then rows with commas.

% begins a comment, quotes may be single or double, ? is a gap.  A type in braces and `string` are
words, `numeric`, `real` and `integer` numbers; dates are refused as in other tables.  Sparse rows,
{1 5, 3 2}, are not read.
"""

import re
from typing import Any, Iterator, List, Sequence

from ..columns import Columns
from ..sources import Source
from ..streams import Stream, blocks_of_lines
from .reader import Reader, picked

ATTRIBUTE = re.compile(r"@attribute\s+('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\S+)\s+(.*)",
                       re.IGNORECASE)
CELL = re.compile(
    r"\s*(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|((?!['\"])[^,\t]*?))\s*(,|\t|$)"
)
ROWS = 2000


def is_arff(head: bytes) -> bool:
    lines = re.sub(rb"(?m)^\s*(%.*)?\r?\n", b"", head)
    return lines.lstrip().lower().startswith(b"@relation")


class Attributes(Reader):
    def __init__(self, stream: Stream, source: Source) -> None:
        super().__init__(source.name)
        self.has_names, self.first = True, []
        self.line = 0
        self._lines = self.lines(stream)
        for text in self._lines:
            word = text.split(None, 1)[0].lower()
            if word == "@data":
                break
            if word == "@attribute":
                self.add_attribute(text)
            elif word != "@relation":
                self.refuse(f"line {self.line}: {text!r:.60} found; @attribute or @data is needed")
        if not self.first:
            self.refuse("the table has no @attribute")

    def lines(self, stream: Stream) -> Iterator[str]:
        for block in blocks_of_lines(stream):
            for line in block.split(b"\n")[: block.count(b"\n") + (block[-1:] != b"\n")]:
                self.line += 1
                try:
                    text = line.decode("utf-8").strip()
                except UnicodeDecodeError:
                    text = line.decode("latin-1").strip()  # which Weka writes, too
                if text and not text.startswith("%"):
                    yield text

    def add_attribute(self, text: str) -> None:
        match = ATTRIBUTE.match(text)
        if match is None:
            self.refuse(f"line {self.line}: {text!r:.60} found; @attribute NAME TYPE is needed")
        name, kind = match[1], match[2].strip().lower()
        if name[0] in "'\"":
            name = re.sub(r"\\(.)", r"\1", name[1:-1])
        if kind.startswith(("{", "string")):
            if kind.startswith("{"):
                self.categorical.add(len(self.first))
        elif kind.split()[0] not in ("numeric", "real", "integer", "date"):
            self.refuse(f"line {self.line}: a type {kind!r:.40} is not read")
        self.first.append(name)

    def fill(self, columns: Columns, places: List[int], with_first: bool) -> None:
        rows: List[List[str]] = []
        for text in self._lines:
            if text.startswith("{"):
                self.refuse(
                    f"line {self.line}: sparse rows are not read; Weka's filter SparseToNonSparse "
                    "writes them out"
                )
            row = self.cells(text)
            if len(row) != self.width:
                self.refuse(
                    f"line {self.line}: {len(row)} cells found, {self.width} attributes are "
                    "declared"
                )
            columns.note_line(columns.rows + len(rows), self.line)
            rows.append(row)
            if len(rows) == ROWS:
                columns.add_texts(picked(rows, places), plain=False)
                rows = []
        if rows:
            columns.add_texts(picked(rows, places), plain=False)

    def cells(self, text: str) -> List[str]:
        if "'" not in text and '"' not in text and "\t" not in text:
            return text.split(",")
        found: List[str] = []
        at = 0
        while True:
            match = CELL.match(text, at)
            if match is None:
                self.refuse(f"line {self.line}: the quotes around a cell are not in order")
            found.append(cell_of(match.groups()))
            if not match[4]:
                return found
            at = match.end()


def cell_of(groups: Sequence[Any]) -> str:
    quoted = groups[0] if groups[0] is not None else groups[1]
    return groups[2] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
