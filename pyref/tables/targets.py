"""From target columns to what a network learns: classes, labels or numbers.

One column of words, or of whole numbers with at most 20 different values, holds classes.  Several
columns that hold nothing but 0 and 1, or yes and no, or true and false, are labels: a row may have
any of them, or none.  All else are numbers.

Classes are sorted: numbers by value, words by code point.
"""

from array import array
from typing import List, Optional

from .cells import is_word, number, why_no_number
from .layout import CLASSIFICATION, LABELS, REGRESSION, listed
from .table import Table, TextColumn

MOST_WHOLE_CLASSES = 20
ANSWERS = {"yes": 1.0, "no": 0.0, "true": 1.0, "false": 0.0}  # in upper and lower case


def yes_or_no(text: str) -> Optional[float]:
    """
    >>> yes_or_no("1"), yes_or_no("No"), yes_or_no("TRUE"), yes_or_no("2")
    (1.0, 0.0, 1.0, None)
    """
    value = number(text)
    if value is None:
        return ANSWERS.get(text.strip().lower())
    return value if value in (0.0, 1.0) else None


def task_of(table: Table) -> str:
    """What the targets look like."""
    if len(table.targets) > 1:
        answers = [yes_or_no(text) for column in table.targets for text in column.texts]
        return REGRESSION if None in answers else LABELS
    column, place = table.targets[0], table.layout.targets[0]
    values = [number(text) for text in column.texts]
    known = [value for value in values if value is not None]
    if len(known) == len(values):
        whole = all(value == int(value) for value in known)
        return CLASSIFICATION if whole and len(set(known)) <= MOST_WHOLE_CLASSES else REGRESSION
    code = values.index(None)
    if not any(map(is_word, column.texts)):
        table.refuse(column.lines[code], place, why_no_number(column.texts[code]))
    if known and len(values) > MOST_WHOLE_CLASSES:
        # A word among many numbers is more likely a mistake than a class.
        table.refuse(
            column.lines[code],
            place,
            f"{column.texts[code]!r:.60} found among numbers; a number is needed "
            "(or --task classify, if these are names of classes)",
        )
    if len(values) == table.rows > MOST_WHOLE_CLASSES:
        raise ValueError(
            f"{table.name}: {table.layout.column(place)} has a different text in every row: "
            "no classes to learn; --target names another column"
        )
    return CLASSIFICATION


def classes_in(table: Table) -> List[str]:
    """The names of the classes in the one target column."""
    if len(table.targets) > 1:
        raise ValueError(
            "--target: several columns were named; classes need a single one "
            "(--task labels makes a yes-or-no question of each)"
        )
    texts = table.targets[0].texts
    values = [number(text) for text in texts]
    if None in values:
        classes = sorted(texts)
    else:
        classes = [class_name("", value) for value in sorted(set(values))]
    if len(classes) == 1:
        raise ValueError(
            f"{table.name}: every row is of the same class, {classes[0]!r}: "
            f"there is nothing to tell apart in {table.layout.column(table.layout.targets[0])}"
        )
    return classes


def class_name(text: str, value: Optional[float]) -> str:
    """Numbers are the same class however they are written."""
    if value is None:
        return text
    return str(int(value)) if value == int(value) else repr(value)


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
                    f"{text!r:.60} is none of the classes {listed(classes)}",
                )
            place_of[text] = place_of[name]
        numbers.append(place_of[text])
    return array("d", [numbers[code] for code in column.codes])


def target_numbers(table: Table, task: str) -> array:
    """For each row the values of its target columns; those of labels are 0 and 1."""
    targets = array("d", bytes(8 * table.rows * len(table.targets)))
    for place, (column, in_file) in enumerate(zip(table.targets, table.layout.targets)):
        values = []
        for text, line in zip(column.texts, column.lines):
            value = yes_or_no(text) if task == LABELS else number(text)
            if value is None:
                table.refuse(line, in_file, why_refused(text, task))
            values.append(value)
        targets[place :: len(table.targets)] = array("d", [values[code] for code in column.codes])
    return targets


def why_refused(text: str, task: str) -> str:
    if task == LABELS:
        return f"{text!r:.60} found; a label is 0 or 1, yes or no, true or false"
    return why_no_number(text)


def refuse_constants(table: Table, targets: array) -> None:
    """A column without any difference teaches nothing."""
    for column, place in enumerate(table.layout.targets):
        if len(set(targets[column :: len(table.targets)])) == 1:
            raise ValueError(
                f"{table.name}: {table.layout.column(place)} has the same value in every "
                "row: there is nothing to learn"
            )
