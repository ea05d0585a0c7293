"""What a model says about the data that fit it."""

from typing import List, Optional

from ..arguments.task import classes_of, targets_of, task_of
from ..tables.examples import Examples
from ..tables.layout import Expected
from ..network import Network


def expected(network: Network) -> Expected:
    made, count = network.preparation, len(targets_of(network))
    inputs = network.sizes[0] if made is None else len(made.used)
    targets, ignored = (
        places_in(network, member) for member in ("target_columns", "ignored_columns")
    )
    columns = range(inputs + count + len(ignored))
    if len(targets) != count or not {*targets, *ignored}.issubset(columns):
        targets, ignored = list(columns)[inputs : inputs + count], []  # the last ones
    return Expected(
        inputs, network.input_names if made is None else made.names(), network.target_names,
        targets, ignored, task_of(network), classes_of(network), made,
    )


def places_in(network: Network, member: str) -> List[int]:
    """From 0, of numbers from 1 in the recipe; empty where it has none."""
    numbers = (network.recipe or {}).get(member)
    if not isinstance(numbers, list) or not all(type(n) is int for n in numbers):
        return []
    return [n - 1 for n in numbers]


def rows_learned(network: Network, examples: Examples) -> Optional[int]:
    """How many of these rows trained the network, where they are, all together and in their order,
    the table that pyref train was given; None where that is not so, or the recipe does not say."""
    recipe = network.recipe or {}
    if recipe.get("rows") != examples.rows or recipe.get("data_sha256") != examples.digest():
        return None
    try:
        rows = recipe["segments"][0]["data"]["rows"]
    except (KeyError, IndexError, TypeError):  # a recipe that something else wrote
        return None
    return rows if type(rows) is int else None


def learned_in_words(network: Network, examples: Examples) -> List[str]:
    """A line at most."""
    learned = rows_learned(network, examples)
    if not learned:
        return []
    which = "these" if learned == examples.rows else f"{learned:,} of these"
    return [f"it learned from {which} rows: of others, expect less"]
