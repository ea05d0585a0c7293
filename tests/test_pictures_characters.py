"""Pictures in characters: the losses of a training in a line, decision regions on a terminal."""

import io
import json
import sys
from math import inf, nan

import pytest

from pyref import Network, Trainer
from pyref.command_line import main
from pyref.command_line.terminal import can_show
from pyref.pictures.character_map import Map, drawn, in_characters, maps_of, shade
from pyref.pictures.sparkline import BLOCKS, PLAIN, is_logarithmic, sparkline
from test_pictures import ROWS, xor_by_hand


@pytest.mark.parametrize("values, width, wanted", [
    ([8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0], 8, "█▇▆▅▄▃▂▁"),
    ([1.0, 2.0, 3.0], 9, "▁▅█"),
    ([2.0, 2.0], 2, "▁▁"),
    ([0.0, 1.0], 1, "▁"),
    ([1e4, 1e2, 1e0], 3, "█▅▁"),  # by their logarithms
    ([-1.0, 0.0, 1.0], 3, "▁▅█"),
    ([float(n) for n in range(1000)], 3, "▁▅█"),
])
def test_sparklines(values, width, wanted):
    assert sparkline(values, width) == wanted


def test_the_same_in_ascii():
    assert sparkline([3.0, 2.0, 1.0, 0.0], 4, PLAIN) == "'-._" and PLAIN.isascii()
    assert is_logarithmic([1.0, 0.05]) and not is_logarithmic([1.0, 0.06, 0.5])
    assert not is_logarithmic([1.0, 0.0])


@pytest.mark.parametrize("encoding, blocks", [
    ("utf-8", True), ("ascii", False), ("cp1252", False), ("cp437", False), ("latin-1", False),
])
def test_by_what_the_stream_can_show(in_a_folder, monkeypatch, encoding, blocks):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)
    monkeypatch.setattr(sys, "stdout", stream)
    assert main("train xor --epochs 60 --hidden 3 -o m.json".split()) == 0
    lines = stream.buffer.getvalue().decode(encoding).splitlines()
    (line,) = [line for line in lines if line.startswith("loss ")]
    characters = line.split()[1]
    assert set(characters) <= set(BLOCKS if blocks else PLAIN) and len(characters) == 32
    assert "\\u" not in line
    first, last = Network.load("m.json").recipe["segments"][0]["losses"][::59]
    assert line.endswith(f" {first:.4g} to {last:.4g}")


def test_a_stream_without_an_encoding():
    assert not can_show(io.StringIO(), BLOCKS) and can_show(io.StringIO(), PLAIN)


def test_of_one_epoch_there_is_no_line(run):
    assert "\nloss " not in run("train xor --epochs 1 --hidden 3").out
    lines = run("train iris --epochs 2 --hidden 3").out.splitlines()
    at = next(place for place, line in enumerate(lines) if line.startswith("loss "))
    assert lines[at].split()[1] == "█▁" and " validation " in lines[at + 1]


def test_the_map_of_xor_by_hand():
    """Yes from a + b = 0.5 on, and no from 1.5 on; a is −0.375, −0.125 … 1.375, b 1.25, 0.75 …"""
    found = maps_of(xor_by_hand(), 21)
    assert (found.across, found.up) == ((-0.5, 1.5), (-0.5, 1.5))
    assert list(in_characters(found)) == [
        "",
        "Answers: class over input 0 (across) and input 1 (up)",
        "       1.5 |###.....|",
        "           |.####...|",
        "           |...####.|",
        "      -0.5 |.....###|",
        "           +--------+",
        "            -0.5 1.5",
        "  .  no",
        "  #  yes",
    ]


def test_numbers_are_shades():
    assert drawn(Map("y", [], [[0.0, 0.5, 1.0], [nan, inf, -inf]])) == [" +@", " @ "]
    assert [shade(place / 10, 0.0, 1.0) for place in range(10)] == list(" .:-=+*#%@")
    network = Network([2, 1], output="identity", initializer=[[[1.0], [0.0]]], biases=False)
    lines = list(in_characters(maps_of(network, 80)))
    assert lines[1] == "Answers: target over input 0 (across) and input 1 (up)"
    shades = lines[2][12:-1]
    assert set(shades) == set(" .:-=+*#%@") and shades == "".join(
        sorted(shades, key=" .:-=+*#%@".index)
    )
    assert lines[-1] == "  from -0.4792 (blank) to 1.479 (@)"


@pytest.mark.parametrize("columns", [40, 80])
def test_show_draws_a_map(run, monkeypatch, columns):
    run("train moons --epochs 30 --hidden 5 -q -o m.json")
    monkeypatch.setenv("COLUMNS", str(columns))
    plain = run("show m.json").out
    shown = run("show m.json --map").out
    assert shown.startswith(plain)
    lines = shown[len(plain):].splitlines()
    assert max(map(len, lines)) <= columns
    drawn = [line[12:-1] for line in lines if line.endswith("|")]
    assert {len(line) for line in drawn} == {min(48, columns - 13)}
    network, found = Network.load("m.json"), json.loads(run("show m.json --map --json").out)["map"]
    assert found["names"] == ["x", "y"] and found["maps"][0]["classes"] == ["lower", "upper"]
    answers = found["maps"][0]["answers"]
    assert ["".join(".#"[int(place)] for place in row) for row in answers] == drawn
    (left, right), (bottom, top) = found["across"], found["up"]
    corner = [left + (right - left) / 2 / len(answers[0]), top - (top - bottom) / 2 / len(answers)]
    assert network.classify([corner]) == [("lower", "upper")[int(answers[0][0])]]


def test_what_has_no_map(run):
    run("train iris --epochs 1 --hidden 2 -q -o m.json")
    for line in ("show m.json --map", "show m.json --map --json"):
        shown = run(line, code=2)
        assert shown.out == ""
        assert "m.json: --map: decision regions need a network of two inputs; this one has 4" in (
            shown.err
        )
    assert json.loads(run("show m.json --json").out)["map"] is None


def test_labels_have_a_map_each():
    network = Network([2, 2], seed=1)
    Trainer(network).train(ROWS, [[0, 1], [1, 1], [0, 0], [1, 0]], epochs=3)
    network.target_names = ["comedy", "drama"]
    found = maps_of(network, 80)
    assert [each.of_what for each in found.maps] == ["comedy", "drama"]
    values = found.maps[1].answers
    assert values[0][0] == network.predict([[-0.5 + 2 / 48 / 2, 1.5 - 2 / 24 / 2]])[0][1]
