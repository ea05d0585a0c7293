"""The class Trainer: epochs and batches, shuffles, copies, and what is refused.

Callbacks and divergence have test_callbacks.py, stopping rules test_stopping.py, Ctrl-C
test_interrupts.py, files test_files.py.
"""

import copy
import gc
import pickle
from array import array

import pytest

from conftest import require_kernel
import pyref
from pyref import (
    LBFGS, SGD, Adam, AdamW, Constant, InverseScaling, IRpropPlus, Network, Patience,
    ReduceOnPlateau, TargetLoss, Trainer, ValidationPatience,
)
from pyref.reference.generator import Stream
from pyref.rows.data import Table
from pyref.tables.scaling import Scaling

INPUTS = [[0.1 * i, 0.5 - 0.07 * i] for i in range(13)]
TARGETS = [[float(i % 3 == 0)] for i in range(13)]


def trainer_of(backend="auto", optimizer=None, **recipe):
    network = Network([2, 4, 1], seed=3)
    recipe = {"batch_size": 4, **recipe}
    return Trainer(network, optimizer=optimizer or SGD(0.4, 0.9), backend=backend, **recipe)


def trained(backend, epochs=20, **recipe):
    trainer = trainer_of(backend, **recipe)
    trainer.train(INPUTS, TARGETS, epochs)
    return trainer


def one_weight(backend, weight=0.0, rate=0.125, **recipe):
    """y = w·x with the loss ½(y − t)²: each row takes the step −rate·(w·x − t)·x."""
    network = Network([1, 1], output="identity", initializer=[[[weight]]], biases=False)
    return Trainer(network, "half_squared_error", SGD(rate), backend=backend, **recipe)


def test_batches_by_hand(backend):
    """Rows 1, 2, 3 with targets 0: batches of two rows, the last one short."""
    trainer = one_weight(backend, weight=1.0, batch_size=2, shuffle=False)
    history = trainer.train([1.0, 2.0, 3.0], [0.0, 0.0, 0.0], epochs=1)
    # The first batch: gradient 1 + 4, so w = 1 − 5/8 = 3/8; the second: 9·3/8, w = 3/8 − 27/64.
    assert trainer.network.layers[0].weights == [[3 / 8 - 27 / 64]]
    assert history.loss == [(1 + 4) / 2 + (9 / 8) ** 2 / 2]  # each before its batch's update


def test_mean_squared_error_divides_by_the_rows_of_its_batch(backend):
    network = Network([1, 1], output="identity", initializer=[[[1.0]]], biases=False)
    trainer = Trainer(network, optimizer=SGD(1 / 16), batch_size=2, shuffle=False, backend=backend)
    history = trainer.train([1.0, 1.0, 1.0], [0.0, 0.0, 0.0], epochs=1)
    # 2·(1 + 1)/2 = 2, w = 1 − 2/16 = 7/8; then 2·(7/8)/1, w = 7/8 − 7/64.
    assert network.layers[0].weights == [[7 / 8 - 7 / 64]]
    assert history.loss == [(1.0 + 1.0 + 49 / 64) / 3.0]


def test_history(backend):
    trainer = trainer_of(backend)
    validation = (INPUTS[:5], TARGETS[:5])
    history = trainer.train(INPUTS, TARGETS, epochs=7, validation=validation)
    assert len(history.loss) == len(history.validation_loss) == trainer.epoch == 7
    evaluation = trainer.network.evaluate(*validation, backend=backend)
    assert (history.validation_loss[-1], history.validation_accuracy[-1]) == evaluation
    assert trainer.history.loss == history.loss and history.stopped_by is None


def test_no_epochs_change_nothing(backend):
    trainer = trained(backend, epochs=0)
    assert trainer == trainer_of(backend) and trainer.history.loss == []


def test_a_batch_larger_than_the_data_is_the_full_batch_and_draws_nothing(backend):
    full = trained(backend, batch_size=None)
    assert full.run.stream == full.network.stream  # never shuffled
    for size in (13, 14, 10**12):
        assert trained(backend, batch_size=size).network == full.network
    assert trained(backend, batch_size=12).run.stream != full.network.stream


