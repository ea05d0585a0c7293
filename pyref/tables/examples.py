"""From a table to examples: rows of inputs, and what is to be learned of each."""

import hashlib
import sys
from array import array
from math import isfinite
from typing import Any, Dict, Iterator, List, Optional, Sequence, Set, Tuple

from ..rows.arrays import Floats
from ..rows.scanning import first_not_finite
from . import passes
from .fitting import fit
from .formats.reader import Reader
from .kinds import kinds_of, remarks
from .layout import (
    CLASSIFICATION, LABELS, REGRESSION, Expected, Layout, for_model, for_training, places_of,
    without,
)
from .preparation import LEFT_OUT, NUMBERS, WORDS, Column, Kind, Preparation
from .sources import Source
from .table import Table, find_late_header, leave_out_rows_without_target, lonely_class, read
from .targets import class_numbers, classes_in, refuse_constants, target_numbers, task_of

TASKS = {"classify": CLASSIFICATION, "labels": LABELS, "regress": REGRESSION}
USUAL = ("task", "auto"), ("missing", "mean")  # where nothing is told
DIGEST_ROWS = 4096  # at a time


class Examples:
    """Rows to learn from or to be judged by.

    `inputs` and `targets` are flat arrays of rows.  `task` is one of layout's three.  `classes`
    are the names of the classes, the targets then being their numbers, one in each row; None for
    labels and numbers.  `target_places` and `ignored_places` (from 0) say where in the file the
    targets were, and columns of no use.  `notes` say what may have been misunderstood.
    """

    def __init__(
        self,
        table: Table,
        targets: Floats,
        task: str,
        classes: Optional[List[str]],
        preparation: Preparation,
        unknown: str = "error",
    ) -> None:
        self.name = table.name
        self.rows = table.rows
        self.targets = targets
        self.task = task
        self.classes = classes
        self.preparation = preparation
        self.unknown = unknown
        self.notes = table.notes
        of = table.layout
        self.target_names = of.names_of(of.targets)
        self.target_places = of.targets
        left_out = [
            place for place, column in zip(of.inputs, preparation.columns)
            if column.kind == LEFT_OUT
        ]
        self.ignored_places = sorted(of.without_use(table.width) + left_out)
        self._table = table
        self._at = [
            at for at, column in enumerate(preparation.columns) if column.kind != LEFT_OUT
        ]
        self._inputs: Optional[Floats] = None
        self.bad_rows: Optional[Dict[int, str]] = None

    @property
    def inputs(self) -> Floats:
        if self._inputs is None:
            self._inputs = self.encoded(None, self.unknown)
        return self._inputs

    def encoded(self, rows: Optional[Sequence[int]], unknown: str) -> Floats:
        table = self._table
        return self.preparation.encode(
            table.cells, self._at, rows, unknown, table.where, self.bad_rows
        )

    @property
    def kept_names(self) -> List[str]:
        """Of the columns that `to_predict` was told to keep."""
        names = self._table.layout.names
        places = self._table.kept
        return [f"column_{place + 1}" if names is None else names[place] for place in places]

    def kept(self, row: int) -> List[str]:
        """Their cells, as they are written."""
        return self._table.kept_texts(row)

    def note_bad_answers(self, outputs: Floats) -> None:
        """Rows so far from all others that the outputs are no numbers are bad rows, too."""
        assert self.bad_rows is not None  # of examples for which they are noted
        place, width = first_not_finite(outputs), len(outputs) // self.rows
        while 0 <= place < len(outputs):
            row = place // width
            if not isfinite(outputs[place]) and row not in self.bad_rows:
                where = f"{self.name}, line {self._table.cells.line(row)}"
                self.bad_rows[row] = f"{where}: its answers grow beyond all floats"
            place += 1

    def part(self, rows: Sequence[int]) -> Tuple[Floats, Floats]:
        """The inputs and targets of some rows."""
        width = self.target_count
        targets = passes.fastest.taken(self.targets, width, width, rows)
        return self.encoded(rows, self.unknown), targets

    @property
    def input_count(self) -> int:
        return self.preparation.inputs

    @property
    def target_count(self) -> int:
        return len(self.targets) // self.rows

    @property
    def input_names(self) -> Optional[List[str]]:
        return self.preparation.input_names()

    def where_input(self, column: int) -> str:
        """What messages call it."""
        names = self.preparation.input_names()
        if names is not None:
            return f"{self.name}, column {names[column]!r}"
        place = self._table.layout.inputs[self._at[column]]
        return f"{self.name}, column {place + 1}"

    def where_target(self, column: int) -> str:
        if self.target_names:
            return f"{self.name}, column {self.target_names[column]!r}"
        return f"{self.name}, column {self.target_places[column] + 1}"

    def digest(self) -> str:
        """SHA-256 of the numbers, as big-endian doubles, and of their shape: of the data itself,
        as they are prepared, however the file was written."""
        digest = hashlib.sha256(f"{self.rows} {self.input_count} {self.target_count}\n".encode())
        for numbers in self.blocks_to_digest():
            if sys.byteorder == "little":
                numbers = numbers[:]
                numbers.byteswap()
            digest.update(numbers)
        return digest.hexdigest()

    def blocks_to_digest(self) -> Iterator[Floats]:
        for first in range(0, self.rows, DIGEST_ROWS):
            if self._inputs is None:
                rows = range(first, min(first + DIGEST_ROWS, self.rows))
                yield self.encoded(rows, self.unknown)
            else:
                width = self.input_count
                yield self._inputs[first * width : (first + DIGEST_ROWS) * width]
        yield self.targets


