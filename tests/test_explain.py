"""One training step, watched: its numbers are those of a Trainer's step and of the literature."""

import copy
import json
import re
import sys
from pathlib import Path

import pytest

import pyref.reference
from pyref import SGD, DivergedError, Network, Trainer
from pyref.reference.batch import Examples
from pyref.reference.losses import LOSSES
from pyref.reference.optimizers import OPTIMIZERS
from pyref.reference.parameters import parameters
from pyref.tracing.trace import next_step

REFERENCE = Path(pyref.reference.__file__).parent
ROW, TARGET = [0.5, -1.25, 2.0], [0.25, 0.75]


def network(**told):
    return Network([3, 4, 2], **{"hidden": "tanh", "output": "sigmoid", "seed": 3, **told})


def trained(made, **told):
    return Trainer(made, **{"batch_size": None, "backend": "python", **told})


def traced(trainer, row=ROW, target=TARGET, weight=1.0):
    """A step of the trainer's network and run, watched."""
    single = trainer.network.layers[0].rounded
    return next_step(trainer.run, Examples([single(row)], [single(target)], [weight]))


def kinds(trace):
    return [call.kind for call in trace.calls]


RECIPES = {
    "momentum": ({}, dict(optimizer=SGD(0.5, momentum=0.9, nesterov=True))),
    "no biases": (dict(biases=False, hidden="softmax"), dict(loss="huber", optimizer="adam")),
    "no hidden layer": (None, dict(optimizer=SGD(0.1))),
    "penalties": ({}, dict(loss="half_squared_error", l1=0.01, l2=0.1)),
    "clipping": ({}, dict(loss="mean_squared_error", clip_value=0.1, clip_norm=0.05)),
    "dropout": (dict(hidden=["relu"]), dict(dropout=0.5, input_dropout=0.3, optimizer="adamw")),
    "classes": (dict(output="softmax"), dict(label_smoothing=0.1, class_weights=[2.0, 3.0])),
    "single": (dict(precision="single"), dict(optimizer=SGD(0.1, momentum=0.5))),
    "schedule": ({}, dict(schedule="reduce_on_plateau", optimizer="rmsprop")),
    **{name: ({}, dict(optimizer=kind())) for name, kind in OPTIMIZERS.items()},
}


@pytest.mark.parametrize("name", RECIPES)
def test_the_weights_are_those_of_a_training(name, backend):
    """Bit for bit, for several steps, with either engine."""
    of_network, told = RECIPES[name]
    made = network(**of_network) if of_network is not None else Network([3, 2], seed=3)
    trainer = trained(copy.copy(made), **{**told, "backend": backend})
    watched = trained(made, **told)
    weight = 3.0 if "class_weights" in told else 1.0
    for _ in range(3):
        trainer.train([ROW], [TARGET], epochs=1)
        before = [list(row) for row in parameters(watched.network.layers)]
        trace = traced(watched, weight=weight)
        assert (trace.before, trace.after) == (before, parameters(trainer.network.layers))
    assert watched.network.digest() == trainer.network.digest()
    assert watched.run.losses == trainer.run.losses


def test_what_is_kept_hangs_together():
    """What one call has found, the next has been given, and what was written down is not changed
    afterwards."""
    trace = traced(trained(network(), optimizer=SGD(0.5, momentum=0.9), loss="huber"))
    assert kinds(trace) == [
        "start_epoch", "pre_activations", "activation", "pre_activations", "activation", "loss",
        "loss_gradient", "activation_deltas", "output_deltas", "weight_gradients",
        "bias_gradients", "errors_below", "activation_deltas", "weight_gradients",
        "bias_gradients", "batch_gradients", "regularize", *["update"] * 9,
    ]
    z, y, *_ = of = [call for call in trace.calls if call.layer == 0]
    assert z.given["x"] == ROW and z.given["weights"] == trace.before[:3]
    assert y.given["z"] == z.found
    deltas = next(call for call in of if call.kind == "activation_deltas")
    assert deltas.found == [e * s for e, s in zip(deltas.given["errors"], deltas.given["slopes"])]
    updates = [call for call in trace.calls if call.kind == "update"]
    assert [call.given["weights"] for call in updates] == trace.before
    assert [call.found["weights"] for call in updates] == trace.after
    assert [call.found["memory"]["velocity"] for call in updates] == [
        call.given["gradient"] for call in updates
    ]
    assert trace.lists[2:5] == [(0, "weights[2]"), (0, "biases"), (1, "weights[0]")]
    assert trace.loss_after < trace.loss_before