def test_each_epoch_draws_its_order(backend):
    """By hand: online training of one weight, in the order that the stream gives."""
    trainer = one_weight(backend, batch_size=1, seed=5)
    rows, targets = [1.0, 2.0, 0.5, 1.5], [1.0, 0.0, -1.0, 0.5]
    trainer.train(rows, targets, epochs=3)
    weight, stream = 0.0, Stream(5)
    for _ in range(3):
        for place in stream.shuffled(4):
            weight = weight - 0.125 * ((weight * rows[place] - targets[place]) * rows[place])
    assert trainer.network.layers[0].weights == [[weight]]
    assert trainer.run.stream == stream


def test_without_shuffle_rows_come_as_they_stand(backend):
    plain = trained(backend, shuffle=False)
    assert plain.run.stream == plain.network.stream
    assert plain.network != trained(backend).network


def test_seed_none_goes_on_with_a_copy_of_the_networks_stream(backend):
    stream = Stream(3)
    for _ in range(2 * 4 + 4 * 1):
        stream.random()
    trainer = trainer_of(backend)
    assert trainer.run.stream == stream == trainer.network.stream
    trainer.train(INPUTS, TARGETS, epochs=1)
    stream.shuffled(13)
    assert trainer.run.stream == stream != trainer.network.stream
    assert trainer_of(backend, seed=9).run.stream == Stream(9)


@pytest.mark.parametrize("parts", [[20, 20], [1, 39], [0, 7, 33], [1] * 40])
def test_training_on_is_training_longer(backend, parts):
    trainer = trainer_of(backend)
    for epochs in parts:
        trainer.train(INPUTS, TARGETS, epochs)
    assert trainer == trained(backend, 40) and trainer.epoch == 40


def test_twenty_in_python_then_twenty_in_c_and_back():
    require_kernel()
    whole = trained("python", 40)
    for first, second in (("python", "c"), ("c", "python")):
        trainer = trained(first, 20)
        state = pickle.loads(pickle.dumps(trainer))
        state._engine = pyref.engine.backend.engine(second)
        state.train(INPUTS, TARGETS, 20)
        assert state.backend == second and state == whole


@pytest.mark.parametrize(
    "twin_of", [copy.copy, copy.deepcopy, lambda trainer: pickle.loads(pickle.dumps(trainer))]
)
def test_copies_go_on_by_themselves(backend, twin_of):
    twins = []
    trainer = trainer_of(backend)
    trainer.train(INPUTS, TARGETS, 10, stop=Patience(9),
                  callback=lambda t, epoch: twins.append(twin_of(t)) if epoch == 4 else None)
    twin, = twins
    assert twin.epoch == 4 and twin != trainer and twin.backend == backend
    twin.train(INPUTS, TARGETS, 6, stop=Patience(9))
    assert twin == trainer and twin.network is not trainer.network
    twin.run.memory[0][0][0] += 1.0
    assert twin != trainer


def test_repr_says_what_it_is():
    said = repr(trainer_of("python"))
    for part in ("[2, 4, 1]", "binary_cross_entropy", "momentum=0.9", "batch_size=4", "'python'"):
        assert part in said


@pytest.mark.parametrize(
    "error, message, recipe",
    [
        (ValueError, "loss: 'mse' is unknown; one of half_sq", dict(loss="mse")),
        (ValueError, "'cross_entropy' cannot be used.* 'sigmoid'", dict(loss="cross_entropy")),
        (ValueError, "batch_size: a whole number, at least 1.*not 0", dict(batch_size=0)),
        (ValueError, "batch_size: .* not 2.5", dict(batch_size=2.5)),
        (TypeError, "optimizer: one such as SGD", dict(optimizer=SGD)),
        (ValueError, "optimizer: 'sdg' is unknown; one of SGD, .*, LBFGS", dict(optimizer="sdg")),
        (ValueError, "schedule: 'stop' is unknown; one of Constant,", dict(schedule="stop")),
        (ValueError, r"Step: every is needed, so .* an object, Step", dict(schedule="step")),
        (ValueError, "backend: 'gpu' is unknown; one of auto, python, c", dict(backend="gpu")),
        (ValueError, "seed must be an integer from 0", dict(seed=-1)),
        (TypeError, "seed must be an integer from 0", dict(seed="a")),
        (ValueError, "loss: '' is unknown", dict(loss="")),
        (ValueError, "shuffle: True or False is needed, not 'no'", dict(shuffle="no")),
        (ValueError, "a list of 2 numbers, one for each", dict(class_weights={0: 1, 1: 5})),
        (ValueError, "a list of 2 numbers, one for each class, .* not 5", dict(class_weights=5)),
        (ValueError, "a list of 2 numbers, .* not 'fair'", dict(class_weights="fair")),
        (ValueError, r"class_weights\[1\]: 0 or a number above", dict(class_weights=[1, -1])),
    ],
)
def test_recipes_that_do_not_fit_are_refused(error, message, recipe):
    with pytest.raises(error, match=message):
        Trainer(Network([2, 4, 1]), **recipe)


