"""A short run of tests/fuzz/calls.py, and what it would notice."""

import pytest

import pyref
from fuzz import calls


@pytest.mark.parametrize("first", range(0, 600, 50))
def test_wild_arguments_are_taken_or_refused_in_words(first):
    failures = [calls.failure_of(seed) for seed in range(first, first + 50)]
    assert [failure for failure in failures if failure] == []


def test_each_call_is_refused_and_taken():
    found = set()
    for seed in range(600):
        call, wild = calls.drawn(seed)
        end = calls.outcome(call, wild, "python")
        found.add((call, end in [refusal.__name__ for refusal in calls.REFUSALS]))
    assert found >= {(call, refused) for call in calls.RIGHT for refused in (False, True)}


def test_what_is_no_refusal_is_found(monkeypatch):
    def fail(*anything, **named):
        raise KeyError("nobody expects it")

    monkeypatch.setattr(pyref.Network, "evaluate", fail)
    seed = next(seed for seed in range(100) if calls.drawn(seed)[0] == "evaluate")
    assert "KeyError" in calls.failure_of(seed)
