"""A short run of tests/fuzz/files.py, and what it would notice.

For longer:

    python tests/fuzz/files.py --seconds 500 --seed 1000
"""

import copy
import json
import os

import pytest

from fuzz import damage, files
from fuzz.damage import BASES, TABLES, base
from pyref.files import model_file, run_file

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no SIGALRM")

# Found by longer runs: whole numbers of hundreds of digits in a message; a best epoch in a file
# from before `validation_epochs`, which was refused when it had been saved again.
ONCE_WRONG = [2048, 2880, 3534, 3667, 4132, 29600]


@pytest.mark.parametrize("seed", [*range(80), *ONCE_WRONG])
def test_a_changed_file_is_refused_or_whole(seed):
    failure = files.failure_of(seed)
    assert failure is None, failure


def test_a_seed_names_one_file():
    assert files.drawn(7)[2] == files.drawn(7)[2] != files.drawn(8)[2]


def test_a_file_does_not_depend_on_those_before():
    before = copy.deepcopy(damage.VALUES)
    for seed in range(300):
        files.drawn(seed)
    assert repr(damage.VALUES) == repr(before)  # NaN is never equal


def test_tables_and_what_lbfgs_remembers_are_among_the_files():
    """Words, gaps and pairs; measured every few epochs, with the best weights of those."""
    made = [json.loads(base(number).texts["run"]) for number in range(BASES, BASES + TABLES)]
    assert all(run["network"]["preparation"] == made[0]["network"]["preparation"] for run in made)
    runs = [run["training"] for run in made]
    assert any(run["optimizer"]["name"] == "LBFGS" and run["scalars"] for run in runs)
    assert any(run["best"] and run["validation_every"] > 1 for run in runs)
    assert any(run["order"] for run in runs) and not all(run["order"] for run in runs)


def test_both_kinds_are_refused_and_loaded():
    found = {(kind, end): 0 for kind in ("model", "run") for end in (files.REFUSED, files.LOADED)}
    for seed in range(160):
        found[files.drawn(seed)[0], files.verdict(seed)] += 1
        if all(found.values()):
            break
    assert len(found) == 4 and all(found.values())


def unchanged(monkeypatch, kind):
    """Seed 0 names a file as it was saved."""
    whole = base(3)
    monkeypatch.setattr(files, "drawn", lambda seed: (kind, whole, whole.texts[kind].encode()))
    assert files.failure_of(0) is None and files.verdict(0) == files.LOADED


def test_what_is_no_answer_is_found(monkeypatch):
    def fail(*anything):
        raise ZeroDivisionError("by nothing")

    unchanged(monkeypatch, "run")
    monkeypatch.setattr(run_file, "take_rules", fail)
    assert "ZeroDivisionError: by nothing" in files.failure_of(0)


def test_a_member_that_is_lost_is_found(monkeypatch):
    unchanged(monkeypatch, "model")
    usual = model_file.content
    times = []

    def forgetful(network):
        times.append(network)
        return {**usual(network), "seed": len(times)}

    monkeypatch.setattr(model_file, "content", forgetful)
    assert "saved again: another file" in files.failure_of(0)


def test_engines_that_differ_are_found(monkeypatch):
    if len(files.BACKENDS) < 2:
        pytest.skip("there is no C engine here")
    unchanged(monkeypatch, "run")
    usual = files.gone_on

    def other(trainer, made):
        found = usual(trainer, made)
        return {**found, "losses": found["losses"][: 1 if trainer.backend == "c" else None]}

    monkeypatch.setattr(files, "gone_on", other)
    assert "losses: " in files.failure_of(0)


def test_what_takes_too_long_is_found(monkeypatch):
    def hang(*anything):
        while True:
            pass

    unchanged(monkeypatch, "model")
    monkeypatch.setattr(files, "LONGEST", 1)
    monkeypatch.setattr(model_file, "network_from", hang)
    assert "more than 1 seconds" in files.failure_of(0)