def test_weights_that_are_no_numbers_are_refused_before_the_first_epoch(backend):
    trainer = trainer_of(backend)
    trainer.network.layers[1].weights[2][0] = float("nan")
    with pytest.raises(ValueError, match="layer 2: a weight or bias is infinite or not a number"):
        trainer.train(INPUTS, TARGETS, 1)


@pytest.mark.parametrize("name", ["network", "seed", "class_weights", "l2", "learning_rate",
                                  "shuffle", "schedule", "loss", "batch_size", "history"])
def test_what_is_decided_cannot_be_set(name):
    trainer = trainer_of()
    with pytest.raises(AttributeError):
        setattr(trainer, name, 1)
    trainer.threads = None
    assert copy.copy(trainer) == trainer == pickle.loads(pickle.dumps(trainer))


@pytest.mark.parametrize("name, optimizer", [
    ("adam", Adam()), ("AdamW", AdamW()), ("irprop_plus", IRpropPlus()), ("lbfgs", LBFGS()),
])
def test_optimizers_by_name(backend, name, optimizer):
    by_name = Trainer(Network([2, 4, 1], seed=3), optimizer=name, batch_size=None, backend=backend)
    made = Trainer(Network([2, 4, 1], seed=3), None, optimizer, None, backend=backend)
    for trainer in (by_name, made):
        trainer.train(INPUTS, TARGETS, 3)
    assert by_name == made and by_name.optimizer == optimizer
    assert by_name.network.recipe == made.network.recipe


def test_schedules_by_name(backend):
    for name, schedule in (("inverse_scaling", InverseScaling()), ("Constant", Constant()),
                           ("reduceonplateau", ReduceOnPlateau())):
        found = trained(backend, 3, schedule=name)
        assert found == trained(backend, 3, schedule=schedule) and found.run.schedule == schedule


def test_weights_that_a_callback_makes_no_numbers(backend):
    def callback(trainer, epoch):
        trainer.network.layers[0].weights[0][0] = float("nan")

    with pytest.raises(ValueError, match="layer 1: a weight or bias is infinite or not a number"):
        trainer_of(backend).train(INPUTS, TARGETS, 3, callback=callback)


def test_settings_that_no_longer_go_together_are_refused(tmp_path, backend):
    trainer = trainer_of(backend, optimizer=pyref.Rprop(), batch_size=None)
    trainer.optimizer.smallest_step = 100.0
    with pytest.raises(ValueError, match="Rprop: "):
        trainer.train(INPUTS, TARGETS, 1)
    with pytest.raises(ValueError, match="Rprop: "):
        trainer.save(tmp_path / "run.json")


def test_counts_beyond_all_floats_are_refused():
    with pytest.raises(ValueError, match="Patience: epochs: a finite number is needed"):
        Patience(10**400)
    assert Patience(10**300).epochs == 10**300


def test_a_rule_that_is_changed_is_another(backend):
    rule = ValidationPatience(50, restore_best=False)
    validation = ([[0.3, 0.1], [0.8, 0.2]], [0.0, 1.0])
    trainer = trainer_of(backend)
    trainer.train(INPUTS, TARGETS, 3, validation=validation, stop=rule)
    rule.restore_best = True
    trainer.train(INPUTS, TARGETS, 3, validation=validation, stop=rule)
    assert trainer.run.best is not None and trainer.run.best_epoch > 3


