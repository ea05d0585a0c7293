"""The arguments of Network, and the layers that it begins with."""

from typing import Any, List, Sequence, Union

from ..reference.activations import ACTIVATIONS
from ..reference.generator import Stream
from ..reference.initializers import INITIALIZERS, Initializer, new_layers
from ..reference.layer import Layer
from ..reference.settings import one_of, whole
from ..rows.conversion import is_row, table


def checked_sizes(sizes: Sequence[int]) -> List[int]:
    if isinstance(sizes, (str, bytes)) or not hasattr(sizes, "__iter__"):
        raise ValueError(f"sizes: a list such as [2, 4, 1] is needed, not {sizes!r}")
    checked = [whole(f"sizes[{place}]", size, least=1) for place, size in enumerate(sizes)]
    if len(checked) < 2:
        raise ValueError(f"sizes: at least the inputs and the outputs are needed, not {sizes!r}")
    return checked


def checked_activations(
    hidden: Union[str, Sequence[str]], output: str, hidden_layers: int
) -> List[str]:
    """The name of each layer's activation."""
    if not hasattr(hidden, "__iter__"):
        raise ValueError(f"hidden: a name or a list of names is needed, not {hidden!r:.40}")
    names = [hidden] * hidden_layers if isinstance(hidden, str) else list(hidden)
    if hidden_layers and len(names) != hidden_layers:
        raise ValueError(
            f"hidden: {len(names)} activations found, {hidden_layers} hidden layers need one each"
        )
    if isinstance(hidden, str):
        one_of("hidden", hidden, ACTIVATIONS)
    return [one_of("hidden", name, ACTIVATIONS) for name in names[:hidden_layers]] + [
        one_of("output", output, ACTIVATIONS)
    ]


def first_layers(
    sizes: List[int], activations: List[str], initializer: Any, biases: Any, stream: Stream
) -> List[Layer]:
    """With the weights that were given, or drawn from the stream; likewise the biases."""
    if isinstance(initializer, (list, tuple)):
        layers = [
            Layer(weights, [0.0] * units if biases else None, activation)
            for weights, units, activation in zip(
                checked_weights(initializer, sizes), sizes[1:], activations
            )
        ]
    else:
        initializers = [
            chosen_initializer(initializer, inputs, units)
            for inputs, units in zip(sizes, sizes[1:])
        ]
        layers = new_layers(sizes, activations, initializers, biases is True, stream)
    if isinstance(biases, (list, tuple)):
        for layer, of_layer in zip(layers, checked_biases(biases, sizes)):
            layer.biases = of_layer
    elif not isinstance(biases, bool):
        raise ValueError(f"biases: True, False or a list for each layer, not {biases!r:.40}")
    return layers


def chosen_initializer(initializer: Any, inputs: int, units: int) -> Any:
    if isinstance(initializer, Initializer):
        return initializer
    return INITIALIZERS[one_of("initializer", initializer, INITIALIZERS)](inputs, units)


def checked_weights(explicit: Sequence, sizes: List[int]) -> List[List[List[float]]]:
    if len(explicit) != len(sizes) - 1:
        raise ValueError(
            f"initializer: weights of {len(explicit)} layers found, {len(sizes) - 1} are needed"
        )
    weights = []
    for number, (rows, inputs, units) in enumerate(zip(explicit, sizes, sizes[1:]), 1):
        if not (is_row(rows) and len(rows) == inputs) or not all(
            is_row(row) and len(row) == units for row in rows
        ):
            raise ValueError(
                f"initializer: the weights of layer {number} must be {inputs} rows of {units}"
            )
        made = table(f"initializer, layer {number}", rows, units)
        weights.append([list(row) for row in made.lists()])
    return weights


def checked_biases(explicit: Sequence, sizes: List[int]) -> List[List[float]]:
    if len(explicit) != len(sizes) - 1:
        raise ValueError(
            f"biases: those of {len(explicit)} layers found, {len(sizes) - 1} are needed"
        )
    return [
        list(table(f"biases, layer {number}", [of_layer], units).lists()[0])
        for number, (of_layer, units) in enumerate(zip(explicit, sizes[1:]), 1)
    ]
