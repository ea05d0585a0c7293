"""pyref cross-validate and pyref compare: folds, figures, and work side by side."""

import math
import os
import pickle
import re
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

import pyref
from conftest import require_kernel
from pyref import Network, read_table
from pyref.command_line.reports.cross_validation import plan
from pyref.options.recipes import recipe_from, words_in
from pyref.work.comparison import compared, standard_error
from pyref.work.cross_validation import (
    FoldResult, dealt_out, deviation, figure, fold_result,
)
from pyref.work.model_recipe import options_in
from pyref.judging import compare, cross_validate
from pyref.tables.passes import mean

pytestmark = pytest.mark.usefixtures("in_a_folder")

FOLDER = str(Path(pyref.__file__).resolve().parent.parent)
QUICK = "--hidden 3 --epochs 2"


def write(name, lines):
    with open(name, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


@pytest.fixture
def films(in_a_folder):
    """Words, gaps and, in one row alone, a word that no other has."""
    words = ["red", "green", "", "red"]
    write("films.csv", ["length,colour,kind", *[
        f"{number % 9},{'pink' if number == 7 else words[number % 4]},"
        f"{'good' if number % 9 > 3 else 'bad'}" for number in range(40)
    ]])


def test_a_fold_is_what_train_makes_of_the_other_rows(run, films):
    """Written as two tables, the rows of the others train to the same loss of the fold's rows:
    nothing of these went into preparation, scaling or weights."""
    made = dealt_out(read_table("films.csv"), 4, 1, seed=1)
    with open("films.csv", encoding="utf-8") as file:
        header, *lines = file.read().splitlines()
    recipe = recipe_from(words_in(f"{QUICK} --validation 0.2", ""), "")
    for fold, (learned, held_out) in enumerate(made.splits):
        write("learned.csv", [header, *[lines[row] for row in learned]])
        write("held_out.csv", [header, *[lines[row] for row in held_out]])
        output = run(f"train learned.csv {QUICK} --validation 0.2 --test held_out.csv "
                     "--categorical colour --unknown ignore").out
        found = fold_result(made, [recipe], fold, lambda: False)
        assert (found.repeat, found.fold, found.rows) == (1, fold + 1, 10)
        assert found.learning_rows == len(learned) == 30
        (test,) = re.findall(r"^test +([\d.]+) % right \(\d+ of 10\), log loss (.*)$", output,
                             re.MULTILINE)
        assert test == (f"{100 * found.score:.1f}", f"{found.loss:.4g}")
        compared = re.search(r"^to compare +([\d.]+) % .*, ([\d.]+) % right .*by a linear", output,
                             re.MULTILINE)
        assert compared.groups() == (f"{100 * found.constant:.1f}", f"{100 * found.linear:.1f}")


@pytest.mark.parametrize("workers", [2, 3])
def test_any_number_of_workers_gives_the_same(films, backend, workers):
    """Of threads with the kernel, of processes without."""
    settings = {"folds": 3, "repeats": 2, "backend": backend}
    alone = cross_validate("films.csv", QUICK, workers=1, **settings)
    assert cross_validate("films.csv", QUICK, workers=workers, **settings) == alone
    assert [(fold.repeat, fold.fold) for fold in alone.folds] == [
        (repeat, fold) for repeat in (1, 2) for fold in (1, 2, 3)
    ]


def test_engines_give_the_same(films):
    require_kernel()
    found = [cross_validate("films.csv", QUICK, 2, backend=b, workers=1) for b in ("python", "c")]
    assert found[0] == found[1]


def test_repeats_have_other_folds_and_other_weights(films):
    """Those of the seeds that follow."""
    twice = cross_validate("films.csv", QUICK, 2, repeats=2, seed=5, workers=1).folds
    once = cross_validate("films.csv", QUICK, 2, seed=6, workers=1).folds
    assert [fold._replace(repeat=1) for fold in twice[2:]] == once != twice[:2]


def test_what_is_needed_elsewhere_can_be_sent_there(films):
    """Where processes do not begin as copies."""
    made = dealt_out(read_table("films.csv"), 2, 1, seed=1)
    do = partial(fold_result, made, [recipe_from(words_in(QUICK, ""), "")])
    again = pickle.loads(pickle.dumps(do))
    assert again(1, bool) == do(1, bool)


def test_what_is_said_before(run, films, monkeypatch):
    made = dealt_out(read_table("films.csv"), 2, 1, seed=1)
    open_ones = [recipe_from(words_in(text, ""), "") for text in ("--hidden 2", "")]
    of_one, of_two = ("\n".join(plan(made, open_ones[:n], "python", 1)) for n in (1, 2))
    assert "\nrecipe      as pyref train chooses it, anew" in of_one and "\nrecipe" not in of_two

    line = f"cross-validate films.csv --folds 2 --workers 2 --backend python {QUICK}"
    assert ", 2 trainings at a time\n" in run(line).out

    def no_semaphores():
        raise OSError("no /dev/shm, says the test")

    monkeypatch.setattr("multiprocessing.Event", no_semaphores)
    assert "at a time" not in run(line).out


def test_the_report(run, films):
    output = run(f"cross-validate films.csv --folds 4 --repeats 2 {QUICK} --workers 1").out
    assert "films.csv: 40 rows, target kind" in output
    assert "4, twice, dealt out by seed 1, every class evenly" in output
    assert "recipe      the options given, and the defaults of pyref train\n" in output
    assert "at a time" not in output
    found = cross_validate("films.csv", QUICK, 4, 2, workers=1)
    rows = re.findall(r"^([12])\.([1-4]) +10 +2 +([\d.]+) %", output, re.MULTILINE)
    assert rows == [(str(f.repeat), str(f.fold), f"{100 * f.score:.1f}") for f in found.folds]
    line = f"{100 * found.score.mean:.1f} % right ± {100 * found.score.deviation:.1f} %"
    assert line in output
    assert all(len(line) <= 80 for line in output.splitlines() if "note:" not in line)
    assert not os.path.exists("films.model.json")


def test_numbers_and_labels(run):
    """A plane is explained by a line through it; two labels are right together or not."""
    write("plane.csv", ["x,y,z", *[f"{n % 7},{n % 5},{n % 7 + 2 * (n % 5)}.5" for n in range(40)]])
    found = cross_validate("plane.csv", QUICK, 3, workers=1)
    assert found.linear.mean > 0.99 > found.score.mean and found.error.mean > 0.0
    assert found.constant.mean <= 0.0
    assert "R²" in run(f"cross-validate plane.csv --folds 3 {QUICK} --workers 1").out
    write("labels.csv", ["x,p,q", *[f"{n % 7},{int(n % 7 > 2)},{int(n % 7 > 4)}"
                                    for n in range(40)]])
    output = run(f"cross-validate labels.csv --target p,q --folds 3 {QUICK} --workers 1").out
    assert "right in all labels" in output


def test_rare_classes_are_told(run):
    write("rare.csv", ["x,kind", *[f"{n},{'odd' if n == 3 else 'ab'[n % 2]}" for n in range(20)]])
    output = run(f"cross-validate rare.csv --folds 3 {QUICK} --workers 1").out
    assert "few rows of some classes, 1 of 'odd': some folds have none" in output


def test_mean_and_deviation():
    """2 4 4 4 5 5 7 9 have the mean 5, and the sample deviation √(32/7)."""
    values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]
    assert mean(values) == 5.0 and deviation(values) == math.sqrt(32 / 7)
    assert deviation([1.0]) is None


