"""Options of several values, as pyref sweep takes them: every combination is a recipe."""

import re

import pytest

from pyref.options.groups import add_recipe_options
from pyref.options.parser import Parser
from pyref.options.recipes import recipe_from, words_in
from pyref.sweeping.recipes import UNSWEPT, add_swept_options, axes_from, combinations


def texts(values, **sample):
    return [recipe.text for recipe in combinations(axes_from(values), **sample)]


def test_every_combination():
    assert texts("--l1 0 1 --hidden 8 16,4 --epochs 9") == [
        f"--hidden {hidden} --epochs 9 --l1 {l1}" for hidden in ("8", "16,4") for l1 in (0.0, 1.0)
    ]
    assert texts("") == [""]


def test_one_recipe_is_written_in_one_way():
    assert texts("--learning-rate 1e-1 0.1 --epochs 1e3") == texts(
        {"epochs": 1000, "learning_rate": [0.1]}
    ) == ["--epochs 1000 --learning-rate 0.1"]
    assert texts("--hidden 8 --hidden 4") == ["--hidden 8", "--hidden 4"]
    assert texts({"hidden": [[8, 4], 4, []]}) == ["--hidden 8,4", "--hidden 4", "--hidden 0"]


def test_switches_are_tried_with_and_without():
    assert texts("--no-biases") == texts({"no_biases": True}) == ["--no-biases"]
    assert texts("--no-biases yes no") == texts({"no_biases": [True, False]}) == ["--no-biases", ""]


def test_each_stop_is_a_rule_of_its_own():
    assert texts("--stop target_loss:loss=0.1 target_loss:loss=0.2 --stop patience:epochs=3") == [
        f"--stop target_loss:loss={loss} --stop patience:epochs=3" for loss in (0.1, 0.2)
    ]


VALUES = {
    "--hidden": "3,2 0", "--activation": "tanh ReLU", "--output-activation": "sigmoid",
    "--initializer": "uniform:low=-0.5,high=0.5 he_uniform", "--biases": "zeros",
    "--loss": "cross_entropy",
    "--epochs": "3 1e1", "--batch-size": "all 7", "--class-weights": "balanced 1,2.5",
    "--optimizer": "adam rmsprop:centered=true", "--learning-rate": "0.02", "--momentum": "50%",
    "--schedule": "step:every=1", "--l1": "0.01", "--l2": "1e-3", "--dropout": "0.25 20%",
    "--input-dropout": "0", "--clip-value": "1", "--clip-norm": "2", "--label-smoothing": "0.1",
    "--patience": "0 3", "--stop": "target_loss:loss=0.1", "--validation": "0.3",
}


def test_every_option_of_a_recipe_takes_several_values():
    """And what is written of each value means the same."""
    group = Parser(add_help=False)
    add_recipe_options(group)
    options = {action.option_strings[0] for action in group._actions}
    swept = add_swept_options(Parser(add_help=False))
    assert options - set(swept) == {*UNSWEPT, "--seed"}
    for option, is_switch in swept.items():
        values = "" if is_switch else VALUES.get(option, "double")
        for value in values.split() or [""]:
            by_hand = recipe_from([option, *value.split()], "")
            (text,) = texts(f"{option} {value}")
            assert recipe_from(words_in(text, ""), "") == by_hand, option


def test_a_sample_is_chosen_by_its_seed():
    values = {"hidden": range(1, 11), "epochs": range(1, 11)}
    everything, some = texts(values), texts(values, sample=20)
    assert len(set(some)) == 20 and some == texts(values, sample=20)
    assert some == [text for text in everything if text in some]
    assert some != texts(values, sample=20, seed=2)
    assert texts(values, sample=100) == texts(values, sample=200) == everything


def test_what_recipes_cannot_be():
    for values, message in {
        "--hidden x": "the recipes: argument --hidden: units of each hidden layer",
        "--activation relux": "did you mean relu?",
        "--seed 3": "unrecognized arguments: --seed 3",
        "--hidden": "expected at least one argument",
    }.items():
        with pytest.raises(ValueError, match=re.escape(message)):
            texts(values)
    with pytest.raises(ValueError, match="combinations: at most"):
        texts({name: range(1, 2000) for name in ("hidden", "epochs", "batch_size")})
