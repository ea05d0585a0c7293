"""Optimizers, schedules and stopping rules that users derive from pyref's classes."""

import pickle

import pytest

import pyref
from pyref import SGD, Network, Optimizer, Rule, Schedule, Trainer
from pyref.checks.verification import NotRepeatable, verify
from pyref.reference.settings import Setting, above_zero, whole_from_1

ROWS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
XOR = [0, 1, 1, 0]


class PlainDescent(Optimizer):
    """What SGD without momentum does, written once more."""

    learning_rate = Setting(above_zero, 0.1)

    def update(self, rate, scalars, weights, gradient):
        weights[:] = [weight - rate * g for weight, g in zip(weights, gradient)]


class Halving(Schedule):
    """What Step(1, factor=0.5) does."""

    def start(self):
        return [1.0]

    def rate(self, state, learning_rate, epoch):
        return learning_rate * state[0]

    def after_epoch(self, state, loss):
        state[0] *= 0.5


class After(Rule):
    epochs = Setting(whole_from_1)

    def start(self):
        return [0.0]

    def says_stop(self, state, loss, validation_loss):
        state[0] += 1.0
        return state[0] >= self.epochs

    def reason(self):
        return f"{self.epochs} epochs are enough"


def trained(backend="auto", **settings):
    stop = settings.pop("stop", ())
    network = Network([2, 3, 1], hidden="tanh", seed=3)
    trainer = Trainer(network, batch_size=2, seed=5, backend=backend, **settings)
    history = trainer.train(ROWS, XOR, epochs=7, stop=stop)
    return trainer, history


@pytest.mark.parametrize("own, known", [
    ({"optimizer": PlainDescent(0.5)}, {"optimizer": SGD(0.5)}),
    ({"optimizer": SGD(0.5), "schedule": Halving()},
     {"optimizer": SGD(0.5), "schedule": pyref.Step(1, factor=0.5)}),
])
def test_they_train_as_those_that_they_imitate(own, known):
    mine, theirs = trained(**own)[0], trained("python", **known)[0]
    assert mine.backend == "python"
    assert mine.network.digest() == theirs.network.digest()


def test_a_rule_ends_a_training():
    trainer, history = trained(stop=After(3))
    assert (len(history.loss), history.stopped_by) == (3, "3 epochs are enough")
    assert trainer.backend == "python"


@pytest.mark.skipif(pyref.kernel_missing is not None, reason="no C engine")
@pytest.mark.parametrize("settings", [
    {"optimizer": PlainDescent()}, {"schedule": Halving()}, {"stop": [After(2)]},
], ids=lambda settings: next(iter(settings)))
def test_c_says_why_not(settings):
    with pytest.raises(ValueError, match="\"c\" cannot train with .*, a class of your own"):
        trained("c", **settings)


def test_its_network_is_saved_and_its_run_is_not(tmp_path):
    trainer, _ = trained(optimizer=PlainDescent(0.5))
    with pytest.raises(ValueError, match="PlainDescent, a class of your own, cannot be saved"):
        trainer.save(tmp_path / "run.json")
    trainer.network.save(tmp_path / "model.json")
    network = Network.load(tmp_path / "model.json")
    assert network.digest() == trainer.network.digest()
    assert network.recipe["not_repeatable"] == "it was trained with PlainDescent, a class of its " \
        "user's own"
    with pytest.raises(NotRepeatable, match="PlainDescent"):
        verify(network, (ROWS, XOR))


def test_copies_go_on_alike():
    trainer, _ = trained(optimizer=PlainDescent(0.5), schedule=Halving(), stop=After(20))
    other = pickle.loads(pickle.dumps(trainer))
    for each in (trainer, other):
        each.train(ROWS, XOR, epochs=3)
    assert other.network.digest() == trainer.network.digest()


def test_what_is_missing_is_named():
    class Idle(Optimizer):
        pass

    class Silent(Rule):
        def says_stop(self, state, loss, validation_loss):
            return False

    with pytest.raises(TypeError, match="Idle needs a learning_rate, and a method update"):
        Trainer(Network([2, 1]), optimizer=Idle())
    with pytest.raises(TypeError, match="Silent needs the methods .* reason"):
        trained(stop=Silent())