def results(*scores, **more):
    return [FoldResult(1, n, 80, 20, 5, 5, loss=1.0, score=s, **more)
            for n, s in enumerate(scores, 1)]


def test_differences_are_those_of_pairs():
    """Of 0.1, 0.3 and −0.1 the mean is 0.1 and the deviation 0.2; judging a quarter as many rows
    as are learned from, the error is 0.2·√(1/3 + 1/4)."""
    best, other = results(0.75, 0.75, 0.75), results(0.65, 0.45, 0.85)
    first, second = compared(["--hidden 1", "--hidden 2"], [other, best])
    assert second.best and second.wins is None and not first.best
    assert first.difference == pytest.approx(-0.1) and first.wins == 1
    assert first.standard_error == pytest.approx(0.2 * math.sqrt(1 / 3 + 1 / 4))
    assert standard_error([0.5], best) is None
    assert figure(best, "linear") is None


def test_equal_scores_are_decided_by_the_loss():
    first, second = results(0.5, 0.5), [r._replace(loss=0.9) for r in results(0.5, 0.5)]
    assert [line.best for line in compared(["a", "b"], [first, second])] == [False, True]
    assert [line.best for line in compared(["a", "b"], [first, first])] == [True, False]


@pytest.fixture
def words(in_a_folder, capsys):
    """Runs the command with words as a shell would give them."""
    from pyref.command_line import main

    def run_words(*words, code=0):
        assert main(list(words)) == code, capsys.readouterr()
        return capsys.readouterr()

    return run_words


def test_recipes_share_what_stands_outside(words, films):
    shown = words("compare", "films.csv", "--hidden 2", "", "--hidden 3 --epochs 4",
                  "--epochs", "2", "--folds", "2", "--workers", "1", "-q").out
    lines = compare("films.csv", "--hidden 2 --epochs 2", "--epochs 2", "--hidden 3 --epochs 4",
                    folds=2, workers=1)
    for line, label in zip(lines, ("--hidden 2", r"\(no options\)", "--hidden 3 --epochs 4")):
        score = f"{100 * line.score.mean:.1f} %"
        assert re.search(rf"^ *{score} .* {label}$", shown, re.MULTILINE), shown
    assert sum(line.best for line in lines) == 1 and shown.count(" best ") >= 1
    assert "(a linear model)" in shown
    assert all(len(line) <= 80 for line in shown.splitlines() if "note:" not in line)


