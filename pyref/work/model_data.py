"""What a model says about the data that fit it."""

from typing import List, Optional

from ..arguments.loss import loss_of
from ..tables.layout import CLASSIFICATION, LABELS, REGRESSION, Expected
from ..network import Network

CLASS_LOSSES = ("binary_cross_entropy", "cross_entropy")


def task_of(network: Network) -> str:
    """What it learned: one of layout's three."""
    if network.class_names is not None:
        return CLASSIFICATION
    if (network.recipe or {}).get("task") == REGRESSION:
        return REGRESSION  # by whatever loss
    if network.is_multi_label:
        return LABELS
    loss = loss_of(network)
    return CLASSIFICATION if loss in CLASS_LOSSES else REGRESSION


def classes_of(network: Network) -> Optional[List[str]]:
    """The names of its classes; their numbers, where it learned classes without names; None where
    it did not learn classes."""
    if network.class_names is not None or task_of(network) != CLASSIFICATION:
        return network.class_names
    return [str(place) for place in range(max(2, network.sizes[-1]))]


def targets_of(network: Network) -> List[str]:
    """The names of its target columns, made up if it knows none."""
    if network.target_names is not None:
        return network.target_names
    columns = 1 if task_of(network) == CLASSIFICATION else network.sizes[-1]
    return ["target"] if columns == 1 else [f"target_{i}" for i in range(1, columns + 1)]


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
