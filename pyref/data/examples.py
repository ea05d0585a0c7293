"""From a table to examples: what is to be learned, classes or numbers.

Targets that are words, and whole numbers of at most 20 different values, are classes; any other
numbers make a regression.  Classes are sorted: numbers by value, words by code point.
"""

import hashlib
import sys
from array import array
from typing import List, NamedTuple, Optional

from . import layout
from .cells import is_word, number, why_no_number
from .layout import Expected, checked_names, for_model, for_training
from .sources import Source
from .tables import Table, TextColumn, read

MOST_WHOLE_CLASSES = 20


class Examples(NamedTuple):
    """Rows to learn from or to be judged by.

    `inputs` and `targets` are flat arrays of rows.  `classes` are the names of the classes, the
    targets then being their numbers, one in each row; None is a regression.  `target_places`
    (from 0) say where in the file the targets were.
    """

    name: str
    rows: int
    inputs: array
    targets: array
    classes: Optional[List[str]]
    input_names: Optional[List[str]]
    target_names: Optional[List[str]]
    target_places: List[int]

    @property
    def input_count(self) -> int:
        return len(self.inputs) // self.rows

    @property
    def target_count(self) -> int:
        return len(self.targets) // self.rows

    def input_name(self, column: int) -> str:
        return self.input_names[column] if self.input_names else f"input {column + 1}"

    def target_name(self, column: int) -> str:
        return self.target_names[column] if self.target_names else f"target {column + 1}"

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


def to_learn(source: Source, target: Optional[str], task: str) -> Examples:
    """Examples to train with.  `target` is as in `layout.for_training`; `task` is "auto",
    "classify" or "regress".

    Raises ValueError for tables that cannot be learned from, with the place and the reason.
    """
    table = read(source, lambda first: for_training(first, target))
    find_late_header(table)
    values = [[number(text) for text in column.texts] for column in table.targets]
    if task == "auto":
        task = task_of(table, values)
    if task == "classify":
        if len(table.targets) > 1:
            raise ValueError("--target: several columns were named; classes need a single one")
        classes = classes_of(table.targets[0].texts, values[0])
        if len(classes) == 1:
            raise ValueError(
                f"{table.name}: every row is of the same class, {classes[0]!r}: "
                f"there is nothing to tell apart in {table.layout.column(table.layout.targets[0])}"
            )
        targets = class_numbers(table, classes)
    else:
        classes = None
        targets = target_numbers(table)
        for column, place in enumerate(table.layout.targets):
            if len(set(targets[column :: len(table.targets)])) == 1:
                raise ValueError(
                    f"{table.name}: {table.layout.column(place)} has the same value in every "
                    "row: there is nothing to learn"
                )
    return examples(table, targets, classes)


def to_judge(source: Source, expected: Expected, classes: Optional[List[str]]) -> Examples:
    """Examples to evaluate a model with; see `layout.for_model`."""
    table = read(source, lambda first: for_model(first, expected, needs_targets=True))
    targets = target_numbers(table) if classes is None else class_numbers(table, classes)
    return examples(table, targets, classes)


def to_predict(source: Source, expected: Expected) -> Examples:
    """Examples without targets; see `layout.for_model`."""
    table = read(source, lambda first: for_model(first, expected, needs_targets=False))
    return examples(table, array("d"), None)


def examples(table: Table, targets: array, classes: Optional[List[str]]) -> Examples:
    of = table.layout
    return Examples(
        table.name,
        table.rows,
        table.inputs,
        targets,
        classes,
        of.names_of(of.inputs),
        of.names_of(of.targets),
        of.targets,
    )


def find_late_header(table: Table) -> None:
    """Columns may have numbers for names: then the first row is known for a header by its target,
    a word above nothing but numbers.  Take it out of the rows.
    """
    if table.layout.names is not None or table.rows == 1:
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
    table.layout = table.layout._replace(names=checked_names(names))


def task_of(table: Table, values: List[List[Optional[float]]]) -> str:
    if len(values) > 1:
        return "regress"
    column, place = table.targets[0], table.layout.targets[0]
    known = [value for value in values[0] if value is not None]
    if len(known) == len(values[0]):
        whole = all(value == int(value) for value in known)
        return "classify" if whole and len(set(known)) <= MOST_WHOLE_CLASSES else "regress"
    code = values[0].index(None)
    if not any(map(is_word, column.texts)):
        table.refuse(column.lines[code], place, why_no_number(column.texts[code]))
    if known and len(values[0]) > MOST_WHOLE_CLASSES:
        # A word among many numbers is more likely a mistake than a class.
        table.refuse(
            column.lines[code],
            place,
            f"{column.texts[code]!r:.60} found among numbers; a number is needed "
            "(or --task classify, if these are names of classes)",
        )
    if len(values[0]) == table.rows > MOST_WHOLE_CLASSES:
        raise ValueError(
            f"{table.name}: {table.layout.column(place)} has a different text in every row: "
            "no classes to learn; --target names another column"
        )
    return "classify"


def class_name(text: str, value: Optional[float]) -> str:
    """Numbers are the same class however they are written."""
    if value is None:
        return text
    return str(int(value)) if value == int(value) else repr(value)


def classes_of(texts: List[str], values: List[Optional[float]]) -> List[str]:
    if None in values:
        return sorted(texts)
    return [class_name("", value) for value in sorted(set(values))]


def class_numbers(table: Table, classes: List[str]) -> array:
    """For each row the number of its class."""
    place_of = {name: float(place) for place, name in enumerate(classes)}
    column: TextColumn = table.targets[0]
    numbers = []
    for text, line in zip(column.texts, column.lines):
        if text not in place_of:
            name = class_name(text, number(text))
            if name not in place_of:
                table.refuse(
                    line,
                    table.layout.targets[0],
                    f"{text!r:.60} is none of the classes {layout.listed(classes)}",
                )
            place_of[text] = place_of[name]
        numbers.append(place_of[text])
    return array("d", [numbers[code] for code in column.codes])


def target_numbers(table: Table) -> array:
    """For each row the values of its target columns."""
    targets = array("d", bytes(8 * table.rows * len(table.targets)))
    for place, (column, in_file) in enumerate(zip(table.targets, table.layout.targets)):
        values = []
        for text, line in zip(column.texts, column.lines):
            value = number(text)
            if value is None:
                table.refuse(line, in_file, why_no_number(text))
            values.append(value)
        targets[place :: len(table.targets)] = array("d", [values[code] for code in column.codes])
    return targets
