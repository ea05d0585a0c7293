"""A network: layers on top of each other, the way forward through them and the way back.

Forward, every layer turns the activations below it into its own.  Backward (backpropagation,
Rumelhart, Hinton and Williams 1986), the deltas of a layer give the gradients of its weights and
the errors of the layer below, and these become the deltas there.  This file only leads from layer
to layer: what happens in one of them stands in layer.py and activations.py.  What the gradients
are good for, the next chapter says.

*Dropout*, explained in regularization.py, lets some of the numbers that a layer would read drop
out; `kept` holds a factor for each of them.  Where there is none, skip the words that name it.
"""

from typing import List, NamedTuple, Optional, Sequence

from .activations import ACTIVATIONS
from .layer import Layer, Rows, bias_gradients, errors_below, pre_activations, weight_gradients
from .regularization import scaled_by


class Pass(NamedTuple):
    """What a batch left on its way forward, [layer][row][unit]; backward needs it again.

    x is what a layer read, z and y its pre-activations and activations.  x of one layer is y of
    the layer below, unless dropout has `kept` only some units: factors for each x, or None.
    """

    x: List[Rows]
    z: List[Rows]
    y: List[Rows]
    kept: Sequence[Optional[Rows]]


def forward(layers: List[Layer], rows: Rows, kept: Sequence[Optional[Rows]] = ()) -> Pass:
    """A batch on its way through all layers, from the first to the last."""
    passed = Pass([], [], [], kept or [None] * len(layers))
    for layer, factors in zip(layers, passed.kept):
        x = scaled_by(layer, rows, factors)
        z = pre_activations(layer, x)
        y = [layer.rounded(ACTIVATIONS[layer.activation].outputs(of_row)) for of_row in z]
        passed.x.append(x)
        passed.z.append(z)
        passed.y.append(y)
        rows = y  # what the next layer reads
    return passed


def predict(layers: List[Layer], rows: Rows) -> Rows:
    """The outputs for a batch of rows; each row by itself gives the same bits."""
    return forward(layers, rows).y[-1]


def backward(layers: List[Layer], passed: Pass, deltas: Rows) -> Rows:
    """The gradients of all parameters, in the shape of `parameters`, from the output deltas."""
    gradients: Rows = []
    for place in range(len(layers) - 1, -1, -1):  # from the last layer to the first
        layer = layers[place]
        of_layer = weight_gradients(layer, passed.x[place], deltas)
        if layer.biases is not None:
            of_layer.append(bias_gradients(layer, deltas))
        gradients = of_layer + gradients
        if place > 0:
            below = ACTIVATIONS[layers[place - 1].activation]
            errors = scaled_by(layer, errors_below(layer, deltas), passed.kept[place])
            deltas = [
                layer.rounded(below.deltas(*row))
                for row in zip(errors, passed.z[place - 1], passed.y[place - 1])
            ]
    return gradients
