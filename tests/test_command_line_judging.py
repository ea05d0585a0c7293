"""The `pyref` command: rows to judge by (--validation, --test, --split-seed), and --init."""

import re

import pytest

from conftest import edited
from pyref import Network
from pyref.work.division import divide

pytestmark = pytest.mark.usefixtures("in_a_folder")

TRAIN = "train films.csv --epochs 2 --hidden 3"
WORDS = ["red", "green", "blue"]


def film(number, word=None):
    colour = word or ("" if number % 7 == 3 else WORDS[number * number % 3])
    return f"{number % 11},{colour},{'good' if number % 11 + number % 2 > 5 else 'bad'}"


def write(name, numbers, header="length,colour,kind", **settings):
    lines = [film(number, **settings) for number in numbers]
    with open(name, "w", encoding="utf-8") as file:
        file.write("\n".join([header, *lines]) + "\n")


@pytest.fixture(autouse=True)
def films(in_a_folder):
    """A table with words and gaps; another of the same kind; one that has a word more."""
    write("films.csv", range(80))
    write("more.csv", range(80, 100))
    write("odd.csv", range(100, 110), word="pink")


def recipe(path="films.model.json"):
    return Network.load(path).recipe


def rows_of(segment):
    return [segment[name]["rows"] for name in ("data", "validation") if segment[name]]


def test_a_part_tests(run):
    """A quarter of 80 is put aside, and a fifth of the other 60 validates."""
    output = run(f"{TRAIN} --test 25%").out
    assert re.search(r"^test +[\d.]+ % right \(\d+ of 20\)", output, re.MULTILINE)
    assert "Confusion matrix of the test rows" in output
    made = recipe()
    assert (made["test"], made["validation"]) == (0.25, 0.2)
    assert rows_of(made["segments"][0]) == [48, 12]
    assert "identical" in run("verify films.model.json films.csv").out
    shown = run("show films.model.json").out
    assert "48 train, 12 validate (a part of 0.2 of each class, drawn by seed 1)" in shown
    assert "20 test (a part of 0.25 of each class, drawn by seed 1)" in shown


def test_rows_that_test_are_seen_by_nothing_before():
    """Neither training nor validation has them, and no row is lost."""
    classes = [row % 3 for row in range(50)]
    division = divide(range(50), 0.2, 0.3, 5, classes)
    assert [len(rows) for rows in division[:3]] == [28, 7, 15]
    assert sorted(row for rows in division[:3] for row in rows) == list(range(50))
    within = divide(division.training, 0.25, 0.0, 5, classes)
    assert sorted([*within.training, *within.validation]) == list(division.training)
    assert list(divide(range(50), 0.2, 0.0, 5, classes).validation) == list(
        divide(range(50), None, 0.0, 5, classes).validation
    )


def test_the_test_decides_nothing(run):
    """What it holds leaves no trace in the model: with other rows there, the weights are the same.
    """
    run(f"{TRAIN} --test more.csv -o first.json")
    run(f"{TRAIN} --test films.csv -o second.json")
    run(f"{TRAIN} -o third.json")
    first, *others = (Network.load(f"{name}.json") for name in ("first", "second", "third"))
    assert [other.digest() for other in others] == [first.digest()] * 2


def test_the_split_has_a_seed_of_its_own(run):
    def trained(options):
        run(f"{TRAIN} {options}")
        found = recipe()
        return found["start"]["digest"], found["segments"][0]["validation"]["sha256"]

    weights, rows = trained("")
    assert trained("--split-seed 1") == (weights, rows)
    assert trained("--seed 2 --split-seed 1") == (trained("--seed 2")[0], rows)
    other = trained("--split-seed 2")
    assert other[0] == weights and other[1] != rows
    assert "identical" in run("verify films.model.json films.csv").out


def test_a_table_validates(run):
    output = run(f"{TRAIN} --validation more.csv").out
    assert re.search(r"^training .* of 80\)", output, re.MULTILINE)
    assert re.search(r"^validation .* of 20\)", output, re.MULTILINE)
    assert rows_of(recipe()["segments"][0]) == [80, 20]
    needed = run("verify films.model.json films.csv", code=2).err
    assert "its 20 validation rows are a table of their own" in needed and "more.csv" in needed
    assert "identical" in run("verify films.model.json more.csv films.csv").out
    assert "20 of more.csv validate" in run("show films.model.json").out


def test_a_run_with_tables_of_its_own_goes_on(run):
    whole = f"{TRAIN} --validation more.csv --test more.csv"
    run(f"{whole} -o whole.json")
    shown = run(f"{whole} --epochs 1 --checkpoint-every 1").out
    assert "--validation more.csv --test more.csv" in shown
    again = "train films.csv --resume films.run.json --epochs 1 -q"
    assert "--validation FILE is needed" in run(again, code=2).err
    wrong = f"{again} --validation films.csv --test more.csv"
    assert "these are not the 20 rows of more.csv" in run(wrong, code=2).err
    run(f"{again} --validation more.csv --test more.csv")
    assert Network.load("films.model.json").digest() == Network.load("whole.json").digest()


