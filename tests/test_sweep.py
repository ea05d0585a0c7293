"""pyref sweep: many trainings, what they say together, and the file that they are in."""

import inspect
import io
import json
import math
import pickle
import re
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from conftest import require_kernel
from pyref import Network, read_table, sweep
from pyref.command_line.reports.sweep import SweepProgress
from pyref.judging import compare, cross_validate
from pyref.options.groups import TOLD
from pyref.sweeping.recipes import axes_from, combinations
from pyref.sweeping.results_file import Ground
from pyref.sweeping.sweep import Plan, by_crew
from pyref.sweeping.trainings import Run, Trainings
from pyref.tables.examples import RawExamples
from pyref.tables.scaling import Scaling
from pyref.work.crews import Here, Processes
from pyref.work.cross_validation import deviation
from pyref.work.side_by_side import side_by_side

pytestmark = pytest.mark.usefixtures("in_a_folder")

QUICK = "--hidden 2 3 --epochs 2"


def lines_of(path):
    first, *others = Path(path).read_text(encoding="ascii").splitlines()
    return json.loads(first), [json.loads(line) for line in others]


def digests(found):
    return {result.run: result.digest for result in found.results}


def test_folds_are_those_of_cross_validation(backend):
    found = sweep("iris", QUICK, seeds=(4, 5), folds=3, workers=1, backend=backend)
    for place, hidden in enumerate((2, 3)):
        wanted = cross_validate("iris", f"--hidden {hidden} --epochs 2", 3, 2, 4, workers=1).folds
        results = found.results[6 * place : 6 * place + 6]
        assert [(r.seed - 3, r.fold, r.loss, r.score) for r in results] == [
            (fold.repeat, fold.fold, fold.loss, fold.score) for fold in wanted
        ]
        assert {result.judged_by for result in results} == {"fold"}


def test_recipes_are_compared_as_compare_does():
    found = sweep("iris", QUICK, seeds=(1, 2), folds=3, workers=1)
    recipes = [f"--hidden {hidden} --epochs 2" for hidden in (2, 3)]
    for line, wanted in zip(found.lines, compare("iris", *recipes, folds=3, repeats=2, workers=1)):
        for name in ("recipe", "score", "loss", "best", "difference", "standard_error", "wins"):
            assert getattr(line, name) == getattr(wanted, name)


@pytest.mark.parametrize("folds, validation, checked, in_all", [
    (None, "", 1, 1), (3, "", 1, 3),
    (None, "--validation 0 0.2", 2, 6),  # which is another in each of four runs
])
def test_recipes_that_prepare_a_table_alike_share_it(
    monkeypatch, folds, validation, checked, in_all
):
    """Once each of 36 and of 72 had it prepared for itself.  The results are those of runs alone.
    """
    calls = []

    def counted(kind, name):
        does = getattr(kind, name)
        monkeypatch.setattr(kind, name, lambda *told: (calls.append(name), does(*told))[1])

    table, sizes = read_table("iris"), " ".join(map(str, range(2, 11)))
    options = f"--epochs 1 --dropout 0 0.1 --l2 0 0.1 --hidden {sizes} {validation}"
    recipes, trainings = combinations(axes_from(options)), Trainings(table, folds)
    counted(RawExamples, "prepared")
    counted(Scaling, "fit")
    trainings.check(recipes, 1)
    assert calls.count("prepared") == calls.count("fit") == checked
    ground = Ground("iris", "", table.rows, table.task, {}, folds)
    runs = Plan(table, ground, recipes[:2] + recipes[-2:], [1]).runs()
    found = [trainings(run, lambda: False) for run in runs]
    assert calls.count("prepared") == calls.count("fit") == in_all
    for result in found:
        alone = Trainings(table, folds)(result.run, lambda: False)
        assert alone._replace(seconds=0) == result._replace(seconds=0)


@pytest.mark.parametrize("recipe", ["--epochs 3", "--epochs 2 --validation 0"])
def test_without_folds_a_training_is_that_of_train(run, recipe):
    found = sweep("iris", recipe, seeds=(1, 2), workers=1)
    assert {result.judged_by for result in found.results} == {
        "training" if "--validation" in recipe else "validation"
    }
    for result in found.results:
        run(f"train iris {recipe} --seed {result.seed} -q -o m.json")
        assert Network.load("m.json").digest() == result.digest
    shown = run(found.command.replace("pyref ", "", 1)).out
    assert f"SHA-256     {found.digest}" in shown
    best = max(found.results, key=lambda result: (result.score, -result.loss))
    assert best.digest == found.digest
    part = "validation" if best.judged_by == "validation" else "training"
    assert re.search(rf"^{part} +{100 * best.score:.1f} % right", shown, re.MULTILINE)


