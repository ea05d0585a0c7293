"""The class Trainer: epochs and batches, callbacks, divergence, copies, and what is refused.

Stopping rules have test_stopping.py, Ctrl-C test_interrupts.py, files test_files.py.
"""

import copy
import pickle

import pytest

import pyref
from pyref import DivergedError, Network, Patience, SGD, TargetLoss, Trainer, ValidationPatience
from pyref.generator import Stream

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
    assert history.loss[-1] < history.loss[0] and history.stopped_by is None
    assert trainer.history.loss == history.loss


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
    pytest.importorskip("pyref._kernel")
    whole = trained("python", 40)
    for first, second in (("python", "c"), ("c", "python")):
        trainer = trained(first, 20)
        state = pickle.loads(pickle.dumps(trainer))
        state._engine = pyref.engine.backend.engine(second)
        state.train(INPUTS, TARGETS, 20)
        assert state.backend == second and state == whole


def test_a_callback_is_called_after_each_epoch_and_may_end_the_training(backend):
    calls = []

    def callback(trainer, epoch):
        assert trainer.epoch == epoch == len(trainer.history.loss)
        calls.append((epoch, trainer.network.digest()))
        return epoch == 3

    trainer = trainer_of(backend)
    history = trainer.train(INPUTS, TARGETS, epochs=10, callback=callback)
    assert [epoch for epoch, _ in calls] == [1, 2, 3] and len(history.loss) == 3
    assert [digest for _, digest in calls] == [trained(backend, n).network.digest() for n in (1, 2, 3)]
    assert trainer == trained(backend, 3)


def edit_weights(trainer, epoch):
    trainer.network.layers[1].weights[0][0] *= 0.5
    trainer.network.layers[0].biases = [0.25 * epoch] * 4


def edit_settings(trainer, epoch):
    trainer.optimizer.learning_rate *= 0.75
    trainer.optimizer.momentum = 0.5
    trainer.network.layers[0].activation = "relu"


def edit_and_end(trainer, epoch):
    edit_weights(trainer, epoch)
    return epoch == 2


def edit_and_fail(trainer, epoch):
    edit_and_end(trainer, epoch)
    if epoch == 2:
        raise KeyError("mine")


@pytest.mark.parametrize("edit", [edit_weights, edit_settings, edit_and_end, edit_and_fail])
def test_edits_in_a_callback_count_in_both_engines_alike(edit, kernel):
    results = []
    for backend in ("python", "c"):
        trainer = trainer_of(backend)
        try:
            trainer.train(INPUTS, TARGETS, epochs=5, callback=edit)
        except KeyError:
            pass
        results.append(trainer)
    assert results[0] == results[1]
    assert results[0].network.digest() != trained("python", results[0].epoch).network.digest()


@pytest.mark.parametrize(
    "edit, message",
    [
        (lambda t: t.network.layers[0].weights[0].append(1.0), "layer 1: the weights are no long"),
        (lambda t: t.network.layers[0].weights.append([1.0] * 4), "other layers than when"),
        (lambda t: setattr(t.network.layers[0], "biases", None), "other layers than when"),
        (lambda t: setattr(t.network.layers[0], "activation", "threshold"), "slope is 0"),
        (lambda t: setattr(t.network.layers[1], "activation", "tanh"), "cannot be used with"),
        (lambda t: setattr(t.optimizer, "momentum", 0.9), "remembers more"),
    ],
)
@pytest.mark.parametrize("inside", [False, True])
def test_edits_that_do_not_fit_are_refused(backend, edit, message, inside):
    trainer = trainer_of(backend, SGD(0.1))
    with pytest.raises(ValueError, match=message):
        if not inside:
            edit(trainer)
        trainer.train(INPUTS, TARGETS, epochs=3, callback=lambda t, epoch: edit(t))


