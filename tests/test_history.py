"""The course of a training: as a table beside the model, and kept in the model."""

import csv
import json
from pathlib import Path

import pytest

from conftest import edited
from pyref import Network, Trainer, ValidationPatience
from pyref.files.document import ModelFileError

pytestmark = pytest.mark.usefixtures("in_a_folder")

ROWS, TARGETS = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]


def table(path="h.csv"):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_for_each_epoch(run):
    """With every bit of what the trainer has seen, and the schedule's rates."""
    run("train iris --epochs 5 -q --checkpoint-every 9 --history h.csv "
        "--schedule step:every=2,factor=0.5 --learning-rate 0.25")
    history = Trainer.load("iris.run.json").history
    rows = table()
    assert list(rows[0]) == ["epoch", "rate", "loss", "validation_loss", "validation_accuracy"]
    assert [int(row["epoch"]) for row in rows] == [1, 2, 3, 4, 5]
    assert [float(row["rate"]) for row in rows] == [0.25, 0.25, 0.125, 0.125, 0.0625]
    assert [float(row["loss"]) for row in rows] == history.loss
    assert [float(row["validation_loss"]) for row in rows] == history.validation_loss
    assert [float(row["validation_accuracy"]) for row in rows] == history.validation_accuracy


def test_rates_that_depend_on_the_losses(run):
    """The plateau is that of the validation loss, as in the training."""
    run("train iris --epochs 6 -q --history h.csv --checkpoint-every 9 --optimizer "
        "sgd:learning_rate=1e-9 --schedule reduceonplateau:patience=0,threshold=0.9,factor=0.5")
    assert [float(row["rate"]) for row in table()] == [1e-9 / 2**n for n in (0, 0, 1, 2, 3, 4)]


def test_columns_are_those_that_there_are(run):
    run("train xor --epochs 2 -q --history h.csv")
    assert list(table()[0]) == ["epoch", "rate", "loss"]
    run("train iris --target 1 --epochs 2 -q --history h.csv")
    assert list(table()[0]) == ["epoch", "rate", "loss", "validation_loss"]


def test_a_run_that_goes_on_has_all_its_epochs(run):
    run("train iris --epochs 4 -q --history all.csv --patience 0")
    run("train iris --epochs 2 -q --checkpoint-every 1 --patience 0")
    shown = run("train iris --resume iris.run.json --epochs 2 --history h.csv --patience 0")
    assert Path("h.csv").read_bytes() == Path("all.csv").read_bytes()
    assert "\nhistory     h.csv\n" in shown.out


def test_a_training_that_diverges_has_a_history(run):
    run("train moons --optimizer sgd:learning_rate=0.1 --activation relu --hidden 8 --epochs 99 "
        "--schedule step:every=3,factor=1e9 --history h.csv -q --backend python", code=1)
    rows = table()
    assert len(rows) >= 3 and float(rows[3]["rate"]) == 0.1 * 1e9


@pytest.mark.parametrize("path, message", [
    ("iris.model.json", "this is also iris.model.json, which must not be overwritten"),
    ("nowhere/h.csv", "there is no folder"),
    (".", "this is a folder; --history needs the name of a file"),
])
def test_where_no_history_goes(run, path, message):
    assert message in run(f"train iris --epochs 1 --history {path}", code=2).err


def test_a_history_that_cannot_be_written_costs_no_model(run, monkeypatch):
    def refuse(path, text):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("pyref.command_line.train.write_text", refuse)
    shown = run("train xor --epochs 1 -q --history h.csv", code=2)
    assert shown.err == "pyref: error: h.csv: No space left on device\n"
    assert Path("xor.model.json").exists()


def trained(epochs, every=1):
    network = Network([1, 1])
    trainer = Trainer(network, batch_size=2, backend="python")
    trainer.train(ROWS, TARGETS, epochs, validation=(ROWS[1:3], TARGETS[1:3]),
                  validation_every=every)
    return network, trainer


