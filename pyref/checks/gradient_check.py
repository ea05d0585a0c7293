"""Backpropagation against finite differences, layer by layer, on the user's own data.

The derivative of the loss by one weight can be had in two ways: by backpropagation, or by moving
the weight a little to both sides and looking at the loss.  Where they disagree, one of them is
wrong.  This is how people make sure of a network's gradients.  (Bishop 2006, section 5.3.3)

Where the loss has a kink (relu at 0), its slope to one side is not that to the other, and
backpropagation is right if it gives either.

Of a network of single precision, the gradients are those that it computes.  The loss is measured in
double, from the same weights: in single precision a step must be so long to be seen at all that the
curvature within it would hide mistakes.
"""

from math import inf, isfinite
from typing import Any, Callable, List, NamedTuple, Optional, Tuple

from ..arguments.changed import checked_layers, copied
from ..arguments.loss import wanted_loss
from ..arguments.units import scaled_data
from ..network import Network
from ..reference.generator import Stream
from ..reference.layer import Layer, Rows
from ..reference.losses import LOSSES, output_deltas, row_loss
from ..reference.network import backward, forward

STEP = 1e-5  # balances the rounding of the loss against the curvature within the step
NOTHING = 1e-3  # for each 1 of the loss: smaller slopes drown in its rounding
GOOD = {"double": 1e-6, "single": 1e-3}  # a relative difference that rounding explains
TO_ONE_SIDE = 1e-4  # a slope to one side is less exact: all within this is as good as equal


class LayerCheck(NamedTuple):
    """What was found for one layer (from 1).

    `worst` is the largest relative difference among the `checked` of its `parameters`: the distance
    of the two derivatives over the larger of them, and over a thousandth of the loss (of 1, if it
    is smaller) where both are less than that.  Up to `GOOD` of the network's precision, 1e−6 or
    1e−3, all is well; about 1 is a bug, and so is infinity, which stands for derivatives that are
    infinite or not numbers.
    """

    layer: int
    activation: str
    parameters: int
    checked: int
    worst: float
    backpropagated: float  # both derivatives where they differ most
    measured: float


def check_gradient(
    network: Network,
    inputs: Any,
    targets: Any,
    loss: Optional[str] = None,
    per_layer: int = 50,
    seed: int = 1,
) -> List[LayerCheck]:
    """Compare the gradients of all rows as one batch, for parameters drawn from each layer.

    `per_layer` parameters are drawn without replacement from each layer (all, where there are
    fewer).  The network is not changed.  Raises ValueError for data or a loss that do not fit, and
    where the loss itself is infinite or not a number.

    >>> checks = check_gradient(Network([2, 3, 1]), [[0, 1], [1, 1]], [1, 0])
    >>> [check.worst < 1e-6 for check in checks]
    [True, True]
    """
    loss = wanted_loss(network, loss)
    data = scaled_data(network, inputs, targets, loss)
    rows, wanted = data.inputs.lists(), data.targets.lists()
    given = checked_layers(network)
    layers = copied(given)
    for layer in layers:
        layer.precision = "double"
    middle = mean_loss(layers, loss, rows, wanted)
    if not isfinite(middle):
        raise ValueError(
            f"the loss of these rows is {middle!r}: a network whose numbers grow beyond all floats "
            "has no gradients to compare"
        )
    nothing = NOTHING * max(1.0, middle)
    gradients = iter(gradients_of(given, loss, rows, wanted))
    good = GOOD[network.precision]
    stream = Stream(seed)
    found = []
    for number, layer in enumerate(layers, 1):
        lists = layer.weights + ([layer.biases] if layer.biases is not None else [])
        pairs = [
            (values, place, gradient)
            for values in lists
            for place, gradient in enumerate(next(gradients))
        ]
        drawn = [pairs[place] for place in stream.shuffled(len(pairs))[:per_layer]]
        worst = LayerCheck(number, layer.activation, len(pairs), len(drawn), 0.0, 0.0, 0.0)
        for values, place, gradient in drawn:
            def loss_here() -> float:
                return mean_loss(layers, loss, rows, wanted)

            distance, measured = compare(gradient, loss_here, values, place, nothing, good)
            if distance > worst.worst:
                worst = worst._replace(
                    worst=distance, backpropagated=gradient, measured=measured
                )
        found.append(worst)
    return found


def mean_loss(layers: List[Layer], loss: str, rows: Rows, targets: Rows) -> float:
    total = 0.0
    for row, t in zip(rows, targets):
        passed = forward(layers, [row])
        total += row_loss(loss, passed.z[-1][0], passed.y[-1][0], t)
    return total / LOSSES[loss].divisor(float(len(rows)), len(targets[0]))


def gradients_of(layers: List[Layer], loss: str, rows: Rows, targets: Rows) -> Rows:
    divisor = LOSSES[loss].divisor(float(len(rows)), len(targets[0]))
    passed = forward(layers, rows)
    activation, rounded = layers[-1].activation, layers[-1].rounded
    deltas = [
        rounded(output_deltas(loss, activation, z, y, t, 1.0, divisor))
        for z, y, t in zip(passed.z[-1], passed.y[-1], targets)
    ]
    return backward(layers, passed, deltas)


def compare(
    gradient: float,
    loss_here: Callable[[], float],
    values: List[float],
    place: int,
    nothing: float,
    good: float,
) -> Tuple[float, float]:
    """The relative distance of a gradient from how the loss really changes with values[place], and
    what that is."""
    down, up = slopes(loss_here, values, place, STEP)
    measured = (down + up) / 2.0
    distance = relative_distance(measured, gradient, nothing)
    if distance > good:
        # Half as far away, curvature makes half the difference between both slopes; a kink all.
        near_down, near_up = slopes(loss_here, values, place, STEP / 2.0)
        if abs(near_up - near_down) > 0.75 * abs(up - down):
            for slope in (near_down, near_up):
                if relative_distance(slope, gradient, nothing) <= max(TO_ONE_SIDE, good):
                    return 0.0, slope
    return distance, measured


def slopes(
    loss_here: Callable[[], float], values: List[float], place: int, step: float
) -> Tuple[float, float]:
    """How the loss changes when values[place] moves a little down, and when it moves up."""
    middle, here = values[place], loss_here()
    step = step * max(1.0, abs(middle))
    values[place] = middle + step
    above = loss_here()
    values[place] = middle - step
    below = loss_here()
    values[place] = middle
    return (here - below) / step, (above - here) / step


def relative_distance(a: float, b: float, nothing: float) -> float:
    distance = abs(a - b) / max(abs(a), abs(b), nothing)
    return distance if isfinite(distance) else inf
