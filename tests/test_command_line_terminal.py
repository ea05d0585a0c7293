"""The `pyref` command on terminals: how wide its lines are, its colours, and its progress."""

import io
import os
import re
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

import pyref
from pyref.command_line import main, saying, terminal
from pyref.command_line.reports import progress as saying_progress
from pyref.command_line.reports.judgement import matrix_of_classes, table_of_labels
from pyref.command_line.reports.progress import saying_while
from pyref.command_line.reports.words import titled
from pyref.measures import LabelCounts
from pyref.display import progress
from pyref.display.progress import Progress

pytestmark = pytest.mark.usefixtures("in_a_folder")


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def reports(monkeypatch, capsys):
    """Runs a command as in a pipe, or on a terminal of so many columns; the lines it prints."""

    def lines(line, columns=None):
        if columns is None:
            monkeypatch.delenv("COLUMNS", raising=False)
        else:
            monkeypatch.setenv("COLUMNS", str(columns))
        assert main(line.split()) == 0
        return capsys.readouterr().out.splitlines()

    return lines


LONG = "a_column_of_numbers"


def wide_table():
    names = [f"{LONG}_{n}" for n in range(6)]
    rows = [",".join(f"{(i * n) % 7}.5" for n in range(1, 7)) + f",class_number_{i % 8}"
            for i in range(24)]
    Path("t.csv").write_text(",".join(names) + ",kind\n" + "\n".join(rows), encoding="utf-8")


@pytest.mark.parametrize("columns", [None, 40])
def test_no_line_is_longer_than_the_terminal_is_wide(reports, columns):
    """And none breaks within a word: the words are those of one long line."""
    wide_table()
    commands = [
        "train iris --epochs 9 --hidden 3 --patience 2", "train t.csv --epochs 2 --hidden 3",
        "show iris.model.json",
        "show t.model.json", "evaluate t.model.json t.csv", "verify t.model.json t.csv",
        "evaluate iris.model.json iris", "info", "selftest --quick", "train xor --epochs 1",
        "train iris --target 1,2 --epochs 1 --hidden 3 --task regress",
        "check-gradient xor --hidden 3", "plot t.model.json t.csv",
        "explain", "explain t.model.json t.csv --row 9",
    ]
    widest = columns or 80
    for command in commands:
        for line in reports(command, columns):
            words = line.split()
            alone = len(words) < 2 or words[0] in ("folder", "platform", "model", "SHA-256")
            assert len(line) <= widest or alone, (command, line)


def test_lines_are_broken_between_words(reports):
    wide_table()
    text = " ".join(" ".join(reports("train t.csv --epochs 2", 48)).split())
    for n in range(5):
        assert f"{LONG}_{n}," in text
    assert "class_number_0, class_number_1" in text


@pytest.mark.parametrize("line, width, wanted", [
    (titled("rows", "120 train, 30 validate"), 24,
     ["rows        120 train,", "              30", "              validate"]),
    (titled("result", "90.0 % right"), 19, ["result      90.0 %", "              right"]),
    ("now (in all 9.5 %), or", 15, ["now (in all", "9.5 %), or"]),
    ("a line of words", 10, ["a line of", "words"]),
    ("note: a line of words", 16, ["note: a line of", "      words"]),
    ("   a   table  stays  as  it  is", 10, ["   a   table  stays  as  it  is"]),
    (titled("model", "a_name_that_is_too_long_to_fit"), 30,
     ["model       a_name_that_is_too_long_to_fit"]),
    ("", 10, [""]),
])
def test_how_a_line_is_broken(line, width, wanted):
    assert terminal.laid_out(line, width, False, saying.visible(line)) == wanted


