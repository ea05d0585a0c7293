"""What probably went wrong: findings for people, each with its likely cause and what to try."""

from array import array
from typing import Any, List

from ..arguments.changed import checked_layers
from ..arguments.units import scaled_data, scaled_inputs
from ..network import Network
from ..reference.layer import Rows
from ..reference.losses import LOSSES
from ..rows.data import Table
from ..rows.arrays import Buffer
from ..engine import backend as engines

LOOK_AT = 1000  # rows; more would say the same
RANGES = {
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
    "relu": (0.0, None),
    "softplus": (0.0, None),
    "exp": (0.0, None),
    "softmax": (0.0, 1.0),
}
# From which part of a layer on a finding is worth a word.  Measured on the training rows of seven
# data sets (three networks, ten optimizers and learning rates from good to absurd, 840 trainings
# for each figure), as points of accuracy below the best: relu layers without dead units 4.5, with
# fewer than half of them dead 3.9, with half or more 41.6; layers of tanh or sigmoid without
# saturated units 3.8, with fewer than a quarter of them saturated 9.0, with more 23.8.
MANY_DEAD, MANY_SATURATED = 1 / 2, 1 / 4
SATURATED = {"sigmoid": (0.001, 0.999), "tanh": (-0.998, 0.998)}  # slopes below 0.4 % of the best


def before_training(network: Network, inputs: Any, targets: Any, loss: str) -> List[str]:
    """Findings about the data: features that were not scaled, targets out of reach."""
    count = row_count(inputs, network.sizes[0])
    data = scaled_data(
        network, first_rows(inputs, count, LOOK_AT), first_rows(targets, count, LOOK_AT), loss
    )
    inputs, wanted = data.inputs.flat(), data.targets.flat()
    return unscaled_features(network, inputs) + unreachable_targets(network, wanted, loss)


def after_training(
    network: Network, inputs: Any, backend: str = "auto", most: int = LOOK_AT
) -> List[str]:
    """Findings about the network: layers with many dead or saturated units, by at most so many of
    the rows."""
    layers = checked_layers(network)
    looked_at = [
        number for number, layer in enumerate(layers[:-1], 1)
        if layer.activation == "relu" or layer.activation in SATURATED
    ]
    if not looked_at:
        return []
    count = row_count(inputs, network.sizes[0])
    rows: Table = scaled_inputs(network, first_rows(inputs, count, most))
    found = []
    for number, layer in enumerate(layers[: looked_at[-1]], 1):
        rows = engines.engine(backend).predictor([layer])(rows)
        if layer.activation == "relu":
            found += dead_units(number, rows.lists())
        elif layer.activation in SATURATED:
            found += saturated_units(number, layer.activation, rows.lists())
    return found


def row_count(inputs: Any, width: int) -> int:
    return len(inputs) // width if isinstance(inputs, array) else len(inputs)


def first_rows(data: Any, count: int, most: int) -> Any:
    """The first of `count` rows, which are flat or a sequence."""
    each = len(data) // count if isinstance(data, array) else 1
    return data[: min(count, most) * each]


def unscaled_features(network: Network, rows: Buffer) -> List[str]:
    """Features of very different or very large size make some weights learn and others not."""
    largest, width = max(max(rows), -min(rows)), network.sizes[0]
    if network.input_scaling is not None and largest <= 100.0:
        return []
    columns = (rows[column::width] for column in range(width))
    sizes = [max(max(column), -min(column)) for column in columns]
    smallest = min((size for size in sizes if size > 0.0), default=largest)
    of_one_size = largest <= 1000.0 * smallest or network.input_scaling is not None
    if largest <= 100.0 and of_one_size:
        return []
    column = sizes.index(largest)
    name = network.input_names[column] if network.input_names else f"column {column}"
    if network.input_scaling is not None:
        return [
            f"feature {name} reaches {largest:g} deviations from its mean: one such value drowns "
            "the others; is it a mistake?"
        ]
    scale = "scale the features to about mean 0 and deviation 1"
    if of_one_size:
        return [f"feature {name} reaches {largest:g}: {scale}, or they saturate the units"]
    return [
        f"feature {name} reaches {largest:g}, others only {smallest:g}: {scale}, or large ones "
        "drown the others and saturate the units"
    ]


def unreachable_targets(network: Network, values: Buffer, loss: str) -> List[str]:
    """Targets that no weights can reach, because the output activation ends before."""
    activation = network.layers[-1].activation
    low, high = RANGES.get(activation, (None, None))
    if LOSSES[loss].fused:
        return []
    too_low = low is not None and min(values) < low
    too_high = high is not None and max(values) > high
    if not (too_low or too_high):
        return []
    reach = f"{low:g} and above" if high is None else f"from {low:g} to {high:g}"
    return [
        f"targets go from {min(values):g} to {max(values):g}, but {activation} outputs are "
        f"{reach}: use the identity as output activation, or scale the targets"
    ]


def dead_units(number: int, outputs: Rows) -> List[str]:
    dead = sum(not any(unit) for unit in zip(*outputs))
    if dead < MANY_DEAD * len(outputs[0]):
        return []
    return [
        f"layer {number}: {dead} of {len(outputs[0])} relu units answer 0 to every row and have "
        "stopped learning: try a smaller learning rate, he_uniform weights, or leaky_relu"
    ]


def saturated_units(number: int, activation: str, outputs: Rows) -> List[str]:
    low, high = SATURATED[activation]
    saturated = sum(
        all(value < low or value > high for value in unit) for unit in zip(*outputs)
    )
    if saturated < MANY_SATURATED * len(outputs[0]):
        return []
    return [
        f"layer {number}: {saturated} of {len(outputs[0])} {activation} units are saturated for "
        "every row and hardly learn: scale the features, or start from smaller weights"
    ]
