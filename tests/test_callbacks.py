"""In the middle of a training: callbacks and what they edit, progress, divergence, two trainers."""

import copy
import pickle
import threading
from decimal import Decimal
from fractions import Fraction

import pytest

from conftest import require_kernel
from pyref import (
    Adam, ConstantWeights, DivergedError, Network, Normal, SGD, Step, TargetLoss, Trainer,
    ValidationPatience,
)
from pyref.reference.generator import Stream
from pyref.rows import digests
from test_trainer import INPUTS, TARGETS, one_weight, trained, trainer_of


def test_a_callback_is_called_after_each_epoch_and_may_end_the_training(backend):
    calls = []

    def callback(trainer, epoch):
        assert trainer.epoch == epoch == len(trainer.history.loss)
        calls.append((epoch, trainer.network.digest()))
        return epoch == 3

    trainer = trainer_of(backend)
    history = trainer.train(INPUTS, TARGETS, epochs=10, callback=callback)
    assert [epoch for epoch, _ in calls] == [1, 2, 3] and len(history.loss) == 3
    expected = [trained(backend, epochs).network.digest() for epochs in (1, 2, 3)]
    assert [digest for _, digest in calls] == expected
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
def test_edits_in_a_callback_count_in_both_engines_alike(edit):
    require_kernel()
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


def test_a_wide_layer_becomes_a_softmax(backend):
    """The kernel copies whole rows for it, of 400 units here where one was the most before."""
    def change(trainer, epoch):
        trainer.network.layers[0].activation = "softmax"

    trainers = []
    for engine in (backend, "python"):
        trainer = Trainer(Network([2, 400, 1], seed=3), batch_size=4, backend=engine)
        trainer.train(INPUTS, TARGETS, epochs=2, callback=change)
        trainers.append(trainer)
    assert trainers[0] == trainers[1]


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


def test_divergence_leaves_both_engines_the_same():
    require_kernel()
    python, c = diverge("python")[0], diverge("c")[0]
    assert python == c
    for trainer in (python, c):
        trainer.optimizer.learning_rate = 0.01
        trainer.train(*[[1.0, 2.0, 3.0]] * 2, epochs=3)
    assert python == c


@pytest.mark.parametrize("longest_replay", [0.0, 1000.0])
def test_a_late_divergence(monkeypatch, longest_replay):
    """The kernel computes once more from where the lists are, which may have been renewed."""
    require_kernel()
    from pyref.engine import kernel_training, pace

    monkeypatch.setattr(kernel_training, "LONGEST_ABSENCE", longest_replay)
    monkeypatch.setattr(pace, "rows_per_slice", lambda layers: 7)
    stream = Stream(3)
    inputs = [[stream.random(), stream.random()] for _ in range(11)]
    targets = [stream.random() for _ in range(11)]

    def diverged(backend):
        network = Network([2, 1], output="identity")  # whose weights grow like a power
        trainer = Trainer(network, optimizer=SGD(3.0, momentum=0.1), batch_size=4,
                          backend=backend, input_dropout=0.2)
        rules = [ValidationPatience(10**6)]
        validation = (inputs[:3], targets[:3])
        trainer.train(inputs, targets, 3, validation, rules)
        with pytest.raises(DivergedError) as caught:
            trainer.train(inputs, targets, 10**6, validation, rules)
        assert 40 < trainer.epoch < 2000 and caught.value.epoch == trainer.epoch + 1
        assert trainer.network.digest() == trainer.network.recipe["segments"][-1]["digest"]
        return trainer, str(caught.value)

    (python, told), (c, told_too) = diverged("python"), diverged("c")
    assert python == c and told == told_too
    for trainer in (python, c):
        trainer.optimizer.learning_rate = 1e-9
        trainer.train(inputs, targets, epochs=3)
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


class Float(float):
    """As NumPy's float64 is one, too."""


def same_value(row):
    row[0] = row[0] + 0.0  # another object


def other_zero(row):
    row[0] = -row[0]


def other_list(row):
    row[:] = [2.0 * value for value in row]


@pytest.mark.parametrize("edit", [same_value, other_zero, other_list])
@pytest.mark.parametrize("start", [0.0, 0.1])
def test_the_least_edit_in_a_callback_counts(backend, edit, start):
    """Of the first input, which is 0 in all rows, nothing is ever learned."""
    network = Network([2, 2, 1], initializer=ConstantWeights(start))
    trainer = Trainer(network, batch_size=4, backend=backend)
    inputs, targets, row = [[0.0, x] for x in (0.25, 0.5, 0.75, 1.0)], TARGETS[:4], [start] * 2
    edit(row)
    trainer.train(
        inputs, targets, epochs=3,
        callback=lambda t, epoch: edit(t.network.layers[0].weights[0]) if epoch == 2 else None,
    )
    assert list(map(float.hex, network.layers[0].weights[0])) == list(map(float.hex, row))
    changed = [value.hex() for value in row] != [start.hex()] * 2
    assert changed is ("a callback changed" in network.recipe.get("not_repeatable", ""))