@pytest.mark.parametrize("name", [*RECIPES, *LOSSES])
def test_every_function_stands_where_it_is_said_to(name):
    of_network, told = RECIPES.get(name, ({}, dict(loss=name)))
    if name in LOSSES:
        of_network = dict(output=LOSSES[name].outputs[-1])
    made = network(**of_network) if of_network is not None else Network([3, 2], seed=3)
    for call in traced(trained(made, **told)).calls:
        lines = (REFERENCE / call.file).read_text(encoding="utf-8").splitlines()
        *of_class, function = call.function.split(".")
        assert re.match(rf" *def {function}\(", lines[call.line - 1]), call
        for kind in of_class:
            assert re.search(rf"^class {kind}\b", "\n".join(lines[: call.line]), re.MULTILINE)


def test_dropout_and_the_rest_are_seen():
    told = dict(dropout=0.5, label_smoothing=0.1, l2=0.1, clip_norm=0.01, loss="cross_entropy")
    trace = traced(trained(network(output="softmax"), **told), target=[0.0, 1.0])
    assert {"draw_dropout", "smoothed", "scaled_by", "norm"} <= set(kinds(trace))
    factors = next(call for call in trace.calls if call.kind == "draw_dropout").found
    assert factors[0] is None and set(factors[1]) <= {0.0, 2.0}
    regularized = next(call for call in trace.calls if call.kind == "regularize")
    assert regularized.given["settings"] == {"l2": 0.1, "dropout": 0.5, "clip_norm": 0.01}
    assert regularized.found != regularized.given["gradients"]


def test_who_else_watches_is_left_in_peace():
    def other(frame, event, value):
        pass

    sys.setprofile(other)
    try:
        traced(trained(network()))
        found = sys.getprofile()
        with pytest.raises(DivergedError):
            traced(trained(network(hidden="identity", output="identity")), row=[1e200] * 3)
        assert sys.getprofile() is found is other
    finally:
        sys.setprofile(None)


def test_weights_beyond_all_floats_are_told():
    """Not by the step that makes them, but at the end of its epoch."""
    trainer = trained(network(output="identity", hidden="identity"), optimizer=SGD(1e300))
    digest = trainer.network.digest()
    with pytest.raises(DivergedError):
        traced(trainer, row=[1e10] * 3)
    assert trainer.network.digest() == digest


ROWS = [ROW, [1.5, 0.25, -0.75], [-0.5, 0.125, 1.0]]
TARGETS = [TARGET, [1.0, 0.0], [0.125, 0.5]]


@pytest.mark.parametrize("name", ["momentum", "dropout", "classes", "penalties", "single", "LBFGS"])
def test_a_batch_makes_the_weights_of_a_training(name, backend):
    """Bit for bit, and in the order in which the rows were named."""
    of_network, told = RECIPES[name]
    made = network(**of_network)
    trainer = trained(copy.copy(made), **{**told, "class_weights": None, "backend": backend})
    watched = trained(made, **{**told, "class_weights": None})
    targets = [[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]] if name == "classes" else TARGETS
    rounded = made.layers[0].rounded
    for _ in range(2):
        trainer.train(ROWS, targets, epochs=1)
        next_step(watched.run, Examples(
            [rounded(row) for row in ROWS], [rounded(row) for row in targets], [1.0] * 3
        ))
    assert watched.network.digest() == trainer.network.digest()
    assert watched.run.losses == trainer.run.losses


def test_the_calls_of_a_batch_are_told_row_by_row():
    """What belongs together has the same row; what adds rows up has them all."""
    told = dict(dropout=0.5, label_smoothing=0.1, loss="cross_entropy")
    run = trained(network(output="softmax"), **told).run
    targets = [[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]]
    trace = next_step(run, Examples(ROWS, targets, [1.0, 2.0, 1.0]))
    assert (trace.inputs, trace.targets, trace.weights) == (ROWS, targets, [1.0, 2.0, 1.0])
    by_row = {}
    for call in trace.calls:
        by_row.setdefault((call.kind, call.layer), []).append(call)
    for kind, layer, key, below in (
        ("pre_activations", 0, "x", ROWS), ("smoothed", None, "t", targets)
    ):
        assert [call.row for call in by_row[kind, layer]] == [0, 1, 2]
        assert [call.given[key] for call in by_row[kind, layer]] == below
    for row in range(3):
        first, second, loss = (by_row[of][row] for of in (
            ("pre_activations", 0), ("pre_activations", 1), ("loss", 1)
        ))
        (factors,) = (c.found[1] for c in by_row["draw_dropout", None] if c.row == row)
        y = by_row["activation", 0][row]
        assert y.given["z"] == first.found
        assert second.given["x"] == [v * f for v, f in zip(y.found, factors)]
        assert loss.given["z"] == second.found
        assert by_row["output_deltas", 1][row].given["divisor"] == 4.0  # the sum of the weights
    (whole,) = by_row["batch_gradients", None]
    losses = [call.found for call in by_row["loss", 1]]
    assert whole.found == losses[0] + losses[1] * 2.0 + losses[2] and whole.row is None
    (gradients,) = by_row["weight_gradients", 1]
    deltas = [call.found for call in by_row["output_deltas", 1]]
    assert gradients.given["deltas"] == deltas and gradients.row is None
    for k, of_input in enumerate(gradients.found):
        for j, gradient in enumerate(of_input):
            total = 0.0
            for x, delta in zip(gradients.given["x"], deltas):
                total += x[k] * delta[j]
            assert gradient == total