class RawExamples:
    """A table that was read to learn from, its columns as they were written.

    `rows` are those that have a target, `inputs` their cells as lists of numbers, texts and None,
    `targets` a flat array, `classes` their names where the `task` is a classification;
    `input_names` and `target_names` are None where the table has no header.  `notes` say what may
    have been misunderstood, and what was left out.  `told` is what `pyref.read_table` was, besides
    the path.
    """

    def __init__(
        self, table: Table, kinds: List[Kind], targets: Floats, task: str,
        classes: Optional[List[str]], missing: str,
    ) -> None:
        self._table = table
        self._kinds = kinds
        self.name = table.name
        self.rows = table.rows
        self.targets = targets
        self.task = task
        self.classes = classes
        self.missing = missing
        self.input_names = table.layout.names_of(table.layout.inputs)
        self.target_names = table.layout.names_of(table.layout.targets)
        self.told: Dict[str, Any] = {}

    def __repr__(self) -> str:
        of = self._table.layout
        targets = self.target_names or [f"column {place + 1}" for place in of.targets]
        what = [
            f"{count:,} {word}{'s' * (count != 1)}"
            for count, word in ((self.rows, "row"), (len(of.inputs), "column"))
        ]
        if len(targets) > 3:
            what.append(f"{len(targets):,} targets")
        elif targets:
            what.append(f"target{'s' * (len(targets) > 1)} {' and '.join(targets)}")
        return f"<RawExamples of {self.name}: {', '.join([*what, self.task])}>"

    @property
    def notes(self) -> List[str]:
        return self._table.notes

    @property
    def inputs(self) -> List[List[Any]]:
        cells = self._table.cells
        columns = []
        for column in range(len(self._table.layout.inputs)):
            numbers = cells.column(column)
            values: List[Any] = [None if value != value else value for value in numbers]
            if column in cells.words:
                texts = cells.words[column].texts
                for row, code in enumerate(cells.codes(column)):
                    if code:
                        values[row] = texts[code - 1]
            columns.append(values)
        return [list(row) for row in zip(*columns)]

    def prepared(self, rows: Optional[Sequence[int]] = None) -> Examples:
        """The examples, with columns prepared by the given rows, which are to train (None: all)."""
        table = self._table
        made = fit(table.cells, self._kinds, self.input_names, rows, self.missing)
        return Examples(table, self.targets, self.task, self.classes, made, unknown="ignore")


def read_table(
    source: Source,
    target: Optional[str] = None,
    task: str = "auto",
    ignored: Optional[str] = None,
    categorical: Optional[str] = None,
    missing: str = "mean",
) -> RawExamples:
    """A table to learn from.  `target` and `ignored` are as in `layout.for_training`, and so is
    `categorical`: columns whose numbers are names; `task` is "auto" or one of TASKS, `missing`
    one of preparation.MISSING.

    Raises ValueError for tables that cannot be learned from, with the place and the reason.
    """
    told = {
        name: value for name, value in (
            ("target", target), ("task", task), ("ignore", ignored), ("categorical", categorical),
            ("missing", missing), ("header", source.header), ("separator", source.separator),
            ("decimal", source.decimal), ("thousands", source.thousands),
            ("encoding", source.encoding),
        ) if value is not None and (name, value) not in USUAL
    }
    table = read(source, lambda reader, header: for_training(
        reader.first, target, ignored, header, reader.below, reader.targets
    ))
    if source.header is None:
        find_late_header(table)
    try:
        names = places_of("--categorical", categorical, table.layout, table.width)
    except ValueError as error:
        raise ValueError(f"{table.name}: {error}") from None
    table.categorical.update(names)
    leave_out_rows_without_target(table)
    kinds = kinds_of(table)
    treat_gaps(table, kinds, missing)
    task = task_of(table) if task == "auto" else TASKS[task]
    classes = None
    if task == CLASSIFICATION:
        classes = classes_in(table)
        targets = class_numbers(table, classes)
        note = lonely_class(table) if source.header is None else None
        table.notes += [note] if note else []
    else:
        if task == LABELS and len(table.layout.targets) == 1:
            raise ValueError(
                "--task labels: several target columns are needed, such as --target a,b,c; "
                "a single one holds two classes (--task classify)"
            )
        targets = target_numbers(table, task)
        refuse_constants(table, targets)
    table.notes += remarks(table, kinds)
    found = RawExamples(table, kinds, targets, task, classes, missing)
    found.told = told
    return found