def test_what_train_chooses_is_judged_by_its_folds(run):
    (result,) = sweep("iris", seeds=1, workers=1).results
    shown = run("train iris").out
    assert f"SHA-256     {result.digest}" in shown and result.judged_by == "validation"
    assert re.search(rf"^validation +{100 * result.score:.1f} % right", shown, re.MULTILINE)


def test_any_executor_gives_the_same(backend):
    alone = sweep("iris", QUICK, seeds=(1, 2, 3), workers=1, backend=backend)
    others = [sweep("iris", QUICK, seeds=(1, 2, 3), workers=2, backend=backend)]
    for kind in (ThreadPoolExecutor, ProcessPoolExecutor):
        with kind(2) as executor:
            others.append(
                sweep("iris", QUICK, seeds=(1, 2, 3), executor=executor, backend=backend)
            )
    for other in others:
        assert digests(other) == digests(alone) and len(digests(alone)) == 6
        assert [line.score for line in other.lines] == [line.score for line in alone.lines]


def test_engines_give_the_same():
    require_kernel()
    by_engine = [sweep("iris", QUICK, workers=1, backend=name) for name in ("python", "c")]
    assert digests(by_engine[0]) == digests(by_engine[1])


def test_short_trainings_of_the_kernel_go_to_processes_where_that_pays(monkeypatch):
    """They would hold Python's lock; a few of them are done sooner than a process begins."""
    require_kernel()
    crews = []
    monkeypatch.setattr("pyref.sweeping.sweep.local_crew", lambda workers, pieces, in_processes: (
        crews.append((workers, pieces, in_processes)) or Here()
    ))

    class Takes(Trainings):
        seconds = 0.0

        def __call__(self, run, stop):
            clock[0] += self.seconds
            return run

    clock = [0.0]
    monkeypatch.setattr("pyref.sweeping.sweep.time.perf_counter", lambda: clock[0])
    for Takes.seconds, runs in ((0.001, 3000), (0.001, 30), (0.02, 30), (1.0, 30)):
        trainings = Takes(read_table("xor"), None, "c")
        left = [Run("", seed, None) for seed in range(runs)]
        assert list(by_crew(trainings, left, 2, None)) == left
    assert crews == [(2, 2997, True), (1, 27, False), (2, 27, False), (2, 29, False)]


def test_seeds_that_fail_are_counted():
    """Of the trainings of 2-2-1 on XOR some end where not all rows are right."""
    recipe = "--hidden 2 --activation sigmoid --optimizer sgd --learning-rate 1 --batch-size all"
    found = sweep("xor", f"{recipe} --epochs 1000", seeds=range(1, 31), workers=1)
    (line,) = found.lines
    right = [result.score == 1.0 for result in found.results]
    assert 0 < line.succeeded == sum(right) < 30 == line.seeds
    half = sweep("xor", f"{recipe} --epochs 1000", seeds=range(1, 31), workers=1, success=0.5)
    assert half.lines[0].succeeded == sum(result.score >= 0.5 for result in found.results)
    assert found.results[0].constant == 0.5 and {r.judged_by for r in found.results} == {"training"}


def test_seeds_alone_are_independent_of_each_other():
    """Where the rows that train are judged, the error is that of any mean, s/√n; where rows are
    held out, trainings share rows: √(1/n + judging/learning)·s."""
    for more, factor in (("--validation 0", 1 / 4), ("--validation 0.2", 1 / 4 + 30 / 120)):
        found = sweep("iris", f"--hidden 2 3 --epochs 3 {more}", seeds=range(1, 5), workers=1)
        differences = [first.score - second.score
                       for first, second in zip(found.results[:4], found.results[4:])]
        (other,) = [line for line in found.lines if not line.best]
        assert other.standard_error == pytest.approx(deviation(differences) * math.sqrt(factor))


