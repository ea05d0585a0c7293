"""`pyref plot`: which pictures it writes, and where."""

import json
import os
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

import pytest

from pyref import Network
from pyref.command_line.plot import place_of


def files(ending=".svg"):
    return sorted(path.name for path in Path().glob(f"*{ending}"))


@pytest.fixture
def model(run):
    run("train iris --epochs 2 --hidden 3 -q -o iris.model.json")


def test_all_that_there_can_be_of_a_model(run, model):
    shown = run("plot iris.model.json")
    assert files() == ["iris.curves.svg", "iris.network.svg", "iris.weights.svg"]
    assert shown.out.splitlines() == [
        "pictures    iris.curves.svg", "            iris.weights.svg",
        "            iris.network.svg",
    ]
    assert run("plot iris.model.json iris").out.splitlines()[:2] == [
        "note: it learned from 120 of these rows: of others, expect less",
        "pictures    iris.curves.svg (replaced)",
    ]
    assert files() == ["iris.calibration.svg", "iris.confusion.svg", "iris.curves.svg",
                       "iris.network.svg", "iris.weights.svg"]
    for name in files():
        assert xml.parse(name).getroot().tag.endswith("svg")
    assert oct(os.stat("iris.curves.svg").st_mode)[-2:] == "44"  # as any new file


def test_the_numbers_are_those_of_evaluate(run, model):
    run("plot iris.model.json iris --only confusion -q -o out.svg")
    matrix = json.loads(run("evaluate iris.model.json iris --json").out)["result"]
    texts = ["".join(each.itertext()) for each in xml.parse("out.svg").getroot().iter()
             if each.tag.endswith("text")]
    counts = [count for row in matrix["confusion_matrix"] for count in row]
    assert [int(word) for word in texts if word.isdigit()] == counts


def test_names_of_the_files(run, model):
    run("plot iris.model.json --only Network -q -o one.svg")
    run("plot iris.model.json --only weights,network,weights -q -o some.svg")
    assert files() == ["one.svg", "some.network.svg", "some.weights.svg"]
    os.mkdir("sub")
    Path("iris.model.json").rename("sub/m.json")
    run("plot sub/m.json --only curves")
    assert os.listdir("sub") == ["m.json", "m.curves.svg"] or "m.curves.svg" in os.listdir("sub")
    assert place_of(".json", None) == (".json", ".svg")


def test_two_inputs(run):
    run("train moons --epochs 2 --hidden 3 -q")
    run("plot moons.model.json -q --only regions")
    alone = Path("moons.regions.svg").read_text(encoding="utf-8")
    run("plot moons.model.json moons -q --only regions")
    assert Path("moons.regions.svg").read_text(encoding="utf-8") != alone
    assert ">lower<" in alone and ">x<" in alone


def test_a_regression(run):
    run("train iris --target 1 --ignore 5 --epochs 2 --hidden 3 -q -o r.json")
    run("plot r.json iris -q")
    assert files() == ["r.curves.svg", "r.network.svg", "r.residuals.svg", "r.weights.svg"]


def test_the_object(run, model):
    found = json.loads(run("plot iris.model.json --only weights,network --json").out)
    assert found == {
        "model": "iris.model.json", "data": None, "notes": [], "pictures": [
            {"picture": "weights", "file": "iris.weights.svg"},
            {"picture": "network", "file": "iris.network.svg"},
        ],
    }
    assert run("plot iris.model.json --only weights -q").out == ""


@pytest.mark.parametrize("line, told", [
    ("plot nowhere.json", "nowhere.json: there is no such file"),
    ("plot iris.model.json --only confusion",
     "confusion is of a model's answers to a table: pyref plot iris.model.json DATA"),
    ("plot iris.model.json --only curve", "--only: 'curve' is no picture; there are curves, conf"),
    ("plot iris.model.json -o x.jpg", "-o x.jpg: the ending decides what is drawn, and '.jpg' is"),
    ("plot iris.model.json -o report", "and 'none' is not one of .svg, .png, .pdf"),
    ("plot iris.model.json --only regions",
     "iris.model.json: decision regions need a network of two inputs; this one has 4"),
    ("plot iris.model.json iris --only residuals",
     "iris.model.json: residuals are of a regression"),
    ("plot bare.json --only curves", "bare.json: learning curves: the model has no record of a"),
    ("plot iris.model.json -o no/where.svg", "no/where.curves.svg: there is no folder"),
    ("plot iris.model.json moons", "moons"),
])
def test_what_cannot_be_is_told_and_nothing_is_written(run, model, line, told):
    bare = Network([2, 1], seed=1)
    bare.recipe = None
    bare.save("bare.json")
    shown = run(line, code=2)
    assert told in shown.err and shown.out == "" and files() == []


def test_a_file_that_is_used_is_not_overwritten(run, model):
    Path("iris.model.json").rename("m.svg")
    shown = run("plot m.svg --only network -o m.svg", code=2)
    assert "m.svg: this is also m.svg, which must not be overwritten" in shown.err


def test_without_matplotlib_it_is_told_what_to_install(run, model, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    for ending in ("png", "pdf"):
        shown = run(f"plot iris.model.json -o x.{ending}", code=2)
        assert "matplotlib, which is not installed: pip install matplotlib" in shown.err
    assert sorted(os.listdir()) == ["iris.model.json"]
    run("plot iris.model.json -q")