def test_how_wide_it_is(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    assert terminal.columns(io.StringIO()) == 80
    assert terminal.columns(Terminal()) == 80  # without a size
    for said, columns in (("60", 60), ("20", 40), ("0", 80), ("wide", 80)):
        monkeypatch.setenv("COLUMNS", said)
        assert terminal.columns(io.StringIO()) == columns


def test_a_matrix_that_is_too_wide():
    """Names are cut first; then there is no matrix."""
    matrix, names = [[10, 0], [1, 5]], ["a_long_name_here", "another_long_name"]
    assert max(map(len, matrix_of_classes(matrix, names, 80))) > 70
    cut = matrix_of_classes(matrix, names, 50)
    assert max(map(len, cut)) <= 50 and "a_long" in cut[1] and "…" in cut[1]
    assert matrix_of_classes(matrix, names, 40) == []


def test_large_counts_in_the_matrix_have_marks_between_thousands():
    lines = matrix_of_classes([[1234567, 5], [0, 1000]], ["a", "b"], 80)
    assert [line.split()[1:3] for line in lines[1:]] == [["1,234,567", "5"], ["0", "1,000"]]
    assert len({len(line) for line in lines}) == 1


def test_labels_give_up_columns():
    labels = [LabelCounts(10, 5, 4, 1)]
    assert table_of_labels(labels, ["p"], 80)[0].split()[-1] == "mistaken"
    narrow = table_of_labels(labels, ["p"], 40)
    assert narrow[0].split() == ["right", "recall", "precision", "have", "it"]
    assert max(map(len, narrow)) <= 40


@pytest.mark.parametrize("variables, coloured", [
    ({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False),
])
def test_colours(monkeypatch, variables, coloured):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(os, "name", "posix")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert terminal.has_colours(Terminal()) == coloured
    assert not terminal.has_colours(io.StringIO())
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(sys, "stdout", Terminal())
    saying.say("error: there is none")
    saying.answer([titled("rows", "1 trains"), titled("", "and so on"), "a line"])
    error, lines = sys.stderr.getvalue(), sys.stdout.getvalue().splitlines()
    if coloured:
        assert error == "pyref: \x1b[1;31merror:\x1b[0m there is none\n"
        assert lines == ["\x1b[1mrows        \x1b[0m1 trains", "            and so on", "a line"]
    else:
        assert error == "pyref: error: there is none\n" and "\x1b" not in "".join(lines)


def test_an_error_of_several_lines_keeps_them(monkeypatch, capsys):
    text = "error: 2 columns cannot be used\n  column 'a': it  is bad\n--ignore a leaves it out\n"
    saying.say(text)
    assert capsys.readouterr().err == (
        "pyref: error: 2 columns cannot be used\n  column 'a': it is bad\n"
        "  --ignore a leaves it out\n")
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(terminal, "columns", lambda stream: 24)
    monkeypatch.setattr(terminal, "has_colours", lambda stream: False)
    saying.say(text)
    assert sys.stderr.getvalue().splitlines()[-2:] == ["  --ignore a leaves it", "       out"]


def test_there_is_no_colour_in_a_pipe(run):
    shown = run("train xor --epochs 2")
    assert "\x1b" not in shown.out + shown.err + run("show nowhere.json", code=2).err


class Pretended:
    """A training that stands still but for what a test says."""

    def __init__(self):
        self.epoch = 0
        self.history = SimpleNamespace(loss=[0.5], validation_loss=[0.25])
        self.run = SimpleNamespace(position=0)


def at(monkeypatch, times):
    clock = iter(times)
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))


def test_no_time_is_told_before_it_means_anything(monkeypatch):
    """Nothing in the first second, nor after a single look; and what came before the first rows
    does not count: 10 rows a second are left to say 90/10."""
    at(monkeypatch, [0.0, 0.9, 5.0, 5.5, 6.0, 6.5])
    stream = Terminal()
    monkeypatch.setattr(progress.Line, "room", 200)
    training = Pretended()
    shown = Progress(training, rows=10, epochs=10, stream=stream)
    shown(training)  # after 0.9 s: no rows
    for position in (0, 5, 9):
        training.epoch, training.run.position = (1, position)
        shown(training)
    texts = [text.strip() for text in stream.getvalue().split("\r")[1:]]
    assert ["left" in text for text in texts] == [False, False, False, True]
    assert texts[-1].endswith("9.0 s left")


