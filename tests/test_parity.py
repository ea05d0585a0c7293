"""The promise: both engines give the same bits.  Tolerance zero everywhere.

The first test proves that the kernel really is the one running; without it every other test here
could pass by comparing Python with itself.
"""

import functools
import inspect
import itertools
import random
import struct
from array import array

import pytest

from conftest import require_kernel
import pyref
from pyref import Gap, Network, Patience, SGD, TargetLoss, Trainer, ValidationPatience
from pyref import Adagrad, Adam, AdamW, ConstantWeights, IRpropMinus, IRpropPlus, Normal
from pyref import RpropMinus, RpropPlus
from pyref import Quickprop, RMSprop, Rprop
from pyref.reference import elementary
from pyref.reference.activations import ACTIVATIONS
from pyref.reference.generator import Stream
from pyref.reference.initializers import INITIALIZERS
from pyref.reference.losses import LOSSES
from pyref.reference.optimizers import OPTIMIZERS
from pyref.reference.schedules import (
    SCHEDULES, Constant, Cosine, Exponential, InverseScaling, ReduceOnPlateau, Step,
)
from pyref.reference.stopping import (
    RULES, ConsecutiveIncreases, GeneralizationLoss, ProgressQuotient, TrainingProgress,
)

pytestmark = pytest.mark.usefixtures("kernel")

FUNCTIONS = ["exp", "expm1", "log", "tanh", "sigmoid", "softplus", "cos_pi", "power"]
SIZES = [[1, 1], [3, 1], [2, 1, 1], [5, 8, 3], [9, 7, 17, 2], [13, 65, 4], [4, 3, 3, 3, 2]]


@pytest.fixture
def kernel():
    require_kernel()
    from pyref.engine import kernel

    return kernel


WITH_SETTINGS = [kind for kind in SCHEDULES.values() if inspect.signature(kind).parameters]


@pytest.mark.parametrize("setting", [*OPTIMIZERS.values(), *WITH_SETTINGS, *RULES.values()])
def test_the_kernel_names_settings_as_python_does(kernel, setting):
    """Settings are handed over by their order, which is that of the constructor's arguments."""
    from pyref._kernel import ffi

    example = setting(*EXAMPLES.get(setting.__name__, ()))
    name = {"SGD": "Sgd", "LBFGS": "Lbfgs"}.get(setting.__name__, setting.__name__)
    fields = ffi.typeof(f"{name}Settings").fields
    assert [name for name, _ in fields] == list(vars(example))
    assert list(vars(example)) == list(inspect.signature(setting).parameters)
    assert len(fields) <= len(ffi.new("Settings *").settings)
    assert kernel.code(setting.__name__) >= 0


EXAMPLES = {
    "TargetLoss": (0.1,), "Patience": (1,), "ValidationPatience": (1,), "Gap": (0.1,),
    "GeneralizationLoss": (1.0,), "ProgressQuotient": (1.0,), "ConsecutiveIncreases": (1,),
    "Step": (1,), "Exponential": (0.5,), "Cosine": (1,),
}


@pytest.fixture(params=["plain", "base", "avx2", "avx512"])
def instruction_set(request, kernel, monkeypatch):
    """Every set that this processor has."""
    number = kernel.calls.INSTRUCTION_SETS[request.param]
    if number > kernel.lib.best_instruction_set():
        pytest.skip(f"this processor has no {request.param}")
    monkeypatch.setattr(kernel.calls, "instruction_set", number)
    return number


def test_the_kernel_is_the_one_that_runs(kernel, monkeypatch):
    """Training with "c" goes through lib.train and never through the reference's epochs."""
    from pyref._kernel import ffi

    calls = []
    train = kernel.lib.train

    class Watched:
        def __getattr__(self, name):
            return getattr(kernel_lib, name)

        def train(self, *arguments):
            calls.append(arguments)
            return train(*arguments)

    kernel_lib = kernel.lib
    monkeypatch.setattr(kernel.calls, "lib", Watched())
    monkeypatch.setattr(pyref.reference.training, "train_batch", None)
    trainer = Trainer(Network([2, 2, 1]), backend="c")
    assert trainer.backend == "c"
    trainer.train([[0, 1], [1, 0]], [1, 0], epochs=3)
    assert calls and trainer.epoch == 3
    assert kernel.calls.lib.train.__self__ is not None
    assert ffi.__class__.__module__ == "_cffi_backend" or "_cffi_backend" in str(ffi)


