"""The checks for people: check_gradient, and the findings of diagnosis.py."""

from array import array

import pytest

from pyref import Network
from pyref.reference.activations import ACTIVATIONS
from pyref.tables.scaling import Scaling
from pyref.checks.diagnosis import after_training, before_training
from pyref.checks.gradient_check import check_gradient
from pyref.reference.initializers import ConstantWeights, Normal

ROWS = [[0.3, -0.7], [0.9, 0.2], [-0.4, 0.8], [0.1, 0.5]]


@pytest.mark.parametrize("hidden", [name for name in ACTIVATIONS if name != "threshold"])
def test_gradients_are_right_for_every_activation(hidden):
    network = Network([2, 3, 3, 2], hidden=hidden, output="softmax", seed=4)
    before = network.digest()
    checks = check_gradient(network, ROWS, [0, 1, 1, 0])
    assert [check.layer for check in checks] == [1, 2, 3]
    assert [check.checked for check in checks] == [9, 12, 8]
    assert max(check.worst for check in checks) < 1e-6
    assert network.digest() == before


def test_a_wrong_gradient_is_found(monkeypatch):
    """A derivative that forgets a factor in one layer shows there and below, not above."""
    from pyref.reference import activations

    wrong = activations.unit_by_unit(activations.tanh, lambda z, y: 0.5 * (1.0 - y * y))
    monkeypatch.setitem(activations.ACTIVATIONS, "tanh", wrong)
    network = Network([2, 3, 3, 1], hidden=["sigmoid", "tanh"], seed=4)
    worst = [check.worst for check in check_gradient(network, ROWS, [0, 1, 1, 0])]
    assert worst[0] > 0.1 and worst[1] > 0.1 and worst[2] < 1e-6


def test_a_gradient_that_is_no_number_is_found(monkeypatch):
    from pyref.reference import activations

    wrong = activations.unit_by_unit(activations.tanh, lambda z, y: float("nan"))
    monkeypatch.setitem(activations.ACTIVATIONS, "tanh", wrong)
    worst = [check.worst for check in check_gradient(Network([2, 3, 1]), ROWS, [0, 1, 1, 0])]
    assert worst[0] == float("inf") and worst[1] < 1e-6


def test_a_loss_that_is_no_number_has_no_gradients():
    network = Network([2, 3, 1], "identity", "identity", ConstantWeights(1e120))
    with pytest.raises(ValueError, match="the loss of these rows is inf: .* no gradients"):
        check_gradient(network, ROWS, [0, 1, 1, 0])


def test_the_rounding_of_a_large_loss_is_no_mistake():
    network = Network([2, 3, 1], "tanh", "identity", Normal(0.0, 1e3), seed=3)
    checks = check_gradient(network, ROWS, [0, 1, 1, 0])
    assert max(check.worst for check in checks) < 1e-6
    assert [check.parameters for check in checks] == [9, 4]


@pytest.mark.parametrize("hidden", ["relu", "leaky_relu"])
def test_a_kink_is_no_mistake(hidden):
    """A row of zeros puts every unit of the first layer at 0, where the slope jumps."""
    network = Network([2, 4, 1], hidden=hidden, initializer="he_uniform", seed=4)
    rows = ROWS + [[0.0, 0.0]]
    checks = check_gradient(network, rows, [0, 1, 1, 0, 1], "binary_cross_entropy")
    assert max(check.worst for check in checks) < 1e-6
    gradients = check_gradient(network, [[0.0, 0.0]], [1.0], "mean_absolute_error")
    assert max(check.worst for check in gradients) < 1e-6


def test_only_some_parameters_are_checked_in_large_layers():
    network = Network([2, 30, 1])
    checks = check_gradient(network, ROWS, [0, 1, 1, 0], per_layer=7)
    assert [check.checked for check in checks] == [7, 7]


def test_features_that_were_not_scaled_are_named():
    network = Network([2, 2, 1])
    network.input_names = ["age", "income"]
    rows = [[0.3, 40000.0], [0.5, 55000.0]]
    (finding,) = before_training(network, rows, [0, 1], "binary_cross_entropy")
    assert finding.startswith("feature income reaches 55000, others only 0.5: scale")
    assert before_training(network, ROWS, [0, 1, 1, 0], "binary_cross_entropy") == []


@pytest.mark.parametrize("rows", [[[3.0], [200.0]], [[3.0, 150.0], [200.0, 7.0]]])
def test_features_that_are_all_large_are_not_compared(rows):
    network = Network([len(rows[0]), 2, 1])
    (finding,) = before_training(network, rows, [0, 1], "binary_cross_entropy")
    assert finding == (
        "feature column 0 reaches 200: scale the features to about mean 0 and deviation 1, or "
        "they saturate the units"
    )


