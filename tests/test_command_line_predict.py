"""The `pyref` command: what predict carries over from the table, and rows that cannot be used."""

import csv
import io
import sqlite3
from array import array
from pathlib import Path

import pytest

from pyref import Network
from pyref.tables.preparation import Column, Preparation

pytestmark = pytest.mark.usefixtures("in_a_folder")


@pytest.fixture
def model():
    """y = x + 10·(w is b), and a gap in x is 5; a gap in w is refused."""
    network = Network([2, 1], output="identity", initializer=[[[1.0], [10.0]]], biases=False)
    network.preparation = Preparation(
        (Column("x", "numbers", gap=5.0), Column("w", "words", ("a", "b")))
    )
    network.target_names = ["y"]
    network.save("m.json")


def write(text, name="t.csv"):
    Path(name).write_text(text, encoding="utf-8")


def rows_of(text):
    return list(csv.reader(io.StringIO(text)))


def test_columns_are_kept_as_they_are_written(run, model, reading):
    """Leading zeros, decimals, quotes, gaps: whatever stands there."""
    write('id,x,w,note\n007,1,a,"one, two"\n1.50,2,b,NA\n1e3,3,a, spaced \n,4,b,"""q"""\n')
    assert rows_of(run("predict m.json t.csv --keep id,note").out) == [
        ["id", "note", "y"], ["007", "one, two", "1.0"], ["1.50", "NA", "12.0"],
        ["1e3", "spaced", "3.0"], ["", '"q"', "14.0"],
    ]


def test_an_input_may_be_kept(run, model, reading):
    write("x,w,n\n1.00,a,1\n,b,2\n")
    out = run("predict m.json t.csv --keep x,3").out
    assert rows_of(out) == [["x", "n", "y"], ["1.00", "1", "1.0"], ["", "2", "15.0"]]


def test_columns_without_names_are_kept_by_their_numbers(run, reading):
    Network([1, 1], output="identity", initializer=[[[2.0]]], biases=False).save("m.json")
    write("3\n04\n")
    out = run("predict m.json t.csv --keep 1").out
    assert rows_of(out) == [["column_1", "target"], ["3", "6.0"], ["04", "8.0"]]


def test_answers_make_room_for_a_kept_column_of_their_name(run, model):
    write("x,w,y\n1,a,0\n")
    out = run("predict m.json t.csv --keep y").out
    assert rows_of(out) == [["y", "predicted_y"], ["0", "1.0"]]


def test_columns_of_other_formats_are_kept(run, model):
    base = sqlite3.connect("t.db")
    base.execute("create table t (id text, x real, w text, n integer)")
    base.execute("insert into t values ('01', 1.5, 'b', 7), (null, 2, 'a', 8)")
    base.commit()
    base.close()
    out = run("predict m.json sqlite:t.db?t --keep id,n,x").out
    assert rows_of(out) == [
        ["id", "n", "x", "y"], ["01", "7", "1.5", "11.5"], ["", "8", "2.0", "2.0"],
    ]


@pytest.mark.parametrize("keep, message", [
    ("nowhere", "no column 'nowhere' for --keep; the columns are 'x', 'w'"),
    ("3", "no column '3' for --keep"),
])
def test_what_cannot_be_kept(run, model, keep, message):
    write("x,w\n1,a\n")
    assert message in run(f"predict m.json t.csv --keep {keep}", code=2).err


BAD = "id,x,w\n1,1,a\n2,many,b\n3,3,c\n4,4,\n5,5\n6,6,b,6\n7,,b\n"


def test_bad_rows_are_errors_by_themselves(run, model):
    write("id,x,w\n1,1,a\n2,many,b\n")
    shown = run("predict m.json t.csv", code=2)
    assert shown.out == "" and "line 3, column 'x': 'many' found" in shown.err


def test_bad_rows_may_be_left_blank(run, model, reading):
    """A word for a number, a word never seen, a gap without a stand-in, too few cells, too many;
    the last row's gap has a stand-in."""
    write(BAD)
    shown = run("predict m.json t.csv --keep id --bad-rows blank")
    answers = [row[1] for row in rows_of(shown.out)]
    assert answers == ["y", "1.0", "", "", "", "", "", "15.0"]
    assert [row[0] for row in rows_of(shown.out)] == ["id", *"1234567"]
    assert shown.err == (
        "pyref: 5 of 7 rows cannot be used and have no answer, the first: t.csv, line 3, "
        "column 'x': 'many' found; a number is needed\n"
    )
    assert run("predict m.json t.csv --keep id --bad-rows blank -q").err == ""


def test_what_is_blank_depends_on_unknown_words(run, model):
    write(BAD)
    out = run("predict m.json t.csv --bad-rows blank --unknown ignore").out
    assert out.splitlines() == ["y", "1.0", '""', "3.0", '""', '""', '""', "15.0"]


def test_good_rows_are_answered_as_without_bad_ones(run, model):
    write("x,w\n" + "".join(f"{n},{'ab'[n % 2]}\n" for n in range(30)))
    plain = run("predict m.json t.csv").out
    assert run("predict m.json t.csv --bad-rows blank").out == plain
    assert array("d", map(float, plain.splitlines()[1:]))[3] == 13.0


def test_answers_beyond_all_floats_are_blank(run, model):
    write("x,w\n1,a\n1e308,b\n")
    network = Network.load("m.json")
    network.layers[0].weights[0][0] = 100.0
    network.save("m.json")
    shown = run("predict m.json t.csv --bad-rows blank")
    assert shown.out == 'y\n100.0\n""\n'
    assert "1 of 2 rows cannot be used and has no answer" in shown.err
    assert "t.csv, line 3: its answers grow beyond all floats" in shown.err