def bits(value):
    """Something that == compares bit for bit: a loss, a row, rows, or None."""
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, (list, tuple)):
        return [bits(part) for part in value]
    return value


def hard_arguments(count, seed=1):
    """Half random bit patterns, half ordinary numbers, and the special values."""
    draw = random.Random(seed)
    values = [0.0, -0.0, 1.0, -1.0, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7e308, -1.7e308]
    values += [float("inf"), float("-inf"), float("nan"), 709.78, -745.13, -708.0, 36.7, 22.0]
    while len(values) < count:
        values.append(struct.unpack("<d", struct.pack("<Q", draw.getrandbits(64)))[0])
        values.append(draw.uniform(-40.0, 40.0))
    return values


ARGUMENTS = array("d", [*hard_arguments(6000), 0.25, 0.5, 0.75])
EXPONENTS = array("d", hard_arguments(len(ARGUMENTS), seed=2)[: len(ARGUMENTS)])


@functools.lru_cache(maxsize=None)
def elementary_in_python(function):
    both = (ARGUMENTS, EXPONENTS) if function == "power" else (ARGUMENTS,)
    return list(map(getattr(elementary, function), *both))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_elementary_functions(kernel, instruction_set, function):
    from pyref._kernel import ffi

    results = EXPONENTS[:]
    kernel.lib.elementary(
        kernel.code(f"elementary_{function}"),
        ffi.from_buffer("double[]", ARGUMENTS),
        ffi.from_buffer("double[]", results),
        len(ARGUMENTS),
        instruction_set,
    )
    for argument, result, expected in zip(ARGUMENTS, results, elementary_in_python(function)):
        if expected != expected:  # the sign and payload of NaN are outside the promise
            assert result != result
        else:
            assert result.hex() == expected.hex(), argument.hex()


@pytest.mark.parametrize("seed", [0, 1, 5489, 2**32 - 1])
def test_generator(kernel, seed):
    from pyref._kernel import ffi
    from pyref.engine.kernel_training import copy_stream_in, copy_stream_out

    reference, stream = Stream(seed), ffi.new("Stream *")
    for _ in range(3):
        reference.random()
    copy_stream_in(reference, stream)
    for _ in range(1500):
        assert kernel.lib.random_double(stream) == reference.random()
    for count in (0, 1, 2, 7, 1000):
        order = array("q", bytes(8 * count) or b"")
        pointer = ffi.from_buffer("int64_t[]", order)
        kernel.lib.shuffled(stream, pointer, count)
        assert order.tolist() == reference.shuffled(count)
    twin = Stream(0)
    copy_stream_out(stream, twin)
    assert twin == reference


def examples(sizes, output, rows, seed=7, scale=1.0):
    draw = random.Random(seed)
    inputs = [[draw.uniform(-scale, scale) for _ in range(sizes[0])] for _ in range(rows)]
    if output == "softmax":
        targets = [[0.0] * sizes[-1] for _ in range(rows)]
        for row in targets:
            row[draw.randrange(sizes[-1])] = 1.0
    else:
        targets = [[draw.random() for _ in range(sizes[-1])] for _ in range(rows)]
    return inputs, targets


