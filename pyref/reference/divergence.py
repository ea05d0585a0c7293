"""Divergence: where numbers grow beyond the largest float, and what is said about it.

When steps are too large, each may go farther beyond the lowest point than the one before.  The
weights then grow without limit, until one of them, or the loss, is too large for a float: it
becomes infinite, or, as ∞ − ∞ and 0·∞ are, not a number (NaN), and so does all that is computed
from it.  training.py looks out for that in the loss of each batch, and in all weights at the end
of each epoch.  Here is what it raises.  To go back to where all was well is left to guard.py.
"""

from typing import Iterable, List

from .layer import Layer, Row
from .network import forward
from .parameters import all_finite, parameters
from .run import Run, batch_length


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


def diverged(run: Run, layers: List[Layer], rows: Iterable[Row]) -> DivergedError:
    """The error for a run that has diverged just now; `layers` are where it was found to have, and
    `rows` those that brought it to light."""
    last = len(run.order) - 1  # at the end of an epoch, the last batch is concerned
    batch = min(run.position, last) // batch_length(run) + 1
    return DivergedError(run.epoch + 1, batch, first_layer_astray(layers, rows))
