"""Backpropagation against finite differences, and the losses against their formulas.

The gradient that `backward` gives for a parameter is compared with what the loss really does when
that parameter is moved a little to either side.
"""

import itertools
import math
from typing import NamedTuple

import pytest

from pyref.reference.activations import ACTIVATIONS, softmax
from pyref.reference.generator import Stream
from pyref.reference.losses import LOSSES, output_deltas, row_loss
from pyref.reference.layer import Layer
from pyref.reference.network import backward, forward
from pyref.reference.parameters import parameters
from pyref.reference.regularization import Regularization, draw_dropout
from pyref.reference.losses import total_weight

PAIRS = [(loss, output) for loss in LOSSES for output in LOSSES[loss].outputs]
SLOPED = [name for name in ACTIVATIONS if name != "threshold"]
KINKED = ("relu", "leaky_relu", "elu")  # at 0
NEAR_A_KINK = 1e-3  # far more than a step moves anything

STEP = 1e-5  # the differences are then right to about 1e-10, from rounding and curvature alike
TOLERANCE = 1e-7


def drawn(stream, count, low, high):
    return [low + (high - low) * stream.random() for _ in range(count)]


def drawn_layers(stream, sizes, activations, biases):
    return [
        Layer(
            [drawn(stream, units, -1.0, 1.0) for _ in range(inputs)],
            drawn(stream, units, -0.5, 0.5) if biases else None,
            activation,
        )
        for inputs, units, activation in zip(sizes, sizes[1:], activations)
    ]


def drawn_target(stream, loss, outputs):
    if loss == "cross_entropy":
        parts = drawn(stream, outputs, 0.1, 1.0)
        total = math.fsum(parts)
        return [part / total for part in parts]
    return drawn(stream, outputs, 0.0, 1.0)


class Case(NamedTuple):
    """A network, a batch, and what dropout has left of it."""

    layers: list
    loss: str
    rows: list
    targets: list
    weights: list
    kept: list


def divisor(case):
    return LOSSES[case.loss].divisor(total_weight(case.weights), len(case.targets[0]))


def batch_loss(case):
    passed = forward(case.layers, case.rows, case.kept)
    losses = [
        row_loss(case.loss, *of_row) * weight
        for *of_row, weight in zip(passed.z[-1], passed.y[-1], case.targets, case.weights)
    ]
    return math.fsum(losses) / divisor(case)


def is_near_a_kink(case):
    passed = forward(case.layers, case.rows, case.kept)
    distances = [
        abs(value)
        for layer, of_layer in zip(case.layers, passed.z)
        if layer.activation in KINKED
        for row in of_layer
        for value in row
    ]
    if case.loss in ("mean_absolute_error", "huber"):
        misses = [abs(o - t) for row in zip(passed.y[-1], case.targets) for o, t in zip(*row)]
        distances += misses + [abs(miss - 1.0) for miss in misses]
    return min(distances, default=1.0) < NEAR_A_KINK


def drawn_case(sizes, hidden, output, loss, biases, dropout=0.0):
    """From the first seed that keeps away from kinks."""
    for seed in itertools.count(1):
        stream = Stream(seed)
        layers = drawn_layers(stream, sizes, [*hidden, output], biases)
        rows = [drawn(stream, sizes[0], -1.0, 1.0) for _ in range(4)]
        targets = [drawn_target(stream, loss, sizes[-1]) for _ in rows]
        weights = drawn(stream, len(rows), 0.5, 2.0)
        kept = draw_dropout(Regularization(dropout=dropout), layers, len(rows), stream)
        case = Case(layers, loss, rows, targets, weights, kept)
        if not is_near_a_kink(case):
            return case


def gradients_of(case):
    passed = forward(case.layers, case.rows, case.kept)
    deltas = [
        output_deltas(case.loss, case.layers[-1].activation, *of_row, divisor(case))
        for of_row in zip(passed.z[-1], passed.y[-1], case.targets, case.weights)
    ]
    return backward(case.layers, passed, deltas)


def wrong_gradients(case, gradients):
    """A line for each parameter whose gradient is not what the loss does."""
    wrong = []
    for place, (values, of_values) in enumerate(zip(parameters(case.layers), gradients)):
        for column, gradient in enumerate(of_values):
            kept = values[column]
            values[column] = kept + STEP
            above = batch_loss(case)
            values[column] = kept - STEP
            below = batch_loss(case)
            values[column] = kept
            difference = (above - below) / (2.0 * STEP)
            if not abs(gradient - difference) <= TOLERANCE * max(1.0, abs(difference)):
                wrong.append(f"list {place}, {column}: {gradient!r}, differences {difference!r}")
    return wrong


def check(*recipe, **more):
    case = drawn_case(*recipe, **more)
    gradients = gradients_of(case)
    assert [len(row) for row in gradients] == [len(row) for row in parameters(case.layers)]
    assert not wrong_gradients(case, gradients)
    values = [value for row in gradients for value in row]
    assert sum(value != 0.0 for value in values) > len(values) / 4  # not all units are dead


@pytest.mark.parametrize("biases", [True, False])
@pytest.mark.parametrize("loss, output", PAIRS)
def test_every_pair_of_loss_and_output(loss, output, biases):
    check([3, 4, 3], ["tanh"], output, loss, biases)