def treat_gaps(table: Table, kinds: List[Kind], missing: str) -> None:
    """Say how many there are; refuse them or leave out their rows, where that is wished."""
    with_gaps = [
        column for column, kind in enumerate(kinds)
        if kind.name != LEFT_OUT and column in table.cells.gaps
    ]
    if not with_gaps:
        return
    counted = ", ".join(
        f"{table.cells.gaps[column]:,} in {table.layout.column(table.places[column])}"
        for column in with_gaps
    )
    if missing == "error":
        row = min(table.cells.gap_rows(column)[0] for column in with_gaps)
        raise ValueError(
            f"{table.name}: cells are empty, {counted}, the first in line {table.cells.line(row)}, "
            "and --missing error allows none"
        )
    if missing != "drop":
        stand_in = "median" if missing == "median" else "mean"
        words = any(kinds[column].name == WORDS for column in with_gaps)
        numbers = any(kinds[column].name == NUMBERS for column in with_gaps)
        filled = " or ".join(
            [f"the {stand_in}"] * numbers + ["the most frequent word"] * words
        )
        table.notes.append(f"gaps: {counted}; {filled} of the training rows stands in for them, "
                           "and a further input tells where")
        return
    gaps: Set[int] = {row for column in with_gaps for row in table.cells.gap_rows(column)}
    if len(gaps) == table.rows:
        raise ValueError(
            f"{table.name}: cells are empty, {counted}, so that --missing drop leaves no row"
        )
    table.keep(without(list(gaps), table.rows))
    table.notes.append(f"gaps: {counted}; {len(gaps):,} rows with gaps are left out")


def to_learn(
    source: Source, target: Optional[str], task: str, ignored: Optional[str] = None,
    **options: Any,
) -> Examples:
    """Examples to train with, prepared by all rows; as `read_table`."""
    return read_table(source, target, task, ignored, **options).prepared()


def plain_preparation(expected: Expected) -> Preparation:
    """Of a model that learned from plain numbers, and keeps no other."""
    names: Sequence[Optional[str]] = expected.input_names or [None] * expected.inputs
    return Preparation(tuple(Column(name, NUMBERS) for name in names), "error")


def read_for(
    source: Source, expected: Expected, needs_targets: bool, keep: Optional[str] = None,
    with_wrong_rows: bool = False,
) -> Table:
    def layout_of(reader: Reader, header: Optional[bool]) -> Layout:
        return for_model(reader.first, expected, needs_targets, header, reader.below)

    return read(source, layout_of, keep, with_wrong_rows)


def to_judge(source: Source, expected: Expected, unknown: str = "error") -> Examples:
    """Examples to evaluate a model with; see `layout.for_model`.  Rows without a target are left
    out, and so are those with gaps, where training did so."""
    table = read_for(source, expected, True)
    leave_out_rows_without_target(table)
    made = used_only(expected)
    if made.missing == "drop":
        gaps = {row for at in range(len(made.columns)) for row in table.cells.gap_rows(at)}
        if gaps:
            table.keep(without(list(gaps), table.rows))
            table.notes.append(f"{len(gaps):,} rows with gaps are left out, as in training")
    task, classes = expected.task, expected.classes
    if task == CLASSIFICATION:
        targets = class_numbers(table, classes or [])
    else:
        targets = target_numbers(table, task)
    return Examples(table, targets, task, classes, made, unknown)


def to_predict(
    source: Source, expected: Expected, unknown: str = "error", keep: Optional[str] = None,
    with_bad_rows: bool = False,
) -> Examples:
    """Examples without targets; see `layout.for_model`.  `keep` names columns whose texts
    are wanted with the answers.  Where bad rows may be there, `bad_rows` tells of each what is
    wrong with it, once the inputs are made."""
    table = read_for(source, expected, False, keep, with_bad_rows)
    made = used_only(expected)
    examples = Examples(table, array("d"), expected.task, expected.classes, made, unknown)
    if with_bad_rows:
        examples.bad_rows = {
            row: f"{table.name}, line {table.cells.line(row)}: the row has not the "
            f"{table.width} cells that the first row has" for row in table.cells.wrong_rows or []
        }
    return examples


def used_only(expected: Expected) -> Preparation:
    """The columns that `layout.for_model` finds."""
    if expected.preparation is None:
        return plain_preparation(expected)
    return Preparation(tuple(expected.preparation.used), expected.preparation.missing)


def refitted(examples: Examples, rows: Sequence[int]) -> Preparation:
    """What the preparation of a model's examples would be by these rows, which trained it."""
    kinds = [Kind(column.kind) for column in examples.preparation.columns]
    names = examples.preparation.names()
    return fit(examples._table.cells, kinds, names, rows, examples.preparation.missing)