def everything(backend, sizes, rows, epochs, network=None, stop=(), validation=0, **recipe):
    """Train with one engine; all that the promise speaks of, as bits."""
    network_recipe = {
        "hidden": "tanh", "output": "sigmoid", "initializer": "glorot_uniform", "biases": True,
        **(network or {}),
    }
    scale = recipe.pop("scale", 1.0)
    made = Network(sizes, seed=3, **network_recipe)
    trainer = Trainer(made, backend=backend, **recipe)
    output = network_recipe["output"]
    inputs, targets = examples(sizes, output, rows, scale=scale)
    held_out = examples(sizes, output, validation, seed=8) if validation else None
    failure = None
    try:
        trainer.train(inputs, targets, epochs, validation=held_out, stop=stop)
    except pyref.DivergedError as error:
        failure = (error.epoch, error.batch, error.layer)
    assert trainer.backend == backend
    run = trainer.run
    return {
        "weights": bits([layer.weights for layer in made.layers]),
        "biases": bits([layer.biases for layer in made.layers]),
        "memory": (bits(run.memory), bits(run.scalars)),
        "loss": bits(run.losses),
        "validation loss": bits(run.validation_losses),
        "validation accuracy": bits(run.validation_accuracies),
        "best": (bits(run.best_loss), run.best_epoch, bits(run.best)),
        "stopped by": (run.stopped_by, bits(run.rule_states)),
        "schedule": (bits(run.rate), bits(run.schedule_state)),
        "place": (run.epoch, run.position, run.order),
        "stream": run.stream.state(),
        "predictions": bits(made.predict(inputs, backend=backend)),
        "evaluation": bits(tuple(made.evaluate(inputs, targets, backend=backend))),
        "failure": failure,
    }


EXPECTED = {}  # what Python gives: once, for the kernel has several instruction sets


def assert_same(*arguments, **recipe):
    """Compare part by part, so that a failure names the first part that differs."""
    key = repr((arguments, sorted(recipe.items())))
    if key not in EXPECTED:
        EXPECTED[key] = everything("python", *arguments, **recipe)
    python = EXPECTED[key]
    c = everything("c", *arguments, **recipe)
    for part in python:
        assert c[part] == python[part], part


PAIRS = [(loss, output) for loss in LOSSES for output in LOSSES[loss].outputs]
HIDDEN = [name for name in ACTIVATIONS if name != "threshold"]


@pytest.mark.parametrize("loss, output", PAIRS)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_every_pair_of_loss_and_output_with_every_hidden_activation(loss, output, hidden):
    assert_same([3, 5, 2], 11, 3, network={"hidden": hidden, "output": output},
                loss=loss, batch_size=4, optimizer=SGD(0.3, 0.9))


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("biases", [True, False])
@pytest.mark.parametrize("batch_size", [1, 3, 8, 200, None])
def test_shapes(instruction_set, sizes, biases, batch_size):
    assert_same(sizes, 17, 2, network={"biases": biases}, batch_size=batch_size,
                optimizer=SGD(0.5))


@pytest.mark.parametrize("rows", [1, 63, 64, 65, 130])
def test_batches_of_several_tiles(instruction_set, rows):
    assert_same([4, 6, 3], rows, 2, batch_size=None, network={"output": "softmax"}, validation=rows)


@pytest.mark.parametrize("batch_size", [7, 9, 11, 17, 23, 127])
def test_small_networks_in_batches_that_fill_no_vector(instruction_set, batch_size):
    """Their rows stand side by side, in whole vectors: the last one reaches beyond the batch."""
    assert_same([8, 4, 4], 3 * batch_size - 1, 1, batch_size=batch_size, optimizer=SGD(0.5))


@pytest.mark.parametrize("loss, output", [pair for pair in PAIRS if pair[1] != "softmax"])
@pytest.mark.parametrize("sizes", [[2, 2, 1], [3, 8, 5, 2]], ids=str)
def test_batches_of_one_row(instruction_set, sizes, loss, output):
    for hidden in ("tanh", "relu"):
        assert_same(sizes, 7, 2, network={"hidden": hidden, "output": output}, loss=loss,
                    batch_size=1, optimizer=SGD(0.1))


@pytest.mark.parametrize("scale", [1e-320, 1e3, 1e160, 1e306])
@pytest.mark.parametrize("hidden", ["relu", "tanh"])
def test_extreme_inputs_in_batches_of_one_row(instruction_set, scale, hidden):
    assert_same([3, 5, 5, 3], 6, 3, network={"hidden": hidden}, batch_size=1, optimizer=SGD(0.5),
                scale=scale)


