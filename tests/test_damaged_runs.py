"""Run files whose members are well formed, and nothing that a training can have written."""

from contextlib import contextmanager

import pytest

from conftest import edited
from pyref import (
    LBFGS, SGD, Adagrad, Adam, ConsecutiveIncreases, Exponential, GeneralizationLoss, IRpropPlus,
    Patience, ProgressQuotient, ReduceOnPlateau, RMSprop, Rprop, Step, Trainer, TrainingProgress,
    ValidationPatience,
)
from pyref.reference.parameters import parameters
from pyref.reference.settings import describe
from pyref.reference.stopping import RULES
from test_damaged_files import documents, network, put, refused  # noqa: F401

# What depends on what else stands there: the settings, and then the member that does not fit.
BESIDE = [
    ({"order": [], "position": 0}, ("training.loss_sum", 0.5)),
    ({"order": [], "position": 0, "loss_sum": 0.0}, ("training.position", 1)),
    ({"batch_size": 2}, ("training.position", 1)),
    ({"best_epoch": 0, "best_loss": "Infinity", "rules": [], "rule_states": []},
     ("training.best", [[0.5] * 3] * 3 + [[0.5] * 2] * 4)),
    ({"best_epoch": 0, "best": None}, ("training.best_loss", 0.5)),
]


STATES = [  # the rule or schedule, and states that it cannot have
    (Step(3, 0.5), [[-0.5, 0.0], ["NaN", 0.0], [1.0, 3.0], [1.0, 0.5], [1.0, -1.0]]),
    (Exponential(1.5), [[-1.0], ["NaN"], ["-Infinity"]]),
    (ReduceOnPlateau(cooldown=2), [
        [1.5, 0.5, 0.0, 0.0], ["NaN", 0.5, 0.0, 0.0], [1.0, "NaN", 0.0, 0.0],
        [1.0, "-Infinity", 0.0, 0.0], [1.0, 0.5, -1.0, 0.0], [1.0, 0.5, 0.0, 3.0],
        [1.0, 0.5, "Infinity", 0.0], [1.0, 0.5, 0.0, -1.0], [1.0, 0.5, 2.0**54, 0.0],
    ]),
    (Patience(3), [["NaN", 0.0], [0.5, -1.0], [0.5, 1.5]]),
    (ValidationPatience(3), [["NaN", 0.0], [0.5, "NaN"]]),
    (GeneralizationLoss(1.0), [[5.0, 0.5], [-1.0, 0.5], [0.5, 0.5], [0.0, "NaN"]]),
    (ProgressQuotient(1.0), [
        [5.0, 0.5, 0.5, 0.5], [0.0, "NaN", 0.5, 0.5], [0.0, 0.5, 0.5, "NaN"],
    ]),
    (ConsecutiveIncreases(2), [[5.0, 0.5, 0.0], [0.0, "NaN", 0.0], [0.0, 0.5, -1.0]]),
    (TrainingProgress(), [[5.0, 0.5, 0.5], [0.0, 0.5, "NaN"]]),
]

MEMORIES = [  # the optimizer; its scalars; memory of one parameter; and which member is refused
    (Adam(), [1.5, 0.5], [0.1, 0.1], "memory"), (Adam(), [0.5, "NaN"], [0.1, 0.1], "memory"),
    (Adam(), [-0.5, 0.5], [0.1, 0.1], "memory"), (Adam(), [0.5, 0.5], [0.1, -0.1], "memory[1]"),
    (RMSprop(), [], [-0.1], "memory[0]"), (Adagrad(), [], [-1e-300], "memory[0]"),
    (Rprop(), [], [0.1, -0.1], "memory[1]"), (IRpropPlus(), [0.5, 0.5], [0.1, 0.1], "memory"),
    (IRpropPlus(), ["NaN", 0.0], [0.1, 0.1], "memory"), (LBFGS(), [0.5], [0.1, 0.1], "scalars"),
    (LBFGS(), [-0.5], [0.1, 0.1], "memory"), (LBFGS(), ["NaN"], [0.1, 0.1], "memory"),
    (LBFGS(), [0.5], ["NaN", 0.1], "scalars"), (LBFGS(), [0.0], [0.0, 0.0], "memory"),
    # s·y of 17 parameters; but y·y, which is divided by, is too small for a float.
    (LBFGS(), [17 * 2.0**-10], [2.0**530, 2.0**-540], "scalars"),
    # A list too many.
    (IRpropPlus(), [0.5, 1.0], [0.1] * 3, "memory"), (SGD(momentum=0.5), [], [0.1] * 2, "memory"),
    (RMSprop(), [], [0.1] * 4, "memory"), (Adagrad(), [], [0.1] * 2, "memory"),
]


