"""Which columns of a table are inputs, which are targets, and whether it has a header.

The first row is a header if at least half of its cells in input columns are words (no gap, no
number), none of which comes again below, in the first rows.  It also is one if it names the target
columns that were asked for, or all inputs of the model that is at work.  Where `header` is True or
False, this has been said, and no rule is asked.
"""

from collections import Counter
from typing import List, NamedTuple, Optional, Sequence

from ..guessing import closest, did_you_mean
from .cells import is_missing, is_word
from .preparation import Preparation

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

    def without_use(self, columns: int) -> List[int]:
        """The places of columns that are neither inputs nor targets."""
        return without(self.inputs + self.targets, columns)

    def names_of(self, places: List[int]) -> Optional[List[str]]:
        return None if self.names is None else [self.names[place] for place in places]


class Expected(NamedTuple):
    """What a model's data look like: how many columns of inputs, and their names if it knows them.

    `target_places` and `ignored_places` (from 0) are those of the table it was trained on, with
    the columns that were neither.  `classes` are the names of a classification's classes, else
    None.  `preparation` is what the model makes of the columns, None for one that learned from
    plain numbers and knows nothing else.
    """

    inputs: int
    input_names: Optional[List[str]]
    target_names: Optional[List[str]]
    target_places: List[int]
    ignored_places: List[int]
    task: str
    classes: Optional[List[str]]
    preparation: Optional[Preparation] = None


def for_training(
    first: List[str],
    target: Optional[str],
    ignored: Optional[str] = None,
    header: Optional[bool] = None,
    below: Sequence[List[str]] = (),
    usual: Optional[List[int]] = None,
) -> Layout:
    """The layout of a table to learn from, by its first row and the target asked for.

    `target` is the name of a column, or its number from 1 (a name goes first), or several with
    commas between them; None is the last column, or the `usual` ones of the format.  `ignored`
    names columns likewise that are neither inputs nor targets.  `below` are some of the rows after
    the first.
    """
    if len(first) == 1:
        raise ValueError(
            "only one column found; inputs and a target are needed, with a comma, a semicolon, "
            "a tab, | or a space between columns (--separator names another character)"
        )
    cells = [cell.strip() for cell in first]
    wanted, left_out = names_in(target, cells), names_in(ignored, cells)
    numbered = [int(name) - 1 for name in wanted + left_out if is_place(name, len(cells))]
    words = [name for name in wanted + left_out if not is_place(name, len(cells))]
    lost = any(name not in cells for name in words)  # which is an error either way
    if target is None or lost:
        numbered += without(numbered, len(cells))[-1:] if usual is None else usual
    if header is None:
        named = bool(words) and all(name in cells for name in words)
        header = named or is_header(first, without(numbered, len(cells)), below)
    others = [named_place("--ignore", name, cells, header) for name in left_out]
    targets = [named_place("the target", name, cells, header) for name in wanted]
    if target is None:
        left = without(others, len(cells))
        targets = left[-1:] if usual is None else [place for place in usual if place in left]
    if len(set(targets + others)) < len(targets + others):
        raise ValueError("--target and --ignore: a column is named twice")
    inputs = without(targets + others, len(cells))
    if not inputs:
        raise ValueError("--target and --ignore: no column is left for the inputs")
    return Layout(checked_names(cells, inputs + targets) if header else None, inputs, targets)


def names_in(text: Optional[str], cells: List[str]) -> List[str]:
    if text is None:
        return []
    return [text] if text in cells else [name.strip() for name in text.split(",")]


