"""Which loss a network has, which it may have, and whether it can learn by it."""

from typing import List, Optional

from ..reference.layer import Layer
from ..reference.losses import LOSSES
from ..reference.settings import one_of
from .protocols import NetworkLike

NATURAL_LOSS = {"sigmoid": "binary_cross_entropy", "softmax": "cross_entropy"}


def natural_loss(network: NetworkLike) -> str:
    """The loss that goes with the output activation."""
    return NATURAL_LOSS.get(network.layers[-1].activation, "mean_squared_error")


def loss_of(network: NetworkLike) -> str:
    """The loss of the last Trainer that was made for it, or else the natural one."""
    return network.loss or natural_loss(network)


def checked_loss(loss: str, output: str) -> str:
    """For the output activation of this name."""
    one_of("loss", loss, LOSSES)
    allowed = LOSSES[loss].outputs
    if output not in allowed:
        raise ValueError(
            f"loss {loss!r} cannot be used with output activation {output!r}; "
            f"it goes with {', '.join(allowed)}"
        )
    return loss


def wanted_loss(network: NetworkLike, loss: Optional[str]) -> str:
    """`loss`, or the network's own where none is named; ValueError where it cannot be."""
    return checked_loss(loss or loss_of(network), network.layers[-1].activation)


def check_trainable(layers: List[Layer], loss: str) -> None:
    checked_loss(loss, layers[-1].activation)
    for number, layer in enumerate(layers, 1):
        if layer.activation == "threshold":
            raise ValueError(
                f"layer {number} has the threshold activation, whose slope is 0 everywhere: "
                "backpropagation cannot train it (pyref.reference.neuron's perceptron rule can)"
            )