def test_the_time_left_does_not_grow_while_validation_rows_are_measured(monkeypatch):
    """The place in the epoch is at its end then, which a run does not tell from its beginning."""
    at(monkeypatch, [0.0, 1.0, 2.0, 3.0, 4.0])
    stream = Terminal()
    monkeypatch.setattr(progress.Line, "room", 200)
    training = Pretended()
    shown = Progress(training, rows=10, epochs=2, stream=stream)
    for position in (3, 6, 9, 10):
        training.run.position = position
        shown(training)
    before, now = (text.strip() for text in stream.getvalue().split("\r")[-2:])
    assert before.endswith("3 rows/s, 3.7 s left") and now.endswith("2 rows/s, 5.5 s left")


@pytest.mark.parametrize("room, wanted", [
    (200, "epoch 5 of 10, loss 0.5, validation loss 0.25, 10 rows/s, 5.0 s left"),
    (60, "epoch 5 of 10, loss 0.5, validation loss 0.25, 5.0 s left"),
    (45, "epoch 5 of 10, loss 0.5, 5.0 s left"),
    (28, "epoch 5 of 10, 5.0 s left"),
    (10, "epoch 5 of"),
])
def test_details_are_given_up_before_the_time(monkeypatch, room, wanted):
    at(monkeypatch, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
    stream = Terminal()
    monkeypatch.setattr(progress.Line, "room", room)
    training = Pretended()
    shown = Progress(training, rows=10, epochs=10, stream=stream)
    for epoch in (1, 2, 3, 4, 5):
        training.epoch = epoch
        shown(training)
    assert stream.getvalue().split("\r")[-1].strip() == wanted


def test_what_takes_over_a_second_is_said_on_a_terminal(monkeypatch):
    monkeypatch.setattr(saying_progress, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(saying_progress, "BETWEEN_LOOKS", 0.01)
    monkeypatch.setattr(sys, "stderr", Terminal())
    with saying_while("reading", "t\x1b.csv"):
        time.sleep(0.15)
    states = sys.stderr.getvalue().split("\r")
    assert re.fullmatch(r"reading t\\x1b.csv: \d+ ms *", states[1])
    assert len(states) >= 4 and states[-1] == "" and not states[-2].strip()


@pytest.mark.parametrize("quiet, stream", [(True, Terminal), (False, io.StringIO)])
def test_and_nowhere_else(monkeypatch, quiet, stream):
    monkeypatch.setattr(saying_progress, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(sys, "stderr", stream())
    with saying_while("reading", "t.csv", quiet):
        time.sleep(0.05)
    assert sys.stderr.getvalue() == ""


def test_what_is_quick_is_not_said(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with saying_while("reading", "t.csv"):
        pass
    assert sys.stderr.getvalue() == ""


def test_verify_says_when_c_would_be_quicker(run, monkeypatch):
    """Before it starts; nothing where Python is quick."""
    run("train xor --epochs 2 -q --hidden 2")
    assert "--backend c" not in run("verify xor.model.json xor --backend python").out
    monkeypatch.setattr("pyref.command_line.verify.LONG", 0.0)
    monkeypatch.setattr("pyref.engine.backend.kernel_missing", None)
    output = run("verify xor.model.json xor --backend python").out
    assert re.search(r"^again       by the Python engine, which takes about \d+ ms$", output, re.M)
    assert "\n            --backend c takes seconds" in output
    monkeypatch.setattr("pyref.engine.backend.kernel_missing", "no kernel, says the test")
    output = run("verify xor.model.json xor --backend python").out
    assert "\n            the C engine takes seconds: " in output
    assert "--backend c" not in output and pyref.engine.backend.HOW_TO_GET_C in output