def test_what_is_kept_aside_stays_as_it_was_in_a_run_that_goes_on(run):
    run(f"{TRAIN} --test 0.2 --split-seed 4 --epochs 1 --checkpoint-every 1")
    output = run("train films.csv --resume films.run.json --epochs 1").out
    assert re.search(r"^rows +51 train, 13 validate, 16 test$", output, re.MULTILINE)
    assert "cannot be given" in run("train films.csv --resume films.run.json --test 0.2", 2).err


ERRORS = {
    "--validation 1": "or the name of a table",
    "--test 20": "or the name of a table",
    "--test 0.001": "--test 0.001: of 80 rows, 0 would test and 80 train",
    "--validation short.csv": "--validation: short.csv: no column 'colour', which the model needs; "
                              "the columns are 'length', 'kind'",
    "--test nothing.csv": "--test: nothing.csv: there is no such file",
    "--validation odd.csv": "--validation: odd.csv, line 2, column 'colour': 'pink' was never seen",
    "--test classes.csv": "'ugly' is none of the classes 'bad', 'good'",
}


@pytest.mark.parametrize("options", ERRORS)
def test_errors(run, options):
    with open("short.csv", "w", encoding="utf-8") as file:
        file.write("length,kind\n1,good\n2,bad\n")
    with open("classes.csv", "w", encoding="utf-8") as file:
        file.write("length,colour,kind\n1,red,ugly\n2,red,bad\n")
    shown = run(f"{TRAIN} {options}", code=2)
    assert ERRORS[options] in shown.err and shown.err.count("\n") == 1


def test_words_that_stand_in_another_table_alone(run):
    run(f"{TRAIN} --validation odd.csv --unknown ignore")
    assert rows_of(recipe()["segments"][0]) == [80, 10]
    assert "identical" in run("verify films.model.json films.csv odd.csv").out


@pytest.fixture
def another(run, films):
    """more.json, which began with the weights of films.model.json."""
    run(TRAIN)
    run("train more.csv --init films.model.json --epochs 2 -q -o more.json --seed 3")
    return Network.load("more.json")


def test_it_starts_from_another_model(another):
    first = Network.load("films.model.json")
    assert another.recipe["start"] == {"model": "films.model.json", "digest": first.digest()}
    assert another.digest() != first.digest() and another.sizes == first.sizes
    assert another.preparation == first.preparation  # not that of these rows
    assert another.input_scaling == first.input_scaling
    (segment,) = another.recipe["segments"]
    assert segment["seed"] == 3 and segment["data"]["rows"] == 20
    assert another.recipe["data"] == "more.csv"


def test_it_is_repeated_from_that_model(run, another):
    needed = run("verify more.json more.csv", code=2).err
    assert "add --init films.model.json" in needed
    assert "identical" in run("verify more.json more.csv --init films.model.json").out
    wrong = run("verify more.json more.csv --init more.json", code=2).err
    assert "it began with the weights of films.model.json" in wrong
    without = run("verify films.model.json films.csv --init more.json", code=2).err
    assert "did not begin with another model's weights" in without
    assert "the weights of films.model.json, SHA-256" in run("show more.json").out


def test_its_preparation_is_that_model_s(run, another):
    """One that was changed by hand is found."""
    with edited("more.json") as document:
        document["input_scaling"]["means"][0] += 1.0
    shown = run("verify more.json more.csv --init films.model.json", code=2).err
    assert "its input scaling is not that of the model it began with" in shown


def test_it_goes_on_from_a_run_that_started_from_another_model(run, another):
    line = "train more.csv --init films.model.json -q --seed 3 --checkpoint-every 1 -o more.json"
    run(f"{line} --epochs 1")
    assert "--init cannot be given with --resume" in run(f"{line} --resume more.run.json", 2).err
    run("train more.csv --resume more.run.json --epochs 1 -q -o more.json")
    assert Network.load("more.json").digest() == another.digest()


def test_what_the_model_decides_is_refused(run, another):
    line = "train more.csv --init films.model.json"
    assert "there is no such file" in run("train more.csv --init nothing.json", code=2).err
    assert "not a pyref model" in run("train more.csv --init films.csv", code=2).err
    shown = run(f"{line} --hidden 4 --task classify --target kind", code=2).err
    assert shown.startswith("pyref: error: --target, --task, --hidden cannot be given with --init")
    assert "'pink' was never seen" in run("train odd.csv --init films.model.json", code=2).err
    run("train odd.csv --init films.model.json --unknown ignore --epochs 1 -q")