def test_settings_of_an_optimizer_may_be_changed_but_not_invented(backend):
    trainer = trainer_of(backend)
    trainer.optimizer.learning_rate = 1
    assert trainer.optimizer == SGD(1.0, 0.9)
    with pytest.raises(ValueError, match="SGD: learning_rate: a number above 0 .* not -5"):
        trainer.optimizer.learning_rate = -5
    with pytest.raises(AttributeError, match="SGD: momentun: the settings are learning_rate, mom"):
        trainer.optimizer.momentun = 0.5
    with pytest.raises(ValueError, match="SGD: nesterov: True or False is needed, not 'no'"):
        trainer.optimizer.nesterov = "no"
    trainer.train(INPUTS, TARGETS, 2)
    at_once = trainer_of(backend, optimizer=SGD(1.0, 0.9))
    at_once.train(INPUTS, TARGETS, 2)
    assert trainer.network == at_once.network


def test_a_training_that_does_not_fit_in_memory_is_refused(monkeypatch):
    network = Network([2, 4, 1])
    monkeypatch.setattr("pyref.arguments.machine.BYTES_PER_PARAMETER", 10**14)
    with pytest.raises(MemoryError, match="sizes .2, 4, 1. make 17 parameters, which need about"):
        Trainer(network, optimizer=pyref.Adam())


def test_networks_that_cannot_be_trained_are_refused():
    with pytest.raises(ValueError, match="layer 1 has the threshold activation"):
        Trainer(Network([2, 3, 1], hidden="threshold"))
    with pytest.raises(ValueError, match="layer 2 has the threshold|'threshold'"):
        Trainer(Network([2, 3, 1], output="threshold"))
    with pytest.raises(TypeError, match="a pyref.Network is needed"):
        Trainer([2, 3, 1])


@pytest.mark.parametrize(
    "error, message, arguments",
    [
        (ValueError, "2 rows of inputs, but 3 rows of targets", dict(targets=[1, 0, 1])),
        (ValueError, "epochs: a whole number, at least 0", dict(epochs=-1)),
        (ValueError, "epochs: .* not 1.5", dict(epochs=1.5)),
        (TypeError, "validation: a pair", dict(validation=[[1.0, 2.0]])),
        (ValueError, "1 rows of inputs, but 2 rows", dict(validation=([[1.0, 2.0]], [0, 1]))),
        (ValueError, "needs validation rows", dict(stop=ValidationPatience(3))),
        (TypeError, "callback: a function is needed, not 5", dict(callback=5)),
        (TypeError, "progress: a function is needed, not 5", dict(progress=5)),
        (TypeError, "stop: .*TargetLoss, Patience.* not 0.1", dict(stop=0.1)),
        (TypeError, "stop: .*TargetLoss, Patience", dict(stop=[TargetLoss(0.1), Patience])),
    ],
)
def test_calls_that_do_not_fit_are_refused_before_anything_changes(error, message, arguments):
    trainer = trainer_of()
    untouched = copy.copy(trainer)
    with pytest.raises(error, match=message):
        trainer.train(**{"inputs": [[1, 2], [3, 4]], "targets": [1, 0], **arguments})
    assert trainer == untouched


@pytest.mark.parametrize("optimizer", [SGD(), LBFGS()])
def test_a_training_keeps_no_rows(backend, optimizer):
    """Scaled rows are the trainer's own; they go when it ends, not when garbage is collected."""
    rows = array("d", [0.25, 0.5, 0.75, 1.0])
    network = Network([1, 2, 1], seed=1)
    network.input_scaling = Scaling([0.0], [2.0])
    batch_size = None if isinstance(optimizer, LBFGS) else 2
    trainer = Trainer(network, optimizer=optimizer, batch_size=batch_size, backend=backend)
    gc.collect()
    gc.disable()
    try:
        trainer.train(rows, rows, epochs=2, validation=(rows, rows))
        assert [each for each in gc.get_objects() if isinstance(each, Table)] == []
    finally:
        gc.enable()