def test_long_recipes_are_wrapped(words, films):
    recipe = "--hidden 2,2 --activation leaky_relu --optimizer sgd --learning-rate 0.125"
    shown = words("compare", "films.csv", recipe, "--hidden 2", "--epochs", "1", "--folds", "2",
                  "--workers", "1", "-q").out
    assert max(len(line) for line in shown.splitlines() if "note:" not in line) <= 80
    assert " ".join(recipe.split()) in " ".join(shown.split())


def test_a_recipe_that_diverges_is_told_beside_the_others(words, films):
    shown = words("compare", "films.csv", "--hidden 2", "--optimizer sgd --learning-rate 1e300",
                  "--epochs", "2", "--folds", "2", "--workers", "1", "-q", code=1).out
    assert "2 of 2 trainings diverged" in shown and " best " in shown
    shown = words("cross-validate", "films.csv", "--optimizer", "sgd", "--learning-rate", "1e300",
                  "--folds", "2", "--workers", "1", "-q", code=1).out
    assert shown.count("diverged") == 3 and "2 of 2 trainings" in shown


MODELS = [
    "", "--hidden 3,2 --activation tanh --initializer uniform:low=-0.5,high=0.5 --no-biases "
    "--optimizer rmsprop:centered=true --learning-rate 0.02 --schedule step:every=1 --l1 0.01 "
    "--dropout 0.25 --no-shuffle --batch-size 7 --validation 0.3 --patience 1 --clip-norm 2 "
    "--class-weights 1,2.5 --loss mean_squared_error --biases constant:value=0.5",
    "--hidden 0 --optimizer lbfgs --validation 0 --class-weights balanced",
]


@pytest.mark.parametrize("options", MODELS)
def test_the_recipe_in_a_model_is_what_was_followed(run, films, options):
    options = options.replace("--no-biases ", "")
    run(f"train films.csv --epochs 3 -q {options} -o first.json")
    first = Network.load("first.json")
    again = " ".join(options_in(first, "first.json"))
    run(f"train films.csv -q {again} -o again.json")
    second = Network.load("again.json")
    assert second.digest() == first.digest()
    assert second.recipe["segments"][0]["stop"] == first.recipe["segments"][0]["stop"]


def test_a_model_is_a_recipe(words, films):
    words("train", "films.csv", "-q", *f"{QUICK} --no-biases -o m.json".split())
    settings = {"folds": 2, "workers": 1}
    by_file, by_options = compare("films.csv", "m.json", f"{QUICK} --no-biases", **settings)
    assert by_file.results == [
        result._replace(constant=by_file.results[n].constant, linear=by_file.results[n].linear)
        for n, result in enumerate(by_options.results)
    ]


ERRORS = {
    ("cross-validate", "iris", "--folds", "1"): "--folds 1: at least two are needed",
    ("cross-validate", "iris", "--folds", "51"): "no class of iris has more than 50 rows",
    ("cross-validate", "iris", "--folds", "151"): "--folds 151: iris has 150 rows",
    ("cross-validate", "iris", "--target", "1", "--folds", "80"): "--folds 75 at most",
    ("cross-validate", "iris", "--validation", "iris"): "a number from 0 to below 1 is needed",
    ("cross-validate", "iris", "--hidden", "0", "--activation", "relu"): "--hidden 0 has none",
    ("compare", "iris", ""): "two recipes or more are needed",
    ("compare", "iris", "", "x"): "recipe 'x': this is neither a model file nor options",
    ("compare", "iris", "", "--task regress"): "recipe '--task regress': unrecognized arguments",
    ("compare", "iris", "", "--hiden 3"): "did you mean --hidden?",
    ("compare", "iris", "", "--hidden 'a"): "No closing quotation",
    ("compare", "iris", "", "--hidden 0 --activation relu"): "activation relu': --activation is",
}


@pytest.mark.parametrize("line", ERRORS)
def test_errors(words, line):
    shown = words(*line, code=2).err
    assert ERRORS[line] in shown and shown.startswith("pyref: error: ")
    assert shown.count("\n") == 1


def test_models_that_are_no_recipe(words):
    Network([4, 3], output="softmax").save("drawn.json")
    shown = words("compare", "iris", "", "drawn.json", code=2).err
    assert "no recipe of a single training" in shown


def test_which_weights_are_judged_is_said(run):
    """Where a rule kept those of an earlier epoch."""
    assert "lowest validation loss" not in run("cross-validate iris --epochs 1 --folds 2").out
    shown = run("cross-validate iris --epochs 40 --folds 2").out
    assert "\nepochs      a training may end before its last one" in shown


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="no such signals here")
def test_ctrl_c_ends_it(backend):
    """It goes to all processes of the terminal's group."""
    line = [sys.executable, "-m", "pyref", "cross-validate", "moons", "--epochs", "1000000",
            "--patience", "0", "--hidden", "64,64", "--workers", "2", "--backend", backend]
    process = subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": FOLDER}, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    for shown in process.stdout:
        if shown.startswith("engine"):
            break
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors == "pyref: interrupted\n"