@pytest.mark.parametrize("kind", [int, Fraction, Float, Decimal, bool, complex])
@pytest.mark.parametrize("epoch", [2, 3])
def test_what_equals_a_float_is_none(backend, kind, epoch):
    """In the midst and at the end: numbers become floats, and what is no number is refused."""
    network = Network([2, 2, 1], initializer=ConstantWeights(1.0), biases=Normal(0.0, 1.0))
    trainer = Trainer(network, batch_size=4, backend=backend)
    row = network.layers[0].weights[0]

    def callback(trainer, now):
        if now == epoch:
            network.layers[0].weights[0][1] = kind(row[1])

    def train():
        inputs = [[0.0, x] for x in (0.25, 0.5, 0.75, 1.0)]
        trainer.train(inputs, TARGETS[:4], epochs=3, callback=callback)

    if kind in (int, Fraction, Float):
        train()
        assert list(map(type, network.layers[0].weights[0])) == [float, float]
        assert trainer.epoch == 3 and "not_repeatable" not in network.recipe
        return
    with pytest.raises(ValueError, match=r"layer 1: \S*(1|True)\S* found among the weights"):
        train()
    assert trainer.epoch == epoch and type(network.layers[0].weights[0][1]) is kind


@pytest.mark.parametrize("kind", [Decimal, complex])
def test_what_equals_a_weight_and_cannot_be_one_is_refused(backend, kind):
    """At the latest when the network is used."""
    trainer = trainer_of(backend)

    def callback(_, epoch):
        if epoch == 4:
            row = trainer.network.layers[1].weights[3]
            row[0] = kind(row[0])

    with pytest.raises(ValueError, match=r"layer 2: .* found among the weights"):
        trainer.train(INPUTS, TARGETS, epochs=4, callback=callback)
        trainer.network.predict(INPUTS)
    assert trainer.epoch == 4


@pytest.mark.parametrize("kind", [Fraction, Float])
def test_what_equals_a_weight_and_can_be_one_becomes_it(backend, kind):
    trainer = trainer_of(backend)

    def callback(_, epoch):
        row = trainer.network.layers[1].weights[3]
        row[0] = kind(row[0])

    trainer.train(INPUTS, TARGETS, epochs=3, callback=callback)
    assert trainer == trained(backend, 3) and "not_repeatable" not in trainer.network.recipe
    assert type(trainer.network.layers[1].weights[3][0]) is float  # `==` has used it


def put_same_layer(network):
    network.layers[0] = copy.deepcopy(network.layers[0])


def put_same_list(network):
    network.layers[0].weights = [list(row) for row in network.layers[0].weights]


def put_same_row(network):
    network.layers[0].weights[1] = list(network.layers[0].weights[1])


@pytest.mark.parametrize("put", [put_same_layer, put_same_list, put_same_row])
def test_lists_that_a_callback_puts_in_place_are_trained(backend, put):
    """And those that somebody holds since before see each epoch while they are the network's."""
    trainer, digests, held = trainer_of(backend), [], []

    def callback(trainer, epoch):
        if epoch == 2:
            put(trainer.network)
        if epoch in (1, 3):
            held.append((trainer.network.layers[0].weights, []))
        for rows, seen in held:
            seen.append([list(row) for row in rows])
        digests.append(trainer.network.digest())

    trainer.train(INPUTS, TARGETS, epochs=5, callback=callback)
    expected = [trained(backend, epochs) for epochs in range(1, 6)]
    assert digests == [each.network.digest() for each in expected]
    rows = [each.network.layers[0].weights for each in expected]
    assert held[0][1][:2] == rows[:2] and held[1][1] == rows[2:]


def test_what_is_changed_between_the_epochs_and_back_again(backend):
    def callback(trainer, epoch):
        trainer.optimizer.learning_rate = 0.5 if epoch == 2 else 0.1

    trainers = [trainer_of(engine, SGD(0.1)) for engine in (backend, "python")]
    for trainer in trainers:
        trainer.train(INPUTS, TARGETS, epochs=5, callback=callback)
    assert trainers[0] == trainers[1]
    assert trainers[0].network.digest() != trained(backend, 5).network.digest()


# What is made when somebody reads it: the optimizer's memory, the best weights, the stream, and the
# digest in the recipe.

