"""Certificates: a network's recipe is enough to train it again, and `verify` finds what differs."""

import copy
import os
import subprocess
import sys
from array import array
from pathlib import Path

import pytest

from conftest import edited, require_kernel
import pyref
from pyref import (
    IRpropMinus, LBFGS, Network, Patience, SGD, Trainer, Uniform, ValidationPatience
)
from pyref.reference.activations import ACTIVATIONS
from pyref.tables.scaling import Scaling
from pyref.engine import python
from pyref.rows.conversion import table
from pyref.rows.data import Data
from pyref.reference.guard import guarded_train as reference_train
from pyref.checks.verification import NotRepeatable, verify

INPUTS = [[0.1 * i, 0.5 - 0.07 * i] for i in range(13)]
TARGETS = [[float(i % 3 == 0)] for i in range(13)]
ROWS = (INPUTS, TARGETS)
HELD_OUT = ([[0.15, 0.2], [0.65, 0.1], [1.1, -0.2]], [[1.0], [0.0], [0.5]])


def network_of(**settings):
    return Network([2, 4, 1], **{"seed": 3, **settings})


def trained(network=None, epochs=6, more=None, **settings):
    network = network or network_of()
    settings = {"optimizer": SGD(0.4, 0.9), "batch_size": 4, **settings}
    trainer = Trainer(network, **settings)
    trainer.train(*ROWS, epochs, **(more or {}))
    return trainer


def segments(network):
    return network.recipe["segments"]


def identical(network, backend="python", *more):
    return verify(network, ROWS, HELD_OUT, *more, backend=backend).identical


@pytest.mark.parametrize(
    "start",
    [
        {}, {"initializer": "he_normal", "biases": False}, {"initializer": Uniform(-0.5, 0.25)},
        {"initializer": "nguyen_widrow", "hidden": "relu", "output": "identity"},
        {"biases": "uniform"}, {"initializer": "zeros", "biases": Uniform(-0.1, 0.1)},
    ],
    ids=repr,
)
@pytest.mark.parametrize("seed", [None, 9])
def test_a_training_is_done_again(backend, start, seed):
    network = trained(network_of(**start), backend=backend, seed=seed).network
    require_both = pyref.kernel_missing is None
    assert identical(network, "c" if backend == "python" and require_both else "python")
    assert len(segments(network)) == 1 and segments(network)[0]["engines"] == [backend]
    assert segments(network)[0]["digest"] == network.digest()


SETTINGS = [
    dict(l1=0.01, l2=0.02, dropout=0.2, input_dropout=0.1, clip_value=0.5, clip_norm=1.5),
    dict(schedule=pyref.Cosine(4, warmup=1)),
    dict(schedule=pyref.ReduceOnPlateau(patience=0)),
    dict(class_weights="balanced"),
    dict(class_weights=[1.0, 2.5], shuffle=False),
    dict(optimizer=pyref.Adam(0.1)),
    dict(optimizer=IRpropMinus(), batch_size=None),
    dict(optimizer=LBFGS(), batch_size=None),
    dict(loss="mean_squared_error"),
]


@pytest.mark.parametrize("settings", SETTINGS, ids=repr)
def test_every_setting_is_in_the_recipe(backend, settings):
    more = {"validation": HELD_OUT, "stop": [ValidationPatience(3), Patience(4)]}
    network = trained(epochs=9, backend=backend, more=more, **settings).network
    assert identical(network)


def test_rows_may_have_weights():
    weights = [0.5 + 0.1 * i for i in range(13)]
    network = trained(more={"weights": weights}).network
    assert verify(network, (*ROWS, weights)).identical
    with pytest.raises(ValueError, match="the 13 training rows of its recipe are not among"):
        verify(network, ROWS)


def test_a_stop_and_the_best_weights_are_repeated(backend):
    trainer = Trainer(network_of(), optimizer=SGD(2.0, 0.9), batch_size=4, backend=backend)
    trainer.train(*ROWS, 90, validation=HELD_OUT, stop=ValidationPatience(2))
    assert trainer.epoch < 90 and "2 epochs" in segments(trainer.network)[0]["ended"]
    assert identical(trainer.network)
    trainer.train(*ROWS, 3, validation=HELD_OUT, stop=ValidationPatience(2))
    assert len(segments(trainer.network)) == 2 and identical(trainer.network)


