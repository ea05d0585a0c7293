"""Which rows of a table train, which validate and which test: by the options, and again by a
recipe."""

from argparse import Namespace
from array import array
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from ..files.document import Members
from ..network import Network
from ..tables.examples import Examples, to_judge
from ..tables.splitting import split
from ..options import defaults
from ..options.groups import source_of
from ..rows.arrays import Floats
from .model_data import expected

Rows = Tuple[Floats, Floats]  # inputs and targets

ASIDE = ("validation", "test")  # what may be a part of the table, or a table of its own


class Division(NamedTuple):
    """The numbers of the rows of a table; `part` is that which validates, of those that do not
    test."""

    training: Sequence[int]
    validation: Sequence[int]
    test: Sequence[int]
    part: float


def divide(
    rows: Sequence[int],
    validation: Optional[float],
    test: float,
    seed: int,
    classes: Optional[Sequence[float]] = None,
) -> Division:
    """Of these rows of a table, the part that tests is taken first, and the part that validates is
    one of what is left (None: as is usual for so many); both of each class, where `classes` tell
    that of every row of the table.

    >>> [list(rows) for rows in divide(range(10), 0.25, 0.2, seed=1)[:3]]
    [[0, 1, 4, 6, 7, 9], [2, 5], [3, 8]]
    """
    left, testing = parted(rows, test, seed, classes, "test")
    part = defaults.validation(len(left)) if validation is None else validation
    training, validating = parted(left, part, seed, classes, "validate")
    return Division(training, validating, testing, part)


def parted(
    rows: Sequence[int], part: float, seed: int, classes: Optional[Sequence[float]], what: str
) -> Tuple[Sequence[int], Sequence[int]]:
    if not part:
        return rows, ()
    of_rows = classes
    if classes is not None and len(rows) < len(classes):
        of_rows = [classes[row] for row in rows]
    chosen = split(len(rows), part, seed, of_rows, what)
    if isinstance(rows, range):  # all rows of a table
        return chosen
    first, second = (array("q", [rows[place] for place in places]) for places in chosen)
    return first, second


def rows_of(examples: Examples, rows: Sequence[int]) -> Optional[Rows]:
    """Their inputs and targets; None where there are none."""
    if not rows:
        return None
    if len(rows) == examples.rows:
        return examples.inputs, examples.targets
    return examples.part(rows)


def divided_again(examples: Examples, recipe: Members) -> Division:
    """As a recipe says.  One that says nothing of classes, of a test or of a seed for the split is
    of a training that they had no part in."""
    stratified = recipe.optional("stratified") and recipe.truth("stratified")
    return divide(
        range(examples.rows),
        recipe.number("validation"),
        recipe.number("test") if recipe.optional("test") else 0.0,
        recipe.whole("split_seed" if recipe.optional("split_seed") else "seed"),
        examples.targets if stratified else None,
    )


def tables_aside(options: Namespace, network: Network, unknown: str) -> Dict[str, Examples]:
    """The tables that --validation and --test name, as the network takes them."""
    found = {}
    for name in ASIDE:
        told = getattr(options, name)
        if not isinstance(told, str):
            continue
        try:
            found[name] = to_judge(source_of(options, told), expected(network), unknown)
            found[name].inputs  # now, where it is known which table is at fault
        except ValueError as error:
            which = "" if told in str(error) else f" {told}"
            raise ValueError(f"--{name}{which}: {error}") from None
    return found


def described(examples: Examples) -> Dict[str, Any]:
    """What a recipe says of a table of its own."""
    return {"data": examples.name, "rows": examples.rows, "sha256": examples.digest()}


def table_in(recipe: Members, name: str) -> Optional[Members]:
    """What `described` gave, of ASIDE's `name`, or None."""
    member = f"{name}_data"
    return recipe.object(member) if recipe.optional(member) else None


def notes_of(tables: Dict[str, Examples]) -> List[str]:
    return [f"--{name}: {note}" for name, table in tables.items() for note in table.notes]
