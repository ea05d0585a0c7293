"""From a table to examples: rows of inputs, and what is to be learned of each."""

import hashlib
import sys
from array import array
from typing import List, NamedTuple, Optional

from .cells import is_word, number
from .layout import (
    CLASSIFICATION, LABELS, REGRESSION, Expected, Layout, checked_names, for_model, for_training,
    without,
)
from .sources import Source
from .table import Table, read
from .targets import class_numbers, classes_in, refuse_constants, target_numbers, task_of

TASKS = {"classify": CLASSIFICATION, "labels": LABELS, "regress": REGRESSION}


class Examples(NamedTuple):
    """Rows to learn from or to be judged by.

    `inputs` and `targets` are flat arrays of rows.  `task` is one of layout's three.  `classes`
    are the names of the classes, the targets then being their numbers, one in each row; None for
    labels and numbers.  `target_places` and `ignored_places` (from 0) say where in the file the
    targets were, and columns of no use.  `note` says what may have been misunderstood.
    """

    name: str
    rows: int
    inputs: array
    targets: array
    task: str
    classes: Optional[List[str]]
    input_names: Optional[List[str]]
    target_names: Optional[List[str]]
    target_places: List[int]
    ignored_places: List[int]
    note: Optional[str] = None

    @property
    def input_count(self) -> int:
        return len(self.inputs) // self.rows

    @property
    def target_count(self) -> int:
        return len(self.targets) // self.rows

    def where_input(self, column: int) -> str:
        """What messages call it."""
        places = without(self.target_places + self.ignored_places, self.columns)
        return self.where(self.input_names, places, column)

    def where_target(self, column: int) -> str:
        return self.where(self.target_names, self.target_places, column)

    def where(self, names: Optional[List[str]], places: List[int], column: int) -> str:
        name = repr(names[column]) if names else str(places[column] + 1)
        return f"{self.name}, column {name}"

    @property
    def columns(self) -> int:
        """Of the table."""
        return self.input_count + len(self.target_places) + len(self.ignored_places)

    def digest(self) -> str:
        """SHA-256 of the numbers, as big-endian doubles, and of their shape: of the data itself,
        however the file was written."""
        digest = hashlib.sha256(f"{self.rows} {self.input_count} {self.target_count}\n".encode())
        for numbers in (self.inputs, self.targets):
            if sys.byteorder == "little":
                numbers = numbers[:]
                numbers.byteswap()
            digest.update(numbers)
        return digest.hexdigest()


def to_learn(
    source: Source,
    target: Optional[str],
    task: str,
    ignored: Optional[str] = None,
    header: Optional[bool] = None,
) -> Examples:
    """Examples to train with.  `target`, `ignored` and `header` are as in `layout.for_training`;
    `task` is "auto" or one of TASKS.

    Raises ValueError for tables that cannot be learned from, with the place and the reason.
    """
    def advice(of: Layout, in_first_row: bool) -> str:
        text = "; --ignore leaves a column out"
        if target is None:
            last = of.column(of.targets[0])
            text = f"; the target is {last}, the last: --target names another, or several" + text
        if in_first_row:
            text += "; --header yes takes this row for the names of the columns"
        return text

    table = read(source, lambda first: for_training(first, target, ignored, header), advice)
    if header is None:
        find_late_header(table)
    task = task_of(table) if task == "auto" else TASKS[task]
    if task == CLASSIFICATION:
        classes = classes_in(table)
        note = lonely_class(table) if header is None else None
        return examples(table, class_numbers(table, classes), task, classes)._replace(note=note)
    if task == LABELS and len(table.targets) == 1:
        raise ValueError(
            "--task labels: several target columns are needed, such as --target a,b,c; "
            "a single one holds two classes (--task classify)"
        )
    targets = target_numbers(table, task)
    refuse_constants(table, targets)
    return examples(table, targets, task, None)


def to_judge(source: Source, expected: Expected, header: Optional[bool] = None) -> Examples:
    """Examples to evaluate a model with; see `layout.for_model`."""
    table = read(source, lambda first: for_model(first, expected, True, header))
    task, classes = expected.task, expected.classes
    if task == CLASSIFICATION:
        return examples(table, class_numbers(table, classes), task, classes)
    return examples(table, target_numbers(table, task), task, None)


def to_predict(source: Source, expected: Expected, header: Optional[bool] = None) -> Examples:
    """Examples without targets; see `layout.for_model`."""
    table = read(source, lambda first: for_model(first, expected, False, header))
    return examples(table, array("d"), expected.task, expected.classes)


def examples(
    table: Table, targets: array, task: str, classes: Optional[List[str]]
) -> Examples:
    of = table.layout
    return Examples(
        table.name,
        table.rows,
        table.inputs,
        targets,
        task,
        classes,
        of.names_of(of.inputs),
        of.names_of(of.targets),
        of.targets,
        of.without_use(table.width),
    )


def find_late_header(table: Table) -> None:
    """Columns may have numbers for names: then the first row is known for a header by its target,
    a word above nothing but numbers.  Take it out of the rows.
    """
    if table.layout.names is not None or table.rows == 1:
        return
    if table.layout.without_use(table.width):  # whose first cells are gone
        return
    for column in table.targets:
        first, *others = column.texts
        if not is_word(first) or None in map(number, others) or 0 in column.codes[1:]:
            return
    names = [f"{value:g}" for value in table.inputs[: len(table.layout.inputs)]]
    for place, column in zip(table.layout.targets, table.targets):
        names.insert(place, column.texts[0])
        del column.texts[0], column.lines[0]
        column.codes = array("l", [code - 1 for code in column.codes[1:]])
    del table.inputs[: len(table.layout.inputs)]
    table.rows -= 1
    table.layout = table.layout._replace(names=checked_names(names, list(range(table.width))))


def lonely_class(table: Table) -> Optional[str]:
    """A word in the first row that no other row has, where classes come again: it may well be the
    name of the column, above others whose names are numbers."""
    column = table.targets[0]
    word = column.texts[0]
    if table.layout.names is not None or not is_word(word) or 0 in column.codes[1:]:
        return None
    if len(column.texts) == table.rows:
        return None
    return (
        f"{table.name}, line {column.lines[0]}: taken for data, though no other row is of the "
        f"class {word!r:.40}: if these are the names of the columns, say --header yes"
    )