def test_best_weights_put_back_by_hand(backend):
    trainer = trained(epochs=9, optimizer=SGD(2.0, 0.9), backend=backend,
                      more={"validation": HELD_OUT, "stop": ValidationPatience(50)})
    before = trainer.network.digest()
    assert trainer.restore_best() and trainer.network.digest() != before
    assert identical(trainer.network)
    trainer.train(*ROWS, 2, validation=HELD_OUT, stop=ValidationPatience(50))
    assert len(segments(trainer.network)) == 2 and identical(trainer.network)


# Segments.


def test_going_on_with_the_same_settings_makes_no_new_segment(backend):
    trainer = trained(backend=backend)
    trainer.train(*ROWS, 5)
    (segment,) = segments(trainer.network)
    assert segment["epochs"] == 11 and len(segment["losses"]) == 11
    assert segment["losses"] == trainer.history.loss
    assert identical(trainer.network)
    assert trained(epochs=11, backend=backend).network.recipe == trainer.network.recipe


def test_other_settings_make_another_segment(backend):
    trainer = trained(backend=backend)
    trainer.optimizer.learning_rate = 0.1
    trainer.train(*ROWS, 4)
    trainer.train(*HELD_OUT, 3)
    told = segments(trainer.network)
    assert [segment["epochs"] for segment in told] == [6, 4, 3]
    assert [segment["optimizer"]["learning_rate"] for segment in told] == [0.4, 0.1, 0.1]
    assert [segment["trainer"] for segment in told] == [1, 1, 1]
    assert identical(trainer.network)


def test_two_trainers_and_other_activations(backend):
    first = trained(backend=backend)
    network = first.network
    network.layers[0].activation = "relu"
    second = trained(network, optimizer=pyref.Adam(), backend=backend)
    first.train(*ROWS, 2)
    assert [segment["trainer"] for segment in segments(network)] == [1, 2, 1]
    assert second.number == 2 and identical(network)


def test_engines_that_take_over_share_a_segment(tmp_path):
    require_kernel()
    trained(backend="c").save(tmp_path / "run.json")
    trainer = Trainer.load(tmp_path / "run.json", backend="python")
    trainer.train(*ROWS, 3)
    (segment,) = segments(trainer.network)
    assert (segment["engines"], segment["epochs"]) == (["c", "python"], 9)
    assert identical(trainer.network) and identical(trainer.network, "c")


def test_a_run_file_keeps_the_seed_and_the_number(tmp_path):
    for trainer in (trained(seed=77), Trainer(network_of(), seed=5)):
        trainer.save(tmp_path / "run.json")
        loaded = Trainer.load(tmp_path / "run.json")
        assert (loaded.seed, loaded.number) == (trainer.seed, trainer.number)
        loaded.train(*ROWS, 2)
        assert identical(loaded.network)


def test_a_training_that_was_broken_off_within_an_epoch(backend):
    trainer = trained(dropout=0.3, backend=backend)
    break_off(trainer, batches=2)
    assert segments(trainer.network)[0]["position"] == 8
    assert identical(trainer.network)
    trainer.optimizer.learning_rate = 0.05  # the epoch under way keeps its rate
    trainer.train(*ROWS, 2)
    assert [s["position"] for s in segments(trainer.network)] == [8, None]
    assert identical(trainer.network)


def break_off(trainer, batches):
    """Leave the next epoch after some batches, as Ctrl-C does in either engine."""
    engine = trainer._engine

    class Interrupted:
        NAME = engine.NAME

        @staticmethod
        def train(run, data, epochs, validation, hooks, *others):
            steps = reference_train(run, python.examples(data), epochs)
            for _ in range(batches):
                next(steps)
            steps.close()
            hooks.hand_back(lambda layers: None)
            raise KeyboardInterrupt

    trainer._engine = Interrupted
    with pytest.raises(KeyboardInterrupt):
        trainer.train(*ROWS, 1)
    trainer._engine = engine


def test_a_divergence_leaves_what_can_be_repeated(backend):
    trainer = trained(batch_size=1, backend=backend, loss="half_squared_error",
                      network=network_of(output="identity", hidden="relu"),
                      optimizer=SGD(0.001))
    trainer.optimizer.learning_rate = 1e200
    with pytest.raises(pyref.DivergedError):
        trainer.train(*ROWS, 5)
    assert identical(trainer.network)