def test_batches_of_one_row_with_weights(instruction_set):
    found = {}
    for backend in ("python", "c"):
        network = Network([2, 3, 2], seed=3)
        trainer = Trainer(network, optimizer=SGD(0.5), batch_size=1, backend=backend)
        history = trainer.train(*examples([2, 3, 2], "sigmoid", 7), epochs=3,
                                weights=[1.0, 0.0, 2.5, 0.3, 1.0, 7.0, 0.1])
        found[backend] = (bits(history.loss), network.digest())
    assert found["c"] == found["python"]


OPTIMIZERS_TO_TRY = [
    SGD(0.2), SGD(0.2, 0.5), SGD(0.2, 0.5, nesterov=True),
    RMSprop(), RMSprop(0.1, 0.5, momentum=0.5), RMSprop(centered=True),
    RMSprop(0.05, 0.9, 1e-3, momentum=0.9, centered=True),
    Adagrad(0.1), Adagrad(0.5, 1e-3, 0.1), Adam(0.01), Adam(0.3, 0.0, 0.5, 1e-3),
    AdamW(), AdamW(0.1, 0.5, 0.9, 1e-4, 0.5),
    Rprop(), Rprop(0.3, 0.1, 2.0, 0.1, 0.4), IRpropMinus(), IRpropMinus(0.1, 0.1),
    IRpropPlus(), IRpropPlus(0.01, 2.0, 0.9, 1.1, 1e-3, 2.0),
    RpropMinus(), RpropMinus(0.01, 2.0, 0.9, 1.1, 1e-3, 2.0),
    RpropPlus(), RpropPlus(0.01, 2.0, 0.9, 1.1, 1e-3, 2.0),
    Quickprop(), Quickprop(0.5, 1.1),
]


def test_every_optimizer_is_tried():
    of_its_own = {"LBFGS"}  # it takes full batches only
    assert {type(tried).__name__ for tried in OPTIMIZERS_TO_TRY} == set(OPTIMIZERS) - of_its_own


@pytest.mark.parametrize("optimizer", OPTIMIZERS_TO_TRY, ids=repr)
@pytest.mark.parametrize("batch_size", [4, None])
def test_optimizers(instruction_set, optimizer, batch_size):
    assert_same([3, 5, 2], 11, 12, optimizer=optimizer, batch_size=batch_size)


@pytest.mark.parametrize("optimizer", [SGD(0.2), IRpropMinus()], ids=repr)
@pytest.mark.parametrize("initializer", [*INITIALIZERS, ConstantWeights(0.25), Normal(1.0, 0.5)])
@pytest.mark.parametrize("shuffle", [True, False])
def test_optimizers_initializers_and_shuffling(optimizer, initializer, shuffle):
    assert_same([3, 4, 2], 10, 4, network={"initializer": initializer}, optimizer=optimizer,
                batch_size=4, shuffle=shuffle, seed=9)


@pytest.mark.parametrize("epochs", [0, 1, 50])
@pytest.mark.parametrize(
    "stop",
    [
        TargetLoss(0.67), Patience(2, 0.01), ValidationPatience(2), ValidationPatience(1, 0.1),
        ValidationPatience(2, restore_best=False), Gap(0.02),
        (Patience(3, 0.001), ValidationPatience(4), TargetLoss(0.1)),
        GeneralizationLoss(1.0, strip=3), GeneralizationLoss(0.0, 1, restore_best=False),
        ProgressQuotient(0.02, strip=4), ProgressQuotient(0.1, strip=2),
        ConsecutiveIncreases(1, strip=2), ConsecutiveIncreases(2, strip=3),
        TrainingProgress(5.0, strip=4), TrainingProgress(20.0, strip=2, restore_best=True),
        (ProgressQuotient(0.5), TrainingProgress(0.5), ConsecutiveIncreases(4, strip=1)),
    ],
    ids=repr,
)
def test_stopping_rules(stop, epochs):
    assert_same([2, 6, 1], 20, epochs, optimizer=SGD(0.8, 0.5), batch_size=5, stop=stop,
                validation=9)


