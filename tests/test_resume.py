"""The law of going on: n epochs are k epochs, a file, and n − k epochs, wherever those are trained.

With each optimizer; with dropout, shuffles, a schedule and stopping rules under way; from engine to
engine; after any number of epochs, and in the middle of one.
"""

import functools
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import require_kernel
import pyref
from fuzz.draws import Dice, Training
from fuzz.walks import Leg, first_difference, straight, walk
from pyref import Trainer
from pyref.reference.lbfgs import LBFGS
from pyref.reference.optimizers import OPTIMIZERS
from pyref.reference.schedules import SCHEDULES

ENGINES = [("python", "python"), ("python", "c"), ("c", "python"), ("c", "c")]


def drawn_training(kind, seed):
    """Everything that remembers takes part; rules that may end it, at any epoch, too."""
    dice = Dice(seed)
    dice.wild = 0.0
    rows = dice.whole(5, 30)
    recipe = {"loss": "cross_entropy", "optimizer": dice.settings(kind), "batch_size": None}
    if kind is not LBFGS:
        recipe.update(dropout=0.3, input_dropout=0.1, clip_norm=1.0, batch_size=dice.whole(1, 8))
        if kind.follows_rate:
            recipe["schedule"] = dice.settings(dice.choice(list(SCHEDULES.values())))

    def rows_of(count):
        return ([[dice.value(1.0) for _ in range(3)] for _ in range(count)],
                [dice.whole(0, 2) for _ in range(count)], None)

    return Training(
        seed,
        {"sizes": [3, 6, 5, 3], "hidden": ["tanh", "relu"], "output": "softmax", "seed": seed},
        recipe,
        rows_of(rows),
        rows_of(7),
        dice.whole(1, 3),
        [pyref.ValidationPatience(dice.whole(2, 9)), pyref.GeneralizationLoss(30.0, strip=3),
         pyref.TrainingProgress(0.1, strip=4)],
        epochs=dice.whole(2, 16),
        edits={},
    )


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("kind", OPTIMIZERS.values())
def test_n_epochs_are_k_epochs_a_file_and_the_rest(kind, seed):
    training, dice = drawn_training(kind, seed), Dice(1000 + seed)
    first, second = ENGINES[seed % 4]
    if "c" in (first, second):
        require_kernel()
    sets = dict(instruction_set="base")
    k, breaks = dice.whole(0, training.epochs), dice.choice([None, 1, dice.whole(2, 9)])
    legs = [
        Leg(first, k, **sets),
        Leg(first, training.epochs, carried="file", slice_rows=5, pauses=breaks, **sets),
        Leg(second, training.epochs, carried="file", **sets),
    ]
    whole = walk(training, straight(training))
    assert whole["failure"] is None
    assert first_difference(walk(training, legs), whole) is None, (k, breaks)


ELSEWHERE = """
import pickle, sys
sys.path[:0] = {path!r}
from fuzz.walks import Leg, forced, go
from pyref import Trainer
with open("trainings", "rb") as file:
    trainings = pickle.load(file)
for name, (training, leg) in trainings.items():
    trainer = Trainer.load(name + ".json", backend=leg.backend)
    with forced(leg):
        go(trainer, training, leg)
    trainer.save(name + ".json")
"""


def trained(training, epochs):
    trainer = Trainer(pyref.Network(**training.network), backend="python", **training.recipe)
    inputs, targets, _ = training.data
    trainer.train(inputs, targets, epochs, validation=training.validation[:2], stop=training.stop,
                  validation_every=training.validation_every)
    return trainer


@pytest.fixture(scope="module")
def halves():
    """By the optimizer's name: a training, the whole of it, and its first half."""
    found = {}
    for name, kind in OPTIMIZERS.items():
        for seed in range(8):
            training = drawn_training(kind, seed)
            whole = trained(training, training.epochs)
            if whole.epoch > training.epochs // 2:  # no rule ended it before
                break
        found[name] = training, whole, trained(training, training.epochs // 2)
    return found


@pytest.fixture(scope="module")
def elsewhere(halves, tmp_path_factory):
    """Has another process train the other halves by an engine, once; the folder of their runs."""
    @functools.lru_cache(maxsize=None)
    def gone_on(backend):
        folder = tmp_path_factory.mktemp(backend)
        trainings = {}
        for name, (training, _, half) in halves.items():
            half.save(folder / f"{name}.json")
            trainings[name] = training, Leg(backend, training.epochs, instruction_set="base")
        with open(folder / "trainings", "wb") as file:
            pickle.dump(trainings, file)
        path = [str(Path(pyref.__file__).resolve().parent.parent),
                str(Path(__file__).resolve().parent)]
        subprocess.run([sys.executable, "-c", ELSEWHERE.format(path=path)], cwd=folder, check=True)
        return folder

    return gone_on


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_rest_may_be_trained_by_another_process(halves, elsewhere, backend, name):
    _, whole, half = halves[name]
    assert Trainer.load(elsewhere(backend) / f"{name}.json") == whole != half
