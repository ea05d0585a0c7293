"""A layer: weighted sums forward, and the same weights backward.

This file puts several neurons side by side.  A layer with n inputs and m units (neurons) holds a
weight for each pair, weights[k][j] from input k to unit j, and a bias for each unit.  Rows go
through it in batches: a batch of r rows is a list of r lists.  Its three sums are here:

    pre_activations    on the way forward: those of its units, for each row
    errors_below       on the way back: how the loss moves with each number that the layer has read
    weight_gradients   how the loss moves with each weight, added up over the rows of the batch
                       (bias_gradients: the same for weights whose input is always 1)

The last two begin with the *deltas*, the loss's derivatives by the pre-activations, row by row.
For the last layer of a network, `output_deltas` of losses.py makes them; for the others network.py,
the next file.

Each sum has a fixed order, stated where it stands: that is what makes the results the same bits on
every machine.  The order within a sum is all that matters: which unit or row is computed first
changes nothing.

A number that is kept (a weight, an activation, a gradient …) goes through `rounded` first.  It
leaves the number as it is, unless the network is to keep its numbers in single precision, with
fewer digits.  `weighted_sums` and `products_added` do the same in each step of a sum (all three
stand in precision.py, in the last chapter).

Names:  x what a layer reads, z its pre-activations;  k counts its inputs, j its units, r rows.
"""

from typing import Callable, List, Optional

from .precision import PRECISIONS
from .precision import Row as Row  # which others take from here

Rows = List[Row]


class Layer:
    """`weights[k][j]`, `biases[j]` (None: without), an activation's name, a precision's name.

    Every unit reads every input: a *dense* layer.
    """

    def __init__(
        self, weights: Rows, biases: Optional[Row], activation: str, precision: str = "double"
    ) -> None:
        self.weights = weights
        self.biases = biases
        self.activation = activation
        self.precision = precision

    @property
    def units(self) -> int:
        return len(self.weights[0])

    @property
    def rounded(self) -> Callable[[Row], Row]:
        return PRECISIONS[self.precision].rounded


def pre_activations(layer: Layer, x: Rows) -> Rows:
    """z[r][j] = biases[j] (or 0.0), then + x[r][k]·weights[k][j] for k = 0, 1, 2 …

    >>> pre_activations(Layer([[1.0, 0.0], [2.0, -1.0]], [0.5, 0.0], "identity"), [[3.0, 4.0]])
    [[11.5, -4.0]]
    """
    starts = layer.biases if layer.biases is not None else [0.0] * layer.units
    weights_of_units = list(zip(*layer.weights))
    weighted_sums = PRECISIONS[layer.precision].weighted_sums
    return [weighted_sums(starts, row, weights_of_units) for row in x]


def errors_below(layer: Layer, deltas: Rows) -> Rows:
    """errors[r][k] = Σ_j deltas[r][j]·weights[k][j]: from 0.0, for j = 0, 1, 2 …

    The loss's derivative by each number that the layer has read (the chain rule: a number counts
    through every unit that reads it).
    """
    zeros = [0.0] * len(layer.weights)
    weighted_sums = PRECISIONS[layer.precision].weighted_sums
    return [weighted_sums(zeros, of_row, layer.weights) for of_row in deltas]


def weight_gradients(layer: Layer, x: Rows, deltas: Rows) -> Rows:
    """gradient[k][j] = Σ_r x[r][k]·deltas[r][j]: from 0.0, over the batch's rows in order."""
    gradients = [[0.0] * layer.units for _ in x[0]]
    products_added = PRECISIONS[layer.precision].products_added
    for row, of_row in zip(x, deltas):
        gradients = [
            products_added(of_input, value, of_row) for value, of_input in zip(row, gradients)
        ]
    return gradients


def bias_gradients(layer: Layer, deltas: Rows) -> Row:
    """gradient[j] = Σ_r deltas[r][j]: a bias is a weight whose input is always 1."""
    gradients = [0.0] * layer.units
    for of_row in deltas:
        gradients = layer.rounded([g + delta for g, delta in zip(gradients, of_row)])
    return gradients
