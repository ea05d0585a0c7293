"""The `pyref` command: show says in words how a model was made, and whether it can be repeated."""

import re

import pytest

from conftest import edited
import pyref
from pyref import SGD, Network, Step, TargetLoss, Trainer, Uniform


def section(output, title):
    """The lines under a title, which stands before the first of them."""
    lines = output[output.index(f"\n{title:<11} ") + 1 :].splitlines()
    texts = [lines[0][12:]]
    for line in lines[1:]:
        if line[:12].strip():
            break
        texts.append(line[12:])
    return texts


RICH = (
    "train iris --epochs 4 -q --batch-size 7 --optimizer adam:beta1=0.8 --schedule "
    "step:every=3,factor=0.5 --l2 0.25 --dropout 0.125 --clip-norm 2 --class-weights balanced "
    "--label-smoothing 0.1 --no-shuffle --seed 9 --stop gap:gap=0 --backend python"
)


def test_everything_that_decides_a_training_is_said(run):
    run(RICH)
    output = run("show iris.model.json").out
    assert section(output, "recipe") == [f"of pyref train, version {pyref.__version__}"]
    recipe = Network.load("iris.model.json").recipe
    assert section(output, "data") == [
        "iris: 150 rows, target in column 5",
        f"SHA-256 {recipe['data_sha256']} (of its numbers)",
    ]
    assert section(output, "rows") == [
        "120 train, 30 validate (a part of 0.2 of each class, drawn by seed 9)"
    ]
    assert section(output, "start") == ["weights drawn as glorot_uniform by seed 9, biases of 0"]
    assert section(output, "training") == [
        "4 epochs, batches of 7 in the table's order, loss cross_entropy",
        "or until the training and the validation loss came within 0.0 of each other",
        "Adam(learning_rate=0.001, beta1=0.8, beta2=0.999, epsilon=1e-08)",
        "learning rate by Step(every=3, factor=0.5)",
        "l2 0.25, dropout 0.125, clip norm 2.0, label smoothing 0.1, class weights balanced",
        "shuffles drawn by the network's own stream",
    ]
    assert section(output, "trained") == [
        f"4 epochs by the Python engine, numerical specification {pyref.SPECIFICATION}",
        "ended with the last of these epochs, as planned",
    ]
    assert section(output, "repeatable")[0].startswith("yes: pyref verify ")
    assert not re.search(r"[{}\[\]]", output)  # no JSON is left


def test_what_ended_it(run):
    run("train xor --epochs 9 -q --stop target_loss:loss=9")
    output = run("show xor.model.json").out
    assert section(output, "training")[0].startswith("9 epochs, ")
    assert section(output, "trained")[0].startswith("1 epoch by the ")
    assert section(output, "trained")[-1] == "ended because the loss reached 9.0"
    assert section(output, "rows") == ["4 train, none validate"]
    run("train moons --epochs 100000000 --time-limit 0.01 -q")
    output = run("show moons.model.json").out
    assert section(output, "trained")[1] == (
        "ended before 100,000,000 epochs: by Ctrl-C, a time limit or an error"
    )


def test_segments_are_numbered(run):
    run("train iris --epochs 3 -q --checkpoint-every 9 --backend python")
    run("train iris --resume iris.run.json --epochs 2 --patience 7 -q --backend python")
    output = run("show iris.model.json").out
    titles = re.findall(r"^training +(segment .*)", output, re.MULTILINE)
    assert titles == [
        "segment 1 of 2: batches of 16, loss cross_entropy",
        "segment 2 of 2: 2 epochs, batches of 16, loss cross_entropy",
    ]
    done = re.findall(r"^trained +(\d epochs) by the Python", output, re.MULTILINE)
    assert done == ["3 epochs", "2 epochs"]


def test_the_epoch_whose_weights_were_kept(run):
    epoch = re.search(r"those after epoch (\d+), ", run("train iris --epochs 60").out)[1]
    assert section(run("show iris.model.json").out, "trained")[-1] == (
        f"then the weights after epoch {epoch}, whose validation loss was the lowest, were put back"
    )
    with edited("iris.model.json") as document:
        del document["recipe"]["kept_epoch"]  # as in a file of an older version
    assert section(run("show iris.model.json").out, "trained")[-1] == (
        "then the weights of the lowest validation loss were put back"
    )