def test_a_seed_succeeds_in_all_folds_or_not():
    found = sweep("iris", "--hidden 2 --epochs 3", seeds=range(1, 7), folds=3, workers=1)
    good = {seed: True for seed in range(1, 7)}
    for result in found.results:
        good[result.seed] &= result.score > result.constant
    assert found.lines[0].succeeded == sum(good.values())


def test_a_sweep_goes_on_where_it_was_interrupted(monkeypatch):
    """Also by other values and seeds; what is in the file is not done again."""
    whole = sweep("iris", QUICK, seeds=(1, 2), workers=1)
    done = []

    def two_of_them(result):
        done.append(result.run)
        if len(done) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep("iris", QUICK, seeds=(1, 2), workers=1, file="s.jsonl", progress=two_of_them)
    first, lines = lines_of("s.jsonl")
    assert len(lines) == 2 and first["format"] == "pyref sweep" and first["data"] == "iris"
    found = sweep("iris", QUICK, seeds=(1, 2), workers=1, file="s.jsonl",
                  progress=lambda result: done.append(result.run))
    assert digests(found) == digests(whole) and sorted(done) == sorted(digests(whole))
    more = []
    found = sweep("iris", "--hidden 3 4 --epochs 2", seeds=(2, 3), workers=1, file="s.jsonl",
                  progress=lambda result: more.append((result.recipe[:10], result.seed)))
    assert sorted(more) == [("--hidden 3", 3), ("--hidden 4", 2), ("--hidden 4", 3)]
    assert len(found.results) == 4 and len(lines_of("s.jsonl")[1]) == 7


@pytest.mark.parametrize("wrong", ["--folds 1", "--folds 151", "--hidden 0 --activation tanh"])
def test_a_sweep_that_cannot_be_begins_no_file(run, wrong):
    """Whose folds the next one would have to have."""
    run(f"sweep iris {QUICK} {wrong} -o s.jsonl", code=2)
    assert not Path("s.jsonl").exists()
    run(f"sweep iris {QUICK} --folds 2 -o s.jsonl")
    assert len(lines_of("s.jsonl")[1]) == 4


@pytest.mark.parametrize("cut", [1, 30, 500])
def test_what_a_killed_process_had_begun_to_write_is_done_again(cut):
    sweep("iris", QUICK, seeds=(1, 2), workers=1, file="s.jsonl")
    whole = Path("s.jsonl").read_bytes()
    Path("s.jsonl").write_bytes(whole[:-cut])
    lost = whole[-cut:].count(b"\n")
    done = []
    sweep("iris", QUICK, seeds=(1, 2), workers=1, file="s.jsonl", progress=done.append)
    assert len(done) == lost
    assert {json.dumps({**line, "seconds": 0}) for line in lines_of("s.jsonl")[1]} == {
        json.dumps({**json.loads(line), "seconds": 0}) for line in whole.splitlines()[1:]
    }


def changed(path, number, **members):
    lines = Path(path).read_text(encoding="ascii").splitlines()
    lines[number - 1] = json.dumps({**json.loads(lines[number - 1]), **members})
    Path(path).write_text("\n".join(lines) + "\n", encoding="ascii")


def test_files_that_do_not_fit_are_left_alone(run):
    sweep("iris", QUICK, workers=1, file="s.jsonl")
    for line, message in {
        "moons --hidden 2": "the runs in this file are of iris, with other numbers: choose another",
        "iris --hidden 2 --folds 3": "the runs in this file were made without --folds, "
        "those of this sweep are with --folds 3: leave --folds out, or choose another file",
    }.items():
        assert message in run(f"sweep {line} -o s.jsonl", code=2).err
    sweep("iris", QUICK, workers=1, file="folds.jsonl", folds=2)
    refused = run("sweep iris --hidden 2 -o folds.jsonl", code=2).err
    assert "those of this sweep are without --folds: go on with --folds 2, or" in refused
    Path("mine.csv").write_text("a,b\n1,2", encoding="ascii")
    assert "it is no pyref sweep file" in run("sweep iris -o mine.csv", code=2).err
    with pytest.raises(ValueError, match="mine.csv, line 1: this is not a pyref sweep file"):
        sweep("iris", workers=1, file="mine.csv")
    assert Path("mine.csv").read_text(encoding="ascii") == "a,b\n1,2"