def test_progress_is_shown_and_sees_no_weights(backend):
    seen = []

    def progress(trainer):
        seen.append((trainer.epoch, len(trainer.history.loss)))
        with pytest.raises(RuntimeError, match="in a callback"):
            trainer.save("nowhere.json")
        with pytest.raises(RuntimeError, match="in a callback"):
            copy.copy(trainer)

    trainer = trainer_of(backend)
    trainer.train(INPUTS, TARGETS, epochs=5, progress=progress)
    assert seen and all(epoch == losses for epoch, losses in seen)
    assert trainer == trained(backend, 5)


def diverge(backend, validation=None):
    trainer = one_weight(backend, weight=1.0, rate=1e200, batch_size=1, shuffle=False)
    trainer.train([1.0, 1.0], [1.0, 1.0], epochs=2)  # already right: nothing moves
    with pytest.raises(DivergedError) as caught:
        trainer.train([1.0, 2.0, 3.0], [0.0, 0.0, 0.0], epochs=5, validation=validation)
    return trainer, caught.value


def test_divergence_goes_back_to_the_last_finite_epoch(backend):
    trainer, error = diverge(backend)
    # w = 1 − 1e200 after the first row; the second one's error, squared, is beyond all floats.
    assert (error.epoch, error.batch, error.layer) == (3, 2, 1)
    assert "epoch 3, batch 2, layer 1" in str(error) and "learning rate" in str(error)
    assert pickle.loads(pickle.dumps(error)).batch == 2
    assert trainer.network.layers[0].weights == [[1.0]]
    assert trainer.epoch == 2 and len(trainer.history.loss) == 2 and trainer.run.order == []
    trainer.optimizer.learning_rate = 0.125
    trainer.train([1.0, 2.0, 3.0], [0.0, 0.0, 0.0], epochs=1)
    weight = 1.0
    for x in (1.0, 2.0, 3.0):
        weight = weight - 0.125 * (weight * x * x)
    assert trainer.network.layers[0].weights == [[weight]] and trainer.epoch == 3


def test_divergence_leaves_both_engines_the_same(kernel):
    python, c = diverge("python")[0], diverge("c")[0]
    assert python == c
    for trainer in (python, c):
        trainer.optimizer.learning_rate = 0.01
        trainer.train(*[[1.0, 2.0, 3.0]] * 2, epochs=3)
    assert python == c


def test_divergence_after_the_last_batch_is_noticed(backend):
    trainer = one_weight(backend, weight=1.0, rate=1e308, batch_size=1, shuffle=False)
    with pytest.raises(DivergedError) as caught:
        trainer.train([3.0], [-3.0], epochs=1)  # the step is −1.8e309
    assert (caught.value.epoch, caught.value.batch, caught.value.layer) == (1, 1, 1)
    assert trainer.network.layers[0].weights == [[1.0]] and trainer.epoch == 0


def test_a_network_is_trained_by_one_trainer_at_a_time(backend):
    first = trainer_of(backend)
    second = Trainer(first.network, backend=backend)

    def callback(trainer, epoch):
        for other in (first, second):
            with pytest.raises(RuntimeError, match="being trained"):
                other.train(INPUTS, TARGETS, epochs=1)

    first.train(INPUTS, TARGETS, 3, stop=TargetLoss(0.0), callback=callback)
    assert first.network == trained(backend, 3).network and second.epoch == 0
    second.train(INPUTS, TARGETS, epochs=1)  # now it may


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
        (ValueError, "'cross_entropy' cannot be used with .* 'sigmoid'", dict(loss="cross_entropy")),
        (ValueError, "batch_size: a whole number, at least 1.*not 0", dict(batch_size=0)),
        (ValueError, "batch_size: .* not 2.5", dict(batch_size=2.5)),
        (TypeError, "optimizer: one such as SGD", dict(optimizer=SGD)),
        (TypeError, "optimizer: one such as SGD", dict(optimizer="sgd")),
        (ValueError, "backend: 'gpu' is unknown; one of auto, python, c", dict(backend="gpu")),
        (ValueError, "seed must be an integer from 0", dict(seed=-1)),
    ],
)
def test_recipes_that_do_not_fit_are_refused(error, message, recipe):
    with pytest.raises(error, match=message):
        Trainer(Network([2, 4, 1]), **recipe)


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
