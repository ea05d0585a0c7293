"""What a model says about the data that fit it."""

from typing import List

from ..arguments.task import classes_of, targets_of, task_of
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
