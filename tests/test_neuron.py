"""pyref/reference/neuron.py: the unit of 1943, the perceptron and the sigmoid neuron."""

import doctest

import pytest

import pyref.reference.neuron
from pyref import SGD, Network, Trainer
from pyref.reference.generator import Stream
from pyref.reference.neuron import McCullochPittsUnit, Perceptron, SigmoidNeuron, weighted_sum

PAIRS = [[0, 0], [0, 1], [1, 0], [1, 1]]


def hexes(numbers):
    return [number.hex() for number in numbers]


def test_the_examples_in_the_docstrings():
    failed, tried = doctest.testmod(pyref.reference.neuron)
    assert tried > 0 and failed == 0


def test_weighted_sum_adds_in_the_stated_order():
    # From the left, 1 is lost beside 1e16; any other order would keep some of it.
    assert weighted_sum([1e16, 1.0, -1e16], [1.0, 1.0, 1.0]) == 0.0
    assert weighted_sum([1.0, 1e16, -1e16], [1.0, 1.0, 1.0]) == 0.0
    assert weighted_sum([1e16, -1e16, 1.0], [1.0, 1.0, 1.0]) == 1.0
    assert weighted_sum([-1e16, 1.0], [1.0, 1.0], start=1e16) == 1.0


@pytest.mark.parametrize("unit", [
    McCullochPittsUnit([1, 1], 2), Perceptron(2), SigmoidNeuron([0.5, 0.5]),
])
def test_a_wrong_number_of_inputs_is_refused(unit):
    with pytest.raises(ValueError, match="2 weights and takes as many inputs, not 3"):
        unit.output([1, 0, 1])


@pytest.mark.parametrize("weights, threshold, outputs", [
    ([1, 1], 2, [0, 0, 0, 1]),  # AND
    ([1, 1], 1, [0, 1, 1, 1]),  # OR
    ([-1, -1], -1, [1, 1, 1, 0]),  # NAND
    ([-1, -1], 0, [1, 0, 0, 0]),  # NOR
])
def test_a_unit_fires_when_the_sum_reaches_the_threshold(weights, threshold, outputs):
    unit = McCullochPittsUnit(weights, threshold)
    assert [unit.output(pair) for pair in PAIRS] == outputs


def test_the_perceptron_rule_by_hand():
    """One correction upwards, one downwards, one right answer.

    From zeros the perceptron fires (0 ≥ 0).  (2, −3) should be silent: error −1, so the weights
    become −(2, −3) and the bias −1.  (1, 0) should fire, but −1 − 2 < 0: error +1, weights
    (−2 + 1, 3) and bias 0.  (0, 1) should fire and does: 3 ≥ 0.
    """
    perceptron = Perceptron(2)
    assert perceptron.learn([2, -3], 0) == -1
    assert (perceptron.weights, perceptron.bias) == ([-2.0, 3.0], -1.0)
    assert perceptron.learn([1, 0], 1) == 1
    assert (perceptron.weights, perceptron.bias) == ([-1.0, 3.0], 0.0)
    assert perceptron.learn([0, 1], 1) == 0
    assert (perceptron.weights, perceptron.bias) == ([-1.0, 3.0], 0.0)


@pytest.mark.parametrize("targets", [
    [(outputs >> place) & 1 for place in range(4)] for outputs in range(16)
])
def test_the_perceptron_learns_all_functions_of_two_inputs_but_two(targets):
    """The fourteen that a line can separate; XOR and its opposite are the other two."""
    perceptron = Perceptron(2)
    mistakes = perceptron.train(PAIRS, targets, epochs=100)
    if targets in ([0, 1, 1, 0], [1, 0, 0, 1]):
        assert len(mistakes) == 100 and 0 not in mistakes
    else:
        assert mistakes[-1] == 0 and 0 not in mistakes[:-1]
        assert [perceptron.output(pair) for pair in PAIRS] == targets


