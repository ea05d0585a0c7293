"""How `pyref train` chooses, by cross-validation, where no option says how to train."""

import argparse
import io
from array import array

import pytest

from conftest import require_kernel
from pyref import Network
from pyref.options import defaults
from pyref.command_line.reports.folds_progress import ChoiceProgress
from pyref.work.choosing import (
    ByFolds, calmest_of_the_best, leaves_open, recipes_for, squared_errors, wanted_of,
)
from pyref.tables.scaling import Scaling

pytestmark = pytest.mark.usefixtures("in_a_folder")


def write(lines):
    with open("rows.csv", "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def a_line(rows=24):
    """Numbers near a line, 2x + 1 ± 0.1."""
    write(["x,y", *[f"{x},{2 * x + 1 + (0.1 if x % 3 else -0.1)}" for x in range(rows)]])


def two_classes(rows=30):
    """Told apart by a threshold, but for two rows."""
    write(["x,kind", *[
        f"{x},{'b' if (x > rows // 2) != (x in (3, 22)) else 'a'}" for x in range(rows)
    ]])


def recipe():
    return Network.load("rows.model.json").recipe


def test_engines_choose_the_same_and_verify_repeats_it(run):
    require_kernel()
    two_classes()
    found = []
    for backend in ("python", "c"):
        run(f"train rows.csv --hidden 2 -q --backend {backend}")
        model = Network.load("rows.model.json")
        found.append((model.digest(), model.recipe["choice"]))
        assert "identical to the last bit" in run("verify rows.model.json rows.csv -q").out
    assert found[0] == found[1]
    assert len(found[0][1]["compared"]) >= 3


def test_a_line_is_learned_by_a_linear_model(run):
    require_kernel()
    a_line()
    shown = run("train rows.csv").out
    assert [layer.activation for layer in Network.load("rows.model.json").layers] == ["identity"]
    assert "chosen      from 5 recipes by 5-fold cross-validation:" in shown
    assert "linear" not in shown[shown.index("to compare") :]


def test_a_curve_is_not(run):
    """One feature, and no line through it explains anything."""
    require_kernel()
    write(["x,y", *[f"{x / 10},{(x / 10) ** 2}" for x in range(-20, 21)]])
    shown = run("train rows.csv").out
    validation = shown[shown.index("validation") : shown.index("to compare")]
    assert float(validation.split("R² ")[1].split(",")[0]) > 0.99
    assert len(Network.load("rows.model.json").layers) > 1


def test_all_rows_train_and_each_is_judged_by_a_network_without_it(run):
    require_kernel()
    two_classes()
    shown = run("train rows.csv --hidden 2").out
    assert "30 train, after 30 have validated in folds\n" in shown
    assert " of 30), log loss" in shown[shown.index("validation ") :]
    assert recipe()["choice"]["folds"] == recipe()["choice"]["of_folds"] == 5


def test_rows_that_test_have_no_part_in_it(run):
    require_kernel()
    two_classes()
    run("train rows.csv --hidden 2 --test 0.2 -q")
    first = recipe()
    with open("rows.csv", encoding="utf-8") as file:
        lines = file.read().splitlines()
    from pyref.work.division import divide
    from pyref import read_table

    testing = divide(range(30), 0.0, 0.2, 1, read_table("rows.csv").targets).test
    # The same classes, so that the division stays: two rows that test change places.
    places = {lines[1 + row][-1]: row for row in testing}
    for row in places.values():
        lines[1 + row] = "99" + lines[1 + row][lines[1 + row].index(",") :]
    write(lines)
    run("train rows.csv --hidden 2 --test 0.2 -q")
    assert recipe()["choice"] == first["choice"]
    assert recipe()["segments"][0]["digest"] == first["segments"][0]["digest"]


def test_enough_folds_are_looked_at(run):
    require_kernel()
    write(["x,y", *[f"{x % 37},{x % 37 % 5}.5" for x in range(700)]])
    shown = run("train rows.csv --hidden 1 --task regress").out
    assert (recipe()["choice"]["folds"], recipe()["choice"]["of_folds"]) == (2, 5)
    assert "2 of 5 folds of a cross-validation" in shown
    assert "280 rows" in shown[shown.index("validation ") :]


@pytest.mark.parametrize("name", ["xor", "parity4"])
def test_few_rows_are_learned_by_heart(run, name):
    """They may be all there is: no part of them says anything of the rest."""
    require_kernel()
    shown = run(f"train {name}").out
    assert "to learn all rows by heart" in shown
    assert "validation " not in shown
    assert "100.0 % right" in shown
    assert "to learn all rows by heart" in run(f"show {name}.model.json").out


def test_show_tells_what_was_compared(run):
    require_kernel()
    a_line()
    run("train rows.csv -q")
    shown = run("show rows.model.json").out
    assert "chosen      by 5-fold cross-validation\n" in shown
    assert " by no hidden units, l2 0.01\n" in shown
    assert " by 16 relu, l2 0.01\n" in shown


@pytest.mark.parametrize("name", defaults.SAY_HOW_TO_TRAIN)
def test_options_that_say_how_to_train(name):
    nothing = {each: None for each in defaults.SAY_HOW_TO_TRAIN}
    assert leaves_open(argparse.Namespace(**nothing))
    assert not leaves_open(argparse.Namespace(**{**nothing, name: 0}))


def test_nothing_is_chosen_then(run):
    a_line(12)
    shown = run("train rows.csv --epochs 2").out
    assert "chosen" not in shown
    assert "choice" not in recipe()
    assert recipe()["segments"][0]["optimizer"]["name"] == defaults.OPTIMIZER


def test_nothing_is_chosen_for_a_large_table(run, monkeypatch):
    monkeypatch.setattr(defaults, "MOST_ROWS_TO_CHOOSE_BY", 11)
    monkeypatch.setattr(defaults, "MOST_EPOCHS", 2)
    monkeypatch.setattr(defaults, "LEAST_EPOCHS", 1)
    a_line(12)
    run("train rows.csv --hidden 1 -q")
    assert "choice" not in recipe()
    segment = recipe()["segments"][0]
    assert (segment["schedule"]["name"], segment["schedule"]["epochs"]) == ("Cosine", 2)
    assert segment["optimizer"]["learning_rate"] == 0.004


def test_options_of_the_network_hold_in_all_recipes(run):
    require_kernel()
    two_classes()
    run("train rows.csv --hidden 3,2 --activation tanh -q")
    model = Network.load("rows.model.json")
    assert model.sizes == [1, 3, 2, 1] and model.layers[0].activation == "tanh"


@pytest.mark.parametrize("given, different", [
    ({}, 5), ({"hidden": [3]}, 3), ({"activation": "tanh"}, 3), ({"hidden": []}, 3),
])
def test_recipes_that_options_make_the_same_are_compared_once(given, different):
    options = argparse.Namespace(**{"hidden": None, "activation": None, **given})
    assert len(recipes_for(options, 3)) == different


def test_units_follow_the_inputs():
    assert [defaults.recipes(inputs)[2].hidden for inputs in (1, 10, 100)] == [(16,), (20,), (32,)]


@pytest.mark.parametrize("errors, chosen", [
    ({"calm": [1.0, 1.0, 1.0, 1.0], "sharp": [0.9, 0.9, 0.9, 0.9]}, "sharp"),  # in every row
    ({"calm": [1.0, 1.0, 1.0, 1.0], "sharp": [0.0, 1.6, 0.0, 1.6]}, "calm"),  # 0.2 ± 0.4
    ({"calm": [1.0, 1.0], "sharp": [1.0, 1.0]}, "calm"),
    ({"calm": [9.0, 9.0], "middle": [1.2, 0.9], "sharp": [1.0, 1.0]}, "middle"),  # 0.05 ± 0.106
])
def test_the_calmest_within_one_standard_error(errors, chosen):
    assert calmest_of_the_best({name: array("d", e) for name, e in errors.items()}) == chosen


def test_squared_errors():
    """Brier's of three classes and of a threshold; of two targets, in their deviations."""
    three = Network([1, 3], output="softmax")
    three.class_names = ["a", "b", "c"]
    wanted = wanted_of(three, array("d", [2.0]))
    assert wanted.tolist() == [0.0, 0.0, 1.0]
    assert squared_errors(three, array("d", [0.25, 0.25, 0.5]), wanted).tolist() == [0.375]
    one = Network([1, 1], output="sigmoid")
    one.class_names = ["a", "b"]
    wanted = wanted_of(one, array("d", [1.0, 0.0]))
    assert squared_errors(one, array("d", [0.5, 0.25]), wanted).tolist() == [0.25, 0.0625]
    two = Network([1, 2], output="identity")
    two.target_scaling = Scaling([5.0, 7.0], [2.0, 4.0])
    found = squared_errors(two, array("d", [1.0, 2.0]), array("d", [3.0, 10.0]))
    assert found.tolist() == [1.0 + 4.0]


def test_each_fold_is_answered_by_its_network():
    networks = [Network([1, 1], output="identity", initializer="zeros") for _ in range(2)]
    for place, network in enumerate(networks):
        network.layers[0].biases[0] = float(place)
    folds = [
        (array("d", [5.0]), array("d", [0.0])), (array("d", [6.0, 7.0]), array("d", [1.0, 3.0])),
    ]
    together = ByFolds(networks, folds)
    inputs = array("d", [5.0, 6.0, 7.0])
    assert together.predict(inputs, "python").tolist() == [0.0, 1.0, 1.0]
    assert together.evaluate(inputs, array("d"), "python").loss == pytest.approx(4.0 / 3.0)
    assert together.sizes == [1, 1]


def test_a_training_that_diverges_does_not_end_the_choice(run):
    """Numbers near the largest there are."""
    require_kernel()
    write(["x,y", *[f"{x},{'1e150' if x % 7 == 0 else x}" for x in range(20)]])
    run("train rows.csv -q")
    assert "choice" in recipe()


def test_progress_is_told(monkeypatch):
    stream = io.StringIO()
    progress = ChoiceProgress(stream)
    progress.lines.next = 0.0
    progress(7, 25)
    progress.end()
    assert stream.getvalue().startswith("choosing how to train: 7 of 25 trainings, about ")


def test_the_report_of_a_choice_fits_80_columns(run):
    require_kernel()
    two_classes()
    shown = run("train rows.csv").out.splitlines()
    first = next(at for at, line in enumerate(shown) if line.startswith("chosen"))
    told = shown[first : first + 3] + [line for line in shown if "-fold cross" in line]
    assert max(map(len, told)) <= 80


def test_folds_that_were_left_out_are_explained(run):
    require_kernel()
    two_classes(400)
    shown = run("train rows.csv").out
    assert "recipes by 4 of 5 folds of a cross-validation:" in shown
    told = next(line for line in shown.splitlines() if "250 answers are enough" in line)
    assert len(told) <= 80
