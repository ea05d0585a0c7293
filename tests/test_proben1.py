"""Rprop with GL stopping, as in Prechelt's Proben1 report (Universität Karlsruhe, 1994).

His rules: 60 % of the rows train, 20 % validate, 20 % test; inputs between 0 and 1, one output for
each class; squared error; Rprop with initial steps from 0.05 … 0.2, η⁺ = 1.2, η⁻ = 0.5 and steps
up to 50; training ends with GL₅, or where the progress P₅ falls below 0.1, or after 3,000 epochs,
and the weights of the lowest validation error are the result.
"""

import csv
from pathlib import Path

import pytest

import pyref
from pyref import GeneralizationLoss, IRpropMinus, IRpropPlus, Network, Trainer, TrainingProgress
from pyref import Uniform
from pyref.reference.generator import Stream

SPECIES = ["setosa", "versicolor", "virginica"]


@pytest.fixture(scope="module")
def parts():
    """Iris in three parts, each of inputs and targets, in an order drawn from seed 1."""
    path = Path(pyref.__file__).parent / "datasets" / "iris.csv"
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    columns = [[float(row[k]) for row in rows] for k in range(4)]
    scaled = zip(*[[(v - min(c)) / (max(c) - min(c)) for v in c] for c in columns])
    examples = [
        (list(inputs), [float(row[4] == name) for name in SPECIES])
        for inputs, row in zip(scaled, rows)
    ]
    drawn = [examples[place] for place in Stream(1).shuffled(150)]
    cut = [drawn[:90], drawn[90:120], drawn[120:]]
    return [([x for x, _ in part], [t for _, t in part]) for part in cut]


def trained(parts, sizes, optimizer, backend):
    network = Network(
        sizes, hidden="sigmoid", output="identity", initializer=Uniform(-0.1, 0.1), seed=1
    )
    trainer = Trainer(
        network, loss="half_squared_error", optimizer=optimizer, batch_size=None, backend=backend
    )
    rules = (GeneralizationLoss(5.0, strip=5), TrainingProgress(0.1, strip=5))
    trainer.train(*parts[0], epochs=3000, validation=parts[1], stop=rules)
    return network, trainer


@pytest.mark.parametrize("optimizer", [IRpropPlus(), IRpropMinus()], ids=repr)
def test_linear_networks(parts, optimizer, backend):
    """He reports that linear networks stop after tens to hundreds of epochs, not thousands."""
    network, trainer = trained(parts, [4, 3], optimizer, backend)
    history = trainer.history
    assert history.stopped_by is not None
    assert 10 <= trainer.epoch < 1000 and trainer.epoch % 5 == 0
    if "progress" not in history.stopped_by:
        best = network.evaluate(*parts[1], backend=backend).loss
        assert best == min(history.validation_loss)
    # The least-squares fit of iris, worked out without training, leaves its middle class masked:
    # about 15 % of the rows are wrong, whatever the split.
    test = network.evaluate(*parts[2], backend=backend)
    assert 0.7 <= test.accuracy <= 0.97
    guess = Network([4, 3], output="identity", initializer="zeros")
    guess.layers[0].biases[:] = [1 / 3] * 3
    assert test.loss < 0.5 * guess.evaluate(*parts[2], loss="half_squared_error").loss


def test_a_hidden_layer_tells_all_three_apart(parts, backend):
    network, trainer = trained(parts, [4, 6, 3], IRpropPlus(), backend)
    assert trainer.epoch <= 3000
    assert network.evaluate(*parts[2], backend=backend).accuracy >= 0.9


def test_both_engines_alike(parts):
    from conftest import require_kernel

    require_kernel()
    digests = {
        trained(parts, [4, 3], IRpropPlus(), backend)[0].digest() for backend in ("python", "c")
    }
    assert len(digests) == 1