# What cannot be repeated, and why.


def reason(network):
    with pytest.raises(NotRepeatable) as caught:
        verify(network, ROWS, backend="python")
    return str(caught.value)


def test_a_network_that_was_not_trained():
    assert "no record of a training" in reason(network_of())


def test_given_weights(tmp_path):
    given = [layer.weights for layer in network_of().layers]
    network = trained(network_of(initializer=given)).network
    assert "first weights were given" in reason(network)
    given = network_of(biases=[[0.0] * 4, [0.0]])
    assert "first weights were given" in reason(trained(given).network)
    bare = network_of()
    bare.recipe = {"by": "hand"}  # as files from before recipes have it
    bare.save(tmp_path / "bare.json")
    assert "is not in its recipe" in reason(trained(Network.load(tmp_path / "bare.json")).network)


def test_weights_edited_before_the_first_training():
    network = network_of()
    network.layers[0].weights[0][0] += 1e-9
    assert "changed by hand before the first training" in reason(trained(network).network)


def test_weights_edited_between_trainings(backend):
    trainer = trained(backend=backend)
    trainer.network.layers[1].biases[0] = 0.25
    trainer.train(*ROWS, 2)
    assert "changed by hand after 6 epochs" in reason(trainer.network)


def test_weights_edited_after_the_last_training(tmp_path):
    network = trained().network
    network.layers[0].weights[1][2] = -network.layers[0].weights[1][2]
    assert "changed by hand" in reason(network)
    network.save(tmp_path / "model.json")
    assert "changed by hand after 6 epochs" in reason(Network.load(tmp_path / "model.json"))


@pytest.mark.parametrize(
    "change, why",
    [
        (lambda trainer: trainer.network.layers[0].weights[0].reverse(), "changed its weights"),
        (lambda trainer: setattr(trainer.optimizer, "learning_rate", 0.1), "how it is trained"),
        (lambda trainer: setattr(trainer.network.layers[0], "activation", "relu"), "how it is"),
    ],
    ids=["weights", "optimizer", "activation"],
)
def test_callbacks_that_change_something(backend, change, why):
    def callback(trainer, epoch):
        if epoch == 3:
            change(trainer)

    message = reason(trained(backend=backend, more={"callback": callback}).network)
    assert why in message and "after epoch 3" in message


def test_callbacks_that_only_look_or_end(backend):
    network = trained(backend=backend, more={"callback": lambda trainer, epoch: epoch == 4}).network
    assert segments(network)[0]["epochs"] == 4 and identical(network)


def test_what_a_callback_saves_is_a_certificate_too(backend, tmp_path):
    def callback(trainer, epoch):
        trainer.network.save(tmp_path / f"{epoch}.json")
        trainer.save(tmp_path / "run.json")

    trained(epochs=3, backend=backend, more={"callback": callback})
    for epoch in (1, 2, 3):
        network = Network.load(tmp_path / f"{epoch}.json")
        assert segments(network)[0]["epochs"] == epoch and identical(network)
    assert identical(Trainer.load(tmp_path / "run.json").network)


def test_another_specification(tmp_path):
    network = trained().network
    segments(network)[0]["specification"] += 1
    assert "numerical specification" in reason(network)


# What differs.


def test_the_first_difference_is_found():
    network = trained(epochs=8).network
    wrong = copy.deepcopy(network)
    recorded = segments(wrong)[0]
    recorded["losses"][4] *= 1.0 + 2.0**-52
    wrong.layers[1].weights[2][0] *= 1.0 + 2.0**-52
    recorded["digest"] = wrong.digest()
    verdict = verify(wrong, ROWS, backend="python")
    assert not verdict.identical
    losses = segments(network)[0]["losses"]
    assert verdict.loss == (4, 5, recorded["losses"][4], losses[4])
    right, false = network.layers[1].weights[2][0], wrong.layers[1].weights[2][0]
    assert verdict.weight == (2, 3, 1, false, right) and verdict.segment == 1


def test_a_bias_that_differs():
    wrong = trained().network
    wrong.layers[0].biases[3] = -wrong.layers[0].biases[3]
    segments(wrong)[0]["digest"] = wrong.digest()
    verdict = verify(wrong, ROWS, backend="python")
    assert verdict.loss is None and verdict.weight[:3] == (1, None, 4)


