"""Take the errors back through a layer, by hand.

A network of two layers, all of whose units are sigmoids, has the loss ½·Σ(y − t)² for one row.
Write `gradients(layers, x, t)`, the way forward and the way back in loops of your own, without
network.py.  `layers` is a list of two pairs, weights and biases, where weights[k][j] leads from
input k to unit j.

The answer is a list of two pairs, too, of the same shape: how the loss moves with each weight and
each bias.

Bits are compared, so the order matters.  A pre-activation starts at the bias and adds over k.  An
error that comes back starts at 0.0 and adds over the units j.  A delta is the error times
(y·(1 − y)), and a gradient is input times delta.
"""

from typing import Any, List

from pyref.exercises.comparing import same
from pyref.exercises.work import Work, Wrong, shortly
from pyref.reference.generator import Stream
from pyref.reference.initializers import uniform
from pyref.reference.layer import Layer
from pyref.reference.losses import output_deltas
from pyref.reference.network import backward, forward

CHAPTER = "network"

START = '''\
from pyref.reference.elementary import sigmoid


def gradients(layers, x, t):
    """[(slopes of the first weights, of the first biases), (of the second …)]."""
    (first, first_biases), (second, second_biases) = layers
    raise NotImplementedError("gradients is yours to write")
'''

HINTS = (
    "Forward first: hidden = [sigmoid(z) …] of x, outputs = [sigmoid(z) …] of hidden.  Keep both.",
    "Output deltas: (y − t) * (y * (1.0 − y)), one for each output.  A weight's slope is what it "
    "reads times the delta of its unit; a bias's slope is the delta.",
    "The error of hidden unit k is the sum over the outputs j of delta[j] * second[k][j].  Times "
    "h·(1 − h) it is the hidden unit's delta, and then the same with x in place of hidden.",
)

SOLUTION = '''\
from pyref.reference.elementary import sigmoid


def outputs(weights, biases, x):
    answers = []
    for j, bias in enumerate(biases):
        total = bias
        for k, value in enumerate(x):
            total += value * weights[k][j]
        answers.append(sigmoid(total))
    return answers


def slopes(x, deltas):
    return [[value * delta for delta in deltas] for value in x], deltas


def gradients(layers, x, t):
    """[(slopes of the first weights, of the first biases), (of the second …)]."""
    (first, first_biases), (second, second_biases) = layers
    hidden = outputs(first, first_biases, x)
    answers = outputs(second, second_biases, hidden)
    deltas = [(y - target) * (y * (1.0 - y)) for y, target in zip(answers, t)]
    hidden_deltas = []
    for k, h in enumerate(hidden):
        error = 0.0
        for j, delta in enumerate(deltas):
            error += delta * second[k][j]
        hidden_deltas.append(error * (h * (1.0 - h)))
    return [slopes(x, hidden_deltas), slopes(hidden, deltas)]
'''

SIZES = [(1, 1, 1), (2, 2, 1), (3, 5, 4), (4, 2, 3)]


def right(layers: List[Layer], x: List[float], t: List[float]) -> List[List[Any]]:
    """The gradients, in the shape of the answer."""
    passed = forward(layers, [x])
    z, y = passed.z[-1][0], passed.y[-1][0]
    deltas = output_deltas("half_squared_error", "sigmoid", z, y, t, 1.0, 1.0)
    rows = backward(layers, passed, [deltas])
    inputs = len(layers[0].weights)
    first, second = rows[: inputs + 1], rows[inputs + 1 :]
    return [[first[:-1], first[-1]], [second[:-1], second[-1]]]


def check(work: Work) -> str:
    gradients = work.function("gradients", "a function of layers, x and t")
    stream = Stream(1)
    for sizes in SIZES:
        layers = []
        for inputs, units in zip(sizes, sizes[1:]):
            weights = uniform(inputs, units).weights(inputs, units, stream)
            biases = uniform(1, units).weights(1, units, stream)[0]
            layers.append(Layer(weights, biases, "sigmoid"))
        x = [2.0 * stream.random() - 1.0 for _ in range(sizes[0])]
        t = [stream.random() for _ in range(sizes[-1])]
        given = [([list(row) for row in layer.weights], list(layer.biases or []))
                 for layer in layers]
        found = gradients(given, list(x), list(t))
        called = "-".join(map(str, sizes))
        if not isinstance(found, (list, tuple)) or len(found) != 2 or not all(
            isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in found
        ):
            raise Wrong(f"network {called}: expected two pairs of slopes, found {shortly(found)}")
        # The second layer first, as the way back goes.
        for place in (1, 0):
            expected = right(layers, x, t)[place]
            where = f"network {called}, {('first', 'second')[place]} layer"
            same(f"{where}: biases", expected[1], found[place][1])
            same(f"{where}: weights", expected[0], found[place][0])
    return f"the gradients of {len(SIZES)} networks are right to the last bit"