def test_a_model_keeps_its_history():
    network, trainer = trained(12, every=3)
    segment = network.recipe["segments"][0]
    assert segment["validation_epochs"] == trainer.history.validation_epochs == [3, 6, 9, 12]
    assert segment["validation_losses"] == pytest.approx(trainer.history.validation_loss, rel=1e-6)
    assert max(len(repr(loss)) for loss in segment["validation_losses"]) <= 9
    assert segment["validation_accuracies"] == trainer.history.validation_accuracy
    network.save("m.json")
    assert Network.load("m.json").recipe == network.recipe


def test_a_long_history_is_thinned(monkeypatch):
    monkeypatch.setattr("pyref.recipe.MOST_LOSSES", 4)
    network, trainer = trained(11)
    segment = network.recipe["segments"][0]
    assert segment["validation_epochs"] == [4, 8]
    trainer.train(ROWS, TARGETS, 2, validation=(ROWS[1:3], TARGETS[1:3]))
    assert segment["validation_epochs"] == [4, 8, 12]
    losses = trainer.history.validation_loss
    assert segment["validation_losses"] == pytest.approx([losses[3], losses[7], losses[11]], 1e-6)


def test_each_segment_has_its_own():
    network, trainer = trained(3)
    rule = ValidationPatience(50)
    trainer.train(ROWS, TARGETS, 2, validation=(ROWS[1:3], TARGETS[1:3]), stop=rule)
    segments = network.recipe["segments"]
    assert [segment["validation_epochs"] for segment in segments] == [[1, 2, 3], [4, 5]]


def test_engines_keep_the_same_history(run, backend):
    run(f"train iris --epochs 4 -q --backend {backend}")
    run("train iris --epochs 4 -q --backend python -o other.json")
    a, b = (Network.load(path).recipe["segments"][0] for path in ("iris.model.json", "other.json"))
    names = [name for name in a if name.startswith("validation_")]
    assert len(names) == 3 and [a[name] for name in names] == [b[name] for name in names]


@pytest.mark.parametrize("name, value, message", [
    ("validation_epochs", [2, 1, 3], "rising numbers from 1 are needed"),
    ("validation_epochs", [0, 1, 2], "rising numbers from 1 are needed"),
    ("validation_epochs", [1.5, 2, 3], "a whole number is needed"),
    ("validation_losses", [0.5], "3 numbers are needed, one for each of validation_epochs"),
    ("validation_losses", ["a", 1, 2], "a finite number is needed"),
    ("validation_accuracies", [0.5, 1.5, 1.0], "numbers from 0 to 1 are needed"),
    ("validation_accuracies", {}, "a list of numbers is needed"),
])
def test_a_damaged_history_is_refused(name, value, message):
    network, _ = trained(3)
    network.save("m.json")
    with edited("m.json") as document:
        document["recipe"]["segments"][0][name] = value
    with pytest.raises(ModelFileError, match=rf"segments\[0\]\.{name}.*{message}"):
        Network.load("m.json")


def test_show_tells_of_it(run):
    run("train iris --epochs 9 --hidden 3 -q")
    output = run("show iris.model.json").out
    segment = json.loads(Path("iris.model.json").read_text(encoding="utf-8"))["recipe"]["segments"]
    losses = segment[0]["validation_losses"]
    lowest = losses.index(min(losses)) + 1
    assert "\nhistory     the loss was " in output
    assert f"and lowest, {min(losses):.4g}, after epoch {lowest}\n" in output


def test_a_model_without_a_history_loads(run):
    run("train iris --epochs 2 -q")
    with edited("iris.model.json") as document:
        segment = document["recipe"]["segments"][0]
        for name in [name for name in segment if name.startswith("validation_")]:
            del segment[name]
    assert "the validation loss was" not in run("show iris.model.json").out
    assert "identical" in run("verify iris.model.json iris").out
