"""From bytes to records: lists of the fields of one row each, read one at a time.

The text is UTF-8, with or without byte order mark; lines end with LF or CR LF.  The delimiter is
the first of tab, semicolon and comma that stands outside quotes in the first line.  Fields may be
quoted ("…", a quote inside doubled).  Empty lines are passed over.
"""

import csv
import re
from typing import Iterator, List

from .sources import Source

DELIMITERS = "\t;,"


class Records:
    """An iterator over the records of a source.

    `line` is the number of the last line read.  `plain` says whether the last record was free of
    what `float` reads and pyref does not: underscores and digits of other scripts.
    """

    def __init__(self, source: Source) -> None:
        self.name = source.name
        self.line = 0
        self.plain = True
        self.delimiter = ","
        self._reader = self._records(source)

    def __iter__(self) -> "Records":
        return self

    def __next__(self) -> List[str]:
        self.plain = True
        return next(self._reader)

    def refuse(self, what: str) -> None:
        raise ValueError(f"{self.name}, line {self.line}: {what}")

    def _records(self, source: Source) -> Iterator[List[str]]:
        try:
            with source.open() as file:
                lines = self._lines(file)
                first = next(lines, None)
                if first is None:
                    return
                self.delimiter = delimiter_of(first)
                yield from self._parsed(first, lines)
        except OSError as error:  # one while reading names no file
            raise OSError(error.errno, error.strerror, self.name) from None

    def _lines(self, file) -> Iterator[str]:
        """Lines of text; those that are empty before the first are left out."""
        started = False
        for line in file:
            self.line += 1
            if self.line == 1:
                line = self._without_mark(line)
            if b"\0" in line:
                self.refuse("a zero byte found: this is no text file; a CSV file is needed")
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError as error:
                self.refuse(
                    f"byte {error.start + 1} is 0x{line[error.start]:02x}, which is not UTF-8; "
                    "save the table as CSV in UTF-8"
                )
            if "_" in text or not text.isascii():
                self.plain = False
            if started or text.strip():
                started = True
                yield text

    def _without_mark(self, line: bytes) -> bytes:
        if line[:2] in (b"\xff\xfe", b"\xfe\xff"):
            self.refuse("this is UTF-16; save the table as CSV in UTF-8")
        return line[3:] if line[:3] == b"\xef\xbb\xbf" else line

    def _parsed(self, first: str, rest: Iterator[str]) -> Iterator[List[str]]:
        def lines() -> Iterator[str]:
            yield first
            yield from rest

        begins = self.line  # the row under way
        reader = csv.reader(
            lines(), delimiter=self.delimiter, strict=True, skipinitialspace=True
        )
        try:
            for record in reader:
                begins = self.line + 1
                if len(record) > 1 or (record and record[0].strip()):
                    yield record
        except csv.Error as error:
            if "new-line" in str(error):
                self.refuse("a carriage return inside a line; lines must end with LF or CR LF")
            # An open quote swallows the lines below it, so that the last one is not to blame.
            self.line = begins
            self.refuse(
                f"in the row that begins here, the quotes around a field are not in order ({error})"
            )


def delimiter_of(line: str) -> str:
    """
    >>> delimiter_of('5,1;3,5;setosa'), delimiter_of('"a;b",c')
    (';', ',')
    """
    outside = re.sub('"[^"]*"?', "", line)
    for delimiter in DELIMITERS:
        if delimiter in outside:
            return delimiter
    return ","