def test_an_engine_that_computes_otherwise_is_found(monkeypatch):
    network = trained(backend="python").network
    right = ACTIVATIONS["tanh"]
    wrong = type(right)(lambda z: [y * (1.0 + 2.0**-30) for y in right.outputs(z)], right.deltas)
    monkeypatch.setitem(ACTIVATIONS, "tanh", wrong)
    verdict = verify(network, ROWS, backend="python")
    assert verdict.loss.epoch == 1 and verdict.weight.layer == 1


def test_long_histories_are_thinned(monkeypatch):
    monkeypatch.setattr(pyref.recipe, "MOST_LOSSES", 10)
    trainer = trained(epochs=33)
    (segment,) = segments(trainer.network)
    assert segment["loss_every"] == 4 and len(segment["losses"]) == 8
    assert segment["losses"] == trainer.history.loss[3::4] and identical(trainer.network)
    segment["losses"][2] += 1.0
    assert verify(trainer.network, ROWS).loss[:2] == (8, 12)


def test_the_progress_is_told_in_rows(backend):
    seen = []
    trainer = trained(epochs=3)
    trained(trainer.network, epochs=4)
    verify(trainer.network, ROWS, backend=backend, progress=seen.append)
    assert seen and seen == sorted(seen) and 0 < seen[-1] <= 13 * 7


# Digests of data.


def test_digests_of_data_by_hand():
    """The bytes: a line with the shape, then doubles in big-endian order."""
    import hashlib

    rows, targets = table("inputs", [[1.0, -2.0]], 2), table("targets", [0.5], 1)
    one, two, half = (bytes.fromhex(start + "0" * 12) for start in ("3ff0", "c000", "3fe0"))
    expected = hashlib.sha256(b"1 2 1\n" + one + two + half).hexdigest()
    assert Data(rows, targets, None).digest() == expected
    weighted = hashlib.sha256(b"1 2 1 weighted\n" + one + two + half + half).hexdigest()
    assert Data(rows, targets, array("d", [0.5])).digest() == weighted


def test_lists_and_buffers_have_the_same_digest(monkeypatch):
    monkeypatch.setattr(pyref.rows.digests, "DIGEST_BLOCK", 7)
    flat = array("d", [value for row in INPUTS for value in row])
    targets = table("targets", TARGETS, 1)
    digests = {
        Data(table("inputs", rows, 2), targets, None).digest()
        for rows in (INPUTS, flat, memoryview(flat), [tuple(row) for row in INPUTS])
    }
    assert len(digests) == 1
    flat[25] += 1e-12
    assert Data(table("inputs", flat, 2), targets, None).digest() not in digests


# The command.


def test_verify_a_model(run):
    run("train iris --epochs 3 --hidden 4 -q")
    shown = run("verify iris.model.json iris").out
    assert "3 epochs in 1 segment, 360 rows to train" in shown
    assert "identical to the last bit" in shown
    digest = Network.load("iris.model.json").digest()
    quiet = run("verify iris.model.json iris --backend python -q").out.splitlines()
    assert quiet[0].startswith("result") and quiet[1].endswith(digest)


