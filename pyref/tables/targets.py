"""From target columns to what a network learns: classes, labels or numbers.

One column of words, or of whole numbers with at most 20 different values, holds classes.  Several
columns that hold nothing but 0 and 1, or yes and no, or true and false, are labels: a row may have
any of them, or none.  All else are numbers.

Classes are sorted: numbers by value, words by code point.
"""

from array import array
from typing import Any, Dict, List, Optional, Set

from ..rows.arrays import Floats
from .cells import advice_on_commas, in_digits, is_word, number, why_no_number
from .layout import CLASSIFICATION, LABELS, REGRESSION, listed
from .table import Table

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


def values_in(table: Table, column: int) -> Set[float]:
    """The different numbers of a column; of its words, none."""
    values = table.cells.column(column)
    if column not in table.cells.words:
        return set(values)
    return {value for value, code in zip(values, table.cells.codes(column)) if not code}


def answers_only(table: Table, column: int) -> bool:
    """Whether it holds nothing but 0, 1, yes, no, true and false."""
    words = table.cells.words.get(column)
    texts = [] if words is None else words.texts
    return values_in(table, column) <= {0.0, 1.0} and None not in map(yes_or_no, texts)


def task_of(table: Table) -> str:
    """What the targets look like."""
    if len(table.layout.targets) > 1:
        labels = all(answers_only(table, column) for column in table.target_columns)
        return LABELS if labels else REGRESSION
    column = table.target_columns[0]
    if table.layout.targets[0] in table.categorical:
        return CLASSIFICATION
    known = values_in(table, column)
    words = table.cells.words.get(column)
    if words is None:
        whole = len(known) <= MOST_WHOLE_CLASSES and all(value == int(value) for value in known)
        return CLASSIFICATION if whole else REGRESSION
    if not any(map(is_word, words.texts)):
        table.refuse(words.rows[0], column, why_refused(words.texts[0], None, table.cells.decimal))
    if known and len(known) + len(words.texts) > MOST_WHOLE_CLASSES:
        # A word among many numbers is more likely a mistake than a class.
        table.refuse(
            words.rows[0],
            column,
            f"{words.texts[0]!r:.60} found among numbers; a number is needed "
            "(or --task classify, if these are names of classes)",
        )
    if len(known) + len(words.texts) == table.rows > MOST_WHOLE_CLASSES:
        raise ValueError(
            f"{table.name}: {table.layout.column(table.layout.targets[0])} has a different text in "
            "every row: no classes to learn; --target names another column"
        )
    return CLASSIFICATION


def classes_in(table: Table) -> List[str]:
    """The names of the classes in the one target column."""
    if len(table.layout.targets) > 1:
        raise ValueError(
            "--target: several columns were named; classes need a single one "
            "(--task labels makes a yes-or-no question of each)"
        )
    column = table.target_columns[0]
    words = table.cells.words.get(column)
    values = values_in(table, column)
    if words is None:
        classes = [in_digits(value) for value in sorted(values)]
    else:
        classes = sorted(set(words.texts).union(map(in_digits, values)))
    if len(classes) == 1:
        raise ValueError(
            f"{table.name}: every row is of the same class, {classes[0]!r}: "
            f"there is nothing to tell apart in {table.layout.column(table.layout.targets[0])}"
        )
    return classes


def class_numbers(table: Table, classes: List[str]) -> Floats:
    """For each row the number of its class."""
    place_of = {name: float(place) for place, name in enumerate(classes)}
    column = table.target_columns[0]
    if column not in table.cells.words:
        values = table.cells.column(column)
        number_of: Dict[float, Any] = {
            value: place_of.get(in_digits(value)) for value in set(values)
        }
        if None not in number_of.values():
            return array("d", map(number_of.__getitem__, values))
    codes, texts = table.cells.as_words(column)
    for code, text in enumerate(texts):
        if text not in place_of:
            table.refuse(
                codes.index(code), column, f"{text!r:.60} is none of the classes {listed(classes)}"
            )
    numbers = [place_of[text] for text in texts]
    return array("d", map(numbers.__getitem__, codes))


def target_numbers(table: Table, task: str) -> Floats:
    """For each row the values of its target columns; those of labels are 0 and 1."""
    count = len(table.layout.targets)
    targets = array("d", bytes(8 * table.rows * count))
    for place, column in enumerate(table.target_columns):
        values = table.cells.column(column)
        words = table.cells.words.get(column)
        if words is not None:
            known = [0.0]
            for text, row in zip(words.texts, words.rows):
                value = yes_or_no(text) if task == LABELS else None
                if value is None:
                    table.refuse(row, column, why_refused(text, task, table.cells.decimal))
                known.append(value)
            for row, code in enumerate(table.cells.codes(column)):
                if code:
                    values[row] = known[code]
        if task == LABELS and not set(values) <= {0.0, 1.0}:
            row = next(row for row, value in enumerate(values) if value not in (0.0, 1.0))
            text = table.cells.text(row, column)
            table.refuse(row, column, why_refused(text, task, table.cells.decimal))
        targets[place::count] = values
    return targets


def why_refused(text: str, task: Optional[str], decimal: str) -> str:
    if task == LABELS:
        return f"{text!r:.60} found; a label is 0 or 1, yes or no, true or false"
    return why_no_number(text, decimal) + advice_on_commas(text, decimal)


def refuse_constants(table: Table, targets: Floats) -> None:
    """A column without any difference teaches nothing."""
    for column, place in enumerate(table.layout.targets):
        if len(set(targets[column :: len(table.layout.targets)])) == 1:
            raise ValueError(
                f"{table.name}: {table.layout.column(place)} has the same value in every "
                "row: there is nothing to learn"
            )