LATE = ("memory", "best", "stream")


def with_all_that_waits(backend, epochs, callback=None):
    trainer = trainer_of(backend, Adam(0.05), dropout=0.2)
    held_out = INPUTS[:5], TARGETS[:5]
    stop = ValidationPatience(1000, restore_best=True)
    trainer.train(INPUTS, TARGETS, epochs, held_out, stop, callback=callback)
    return trainer


def state(trainer):
    run = trainer.run
    return repr((run.memory, run.best, run.scalars)), run.stream.state()


def test_whoever_reads_in_a_callback_sees_this_epoch(backend):
    seen = []
    trainer = with_all_that_waits(backend, 6, lambda t, epoch: seen.append(state(t)))
    assert seen == [state(with_all_that_waits("python", epochs)) for epochs in range(1, 7)]
    assert trainer == with_all_that_waits("python", 6)


def test_what_nobody_reads_is_not_made(monkeypatch):
    require_kernel()
    hashed, sha256_of = [], digests.sha256_of
    monkeypatch.setattr(
        digests, "sha256_of", lambda *given: hashed.append(given) or sha256_of(*given)
    )
    waiting = []
    trainer = with_all_that_waits("c", 9, lambda t, epoch: waiting.extend(map(t.run.waiting, LATE)))
    assert len(waiting) == 27 and None not in waiting
    assert len(hashed) <= 6  # rows, the first weights and the last ones
    trainer.train(INPUTS, TARGETS, 2, (INPUTS[:5], TARGETS[:5]))  # they are taken as they are
    straight = with_all_that_waits("python", 9)
    straight.train(INPUTS, TARGETS, 2, (INPUTS[:5], TARGETS[:5]))
    assert trainer == straight and trainer.run.waiting("memory") is None  # `==` has read them


def test_another_thread_reads_what_belongs_to_one_epoch():
    require_kernel()
    expected, found, ended = {repr(trainer_of("c").run.memory)}, set(), threading.Event()
    trainer_of("c").train(
        INPUTS, TARGETS, 300, callback=lambda t, _: expected.add(repr(t.run.memory))
    )
    trainer = trainer_of("c")

    def look_on():
        while not ended.is_set():
            found.add(repr(trainer.run.memory))

    thread = threading.Thread(target=look_on)
    thread.start()
    try:
        trainer.train(INPUTS, TARGETS, 300, callback=lambda *_: None)
    finally:
        ended.set()
        thread.join()
    assert found and found <= expected


def test_where_memory_runs_out_all_belongs_to_the_epoch_before(monkeypatch):
    require_kernel()
    from pyref.engine.handing_back import Spare

    def fails(*_):
        raise MemoryError

    def callback(trainer, epoch):
        if epoch == 4:
            monkeypatch.setattr(Spare, "write", fails)

    trainers = []
    with pytest.raises(MemoryError):
        with_all_that_waits("c", 9, lambda t, epoch: trainers.append(t) or callback(t, epoch))
    monkeypatch.undo()
    trainer, straight = trainers[0], with_all_that_waits("python", 4)
    assert trainer == straight and state(trainer) == state(straight)
    digest = trainer.network.digest()
    assert trainer.network.recipe["segments"][-1]["digest"] == digest


def test_the_recipe_has_the_digest_of_what_a_callback_sees(backend, tmp_path):
    trainer, digests_seen, path = trainer_of(backend), [], tmp_path / "network.json"

    def callback(_, epoch):
        network = trainer.network
        if epoch % 2:
            held.append(network.recipe["segments"][-1])
            digests_seen.append((held[-1]["digest"], network.digest()))
        else:  # the file's, and the copies'
            network.save(path)
            assert Network.load(path).recipe["segments"][-1]["digest"] == network.digest()
            assert copy.copy(network).recipe == pickle.loads(pickle.dumps(network)).recipe

    held = []
    trainer.train(INPUTS, TARGETS, 4, callback=callback)
    assert len(digests_seen) == 2 and all(told == true for told, true in digests_seen)
    assert held[0] is trainer.network.recipe["segments"][-1]
    assert held[0]["digest"] == trainer.network.digest() != digests_seen[1][0]


def test_the_schedule_of_a_caller_that_a_callback_changes_is_noted(backend):
    schedule = Step(10)
    trainer = trainer_of(backend, schedule=schedule)

    def callback(_, epoch):
        if epoch == 2:
            schedule.factor = 0.75

    trainer.train(INPUTS, TARGETS, 3, callback=callback)
    assert "how it is trained after epoch 2" in trainer.network.recipe["not_repeatable"]