def for_model(
    first: List[str],
    expected: Expected,
    needs_targets: bool,
    header: Optional[bool] = None,
    below: Sequence[List[str]] = (),
) -> Layout:
    """The layout of a table for a trained model: by the names of its columns, or by position.

    By name, columns may stand in any order and others among them.  By position, a table has the
    inputs alone, or all columns as in training.
    """
    cells = [cell.strip() for cell in first]
    names = expected.input_names
    no_inputs = expected.target_places + expected.ignored_places
    as_in_training = expected.inputs + len(no_inputs)
    if header is not False and names is not None and all(name in cells for name in names):
        wanted = expected.target_names or [] if needs_targets else []
        targets = [named_place("the target", name, cells, True) for name in wanted]
        if needs_targets and not wanted:
            if len(cells) != as_in_training:
                raise ValueError(
                    "the model has no name for its target, so the table must have the "
                    f"{as_in_training} columns of the training, not {len(cells)}"
                )
            targets = expected.target_places
        inputs = [cells.index(name) for name in names]
        return Layout(checked_names(cells, inputs + targets), inputs, targets)

    if len(cells) == as_in_training:
        targets, inputs = expected.target_places, without(no_inputs, len(cells))
    else:
        targets, inputs = [], without([], len(cells))
    if header is None:
        header = is_header(first, inputs, below)
    if names is not None and header:
        missing = [name for name in names if name not in cells]
        raise ValueError(
            f"no {columns_named(missing)}, which the model needs; the columns are {listed(cells)}"
        )
    if len(inputs) != expected.inputs:
        raise ValueError(
            f"columns found: {len(cells)}; needed: {expected.inputs} (the inputs), "
            f"or {as_in_training} (with the target, as in training)"
        )
    if needs_targets and not targets:
        raise ValueError(f"the {len(cells)} columns are the inputs; the target is missing")
    names = checked_names(cells, inputs + targets) if header else None
    return Layout(names, inputs, targets if needs_targets else [])


def is_header(first: List[str], inputs: List[int], below: Sequence[List[str]] = ()) -> bool:
    words = [place for place in inputs if is_word(first[place]) and not is_missing(first[place])]
    if 2 * len(words) < max(len(inputs), 1):
        return False
    return not any(
        first[place].strip() == row[place].strip()
        for row in below if len(row) == len(first) for place in words
    )


def without(places: List[int], columns: int) -> List[int]:
    left_out = set(places)
    return [place for place in range(columns) if place not in left_out]


def is_place(name: str, columns: int) -> bool:
    return name.isascii() and name.isdigit() and 1 <= int(name) <= columns


def named_place(what: str, name: str, cells: List[str], header: bool) -> int:
    if header and name in cells:
        return cells.index(name)
    if is_place(name, len(cells)):
        return int(name) - 1
    if header:
        meant = did_you_mean(closest(name, cells))
        raise ValueError(f"no column {name!r} for {what}; the columns are {listed(cells)}{meant}")
    raise ValueError(
        f"no column {name!r} for {what}: the table has no header, so its columns are "
        f"numbered from 1 to {len(cells)}"
    )


def places_of(what: str, text: Optional[str], layout: Layout, columns: int) -> List[int]:
    """The places of the columns that an option names, by name or number."""
    cells = layout.names or [""] * columns
    return [
        named_place(what, name, cells, layout.names is not None) for name in names_in(text, cells)
    ]


def checked_names(cells: List[str], used: List[int]) -> List[str]:
    """The cells of a header; those of columns that are not used need no names."""
    times = Counter(cells)
    for place in used:
        if not cells[place]:
            raise ValueError(
                f"the header has no name for column {place + 1}; --ignore {place + 1} leaves it out"
            )
        if times[cells[place]] > 1:
            raise ValueError(f"the header names two columns {cells[place]!r}")
    return cells


def columns_named(names: List[str]) -> str:
    """
    >>> columns_named(["a"]), columns_named(["a", "b"])
    ("column 'a'", "columns 'a', 'b'")
    """
    return f"column{'s' * (len(names) > 1)} {listed(names)}"


def listed(names: List[str], most: int = 20) -> str:
    """
    >>> listed(["a", "b", "c"], most=2)
    "'a', 'b' … (3 in all)"
    """
    text = ", ".join(repr(name) for name in names[:most])
    return text if len(names) <= most else f"{text} … ({len(names)} in all)"