@pytest.mark.parametrize(
    "options, in_words",
    [
        ("--biases uniform:low=-0.5,high=0.5", "biases as Uniform(low=-0.5, high=0.5)"),
        ("--biases he_normal", "biases as he_normal"),
        ("--initializer nguyen_widrow", "biases of its own"),
        ("--initializer nguyen_widrow --biases zeros", "biases as zeros"),
    ],
)
def test_how_the_biases_began(run, options, in_words):
    run(f"train xor -q --epochs 1 {options}")
    (line,) = section(run("show xor.model.json").out, "start")
    assert line.endswith(f" by seed 1, {in_words}")


def test_a_model_of_the_library(run):
    network = Network([2, 3, 1], initializer=Uniform(-0.5, 0.5), biases=False, seed=4)
    network.recipe["note"] = "my own"
    rows, targets = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    trainer = Trainer(network, optimizer=SGD(0.5), schedule=Step(2), batch_size=None, seed=7)
    trainer.train(rows, targets, epochs=2, stop=TargetLoss(0.0), validation=(rows[:1], [0]))
    network.save("m.json")
    output = run("show m.json").out
    told = network.recipe["segments"][0]
    assert section(output, "start") == [
        "weights drawn as Uniform(low=-0.5, high=0.5) by seed 4, no biases"
    ]
    assert section(output, "training") == [
        "all rows at once, loss binary_cross_entropy",
        "or until the loss reached 0.0",
        "SGD(learning_rate=0.5, momentum=0.0, nesterov=False)",
        "learning rate by Step(every=2, factor=0.1)",
        "shuffles drawn by seed 7",
        f"4 training rows, SHA-256 {told['data']['sha256']}",
        f"1 validation row, SHA-256 {told['validation']['sha256']}",
    ]
    assert section(output, "trained") == [
        f"2 epochs by the {'C' if trainer.backend == 'c' else 'Python'} engine, "
        f"numerical specification {pyref.SPECIFICATION}",
    ]
    assert section(output, "also noted") == ["note: my own"]


def test_why_it_cannot_be_repeated(run):
    network = Network([2, 1])
    network.save("m.json")
    assert section(run("show m.json").out, "repeatable") == [
        "no: the model has no record of a training"
    ]
    Trainer(network).train([[0, 1]], [1], epochs=3)
    network.layers[0].weights[0][0] = 0.5
    network.save("m.json")
    assert section(run("show m.json").out, "repeatable") == [
        "no: its weights were changed by hand after 3 epochs"
    ]


def test_a_recipe_from_elsewhere_is_shown_as_it_is(run):
    network = Network([2, 1])
    network.recipe = {"rows": [1, 2], "made_by": "hand"}
    network.save("m.json")
    output = run("show m.json").out
    assert section(output, "also noted") == ["rows: [1, 2]", "made by: hand"]
    assert section(output, "repeatable")[0].startswith("no: ")


def test_a_model_from_before_columns_could_be_ignored(run):
    run("train iris --epochs 1 -q")
    with edited("iris.model.json") as document:
        del document["recipe"]["ignored_columns"]
    assert "iris: 150 rows, target in column 5\n" in run("show iris.model.json").out
    assert "150 rows" in run("evaluate iris.model.json iris").out
    assert "identical" in run("verify iris.model.json iris").out


@pytest.mark.parametrize(
    "path, value, message",
    [
        ("epochs", "many", "recipe.segments[0].epochs: a whole number is needed"),
        ("optimizer", {"lr": 1}, "recipe.segments[0].optimizer.name: it is missing"),
        ("batch_size", [], "recipe.segments[0].batch_size: a whole number is needed"),
        ("stop", [{"name": "Soon"}], "recipe.segments[0].stop[0].name: 'Soon' is unknown"),
    ],
)
def test_a_damaged_segment_is_one_line(run, path, value, message):
    run("train xor --epochs 1 -q")
    with edited("xor.model.json") as document:
        document["recipe"]["segments"][0][path] = value
    shown = run("show xor.model.json", code=2)
    assert shown.out == "" and shown.err.count("\n") == 1
    assert f"xor.model.json: member {message}" in shown.err
