"""Numbers with spaces between them, in the forms of two families of neural networks.

Proben1 (Prechelt 1994, `.dt`): seven lines bool_in=…, real_in=…, bool_out=…, real_out=…,
training_examples=…, validation_examples=…, test_examples=…, then a line for each row.
FANN (`.data`): a line with the numbers of rows, inputs and outputs, then for each row a line of
inputs and a line of outputs.

Both say how many of the numbers are targets.
"""

import re
from typing import Dict, Iterator, List, NoReturn, Tuple

from ..columns import Columns
from ..sources import Source
from ..streams import Stream, blocks_of_lines
from .reader import Reader, picked

ROWS = 2000
COUNTS = ("bool_in", "real_in", "bool_out", "real_out")


def is_proben1(head: bytes) -> bool:
    return re.match(rb"\s*bool_in\s*=\s*\d+\s+real_in\s*=\s*\d+\s", head) is not None


def is_fann(head: bytes) -> bool:
    """Three whole numbers, the second of which counts the next line and the third the one after."""
    lines = head.split(b"\n", 3)[:3]
    counts = lines[0].split()
    if len(lines) < 3 or len(counts) != 3 or not all(count.isdigit() for count in counts):
        return False
    widths = [len(line.split()) for line in lines[1:]]
    return widths == [int(counts[1]), int(counts[2])] and b"," not in lines[1]


class Patterns(Reader):
    """What both have in common: `inputs` and `outputs` are counted at the beginning."""

    def __init__(self, stream: Stream, source: Source) -> None:
        super().__init__(source.name)
        self.has_names = False
        self.line = 0
        self._lines = self.lines(stream)
        inputs, outputs = self.counts()
        if not inputs or not outputs:
            self.refuse("inputs and outputs are needed, and one of them is counted as 0")
        self.first = ["0"] * (inputs + outputs)
        self.targets = list(range(inputs, inputs + outputs))

    def counts(self) -> Tuple[int, int]:
        raise NotImplementedError

    def rows(self) -> Iterator[List[str]]:
        raise NotImplementedError

    def refuse_line(self, what: str) -> NoReturn:
        self.refuse(f"line {self.line}: {what}")

    def lines(self, stream: Stream) -> Iterator[List[str]]:
        """The words of each line that has any."""
        for block in blocks_of_lines(stream):
            for line in block.decode("latin-1").split("\n"):
                self.line += 1
                words = line.split()
                if words:
                    yield words
            self.line -= block.endswith(b"\n")

    def fill(self, columns: Columns, places: List[int], with_first: bool) -> None:
        waiting: List[List[str]] = []
        for row in self.rows():
            if len(row) != self.width:
                self.refuse_line(f"{len(row)} numbers found, {self.width} are needed")
            waiting.append(row)
            if len(waiting) == ROWS:
                columns.add_texts(picked(waiting, places), plain=False)
                waiting = []
        if waiting:
            columns.add_texts(picked(waiting, places), plain=False)


class Proben1(Patterns):
    def counts(self) -> Tuple[int, int]:
        told: Dict[str, int] = {}
        while len(told) < 7:
            words = next(self._lines, None)
            name, equals, count = "".join(words or "").partition("=")
            if not equals or not count.isdigit():
                self.refuse_line("seven lines such as bool_in=0 are needed at the beginning")
            told[name] = int(count)
        if not set(COUNTS) <= set(told):
            self.refuse(f"{', '.join(COUNTS)} are needed at the beginning")
        return told["bool_in"] + told["real_in"], told["bool_out"] + told["real_out"]

    def rows(self) -> Iterator[List[str]]:
        return self._lines


class Fann(Patterns):
    def counts(self) -> Tuple[int, int]:
        self._count, inputs, outputs = map(int, next(self._lines))
        self._inputs = inputs
        return inputs, outputs

    def rows(self) -> Iterator[List[str]]:
        for number in range(self._count):
            inputs = next(self._lines, None)
            outputs = next(self._lines, None)
            if inputs is None or outputs is None:
                self.refuse(f"{self._count} rows are announced, {number} found")
            if len(inputs) != self._inputs:
                self.refuse_line(
                    f"{len(inputs)} inputs stand above, {self._inputs} are needed"
                )
            yield inputs + outputs
        if next(self._lines, None) is not None:
            self.refuse_line(f"more than the {self._count} rows that are announced")