def test_verify_a_regression_from_a_pipe_of_rows(run):
    lines = [f"{i},{i * i % 7},{i / 3 + 0.125}" for i in range(60)]
    Path("d.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    run("train d.csv --epochs 4 --hidden 3 --seed 8 --validation 0.3 --patience 2 -q -o m.json")
    assert "identical" in run("verify m.json d.csv").out
    text = "\n".join(line.replace(",", ";") for line in lines)
    Path("same.csv").write_text(text, encoding="utf-8")
    assert "identical" in run("verify m.json same.csv -q").out
    Path("d.csv").write_text("\n".join(lines[1:] + lines[:1]), encoding="utf-8")
    error = run("verify m.json d.csv", code=2).err
    assert "these are not the data it was trained on" in error


def test_verify_a_run_that_went_on(run):
    run("train xor --epochs 5 --hidden 3 -q -o x.json --checkpoint-every 2")
    run("train xor --resume x.run.json --epochs 4 --patience 3 -q -o x.json")
    assert len(segments(Network.load("x.json"))) == 2
    assert "9 epochs in 2 segments" in run("verify x.json xor").out


def test_verify_says_where_the_difference_is(run):
    run("train xor --epochs 5 --hidden 3 -q -o x.json")
    with edited("x.json") as document:
        document["recipe"]["segments"][0]["optimizer"]["learning_rate"] *= 1.5
    output = run("verify x.json xor -q", code=1).out
    found = Network.load("x.json")
    assert "NOT identical" in output and "the loss of epoch 2 is 0x" in output
    assert "in layer 1, the weight from input 1 to unit 1: " in output
    assert found.layers[0].weights[0][0].hex() + " in the model" in output


def test_verify_a_model_of_the_library(run):
    network = Network([2, 3, 1])
    network.input_scaling = Scaling([0.5, 0.5], [0.5, 0.5])
    rows, targets = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    Trainer(network).train(rows, targets, 5, validation=([[0, 1]], [1]))
    network.save("m.json")
    Path("part.csv").write_text("0,1,1\n", encoding="utf-8")
    assert "the 1 validation rows" in run("verify m.json xor", code=2).err
    assert "identical" in run("verify m.json xor part.csv").out


def test_verify_says_why_not(run):
    spoiled = trained(more={"callback": lambda t, e: t.network.layers[0].biases.reverse()})
    spoiled.network.save("m.json")
    assert "error: not repeatable: a callback changed its weights" in run(
        "verify m.json xor", code=2).err
    run("train iris --epochs 2 --hidden 3 -q")
    with edited("iris.model.json") as document:
        document["recipe"]["segments"][0]["epochs"] = -2
    error = run("verify iris.model.json iris", code=2).err
    assert "member recipe.segments[0].epochs: a whole number is needed" in error


def test_scaling_that_is_not_that_of_the_rows(run):
    run("train iris --epochs 2 --hidden 3 -q")
    network = Network.load("iris.model.json")
    network.input_scaling = Scaling([0.0] * 4, [1.0] * 4)
    network.save("iris.model.json")
    assert "its scaling is not that" in run("verify iris.model.json iris", code=2).err


def test_show_tells_what_was_done_but_no_list_of_losses(run):
    run("train iris --epochs 3 --hidden 4 -q")
    shown = run("show iris.model.json").out
    assert "3 epochs, batches of 16" in shown and "losses" not in shown and "segments" not in shown


def test_verify_needs_nothing_but_python(run):
    run("train xor --epochs 5 --hidden 3 -q -o x.json")
    environment = {**os.environ, "PYREF_BACKEND": "python",
                   "PYTHONPATH": str(Path(pyref.__file__).resolve().parent.parent)}
    done = subprocess.run([sys.executable, "-S", "-m", "pyref", "verify", "x.json", "xor"],
                          env=environment, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "") and "identical" in done.stdout


def test_the_same_engine_again_is_said_to_be_that(run, monkeypatch):
    """Where C is missing, what Python trained can only be trained again by Python."""
    run("train xor --epochs 2 -q --backend python")
    explicit = run("verify xor.model.json xor -q --backend python").out
    assert "            by the Python engine, which trained it too" in explicit
    monkeypatch.setattr("pyref.engine.backend.kernel_missing", "no kernel, says the test")
    monkeypatch.delenv("PYREF_BACKEND", raising=False)
    shown = run("verify xor.model.json xor -q").out
    assert "identical" in shown and "which trained it too: the other one is missing here" in shown
    assert "no kernel, says the test" in shown and "pip install" in shown


def test_the_other_engine_needs_no_word(run):
    require_kernel()
    run("train xor --epochs 2 -q --backend python")
    assert "trained it too" not in run("verify xor.model.json xor -q").out


def test_the_time_in_python_counts_steps_too():
    """Ten rows are ten steps of one row, or one of all."""
    from pyref.command_line.verify import seconds_in_python
    from pyref.files.document import Members

    def seconds(batch_size):
        told = {"data": {"rows": 10}, "epochs": 3, "batch_size": batch_size}
        return seconds_in_python(Network([4, 16, 16, 3]), [Members("m", "", told)])

    row = 20e-6 + 4.5e-6 * 35 + 0.08e-6 * 3 * 368
    step = 50e-6 + 403e-6
    assert seconds(None) == pytest.approx(3 * (10 * row + step))
    assert seconds(1) == pytest.approx(3 * (10 * row + 10 * step))
    assert seconds(4) == pytest.approx(3 * (10 * row + 3 * step))