@pytest.mark.parametrize("settings, wrong", BESIDE, ids=range(len(BESIDE)))
def test_members_have_to_go_together(documents, tmp_path, settings, wrong):
    path = tmp_path / "file.json"
    path.write_text(documents["run"], encoding="utf-8")
    with edited(path) as document:
        document["training"].update(settings)
        put(document, *wrong)
    assert f"member {wrong[0]}: " in refused("run", path)


@pytest.mark.parametrize(
    "by, state", [(by, state) for by, states in STATES for state in states], ids=str
)
def test_states_that_nothing_leads_to(documents, tmp_path, by, state):
    path = tmp_path / "file.json"
    path.write_text(documents["run"], encoding="utf-8")
    is_rule = type(by).__name__ in RULES
    name = "rule_states" if is_rule else "schedule_state"
    for wrong in (False, True):
        given = state if wrong else [float_or_word(value) for value in by.start()]
        with edited_again(path, documents["run"]) as document:
            told = document["training"]
            told["rules" if is_rule else "schedule"] = [describe(by)] if is_rule else describe(by)
            told[name] = [given] if is_rule else given
        if wrong:
            assert f"member training.{name}" in refused("run", path)
        else:
            Trainer.load(path)


def float_or_word(value):
    return value if value < float("inf") else "Infinity"


@contextmanager
def edited_again(path, text):
    path.write_text(text, encoding="utf-8")
    with edited(path) as document:
        yield document


@pytest.mark.parametrize("optimizer, scalars, values, member", MEMORIES, ids=range(len(MEMORIES)))
def test_memory_that_no_step_leaves(documents, tmp_path, optimizer, scalars, values, member):
    path = tmp_path / "file.json"
    with edited_again(path, documents["run"]) as document:
        like = parameters(network().layers)
        document["training"].update(
            optimizer=describe(optimizer), order=[], position=0, loss_sum=0.0, scalars=scalars,
            memory=[[[value] * len(row) for row in like] for value in values],
            batch_size=None,
        )
    assert f"member training.{member}: " in refused("run", path)


@pytest.mark.parametrize("optimizer, changed", [
    (SGD(momentum=0.5), dict(momentum=0.0)),
    (RMSprop(momentum=0.5, centered=True), dict(momentum=0.0, centered=False)),
])
def test_lists_that_are_no_longer_needed_are_kept(tmp_path, optimizer, changed):
    made = Trainer(network(), optimizer=optimizer)
    remembered = made.run.memory
    for name, value in changed.items():
        setattr(made.optimizer, name, value)
    made.save(tmp_path / "run.json")
    assert Trainer.load(tmp_path / "run.json").run.memory == remembered != []


def test_what_lbfgs_remembers_is_loaded(tmp_path):
    made = Trainer(network(), optimizer=LBFGS(), batch_size=None)
    made.train([[1.0, 2.0], [3.0, 1.0], [0.0, 2.0]], [0, 1, 1], 5)
    made.save(tmp_path / "run.json")
    assert made.run.scalars and Trainer.load(tmp_path / "run.json") == made
