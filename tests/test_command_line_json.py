"""The `pyref` command: with --json, one object on standard output and nothing else there."""

import json
import re
from pathlib import Path

import pytest

import pyref
from pyref import Network
from pyref.command_line import main
from pyref.command_line.table import SUMMARIES

pytestmark = pytest.mark.usefixtures("in_a_folder")


def numbers(path="t.csv"):
    rows = "".join(f"{i},{i % 3},{2 * i + i % 3},{i % 2}\n" for i in range(12))
    Path(path).write_text("a,b,y,z\n" + rows, encoding="utf-8")


JUDGED = {
    "classes": "rows loss right accuracy log_loss balanced_accuracy roc_auc confusion_matrix "
    "classes",
    "labels": "rows loss right_in_all labels",
    "numbers": "rows loss targets",
}
TRAINED = (
    "pyref data rows training_rows validation_rows test_rows task input_names target_names "
    "class_names network settings choice notes engine epochs seconds ended kept_epoch interrupted "
    "diverged training validation test constant linear digest model run history"
)
EXPLAINED = (
    "model data rows input_names notes sizes activations precision loss optimizer epoch inputs "
    "targets weights lists before after loss_before loss_after calls"
)
LINES = {  # and the members that are promised
    "train iris --epochs 2 --json": TRAINED,
    "train iris --epochs 2 --json -q --history h.csv": TRAINED,
    "evaluate m.json iris --json": "model data learned_from notes result constant",
    "predict m.json iris --json": "model data task columns rows bad_rows output",
    "show m.json --json": "model parameters sizes layers task class_names input_names "
    "target_names input_scaling target_scaling loss recipe repeatable why_not digest map",
    "exercise xor-units --check s.py --json": "exercise file right message",
    "info --json": "pyref specification folder engine engine_in_words kernel_missing python "
    "platform data_sets",
    "bench 3,2 --seconds 0.01 --json": "sizes weights batch_size precision kernel_missing results",
    "verify m.json iris --json": "model identical epochs segments rows engines engine seconds "
    "digest loss_difference segment weight_difference",
    "selftest --quick --backend python --json": "pyref specification kernel_missing engines good "
    "wrong refused seconds recipes",
    "check-gradient xor --hidden 2 --json": "data rows loss limit good layers",
    "plot m.json iris --json": "model data notes pictures",
    "explain --json": EXPLAINED,
    "explain m.json iris --row 9 --json": EXPLAINED,
    "cross-validate iris --folds 2 --hidden 2 --epochs 1 --json": "data rows task folds repeats "
    "seed engine notes results score loss error constant linear",
    "sweep iris --hidden 2 --epochs 1 --json": "data rows task folds seeds engines notes file "
    "trainings new command digest recipes",
    "compare iris m.json m.json --folds 2 --json": "data rows task folds repeats seed engine notes "
    "recipes",
}


@pytest.mark.parametrize("line", LINES)
def test_the_members_are_those_that_are_promised(run, line):
    run("train iris --epochs 2 -q -o m.json")
    Path("s.py").write_text(run("exercise xor-units --solution").out, encoding="utf-8")
    found = json.loads(run(line).out)
    assert set(found) == set(LINES[line].split())


@pytest.mark.parametrize("line", LINES)
def test_help_names_every_member(run, capsys, line):
    with pytest.raises(SystemExit):
        main([line.split()[0], "--help"])
    told = capsys.readouterr().out
    assert "--json" in told
    words = set(re.findall(r"\w+", told[told.index("With --json"):]))
    assert set(LINES[line].split()) <= words


def test_every_command_that_reports_has_it(run):
    names = set(SUMMARIES)
    with_it = {line.split()[0] for line in LINES}
    assert {"train", "predict", "evaluate", "show", "info", "bench", "verify",
            "cross-validate", "compare", "sweep"} <= with_it <= names


def test_the_members_of_a_judgement(run, capsys):
    numbers()
    run("train t.csv --target z --epochs 2 -q -o classes.json")
    run("train t.csv --target y --task regress --epochs 2 -q -o numbers.json --ignore z")
    Path("l.csv").write_text("x,p,q\n0,1,0\n1,0,0\n2,1,1\n3,1,0\n", encoding="utf-8")
    run("train l.csv --target p,q --epochs 2 -q -o labels.json")
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(["evaluate", "--help"])
    told = set(re.findall(r"\w+", capsys.readouterr().out))
    for kind, names in JUDGED.items():
        table = "l.csv" if kind == "labels" else "t.csv"
        judged = json.loads(run(f"evaluate {kind}.json {table} --json").out)["result"]
        assert set(judged) == set(names.split()) <= told
        parts = judged.get("classes") or judged.get("labels") or judged.get("targets")
        assert set(parts[0]) <= told and "name" in parts[0]