def test_a_step_is_of_one_batch():
    trainer = trained(network(), batch_size=2)
    with pytest.raises(ValueError, match="one batch: 3 rows are more than 2"):
        next_step(trainer.run, Examples(ROWS, TARGETS, [1.0] * 3))


def test_rows_of_a_table_are_one_batch(run):
    """As a Trainer takes them that has nothing but these, whatever size the model's batches had."""
    run("train iris --hidden 3 --epochs 1 --batch-size 16 --optimizer sgd:learning_rate=0.5 "
        "--validation 0 --no-shuffle -q -o m.json")
    found = json.loads(run("explain m.json iris --row 51,3-4 --json").out)
    assert found["rows"] == [51, 3, 4] and found["targets"][0] == [0.0, 1.0, 0.0]
    again = [json.loads(run(f"explain m.json iris --row {row} --json").out) for row in (51, 3, 4)]
    assert found["inputs"] == [one["inputs"][0] for one in again]
    made = Network.load("m.json")
    layers = made.layers
    trainer = Trainer(Network([4, 3, 3], hidden=layers[0].activation, output="softmax",
                              initializer=[layer.weights for layer in layers],
                              biases=[layer.biases for layer in layers]),
                      optimizer=SGD(0.5), batch_size=None, backend="python")
    trainer.train(found["inputs"], found["targets"], epochs=1)
    assert found["after"] == parameters(trainer.network.layers)
    assert run("explain m.json iris --row 51,3-4").out.count("pre_activations, layer.py") == 2


def test_what_rows_add_up_to_is_written_out(run):
    run("train iris --hidden 2 --epochs 1 -q -o m.json --class-weights balanced")
    shown = " ".join(run("explain m.json iris --row 1,51,101").out.split())
    found = json.loads(run("explain m.json iris --row 1,51,101 --json").out)
    for text in ("iris, rows 1, 51, 101, as one batch", "row 1 z[0] = ", "row 101 z[0] = ",
                 "the rows' losses, added", "·1/3", "of these 3 rows afterwards",
                 "x[k]·deltas[j], added over the rows"):
        assert text in shown, text
    (gradient,) = (c for c in found["calls"] if c["kind"] == "bias_gradients" and c["layer"] == 1)
    terms = [f"{row[0]:.9g}" for row in gradient["given"]["deltas"]]
    terms = [f"(−{term[1:]})" if term[0] == "-" else term for term in terms]
    total = f"{gradient['found'][0]:.9g}".replace("-", "−")
    assert f"gradient[0] = {' + '.join(terms)} = {total}" in shown
    many = run("explain m.json iris --row 1-20").out
    assert many.count("    row 3\n") > 3 and "row 4" not in many and "(17 more)" in many
    assert "… and 17 more rows" in many and "rows 1, 2, 3, 4, 5, 6, 7, 8 …" in many


def numbers(text):
    """All of them, as they are printed."""
    return re.findall(r"−?\d+\.\d+", text)


def test_the_example_is_mazurs(run):
    """As the article prints them (test_worked_examples.py has its address and the whole of it)."""
    found = {value.lstrip("−") for value in numbers(run("explain").out)}
    rounded = {f"{float(value):.9f}" for value in found}
    for published in (
        "0.3775", "0.593269992", "0.596884378", "1.105905967", "0.75136507", "0.772928465",
        "0.298371109", "0.74136507", "0.186815602", "0.082167041", "0.138498562", "0.35891648",
        "0.408666186", "0.511301270", "0.561370121", "0.036350306", "0.241300709", "0.000438568",
        "0.149780716", "0.19956143", "0.24975114", "0.29950229",
    ):
        digits = len(published) - 2
        if float(published) >= 1.0:  # of nine significant digits, one stands before the point
            digits = 8
        wanted = f"{float(published):.{digits}f}"
        assert any(f"{float(value):.{digits}f}" == wanted for value in rounded | found), published


