"""A network: layers of weights, a way forward through them and a way back.

A layer with n inputs and m units holds a weight for each pair: weights[k][j] leads from input k to
unit j.  Rows go through the layers in batches: a batch of r rows is a list of r lists.

Forward, every layer turns the activations below it into its own.  Backward (backpropagation,
Rumelhart, Hinton and Williams 1986), the deltas of a layer, the loss's derivatives by its
pre-activations, give the gradients of its weights and the errors of the layer below.

Every sum here has a fixed order, stated where it stands: that is what makes the results the same
bits on every machine.  The order within a sum is all that matters: which unit or row is computed
first changes nothing.

Names in this file:  x what a layer reads, z pre-activations, y activations;
                     k counts a layer's inputs, j its units.
"""

from typing import List, NamedTuple, Optional, Sequence

from .activations import ACTIVATIONS
from .generator import Stream

Row = List[float]
Rows = List[Row]


class Layer:
    """One dense layer: `weights[k][j]`, `biases[j]` (None: without), an activation's name."""

    def __init__(self, weights: Rows, biases: Optional[Row], activation: str) -> None:
        self.weights = weights
        self.biases = biases
        self.activation = activation

    @property
    def units(self) -> int:
        return len(self.weights[0])


def new_layers(
    sizes: List[int], activations: List[str], initializers: list, biases: bool, stream: Stream
) -> List[Layer]:
    """Layers with drawn weights: sizes [2, 4, 1] make 2 inputs, 4 hidden units and 1 output."""
    layers = []
    for inputs, units, activation, initializer in zip(
        sizes, sizes[1:], activations, initializers
    ):
        weights = initializer.weights(inputs, units, stream)
        of_units = initializer.biases(inputs, units, stream) if biases else None
        layers.append(Layer(weights, of_units, activation))
    return layers


def parameters(layers: List[Layer]) -> Rows:
    """Every parameter of the network, as the lists that hold them, in canonical order.

    Layer by layer: the weights input by input, then the biases.  Gradients and whatever an
    optimizer remembers are kept in lists of the same shape.
    """
    lists = []
    for layer in layers:
        lists.extend(layer.weights)
        if layer.biases is not None:
            lists.append(layer.biases)
    return lists


def dot(layers: List[Layer], a: Rows, b: Rows) -> float:
    """Σ a·b over two lists in the shape of `parameters`.

    Unit by unit: a unit's weights, from its first input to its last, then its bias, from 0.0;
    then the units are added up in order.
    """
    total = 0.0
    first = 0
    for layer in layers:
        after = first + len(layer.weights) + (layer.biases is not None)
        for unit_a, unit_b in zip(zip(*a[first:after]), zip(*b[first:after])):
            of_unit = 0.0
            for value_a, value_b in zip(unit_a, unit_b):
                of_unit += value_a * value_b
            total += of_unit
        first = after
    return total


def pre_activations(layer: Layer, rows: Rows) -> Rows:
    """z[r][j] = biases[j] (or 0.0), then + rows[r][k]·weights[k][j] for k = 0, 1, 2 …"""
    starts = layer.biases if layer.biases is not None else [0.0] * layer.units
    units = list(zip(*layer.weights))  # the weights of each unit
    z = []
    for row in rows:
        of_row = []
        for weights, start in zip(units, starts):
            total = start
            for x, w in zip(row, weights):
                total += x * w
            of_row.append(total)
        z.append(of_row)
    return z


def scaled_by(rows: Rows, factors: Rows) -> Rows:
    return [[v * f for v, f in zip(row, of_row)] for row, of_row in zip(rows, factors)]


class Pass(NamedTuple):
    """What a batch left on its way forward, [layer][row][unit].

    x is what a layer read, z and y its pre-activations and activations.  x of one layer is y of
    the layer below, unless dropout has `kept` only some units: factors for each x, or None.
    """

    x: List[Rows]
    z: List[Rows]
    y: List[Rows]
    kept: Sequence[Optional[Rows]]


def forward(layers: List[Layer], rows: Rows, kept: Sequence[Optional[Rows]] = ()) -> Pass:
    """A batch on its way through all layers."""
    x: List[Rows] = []
    z: List[Rows] = []
    y: List[Rows] = []
    for place, layer in enumerate(layers):
        if kept and kept[place] is not None:
            rows = scaled_by(rows, kept[place])
        activate = ACTIVATIONS[layer.activation].outputs
        x.append(rows)
        z.append(pre_activations(layer, rows))
        y.append([activate(row) for row in z[-1]])
        rows = y[-1]
    return Pass(x, z, y, kept)


def predict(layers: List[Layer], rows: Rows) -> Rows:
    """The outputs for a batch of rows; each row by itself gives the same bits."""
    return forward(layers, rows).y[-1]


def errors_below(layer: Layer, deltas: Row) -> Row:
    """The loss's derivative by each input of the layer: errors[k] = Σ_j deltas[j]·weights[k][j].

    From 0.0, for j = 0, 1, 2 …
    """
    errors = []
    for weights in layer.weights:
        error = 0.0
        for delta, w in zip(deltas, weights):
            error += delta * w
        errors.append(error)
    return errors


def weight_gradients(rows: Rows, deltas: Rows) -> Rows:
    """gradient[k][j] = Σ_r rows[r][k]·deltas[r][j]: from 0.0, over the batch's rows in order."""
    gradients = [[0.0] * len(deltas[0]) for _ in rows[0]]
    for row, row_deltas in zip(rows, deltas):
        for x, of_input in zip(row, gradients):
            of_input[:] = [g + x * d for g, d in zip(of_input, row_deltas)]
    return gradients


def bias_gradients(deltas: Rows) -> Row:
    """gradient[j] = Σ_r deltas[r][j]: a bias is a weight whose input is always 1."""
    gradients = [0.0] * len(deltas[0])
    for row_deltas in deltas:
        gradients = [g + d for g, d in zip(gradients, row_deltas)]
    return gradients


def backward(layers: List[Layer], batch: Pass, deltas: Rows) -> Rows:
    """The gradients of all parameters, in the shape of `parameters`, from the output deltas."""
    gradients: Rows = []
    for place in range(len(layers) - 1, -1, -1):
        layer = layers[place]
        of_layer = weight_gradients(batch.x[place], deltas)
        if layer.biases is not None:
            of_layer.append(bias_gradients(deltas))
        gradients = of_layer + gradients
        if place > 0:
            errors = [errors_below(layer, row_deltas) for row_deltas in deltas]
            if batch.kept and batch.kept[place] is not None:
                errors = scaled_by(errors, batch.kept[place])
            below = ACTIVATIONS[layers[place - 1].activation]
            deltas = [
                below.deltas(*row) for row in zip(errors, batch.z[place - 1], batch.y[place - 1])
            ]
    return gradients