def test_what_train_tells(run):
    """The same as the report, of which nothing is printed; progress goes to standard error."""
    shown = run("train iris --epochs 3 --json --checkpoint-every 9")
    assert shown.out.count("\n") == 1 and shown.err.startswith("epoch 3 of 3")
    found = json.loads(shown.out)
    network = Network.load("iris.model.json")
    assert found["digest"] == network.digest()
    assert found["settings"]["optimizer"] == network.recipe["segments"][0]["optimizer"]
    assert found["class_names"] == ["setosa", "versicolor", "virginica"]
    assert (found["rows"], found["training_rows"], found["validation_rows"]) == (150, 120, 30)
    assert found["validation"]["right"] == found["validation"]["accuracy"] * 30
    assert sum(map(sum, found["validation"]["confusion_matrix"])) == 30
    assert found["constant"]["answer"] == "setosa" and found["linear"]["accuracy"] > 0.9
    assert (found["model"], found["run"]) == ("iris.model.json", "iris.run.json")


def test_a_training_that_diverges(run):
    shown = run("train iris --optimizer sgd --learning-rate 1e10 --json -q", code=1)
    found = json.loads(shown.out)
    assert set(found) == {"diverged", "model", "kept"}
    assert found["model"] is None and found["diverged"] in shown.err


def test_errors_leave_standard_output_empty(run):
    for line in ("train nowhere.csv --json", "show nowhere.json --json",
                 "evaluate nowhere.json iris --json"):
        shown = run(line, code=2)
        assert shown.out == "" and shown.err.startswith("pyref: error: ")


def test_answers(run):
    """Numbers as numbers, what is kept as it was written, null where there is no answer."""
    network = Network([1, 1], output="identity", initializer=[[[2.0]]], biases=False)
    network.input_names, network.target_names = ["x"], ["y"]
    network.save("m.json")
    Path("t.csv").write_text("id,x\n01,1.5\n02,many\n", encoding="utf-8")
    shown = run("predict m.json t.csv --keep id --bad-rows blank --json")
    found = json.loads(shown.out)
    assert found["columns"] == ["id", "y"]
    assert found["rows"] == [["01", 3.0], ["02", None]]
    assert [bad["row"] for bad in found["bad_rows"]] == [2]
    assert "'many' found" in found["bad_rows"][0]["reason"]
    found = json.loads(run("predict m.json t.csv --bad-rows blank --json -q -o o.csv").out)
    assert (found["rows"], found["output"]) == (None, "o.csv")
    assert Path("o.csv").read_text(encoding="utf-8") == 'y\n3.0\n""\n'


def test_classes_are_named_in_answers(run):
    run("train iris --epochs 2 -q")
    found = json.loads(run("predict iris.model.json iris --json").out)
    assert len(found["rows"]) == 150
    name, *probabilities = found["rows"][0]
    assert name in ("setosa", "versicolor", "virginica")
    assert sum(probabilities) == pytest.approx(1.0)


def test_a_difference_that_verify_finds(run):
    from conftest import edited

    run("train xor --epochs 5 --hidden 3 -q")
    with edited("xor.model.json") as document:
        segment = document["recipe"]["segments"][0]
        segment["optimizer"]["learning_rate"] *= 1.5
    found = json.loads(run("verify xor.model.json xor --json", code=1).out)
    assert found["identical"] is False
    assert set(found["loss_difference"]) == {"after", "epoch", "recorded", "found"}
    assert set(found["weight_difference"]) == {"layer", "input", "unit", "recorded", "found"}


def test_names_are_exact_and_in_ascii(run):
    Path("t.csv").write_text("grö\x1be,y\n1,2\n2,3\n3,5\n", encoding="utf-8")
    out = run("train t.csv --epochs 1 --json -q --task regress").out
    assert out.isascii() and json.loads(out)["input_names"] == ["grö\x1be"]


def test_infinite_numbers_are_null(run):
    network = Network([1, 1], output="identity", initializer=[[[1e200]]], biases=False)
    network.save("m.json")
    Path("t.csv").write_text("1e200,1\n1,2\n", encoding="utf-8")
    found = json.loads(run("evaluate m.json t.csv --json").out)
    assert found["learned_from"] is None
    assert found["result"]["loss"] is None and found["result"]["rows"] == 2


def test_without_the_kernel(run, monkeypatch):
    monkeypatch.setattr("pyref.engine.backend.kernel_missing", "no kernel, says the test")
    monkeypatch.delenv("PYREF_BACKEND", raising=False)
    found = json.loads(run("info --json").out)
    assert found["engine"] == "python" and found["kernel_missing"] == "no kernel, says the test"
    assert found["pyref"] == pyref.__version__