@pytest.mark.parametrize("biases", [True, False])
@pytest.mark.parametrize("hidden", SLOPED)
def test_every_hidden_activation(hidden, biases):
    check([3, 5, 4, 2], [hidden, hidden], "sigmoid", "binary_cross_entropy", biases)


@pytest.mark.parametrize("loss, output", PAIRS)
def test_no_hidden_layer(loss, output):
    check([4, 2], [], output, loss, True)


def test_a_deep_network_of_many_activations():
    check([2, *[4] * len(SLOPED), 3], SLOPED, "softmax", "cross_entropy", True)


def test_dropout_goes_both_ways():
    check([5, 6, 6, 2], ["tanh", "softmax"], "identity", "mean_squared_error", True, dropout=0.4)


def test_the_check_sees_one_wrong_gradient():
    case = drawn_case([2, 3, 1], ["tanh"], "identity", "mean_squared_error", True)
    gradients = gradients_of(case)
    gradients[1][2] += 1e-6
    found = wrong_gradients(case, gradients)
    assert len(found) == 1 and found[0].startswith("list 1, 2:")


# The examples in the documentation of scikit-learn's functions of these names.
PUBLISHED = [
    ("mean_squared_error", [[2.5], [0.0], [2.0], [8.0]], [[3.0], [-0.5], [2.0], [7.0]], 0.375),
    (
        "mean_squared_error",
        [[0.0, 2.0], [-1.0, 2.0], [8.0, -5.0]],
        [[0.5, 1.0], [-1.0, 1.0], [7.0, -6.0]],
        0.70833,
    ),
    ("mean_absolute_error", [[2.5], [0.0], [2.0], [8.0]], [[3.0], [-0.5], [2.0], [7.0]], 0.5),
    (
        "cross_entropy",  # sklearn.metrics.log_loss
        [[math.log(0.1), math.log(0.9)], [math.log(0.9), math.log(0.1)],
         [math.log(0.8), math.log(0.2)], [math.log(0.35), math.log(0.65)]],
        [[0.0, 1.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]],
        0.21616,
    ),
]


@pytest.mark.parametrize("loss, read, targets, published", PUBLISHED)
def test_published_values(loss, read, targets, published):
    total = math.fsum(LOSSES[loss].of_row(*row) for row in zip(read, targets))
    assert round(total / LOSSES[loss].divisor(float(len(read)), len(read[0])), 5) == published


@pytest.mark.parametrize("z", [-30.0, -3.0, -0.1, 0.0, 0.7, 5.0, 12.0])
@pytest.mark.parametrize("t", [0.0, 0.25, 1.0])
def test_binary_cross_entropy_is_its_formula(z, t):
    y = 1.0 / (1.0 + math.exp(-z))
    formula = -(t * math.log(y) + (1.0 - t) * math.log1p(-y))
    expected = pytest.approx(formula, rel=1e-9, abs=0.0)
    assert row_loss("binary_cross_entropy", [z], [y], [t]) == expected


@pytest.mark.parametrize("far", [40.0, 100.0, 700.0])
def test_binary_cross_entropy_keeps_its_digits_where_the_output_is_0_or_1(far):
    """e^−far, on both sides alike; torch.nn.BCEWithLogitsLoss gives the same."""
    expected = pytest.approx(math.log1p(math.exp(-far)), rel=1e-14, abs=0.0)
    assert row_loss("binary_cross_entropy", [far], [1.0], [1.0]) == expected
    assert row_loss("binary_cross_entropy", [-far], [0.0], [0.0]) == expected


FAR = [800.0, 1e16, 1e200, 1e308, 1.7976931348623157e308]


@pytest.mark.parametrize("far", FAR)
def test_the_tails_of_the_cross_entropies(far):
    assert row_loss("binary_cross_entropy", [far, -far], [1.0, 0.0], [1.0, 0.0]) == 0.0
    assert row_loss("binary_cross_entropy", [far], [1.0], [0.0]) == far
    assert row_loss("binary_cross_entropy", [-far], [0.0], [1.0]) == far
    assert row_loss("cross_entropy", [far, 0.0], [1.0, 0.0], [1.0, 0.0]) == 0.0
    assert row_loss("cross_entropy", [far, 0.0], [1.0, 0.0], [0.0, 1.0]) == far
    assert row_loss("cross_entropy", [0.0, -far], [1.0, 0.0], [0.0, 1.0]) == far


@pytest.mark.parametrize("far", FAR)
def test_the_tails_of_softmax(far):
    assert softmax([far, -far]) == [1.0, 0.0]
    assert softmax([-far, -far, far]) == [0.0, 0.0, 1.0]
    assert softmax([far, far]) == softmax([-far, -far]) == [0.5, 0.5]


@pytest.mark.parametrize("far", FAR)
@pytest.mark.parametrize("loss, output", PAIRS)
def test_deltas_are_finite_in_the_tails(loss, output, far):
    if "cross_entropy" not in loss and output not in ("sigmoid", "tanh", "softmax", "softsign"):
        return  # these outputs are as large as z itself
    z = [far, -far]
    y = ACTIVATIONS[output].outputs(z)
    deltas = output_deltas(loss, output, z, y, [0.0, 1.0], 1.0, 1.0)
    assert all(map(math.isfinite, deltas)), deltas
