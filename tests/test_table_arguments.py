"""What read_table, cross_validate, compare and sweep are handed from Python: paths and numbers of
every kind, and what they refuse."""

import re

import pytest

from pyref import compare, cross_validate, read_table, sweep

QUICK = "--hidden 2 --epochs 1"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b,y\n" + "".join(f"{i},{i * i % 7},{i % 3 > 1}\n" for i in range(12)))
    return path


def test_paths_are_as_good_as_their_texts(table):
    assert read_table(table).targets == read_table(str(table)).targets
    told = {"folds": 2, "workers": 1, "backend": "python"}
    assert cross_validate(table, QUICK, **told) == cross_validate(str(table), QUICK, **told)
    assert len(compare(table, QUICK, "--hidden 0 --epochs 1", **told)) == 2
    sweep(table, QUICK, workers=1, file=table.with_name("s.jsonl"))
    assert table.with_name("s.jsonl").read_text(encoding="ascii").count("\n") == 2


def test_names_of_marks_are_those_of_the_options(table):
    assert read_table(table, separator="comma", decimal=".").rows == 12


def test_numbers_of_numpy(numpy):
    values = {"hidden": numpy.arange(2, 4), "learning_rate": [numpy.float32(0.5)], "epochs": [1]}
    found = sweep("xor", values, seeds=numpy.arange(2), workers=1)
    assert [line.recipe for line in found.lines] == [
        f"--hidden {hidden} --epochs 1 --learning-rate 0.5" for hidden in (2, 3)
    ]
    assert [result.seed for result in found.results] == [0, 1, 0, 1]


@pytest.mark.parametrize("told, message", [
    ({"target": 3}, "target: a text or None is needed, as the option takes it, not 3"),
    ({"ignore": ["a"]}, "ignore: a text or None is needed, as the option takes it, not ['a']"),
    ({"task": "guess"}, "task: 'guess' is unknown; one of auto, classify, labels, regress is"),
    ({"missing": "zero"}, "missing: 'zero' is unknown; one of mean, median, drop, error is needed"),
    ({"header": "maybe"}, "header: True or False is needed, not 'maybe'"),
    ({"separator": ";;"}, "separator: one character, or tab or space, is needed, not ';;'"),
    ({"decimal": "x"}, "decimal: a point or a comma is needed, not 'x'"),
    ({"thousands": 3}, "thousands: a text or None is needed"),
    ({"encoding": "klingon"}, "encoding: an encoding of texts is needed, such as cp1252"),
])
def test_what_tables_are_not_read_by(table, told, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        read_table(table, **told)


@pytest.mark.parametrize("wrong", [None, 3, [[1.0, 2.0]]])
def test_what_is_no_table(wrong):
    for function in (read_table, cross_validate, sweep):
        with pytest.raises(TypeError, match="the path of a table is needed.* not "):
            function(wrong)


@pytest.mark.parametrize("function, told, message", [
    (cross_validate, {"folds": "a"}, "folds: a whole number, at least 1, is needed, not 'a'"),
    (cross_validate, {"repeats": 0}, "repeats: a whole number, at least 1, is needed, not 0"),
    (cross_validate, {"seed": -1}, "seed: a whole number, at least 0, is needed, not -1"),
    (cross_validate, {"workers": 0}, "workers: a whole number, at least 1, is needed, not 0"),
    (sweep, {"workers": 1.5}, "workers: a whole number, at least 1, is needed, not 1.5"),
    (sweep, {"folds": 2.5}, "folds: a whole number, at least 1, is needed, not 2.5"),
    (sweep, {"seeds": 1.5}, "seeds: whole numbers from 0 to 4294967295 are needed, not 1.5"),
    (sweep, {"seeds": True}, "seeds: whole numbers from 0 to 4294967295 are needed, not True"),
    (sweep, {"success": "all"}, "success: a finite number is needed, not 'all'"),
])
def test_what_no_training_is_begun_by(function, told, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        function("iris", QUICK, **told)


@pytest.mark.parametrize("function, recipe", [
    (sweep, 5), (sweep, {5: 2}), (cross_validate, {"hidden": 2}), (compare, 5),
])
def test_what_is_no_recipe(function, recipe):
    with pytest.raises(TypeError, match="recipes?: a text of options is needed"):
        function("iris", recipe)
