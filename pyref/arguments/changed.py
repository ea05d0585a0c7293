"""What users may have changed since: the layers of a network, the settings of a trainer.

A network's lists are the truth, and people edit them: so each call looks at them first.
"""

from operator import countOf
from typing import List, Optional, Sequence

from ..reference.activations import ACTIVATIONS
from ..reference.layer import Layer
from ..reference.parameters import parameters
from ..reference.settings import Real, one_of
from ..rows.arrays import Floats
from ..rows.conversion import is_row, plain_list
from ..rows.packing import packed_rows
from ..rows.scanning import first_not_finite, narrowed, widened
from .loss import check_trainable
from .protocols import NetworkLike, TrainerLike


def checked_layers(network: NetworkLike) -> List[Layer]:
    """The network's layers, of lists of floats; ValueError where they no longer fit together.

    What is no list of floats is made one before anything is counted: only of these it is certain
    that they hold as many as they say.  Numbers that the network's precision has not are rounded.
    """
    layers = network.layers
    if not isinstance(layers, (list, tuple)) or not layers:
        raise ValueError(f"layers: a list of layers is needed, not {layers!r:.40}")
    for place, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            raise ValueError(
                f"layers[{place}]: a layer is needed, with weights, biases and an activation, not "
                f"{layer!r:.40}"
            )
    width = 0
    for number, layer in enumerate(layers, 1):
        what = f"layer {number}"
        weights = layer.weights if is_row(layer.weights) else []
        rows = [as_floats(what, row) if is_row(row) else [] for row in weights]
        width = width or len(rows)
        units = len(rows[0]) if rows else 0
        if not units or len(rows) != width or any(len(row) != units for row in rows):
            raise ValueError(
                f"{what}: the weights are no longer {width or 'a list of'} rows of "
                f"{units or 'as many'} numbers"
            )
        biases = layer.biases
        if biases is not None:
            biases = as_floats(what, biases) if is_row(biases) else []
            if len(biases) != units:
                raise ValueError(f"{what}: the biases are no longer {units} numbers")
        one_of(f"{what}: activation", layer.activation, ACTIVATIONS)
        if type(layer.weights) is not list:
            layer.weights = rows
        layer.weights[:] = rows
        layer.biases = biases
        width = units
        layer.precision = network.precision
        if layer.precision != "double":
            round_changed(layer)
    return layers


def round_changed(layer: Layer) -> None:
    """By the quickest way there is, which the C engine has right in every process."""
    for row in parameters([layer]):
        rounded = widened(narrowed(packed_rows([row]))).tolist()
        if rounded != row:
            row[:] = rounded


def as_floats(what: str, values: Sequence[float]) -> List[float]:
    """`values` itself if it is a list of floats, else a list of floats made of it."""
    if type(values) is list and countOf(map(type, values), float) == len(values):
        return values
    numbers = plain_list(values)
    for value in numbers:
        if not isinstance(value, Real) or isinstance(value, bool):
            raise ValueError(f"{what}: {value!r:.40} found among the weights and biases")
    try:
        return [float(value) for value in numbers]
    except OverflowError:
        raise ValueError(f"{what}: a weight or bias is too large for a float") from None


def copied(layers: List[Layer]) -> List[Layer]:
    """Each list by itself, the numbers shared."""
    return [
        Layer(
            [list(row) for row in layer.weights],
            None if layer.biases is None else list(layer.biases),
            layer.activation,
            layer.precision,
        )
        for layer in layers
    ]


def refuse_not_finite_parameters(layers: List[Layer], flat: Optional[Floats] = None) -> None:
    """`flat` are all parameters side by side, for those who have them."""
    if flat is not None and first_not_finite(flat) < 0:
        return
    for number, layer in enumerate(layers, 1):
        if first_not_finite(packed_rows(parameters([layer]))) >= 0:
            raise ValueError(f"layer {number}: a weight or bias is infinite or not a number")


def shape(layers: List[Layer]) -> List[int]:
    return [len(row) for row in parameters(layers)]


def layers_to_train(trainer: TrainerLike) -> List[Layer]:
    """The layers of a trainer's network; ValueError where it cannot train them any more."""
    layers = checked_layers(trainer.network)
    check_trainable(layers, trainer.loss)
    check_optimizer(trainer)
    if shape(layers) != trainer._shape:
        raise ValueError(
            "the network has other layers than when this Trainer was made: make a new one"
        )
    return layers


def check_optimizer(trainer: TrainerLike) -> None:
    """Whether it can go on with the settings that it has now, and with what it remembers."""
    check_settings(trainer)
    if len(trainer.optimizer.memory) > trainer.run.memory_count:
        raise ValueError(
            f"optimizer: {trainer.optimizer!r} remembers more than when this Trainer was made: "
            "make a new one"
        )


def check_settings(trainer: TrainerLike) -> None:
    """Each was checked when it was set; whether they go together is another question."""
    trainer.run.optimizer.check()
    trainer.run.schedule.check()
