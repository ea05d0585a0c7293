"""pyref verify --sweep: trainings of a sweep again, compared bit by bit."""

import json
from pathlib import Path

import pytest

import pyref
from conftest import require_kernel
from pyref import read_table, sweep
from pyref.sweeping.again import chosen, done_again
from pyref.sweeping.results_file import ResultsFile

pytestmark = pytest.mark.usefixtures("in_a_folder")

QUICK = "--hidden 2 3 --epochs 2"


@pytest.fixture
def swept(in_a_folder, backend):
    """A file of twelve trainings by an engine."""
    sweep("iris", QUICK, seeds=(1, 2), folds=3, workers=1, file="s.jsonl", backend=backend)
    return backend


def changed(number, **members):
    lines = Path("s.jsonl").read_text(encoding="ascii").splitlines()
    lines[number - 1] = json.dumps({**json.loads(lines[number - 1]), **members})
    Path("s.jsonl").write_text("\n".join(lines) + "\n", encoding="ascii")


def test_the_other_engine_gives_the_same_bits(run, swept):
    found = json.loads(run("verify --sweep s.jsonl --sample 4 --workers 1 --json").out)
    other = "c" if swept == "python" and pyref.kernel_missing is None else "python"
    assert (found["engines"], found["engine"]) == ([swept], other)
    assert found["identical"] and found["trainings"] == 12 and len(found["runs"]) == 4
    assert all(
        r["identical"] and r["recorded"]["digest"] == r["found"]["digest"]
        and r["found"]["engine"] == other for r in found["runs"]
    )
    shown = run("verify --sweep s.jsonl --sample 99 iris").out
    assert "result      12 of 12 identical to the last bit\n" in shown


@pytest.mark.parametrize("members, told", [
    ({"digest": "0" * 64}, "digest '" + "0" * 64 + "' in the file, '"),
    ({"loss": 0.25}, "loss 0.25 in the file, "),
])
def test_what_differs_is_told(run, members, told):
    sweep("iris", QUICK, workers=1, file="s.jsonl")
    changed(3, **members)
    shown = run("verify --sweep s.jsonl --workers 1", code=1).out
    assert "result      NOT identical: 1 of 2\n" in shown
    assert "differs     seed 1: --hidden 3 --epochs 2\n" in shown and told in shown
    found = json.loads(run("verify --sweep s.jsonl --workers 1 --json", code=1).out)
    assert [each["identical"] for each in found["runs"]] == [True, False]


def test_the_sample_is_chosen_by_its_seed():
    results = sweep("iris", QUICK, seeds=range(1, 11), workers=1).results
    assert chosen(results, 6, 1) == chosen(results, 6, 1) != chosen(results, 6, 2)
    some = chosen(results, 6, 1)
    assert len(set(some)) == 6 and some == [result for result in results if result in some]
    assert chosen(results, 99, 1) == results


def test_a_file_of_several_engines_is_compared_with_itself():
    require_kernel()
    for seed, backend in ((1, "c"), (2, "python")):
        sweep("iris", QUICK, seeds=seed, workers=1, file="s.jsonl", backend=backend)
    file = ResultsFile("s.jsonl")
    file.read()
    results = list(file.results.values())
    assert {result.engine for result in results} == {"c", "python"}
    found = list(done_again(results, read_table("iris"), file.ground, "c", 1))
    assert [again.is_identical for again in found] == [True] * 4


ERRORS = {
    "--sweep nowhere.jsonl": "nowhere.jsonl: there is no such file",
    "--sweep s.jsonl moons": "moons: these are not the data of the sweep, which are 150 rows of",
    "--sweep s.jsonl iris moons": "--sweep: at most one DATA is needed, not iris moons",
    "--sweep empty.jsonl": "empty.jsonl: there is no training in this file yet",
    "s.json": "the following arguments are required: DATA (pyref verify --help explains)",
    "": "the following arguments are required: MODEL, DATA",
}


@pytest.mark.parametrize("line", ERRORS)
def test_errors(run, line):
    sweep("iris", QUICK, workers=1, file="s.jsonl")
    Path("empty.jsonl").write_text(
        Path("s.jsonl").read_text(encoding="ascii").splitlines()[0] + "\n", encoding="ascii"
    )
    shown = run(f"verify {line}", code=2)
    assert ERRORS[line] in shown.err and shown.err.count("\n") == 1


def test_what_no_table_is_read_by(run):
    sweep("iris", QUICK, workers=1, file="s.jsonl")
    changed(1, table={"path": "/"})
    assert "line 1: table: 'path' is nothing" in run("verify --sweep s.jsonl", code=2).err


def test_what_the_table_was_told_is_told_again(run):
    Path("t.csv").write_text("y;x\n" + "".join(f"{n % 2};{n % 7},5\n" for n in range(20)),
                             encoding="ascii")
    run("sweep t.csv --epochs 1 --target y --decimal , --workers 1 -q")
    assert "1 of 1 identical" in run("verify --sweep t.sweep.jsonl --workers 1").out


def test_members(run, capsys):
    sweep("iris", QUICK, workers=1, file="s.jsonl")
    found = json.loads(run("verify --sweep s.jsonl --workers 1 --json -q").out)
    with pytest.raises(SystemExit):
        run("verify --help")
    told = capsys.readouterr().out
    told = told[told.index("With --sweep and --json:"):]
    assert all(name in told for name in [*found, *found["runs"][0]])