def test_the_perceptron_separates_points_along_a_line():
    """200 points at least 0.05 from the line 2a − b = 0.5; Novikoff's bound must hold as well.

    With the bias as a weight of a constant input 1, all points lie within a radius R and some
    direction separates them with margin g; the corrections are then at most (R/g)².
    """
    stream = Stream(1)
    points, targets = [], []
    length = (2.0 * 2.0 + 1.0 + 0.5 * 0.5) ** 0.5  # of the direction (2, −1, −0.5)
    margin, radius = 1e9, 0.0
    while len(points) < 200:
        a, b = 2.0 * stream.random() - 1.0, 2.0 * stream.random() - 1.0
        side = 2.0 * a - b - 0.5
        if abs(side) >= 0.05:
            points.append([a, b])
            targets.append(1 if side > 0 else 0)
            margin = min(margin, abs(side) / length)
            radius = max(radius, (a * a + b * b + 1.0) ** 0.5)
    perceptron = Perceptron(2)
    mistakes = perceptron.train(points, targets, epochs=10000)
    assert mistakes[-1] == 0
    assert sum(mistakes) <= (radius / margin) ** 2


def loss(neuron, rows, targets):
    return sum(0.5 * (neuron.output(row) - t) ** 2 for row, t in zip(rows, targets))


def test_the_delta_rule_follows_the_slope_of_the_loss():
    """A step with learning rate 1 is minus the gradient; compare with differences of the loss."""
    rows = [[0.5, -1.0, 2.0], [1.5, 0.25, -0.75], [-2.0, 1.0, 0.125]]
    targets = [0.9, 0.1, 0.4]
    start = [0.3, -0.2, 0.1]
    neuron = SigmoidNeuron(start)
    neuron.train(rows, targets, iterations=1)
    for k in range(3):
        above, below = list(start), list(start)
        above[k] += 1e-5
        below[k] -= 1e-5
        slope = (loss(SigmoidNeuron(above), rows, targets)
                 - loss(SigmoidNeuron(below), rows, targets)) / 2e-5
        assert start[k] - neuron.weights[k] == pytest.approx(slope, rel=1e-7)


def test_the_published_figures_of_the_single_neuron():
    """The nine-line article: weights and answer after 10,000 iterations from seed 1."""
    stream = Stream(1)
    neuron = SigmoidNeuron([2.0 * stream.random() - 1.0 for _ in range(3)])
    assert [round(w, 8) for w in neuron.weights] == [-0.16595599, 0.44064899, -0.99977125]
    rows = [[0, 0, 1], [1, 1, 1], [1, 0, 1], [0, 1, 1]]
    neuron.train(rows, [0, 1, 1, 0], iterations=10000)
    assert [round(w, 8) for w in neuron.weights] == [9.67299303, -0.2078435, -4.62963669]
    assert round(neuron.output([1, 0, 0]), 8) == 0.99993704


@pytest.mark.parametrize("rows, targets", [
    ([[0, 0, 1], [1, 1, 1], [1, 0, 1], [0, 1, 1]], [0, 1, 1, 0]),
    ([[0.1, -2.7, 3.3], [1e-3, 40.0, -0.7], [-5.5, 0.3, 0.2]], [0.25, 1.0, 0.6]),
])
@pytest.mark.parametrize("learning_rate", [1.0, 0.37])
def test_the_neuron_equals_a_network_of_one_to_the_last_bit(backend, rows, targets, learning_rate):
    network = Network([3, 1], output="sigmoid", initializer="uniform", biases=False, seed=1)
    neuron = SigmoidNeuron([weights[0] for weights in network.layers[0].weights])
    trainer = Trainer(
        network,
        loss="half_squared_error",
        optimizer=SGD(learning_rate=learning_rate),
        batch_size=None,
        backend=backend,
    )
    for iterations in (1, 9, 490):
        trainer.train(rows, [[target] for target in targets], epochs=iterations)
        neuron.train(rows, targets, iterations, learning_rate)
        assert hexes(neuron.weights) == hexes(w[0] for w in network.layers[0].weights)
        assert hexes(neuron.output(row) for row in rows) == hexes(
            outputs[0] for outputs in network.predict(rows)
        )