DAMAGES = {
    "line 2: seed: this cannot be 'x'": (2, {"seed": "x"}),
    "line 3: judged_by: this cannot be 'me'": (3, {"judged_by": "me"}),
    "line 2: score: this cannot be True": (2, {"score": True}),
    "line 1: format_version: this pyref reads 1, not 2": (1, {"format_version": 2}),
    "line 1: specification: its runs are of 7": (1, {"specification": 7}),
    "line 1: this is not a pyref sweep file": (1, {"format": "pyref model"}),
}


@pytest.mark.parametrize("message", DAMAGES)
def test_damaged_files(message):
    sweep("iris", QUICK, workers=1, file="s.jsonl")
    number, members = DAMAGES[message]
    changed("s.jsonl", number, **members)
    with pytest.raises(ValueError, match=re.escape(message)):
        sweep("iris", QUICK, workers=1, file="s.jsonl")


def test_a_run_that_gave_other_bits_elsewhere_is_noticed():
    sweep("iris", QUICK, workers=1, file="s.jsonl")
    with open("s.jsonl", "a", encoding="ascii") as file:
        file.write(json.dumps({**lines_of("s.jsonl")[1][0], "digest": "0" * 64}) + "\n")
    with pytest.raises(ValueError, match="line 4: the same run is in line 2, and its network has "):
        sweep("iris", QUICK, workers=1, file="s.jsonl")


def test_recipes_that_cannot_be_followed_are_told_before_any_training():
    with pytest.raises(ValueError, match="recipe '--hidden 0 --activation relu --epochs 1'"):
        sweep("iris", "--hidden 3 0 --activation relu --epochs 1", workers=1, file="s.jsonl")
    assert not Path("s.jsonl").exists()
    for settings, message in (
        ({"seeds": ()}, "at least one is needed"), ({"seeds": 2**32}, "seeds: whole numbers from"),
        ({"folds": 1}, "--folds 1: at least two"), ({"folds": 51}, "no class of iris has more"),
    ):
        with pytest.raises(ValueError, match=message):
            sweep("iris", "--epochs 1", workers=1, **settings)


def test_a_training_that_diverges_is_told(run):
    line = "sweep iris --hidden 2 --epochs 2 --optimizer sgd --learning-rate 0.1 1e300 --seeds 1-2"
    shown = run(f"{line} --workers 1", code=1).out
    assert re.search(r"^ *– +– +0 of 2 +2 diverged ", shown, re.MULTILINE)
    assert "train it    pyref train iris" in shown and "--learning-rate 0.1" in shown
    found = json.loads(run(f"{line} --workers 1 --json", code=1).out)
    assert [recipe["diverged"] for recipe in found["recipes"]] == [0, 2]
    line = "sweep iris --optimizer sgd --learning-rate 1e300 --epochs 1 -o t.jsonl"
    shown = run(line, code=1).out
    assert "best        none: of all recipes, trainings diverged" in shown


def test_what_is_needed_elsewhere_can_be_sent_there():
    trainings = Trainings(read_table("iris"), 3)
    run = Run("--hidden 2 --epochs 1", 1, 2)
    packed = pickle.dumps(trainings)
    trainings(run, bool)
    assert len(pickle.dumps(trainings)) == len(packed)  # and no more than is needed
    assert pickle.loads(packed)(run, bool).digest == trainings(run, bool).digest
    trainings.specification = 0
    with pytest.raises(ImportError, match="a worker has a pyref of numerical specification"):
        pickle.loads(pickle.dumps(trainings))


def fails(run, stop):
    raise ImportError("No module named 'pyref'")


def test_workers_without_pyref_are_no_lost_ones():
    with pytest.raises(ImportError, match="No module named"):
        list(side_by_side(fails, [1], Processes(1)))


def test_the_report(run):
    line = f"sweep iris {QUICK} --seeds 1-2 3 --folds 3 --workers 1"
    shown = run(line).out
    assert "trainings   18: 2 recipes, 3 seeds, 3 folds\n" in shown
    found = sweep("iris", QUICK, seeds=(1, 2, 3), folds=3, workers=1)
    for each in found.lines:
        assert re.search(
            rf"^ *{100 * each.score.mean:.1f} % +{100 * each.score.deviation:.1f} % +"
            rf"{each.succeeded} of 3 .* {each.label}$", shown, re.MULTILINE
        )
    assert f"train it    {found.command}\n" in shown
    assert "judged by   the rows of each fold\n" in shown
    again = run(line).out
    assert "18: 2 recipes, 3 seeds, 3 folds, 18 of them done before" in again
    assert again.partition("\n\n")[2] == shown.partition("\n\n")[2]
    first, lines = lines_of("iris.sweep.jsonl")
    assert first["folds"] == 3 and len(lines) == 18