SCHEDULES_TO_TRY = [
    Constant(), Step(2), Step(3, factor=0.7), Exponential(0.9), Exponential(1.5),
    InverseScaling(), InverseScaling(0.3), Cosine(5), Cosine(12, lowest=0.01, warmup=4),
    ReduceOnPlateau(0.3, patience=0, threshold=0.05, cooldown=1, lowest=0.02),
    ReduceOnPlateau(patience=1, threshold=0.5),
]


@pytest.mark.parametrize("validation", [0, 9])
@pytest.mark.parametrize("schedule", SCHEDULES_TO_TRY, ids=repr)
def test_schedules(schedule, validation):
    assert_same([2, 6, 1], 20, 15, optimizer=SGD(0.8, 0.5), batch_size=5, schedule=schedule,
                validation=validation)


@pytest.mark.parametrize("scale", [1e-320, 1e-160, 1e3, 1e160, 1e306])
@pytest.mark.parametrize("output", ["sigmoid", "softmax", "identity"])
def test_extreme_inputs(instruction_set, scale, output):
    """Subnormal products, saturated units, overflow and divergence alike."""
    assert_same([3, 4, 3], 9, 3, network={"output": output}, optimizer=SGD(0.5), batch_size=4,
                scale=scale, validation=5)


@pytest.mark.parametrize("units", [5, 8, 17])
def test_an_infinite_delta_stays_among_the_units_that_exist(instruction_set, units):
    """Infinity times the zeros that fill a vector is NaN, which must not get into their weights."""
    layers = [[[0.5] * units], [[1e-308] * units for _ in range(units)], [[1e308]] * units]
    found = {}
    for backend in ("python", "c"):
        network = Network([1, units, units, 1], ["tanh", "identity"], "identity", layers)
        trainer = Trainer(network, optimizer=SGD(0.1), clip_value=0.01, backend=backend)
        history = trainer.train([[1.0], [0.5], [0.25]], [0.1, 0.5, 0.7], epochs=1)
        found[backend] = (history.loss, network.digest())
    assert found["c"] == found["python"]


@pytest.mark.parametrize("rate", [1e8, 1e300])
@pytest.mark.parametrize("hidden", ["relu", "identity", "tanh"])
def test_divergence(rate, hidden):
    assert_same([3, 4, 2], 12, 30, network={"hidden": hidden, "output": "identity"},
                optimizer=SGD(rate, 0.5), batch_size=5)


def test_threshold_networks_predict_alike(instruction_set):
    network = Network([2, 2, 1], hidden="threshold", output="threshold",
                      initializer=[[[1.0, -1.0], [1.0, -1.0]], [[1.0], [1.0]]],
                      biases=[[-0.5, 1.5], [-1.5]])
    corners = [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert network.predict(corners, backend="python") == [[0.0], [1.0], [1.0], [0.0]]
    assert network.predict(corners, backend="c") == [[0.0], [1.0], [1.0], [0.0]]


@pytest.mark.parametrize("optimizer", [SGD(0.4, 0.9), AdamW(), IRpropPlus()], ids=repr)
@pytest.mark.parametrize("orders", list(itertools.product(["python", "c"], repeat=2)))
def test_engines_take_over_from_each_other(orders, optimizer):
    """10 + 10 epochs in any two engines are 20 epochs in one."""
    inputs, targets = examples([3, 5, 2], "sigmoid", 13)

    def trained(parts):
        network = Network([3, 5, 2], seed=3)
        trainer = Trainer(network, optimizer=optimizer, batch_size=4, backend=parts[0][0])
        for backend, epochs in parts:
            trainer._engine = pyref.engine.backend.engine(backend)
            trainer.train(inputs, targets, epochs)
        return network.digest(), bits(trainer.history.loss)

    assert trained([(orders[0], 10), (orders[1], 10)]) == trained([("python", 20)])
