"""Divergence: where numbers grow beyond the largest float, and what is said about it."""

from typing import Iterable, List

from .layer import Layer, Row
from .network import forward
from .parameters import all_finite, parameters


class DivergedError(ArithmeticError):
    """A loss or a weight became infinite or not a number; the last finite epoch was restored.

    Attributes: `epoch` and `batch` (from 1) where it was noticed, `layer` (from 1) the first layer
    concerned.
    """

    def __init__(self, epoch: int, batch: int, layer: int) -> None:
        super().__init__(epoch, batch, layer)
        self.epoch = epoch
        self.batch = batch
        self.layer = layer

    def __str__(self) -> str:
        return (
            f"training diverged in epoch {self.epoch}, batch {self.batch}, layer {self.layer}: "
            "the numbers grew beyond the largest float. The network keeps the weights of the last "
            "finite epoch. Try a smaller learning rate, or scale inputs and targets to about "
            "mean 0 and deviation 1"
        )


def first_layer_astray(layers: List[Layer], rows: Iterable[Row]) -> int:
    """The first layer (from 1) whose weights, or else whose sums for these rows, are not finite."""
    for number, layer in enumerate(layers, 1):
        if not all_finite(parameters([layer])):
            return number
    for row in rows:
        for number, of_layer in enumerate(forward(layers, [row]).z, 1):
            if not all_finite(of_layer):
                return number
    return len(layers)  # only the loss itself is astray
