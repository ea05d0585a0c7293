"""What users may have changed since: the layers of a network, the settings of a trainer.

A network's lists are the truth, and people edit them: so each call looks at them first.
"""

from numbers import Real
from typing import List, Sequence

from ..reference.activations import ACTIVATIONS
from ..reference.layer import Layer
from ..reference.parameters import all_finite, parameters
from ..reference.settings import one_of
from ..rows.conversion import is_row
from .loss import check_trainable


def checked_layers(network) -> List[Layer]:
    """The network's layers, of lists of floats; ValueError where they no longer fit together."""
    if not isinstance(network.layers, (list, tuple)) or not network.layers:
        raise ValueError(f"layers: a list of layers is needed, not {network.layers!r:.40}")
    for place, layer in enumerate(network.layers):
        if not isinstance(layer, Layer):
            raise ValueError(
                f"layers[{place}]: a layer is needed, with weights, biases and an activation, not "
                f"{layer!r:.40}"
            )
    first = network.layers[0].weights
    width = len(first) if is_row(first) else 0
    for number, layer in enumerate(network.layers, 1):
        rows = layer.weights if is_row(layer.weights) else ()
        units = len(rows[0]) if len(rows) and is_row(rows[0]) else 0
        if not units or len(rows) != width or not all(
            is_row(row) and len(row) == units for row in rows
        ):
            raise ValueError(
                f"layer {number}: the weights are no longer {width or 'a list of'} rows of "
                f"{units or 'as many'} numbers"
            )
        if not (layer.biases is None or is_row(layer.biases) and len(layer.biases) == units):
            raise ValueError(f"layer {number}: the biases are no longer {units} numbers")
        one_of(f"layer {number}: activation", layer.activation, ACTIVATIONS)
        if type(layer.weights) is not list:
            layer.weights = list(layer.weights)
        layer.weights[:] = [as_floats(f"layer {number}", row) for row in layer.weights]
        if layer.biases is not None:
            layer.biases = as_floats(f"layer {number}", layer.biases)
        width = units
    return network.layers


def as_floats(what: str, values: Sequence[float]) -> List[float]:
    """`values` itself if it is a list of floats, else a list of floats made of it."""
    if type(values) is list and set(map(type, values)) == {float}:
        return values
    for value in values:
        if not isinstance(value, Real) or isinstance(value, bool):
            raise ValueError(f"{what}: {value!r:.40} found among the weights and biases")
    try:
        return [float(value) for value in values]
    except OverflowError:
        raise ValueError(f"{what}: a weight or bias is too large for a float") from None


def refuse_not_finite_parameters(layers: List[Layer]) -> None:
    for number, layer in enumerate(layers, 1):
        if not all_finite(parameters([layer])):
            raise ValueError(f"layer {number}: a weight or bias is infinite or not a number")


def shape(layers: List[Layer]) -> List[int]:
    return [len(row) for row in parameters(layers)]


def layers_to_train(trainer) -> List[Layer]:
    """The layers of a trainer's network; ValueError where it cannot train them any more."""
    layers = checked_layers(trainer.network)
    check_trainable(layers, trainer.loss)
    check_settings(trainer)
    if shape(layers) != trainer._shape:
        raise ValueError(
            "the network has other layers than when this Trainer was made: make a new one"
        )
    if len(trainer.optimizer.memory) > len(trainer.run.memory):
        raise ValueError(
            f"optimizer: {trainer.optimizer!r} remembers more than when this Trainer was made: "
            "make a new one"
        )
    return layers


def check_settings(trainer) -> None:
    """Each was checked when it was set; whether they go together is another question."""
    trainer.run.optimizer.check()
    trainer.run.schedule.check()