def test_the_sums_are_written_out(run):
    lines = [" ".join(line.split()) for line in run("explain").out.splitlines()]
    for line in (
        "z[0] = 0.35 + 0.05·0.15 + 0.1·0.2 = 0.3775",
        "loss = ½·((0.75136507 − 0.01)² + (0.772928465 − 0.99)²) = 0.298371109",
        "deltas[1] = (−0.217071535)·0.175510053 = −0.0380982365",
        "errors[0] = 0.138498562·0.4 + (−0.0380982365)·0.5 = 0.0363503064",
        "weights[0][0] = 0.4 − 0.5·0.0821670406 = 0.35891648",
    ):
        assert line in lines
    text = "\n".join(lines)
    for name in ("pre_activations, layer.py:", "sigmoid, elementary.py:", "forward, network.py:",
                 "half_squared_error, losses.py:", "SGD.update, gradient_descent.py:"):
        assert name in text


def test_the_next_step_of_a_model(run):
    run("train iris --hidden 4 --epochs 2 --optimizer adam --dropout 0.5 --label-smoothing 0.1 "
        "--l2 0.01 --clip-norm 0.1 --class-weights balanced -q -o m.json --checkpoint-every 1")
    written = Path("m.json").read_bytes()
    shown = run("explain m.json iris --row 60").out
    for text in ("m.json", "iris, row 60", "begin anew", "x[0] sepal_length", "draw_dropout",
                 "smoothed, losses.py", "with l2 0.01, clip_norm 0.1", "norm of all gradients",
                 "mean   = beta1 · mean", "Adam.update", "epoch 1", "y = softmax(z)"):
        assert text in shown, text
    assert "begin anew" not in run("explain m.json iris -q").out
    assert Path("m.json").read_bytes() == written
    found = json.loads(run("explain m.json iris --row 60 --json").out)
    assert found["before"] == parameters(Network.load("m.json").layers)
    assert found["targets"] == [[0.0, 1.0, 0.0]] and found["rows"] == [60]
    of_run = json.loads(run("explain m.run.json iris --row 60 --json").out)
    trainer = Trainer.load("m.run.json", backend="python")
    update = next(call for call in of_run["calls"] if call["kind"] == "update")
    assert update["given"]["memory"]["mean"] == trainer.run.memory[0][0]
    assert (of_run["epoch"], found["epoch"], of_run["notes"]) == (2, 0, [])


def test_a_model_that_searches(run):
    run("train iris --hidden 9 --epochs 2 --optimizer lbfgs --l2 0.01 -q -o m.json")
    shown = run("explain m.json iris").out
    for text in ("search_direction, lbfgs.py", "strong_wolfe, line_search.py", "with l2 0.01",
                 "… and 6 more", "… (6 more)", "… and 6 more inputs", "loss with penalties"):
        assert text in shown, text
    assert shown.count("pre_activations, layer.py") == 2  # of the search's trials, nothing


@pytest.mark.parametrize("line, told", [
    ("explain --row 3", "--row is that of DATA"),
    ("explain m.json", "explain m.json: a table is needed, too: pyref explain MODEL DATA"),
    ("explain m.json iris --row 151", "--row 151: iris has 150 rows"),
    ("explain m.json iris --row 3,149-151", "--row 151: iris has 150 rows"),
    ("explain m.json iris --row 5-3", "rows from an upper to a lower one are needed, not '5-3'"),
    ("explain m.json iris --row 0-3", "a whole number, at least 1, is needed, not '0'"),
    ("explain m.json iris --row 1-1e9", "at most 1,000 rows at a time"),
    ("explain m.json xor", "xor"),
    ("explain nowhere.json iris", "nowhere.json: there is no such file"),
])
def test_what_is_missing_is_told(run, line, told):
    run("train iris --epochs 1 --hidden 2 -q -o m.json")
    shown = run(line, code=2)
    assert told in shown.err and shown.out == ""


def test_a_model_without_a_recipe(run):
    made = Network([2, 2, 1], seed=1)
    made.recipe = None
    made.save("bare.json")
    shown = run("explain bare.json xor").out
    assert "those of a new Trainer" in shown and "SGD(learning_rate=0.1, momentum=0.9" in shown


@pytest.mark.parametrize("columns", [40, 80])
def test_no_line_is_too_long(run, monkeypatch, columns):
    run("train iris --hidden 9,2 --epochs 1 --optimizer rmsprop --schedule step:every=2 "
        "--dropout 0.1 --clip-value 0.2 -q -o m.json")
    monkeypatch.setenv("COLUMNS", str(columns))
    for line in ("explain", "explain m.json iris --row 77", "explain m.json iris --row 1,77"):
        for shown in run(line).out.splitlines():
            assert len(shown) <= columns or len(shown.split()) == 1, shown
