"""Rprop with GL stopping, as in Prechelt's Proben1 report (Universität Karlsruhe, 1994).

His rules: 60 % of the rows train, 20 % validate, 20 % test; inputs between 0 and 1, one output for
each class; squared error; Rprop with first steps that are drawn, η⁺ = 1.2, η⁻ = 0.5 and steps up
to 50; the validation error is measured after every fifth epoch; training ends with GL₅, or where
the progress P₅ falls below 0.1, or after 3,000 epochs, and the weights of the lowest validation
error are the result.

Iris is none of his problems.  tests/benchmarks/proben1.py sets the numbers of his report beside
pyref's, for whoever has his data; here is whether it runs.
"""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

import pyref
from pyref import GeneralizationLoss, IRpropMinus, IRpropPlus, Network, Trainer, TrainingProgress
from pyref import RpropMinus, RpropPlus, Uniform
from pyref.reference.generator import Stream

BENCHMARKS = Path(__file__).parent / "benchmarks"
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
    small = Uniform(-0.1, 0.1)
    network = Network(
        sizes, hidden="sigmoid", output="identity", initializer=small, biases=small, seed=1
    )
    trainer = Trainer(
        network, loss="half_squared_error", optimizer=optimizer, batch_size=None, backend=backend
    )
    rules = (GeneralizationLoss(5.0, strip=5), TrainingProgress(0.1, strip=5))
    trainer.train(*parts[0], epochs=3000, validation=parts[1], stop=rules, validation_every=5)
    return network, trainer


@pytest.mark.parametrize(
    "optimizer", [RpropMinus(), RpropPlus(), IRpropPlus(), IRpropMinus()], ids=repr
)
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


def proben1(*arguments):
    return subprocess.run(
        [sys.executable, BENCHMARKS / "proben1.py", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


def a_problem(path, rows=40, promised=40):
    """A file in the form of Proben1's: class 1 where the first of nine inputs is above a half."""
    stream = Stream(1)
    counts = {
        "bool_in": 0, "real_in": 9, "bool_out": 2, "real_out": 0,
        "training_examples": promised - 20, "validation_examples": 10, "test_examples": 10,
    }
    lines = [f"{name}={count}" for name, count in counts.items()]
    for _ in range(rows):
        inputs = [stream.random() for _ in range(9)]
        first = int(inputs[0] > 0.5)
        lines.append(" ".join(map(repr, [*inputs, 1 - first, first])))
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


def test_the_program_sets_both_tables_beside_pyref(tmp_path):
    a_problem(tmp_path / "cancer" / "cancer1.dt")
    answer = proben1(tmp_path, "--runs", 2)
    assert answer.returncode == 0, answer.stderr
    linear, hidden = [line for line in answer.stdout.splitlines() if line.startswith("cancer1")]
    assert linear.startswith("cancer1    9-2 ") and " 3.52 ± 0.04 / " in linear
    assert hidden.startswith("cancer1    9-4-2-2 ") and " 1.32 ± 0.13 / " in hidden
    assert "Table 3: linear networks; 2 runs by RpropMinus, GL above 5" in answer.stdout
    assert "within one deviation, of 1: test error " in answer.stdout


@pytest.mark.parametrize(
    "rows, arguments, message",
    [
        (40, ["glass1"], "glass1: no problem of the two tables with a file in"),
        (39, [], "39 rows found"),
        (None, [], "no file such as diabetes1.dt is in it"),
    ],
)
def test_the_program_says_what_it_misses(tmp_path, rows, arguments, message):
    if rows is not None:
        a_problem(tmp_path / "cancer" / "cancer1.dt", rows)
    answer = proben1(tmp_path, *arguments, "--runs", 1)
    assert answer.returncode == 2 and message in answer.stderr
    assert "Traceback" not in answer.stderr