def test_the_report_fits_80_columns(capsys, monkeypatch):
    from pyref.command_line import main

    monkeypatch.delenv("COLUMNS", raising=False)
    assert main("sweep iris --hidden 2 4,4,4,4 --optimizer sgd adam:beta1=0.8,beta2=0.9 --epochs 1 "
                "--workers 1".split()) == 0
    shown = capsys.readouterr().out.splitlines()
    assert max(map(len, shown)) <= 80 and any("--hidden 4,4,4,4" in line for line in shown)


def test_what_the_table_was_told_is_in_the_command(run):
    Path("t.csv").write_text("id;x;y\n" + "".join(
        f"{n};{n % 7},5;{n % 2}\n" for n in range(20)
    ), encoding="ascii")
    shown = run("sweep t.csv --epochs 1 --target y --ignore id --decimal , --header yes").out
    (command,) = re.findall("^train it    pyref (.*)$", shown, re.MULTILINE)
    assert command == (
        "train t.csv --target y --ignore id --header yes --decimal , --epochs 1 --seed 1"
    )
    assert lines_of("t.sweep.jsonl")[0]["table"] == {
        "target": "y", "ignore": "id", "header": True, "decimal": ","
    }
    assert run(command).out.splitlines()[-1] in shown


def test_all_that_a_table_is_told_is_kept():
    assert TOLD == tuple(inspect.signature(read_table).parameters)[1:]
    assert set(read_table("iris").told) == set()


def test_the_bar_begins_where_the_last_sweep_ended(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr("pyref.command_line.reports.sweep.BETWEEN", 0.0)
    terminal = Terminal()
    progress = SweepProgress(2000, 500, terminal)
    for _ in range(500):
        progress.one_more()
    progress.end()
    first, *_, last, empty, _ = terminal.getvalue().split("\r")[1:]
    assert first == "[=====               ] 500 of 2,000 trainings"
    assert last.startswith("[==========          ] 1,000 of 2,000 trainings, about ")
    assert not empty.strip()


def test_json(run, capsys):
    found = json.loads(run(f"sweep iris {QUICK} --json --workers 1").out)
    with pytest.raises(SystemExit):
        run("sweep --help")
    help_text = capsys.readouterr().out
    assert set(found) == {
        "data", "rows", "task", "folds", "seeds", "engines", "notes", "file", "trainings", "new",
        "command", "digest", "recipes",
    }
    for name in [*found, *found["recipes"][0], *lines_of("iris.sweep.jsonl")[1][0]]:
        assert re.search(rf"\b{name}\b", help_text), name
    again = json.loads(run(f"sweep iris {QUICK} --json -q").out)
    assert (found["new"], again["new"], again["trainings"]) == (2, 0, 2)
    assert again["recipes"] == found["recipes"]


def test_the_command_for_a_table_that_was_read_before(run):
    Path("t.csv").write_text("mean,x\n" + "".join(f"{n % 2},{n}\n" for n in range(20)),
                             encoding="ascii")
    table = read_table("t.csv", target="mean", task="classify", header=True)
    found = sweep(table, "--epochs 1", seeds=3, workers=1)
    assert found.command == (
        "pyref train t.csv --target mean --task classify --header yes --epochs 1 --seed 3"
    )
    assert f"SHA-256     {found.digest}" in run(found.command.replace("pyref ", "", 1)).out


def test_standard_input_is_no_name_of_a_file(run, monkeypatch):
    table = b"x,y\n" + b"".join(b"%d,%d\n" % (n, n % 2) for n in range(20))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(table)))
    shown = run("sweep - --epochs 1 --workers 1").out
    assert "train it    pyref train - --epochs 1 --seed 1\n" in shown
    assert "trainings   stdin.sweep.jsonl\n" in shown
    assert "-o -: a sweep is written to a file" in run("sweep iris -o -", code=2).err
