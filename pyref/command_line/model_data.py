"""What a model says about the data that fit it."""

from typing import List, Optional

from ..data.layout import Expected
from ..model import Network

CLASS_LOSSES = ("binary_cross_entropy", "cross_entropy")


def classes_of(network: Network) -> Optional[List[str]]:
    """The names of its classes; their numbers, where it learned classes without names; None for a
    regression."""
    if network.class_names is not None:
        return network.class_names
    if (network.recipe or {}).get("task") == "regression":
        return None
    if (network.loss or network.natural_loss()) not in CLASS_LOSSES:
        return None
    outputs = network.sizes[-1]
    if outputs == 1 or network.layers[-1].activation == "softmax":
        return [str(place) for place in range(max(2, outputs))]
    return None


def targets_of(network: Network) -> List[str]:
    """The names of its target columns, made up if it knows none."""
    if network.target_names is not None:
        return network.target_names
    columns = 1 if classes_of(network) is not None else network.sizes[-1]
    return ["target"] if columns == 1 else [f"target_{i}" for i in range(1, columns + 1)]


def expected(network: Network) -> Expected:
    inputs = network.sizes[0]
    columns = len(targets_of(network))
    places = list(range(inputs, inputs + columns))  # the last ones, unless the recipe knows better
    numbers = (network.recipe or {}).get("target_columns")
    if (
        isinstance(numbers, list)
        and len(numbers) == columns
        and all(type(n) is int and 1 <= n <= inputs + columns for n in numbers)
    ):
        places = [n - 1 for n in numbers]
    return Expected(inputs, network.input_names, network.target_names, places)