def test_a_value_far_from_its_scaled_column_is_a_suspect():
    network = Network([1, 2, 1])
    network.input_scaling = Scaling([0.5], [0.25])
    (finding,) = before_training(network, [[0.25], [0.75], [50.5]], [0, 1, 1], "huber")
    assert finding.startswith("feature column 0 reaches 200 deviations from its mean")
    assert before_training(network, [[0.25], [0.75]], [0, 1], "huber") == []


@pytest.mark.parametrize(
    "output, targets, message",
    [
        ("sigmoid", [0.5, 1.2, 0.0, 0.0], "from 0 to 1.2, but sigmoid outputs are from 0 to 1"),
        ("tanh", [0.5, -3.0, 0.0, 0.0], "from -3 to 0.5, but tanh outputs are from -1 to 1"),
        ("relu", [0.5, -3.0, 0.0, 9.0], "from -3 to 9, but relu outputs are 0 and above"),
    ],
)
def test_targets_out_of_reach(output, targets, message):
    network = Network([2, 2, 1], output=output)
    (finding,) = before_training(network, ROWS, targets, "mean_squared_error")
    assert message in finding
    identity = Network([2, 2, 1], output="identity")
    assert before_training(identity, ROWS, targets, "mean_squared_error") == []


def with_biases(hidden, biases):
    """A network of one hidden layer whose units are shifted so far."""
    network = Network([2, len(biases), 1], hidden=hidden, seed=2)
    network.layers[0].biases[:] = biases
    return network


def test_half_a_layer_of_dead_units_is_worth_a_word():
    """A relu unit with a bias of −1000 answers 0 to all of these rows, one with 1000 to none."""
    for dead, units in ((0, 1), (1, 3), (7, 16)):
        network = with_biases("relu", [-1e3] * dead + [1e3] * (units - dead))
        assert after_training(network, ROWS) == []
    for dead, units in ((1, 1), (1, 2), (2, 3), (8, 16), (16, 16)):
        network = with_biases("relu", [-1e3] * dead + [1e3] * (units - dead))
        (finding,) = after_training(network, ROWS)
        start = f"layer 1: {dead} of {units} relu units answer 0 to every row"
        assert finding.startswith(start)


@pytest.mark.parametrize("hidden", ["tanh", "sigmoid"])
def test_a_quarter_of_a_layer_of_saturated_units_is_worth_a_word(hidden):
    for saturated, units in ((0, 1), (3, 16)):
        network = with_biases(hidden, [50.0] * saturated + [0.0] * (units - saturated))
        assert after_training(network, ROWS) == []
    for saturated, units in ((1, 3), (4, 16), (16, 16)):
        network = with_biases(hidden, [-50.0] * saturated + [0.0] * (units - saturated))
        (finding,) = after_training(network, ROWS)
        assert finding.startswith(f"layer 1: {saturated} of {units} {hidden} units are saturated")


def test_only_hidden_layers_have_such_findings():
    """An output that is 0, or certain, for every row may be right."""
    network = with_biases("tanh", [0.0] * 4)
    network.layers[-1].activation = "relu"
    network.layers[-1].biases[0] = -1e3
    assert after_training(network, ROWS) == []


def test_findings_are_of_the_first_rows(backend):
    """Of flat rows too; neither engine looks at more than it is told."""
    network = Network([1, 2, 1], hidden="relu", output="identity", seed=1)
    network.layers[0].weights = [[1.0, 1.0]]
    network.layers[0].biases = [-5.0, -5.0]
    rows = [[1.0], [2.0], [9.0]]
    for inputs in (rows, array("d", [1.0, 2.0, 9.0])):
        assert after_training(network, inputs, backend) == []
        (finding,) = after_training(network, inputs, backend, most=2)
        assert "2 of 2 relu units answer 0" in finding


def test_hidden_layers_are_looked_at_one_after_the_other(backend):
    """The second layer's units see what the first makes of the rows."""
    network = Network([1, 1, 4, 1], hidden=["silu", "tanh"], output="identity", seed=1)
    network.layers[0].weights, network.layers[0].biases = [[100.0]], [0.0]
    network.layers[1].weights, network.layers[1].biases = [[1.0] * 4], [0.0] * 4
    (finding,) = after_training(network, [[1.0], [0.5]], backend)
    assert "layer 2: 4 of 4 tanh units are saturated" in finding
    assert after_training(network, [[0.01], [0.5]], backend) == []
