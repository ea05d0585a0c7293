"""Single precision: both engines give the same bits.  What is compared, and how: test_parity.py."""

import pytest

from test_parity import (
    HIDDEN, OPTIMIZERS_TO_TRY, PAIRS, SIZES, assert_same, bits, examples, everything,
    instruction_set, kernel,
)
from pyref import (
    Adam, AdamW, Cosine, GeneralizationLoss, IRpropPlus, LBFGS, Network, ReduceOnPlateau, SGD,
    Trainer, ValidationPatience,
)
from pyref.engine import backend as engines
from pyref.reference.initializers import INITIALIZERS

pytestmark = pytest.mark.usefixtures("kernel")
SINGLE = {"precision": "single"}

assert instruction_set and kernel  # fixtures


@pytest.mark.parametrize("loss, output", PAIRS)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_every_pair_of_loss_and_output_with_every_hidden_activation(loss, output, hidden):
    assert_same([3, 5, 2], 11, 2, network={"hidden": hidden, "output": output, **SINGLE},
                loss=loss, batch_size=4, optimizer=SGD(0.3, 0.9))


@pytest.mark.parametrize("sizes", [*SIZES, [17, 33, 16]], ids=str)
@pytest.mark.parametrize("batch_size", [1, 3, 8, None])
def test_shapes(instruction_set, sizes, batch_size):
    biases = batch_size != 8
    assert_same(sizes, 17, 2, network={"biases": biases, **SINGLE}, batch_size=batch_size,
                optimizer=SGD(0.5))


@pytest.mark.parametrize("rows", [1, 63, 65, 130])
def test_batches_of_several_tiles(instruction_set, rows):
    assert_same([4, 6, 3], rows, 2, batch_size=None, network={"output": "softmax", **SINGLE},
                validation=rows)


@pytest.mark.parametrize("batch_size", [2, 4, 7, 9, 17, 33])
def test_small_networks_in_batches_that_fill_no_vector(instruction_set, batch_size):
    assert_same([8, 4, 4], 3 * batch_size - 1, 1, batch_size=batch_size, optimizer=SGD(0.5),
                network=SINGLE)


@pytest.mark.parametrize("output", ["softmax", "gelu"])
def test_losses_that_are_not_fused(instruction_set, output):
    """The way to the output deltas goes through doubles, rounded once."""
    assert_same([4, 6, 21], 19, 3, network={"output": output, **SINGLE}, batch_size=7,
                loss="mean_squared_error", optimizer=SGD(0.5))


@pytest.mark.parametrize("optimizer", OPTIMIZERS_TO_TRY, ids=repr)
def test_optimizers(instruction_set, optimizer):
    assert_same([3, 5, 2], 11, 6, optimizer=optimizer, batch_size=4, network=SINGLE)


@pytest.mark.parametrize("history", [1, 3, 100])
def test_lbfgs(instruction_set, history):
    assert_same([3, 5, 2], 11, 12, optimizer=LBFGS(0.7, history), batch_size=None, l2=0.01,
                network=SINGLE)


@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_initializers(initializer):
    assert_same([3, 4, 2], 10, 2, network={"initializer": initializer, **SINGLE},
                optimizer=SGD(0.2), batch_size=4)


@pytest.mark.parametrize(
    "recipe",
    [
        {"l1": 0.01, "l2": 0.02, "clip_value": 0.03}, {"l1": 0.01, "clip_norm": 0.1},
        {"l2": 0.1, "clip_value": 0.2, "clip_norm": 0.3},
        {"dropout": 0.4, "input_dropout": 0.3}, {"dropout": 0.5, "l2": 0.01, "clip_norm": 0.1},
    ],
    ids=repr,
)
def test_regularization(instruction_set, recipe):
    assert_same([5, 9, 7, 3], 23, 3, optimizer=Adam(0.05), batch_size=8, network=SINGLE, **recipe)


def test_smoothing_and_weights(instruction_set):
    assert_same([4, 7, 3], 23, 3, optimizer=SGD(0.3), batch_size=8, label_smoothing=0.1,
                class_weights=[0.3, 1.0, 2.0], network={"output": "softmax", **SINGLE})


@pytest.mark.parametrize("schedule", [Cosine(5), ReduceOnPlateau(0.3, patience=0)], ids=repr)
@pytest.mark.parametrize(
    "stop", [(), (ValidationPatience(2),), (GeneralizationLoss(1.0, strip=3),)], ids=repr
)
def test_schedules_and_rules(schedule, stop):
    assert_same([2, 6, 1], 20, 12, optimizer=SGD(0.8, 0.5), batch_size=5, schedule=schedule,
                validation=9, stop=stop, network=SINGLE)


@pytest.mark.parametrize("scale", [1e-44, 1e-38, 1e-20, 1e20, 1e37])
@pytest.mark.parametrize("output", ["sigmoid", "softmax", "identity"])
def test_extreme_inputs(instruction_set, scale, output):
    """Subnormal products, saturated units, overflow and divergence alike."""
    assert_same([3, 4, 3], 9, 3, network={"output": output, **SINGLE}, optimizer=SGD(0.5),
                batch_size=4, scale=scale, validation=5)


@pytest.mark.parametrize("rate", [1e8, 1e30])
@pytest.mark.parametrize("hidden", ["relu", "tanh"])
def test_divergence(rate, hidden):
    network = {"hidden": hidden, "output": "identity", **SINGLE}
    assert_same([3, 4, 2], 12, 30, network=network, optimizer=SGD(rate, 0.5), batch_size=5)
    found = everything("c", [3, 4, 2], 12, 30, network=network, optimizer=SGD(rate, 0.5))
    assert found["failure"]


@pytest.mark.parametrize("optimizer", [SGD(0.4, 0.9), AdamW(), IRpropPlus(), LBFGS()], ids=repr)
@pytest.mark.parametrize("orders", [("python", "c"), ("c", "python"), ("c", "c")])
def test_engines_take_over_from_each_other(orders, optimizer):
    inputs, targets = examples([3, 5, 2], "sigmoid", 13)
    batch_size = None if isinstance(optimizer, LBFGS) else 4

    def trained(parts):
        network = Network([3, 5, 2], seed=3, precision="single")
        trainer = Trainer(
            network, optimizer=optimizer, batch_size=batch_size, backend=parts[0][0]
        )
        for backend, epochs in parts:
            trainer._engine = engines.engine(backend)
            trainer.train(inputs, targets, epochs)
        return network.digest(), bits(trainer.history.loss)

    assert trained([(orders[0], 5), (orders[1], 5)]) == trained([("python", 10)])
