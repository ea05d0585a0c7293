"""Which columns of a table are inputs, which are targets, and whether it has a header.

The first row is a header if at least half of its cells in input columns are words: not empty, not
a number.  It also is one if it names the target columns that were asked for, or all inputs of the
model that is at work.
"""

from typing import List, NamedTuple, Optional

from .cells import is_word

# What there is to learn, as recipes call it: the class of a row, its labels, or numbers.
CLASSIFICATION, LABELS, REGRESSION = "classification", "labels", "regression"


class Layout(NamedTuple):
    """The places (from 0) of the columns of either kind; `names` of all columns, if there are."""

    names: Optional[List[str]]
    inputs: List[int]
    targets: List[int]

    def column(self, place: int) -> str:
        """What messages call a column."""
        return f"column {place + 1}" if self.names is None else f"column {self.names[place]!r}"

    def names_of(self, places: List[int]) -> Optional[List[str]]:
        return None if self.names is None else [self.names[place] for place in places]


class Expected(NamedTuple):
    """What a model's data look like: how many inputs, and their names if it knows them.

    `target_places` (from 0) are those of the table it was trained on.  `classes` are the names of
    a classification's classes, else None.
    """

    inputs: int
    input_names: Optional[List[str]]
    target_names: Optional[List[str]]
    target_places: List[int]
    task: str
    classes: Optional[List[str]]


def for_training(first: List[str], target: Optional[str]) -> Layout:
    """The layout of a table to learn from, by its first row and the target asked for.

    `target` is the name of a column, or its number from 1 (a name goes first), or several with
    commas between them; None is the last column.
    """
    if len(first) == 1:
        raise ValueError(
            "only one column found; inputs and a target are needed, with a comma, a semicolon or "
            "a tab between columns"
        )
    cells = [cell.strip() for cell in first]
    if target is None:
        targets = [len(cells) - 1]
        header = is_header(first, without(targets, len(first)))
    else:
        names = [target] if target in cells else [name.strip() for name in target.split(",")]
        numbered = [int(name) - 1 for name in names if is_place(name, len(cells))]
        words = [name for name in names if not is_place(name, len(cells))]
        header = (bool(words) and all(name in cells for name in words)) or is_header(
            first, without(numbered, len(first))
        )
        targets = [target_place(name, cells, header) for name in names]
    if len(set(targets)) < len(targets):
        raise ValueError(f"--target {target}: a column is named twice")
    inputs = without(targets, len(first))
    if not inputs:
        raise ValueError(f"--target {target}: no column is left for the inputs")
    return Layout(checked_names(cells) if header else None, inputs, targets)


def for_model(first: List[str], expected: Expected, needs_targets: bool) -> Layout:
    """The layout of a table for a trained model: by the names of its columns, or by position.

    By name, columns may stand in any order and others among them.  By position, a table has the
    inputs alone, or inputs and targets as in training.
    """
    cells = [cell.strip() for cell in first]
    names = expected.input_names
    if names is not None and all(name in cells for name in names):
        targets = []
        if needs_targets:
            targets = [target_place(name, cells, True) for name in expected.target_names or []]
        return Layout(checked_names(cells), [cells.index(name) for name in names], targets)

    if len(cells) == expected.inputs:
        targets = []
    elif len(cells) == expected.inputs + len(expected.target_places):
        targets = expected.target_places
    else:
        targets = None
    inputs = without(targets or [], len(cells))
    header = is_header(first, inputs)
    if names is not None and header:
        missing = [name for name in names if name not in cells]
        raise ValueError(
            f"no column {listed(missing)}, which the model needs; the columns are {listed(cells)}"
        )
    if targets is None:
        with_targets = expected.inputs + len(expected.target_places)
        raise ValueError(
            f"columns found: {len(cells)}; needed: {expected.inputs} (the inputs), "
            f"or {with_targets} (with the target, as in training)"
        )
    if needs_targets and not targets:
        raise ValueError(f"the {len(cells)} columns are the inputs; the target is missing")
    return Layout(
        checked_names(cells) if header else None, inputs, targets if needs_targets else []
    )


def is_header(first: List[str], inputs: List[int]) -> bool:
    return 2 * sum(is_word(first[place]) for place in inputs) >= max(len(inputs), 1)


def without(places: List[int], columns: int) -> List[int]:
    left_out = set(places)
    return [place for place in range(columns) if place not in left_out]


def is_place(name: str, columns: int) -> bool:
    return name.isascii() and name.isdigit() and 1 <= int(name) <= columns


def target_place(name: str, cells: List[str], header: bool) -> int:
    if header and name in cells:
        return cells.index(name)
    if is_place(name, len(cells)):
        return int(name) - 1
    if header:
        raise ValueError(f"no column {name!r} for the target; the columns are {listed(cells)}")
    raise ValueError(
        f"no column {name!r} for the target: the table has no header, so its columns are "
        f"numbered from 1 to {len(cells)}"
    )


def checked_names(cells: List[str]) -> List[str]:
    seen = set()
    for place, name in enumerate(cells, 1):
        if not name:
            raise ValueError(f"the header has no name for column {place}")
        if name in seen:
            raise ValueError(f"the header names two columns {name!r}")
        seen.add(name)
    return cells


def listed(names: List[str], most: int = 20) -> str:
    """
    >>> listed(["a", "b", "c"], most=2)
    "'a', 'b' … (3 in all)"
    """
    text = ", ".join(repr(name) for name in names[:most])
    return text if len(names) <= most else f"{text} … ({len(names)} in all)"
