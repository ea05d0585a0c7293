"""The `pyref` command: train and what it prints and writes."""

import gc
import io
import json
import os
import re
import signal
import subprocess
import sys
import weakref
from importlib import import_module
from pathlib import Path

import pytest

import pyref
from conftest import require_kernel
from pyref.work.files import run_path
from pyref.display.progress import Progress
from pyref.tables.sources import BUILT_IN

FOLDER = str(Path(pyref.__file__).resolve().parent.parent)


pytestmark = pytest.mark.usefixtures("in_a_folder")


def digest(output):
    return re.search(r"^SHA-256 +([0-9a-f]{64})$", output, re.MULTILINE)[1]


def accuracy(output, title):
    return float(re.search(rf"^{title} +([\d.]+) % right", output, re.MULTILINE)[1])


def process(*words, **settings):
    """The command in a process of its own, which Ctrl-C reaches: a shell lets what it runs in the
    background ignore that, and all that is started from there."""
    return subprocess.Popen(
        [sys.executable, "-m", "pyref", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": FOLDER},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        **settings,
    )


LEAST_RIGHT = {  # of the training rows and of the others, in %
    "iris": (95.0, 90.0), "xor": (100.0, None), "moons": (98.0, 97.0), "spirals": (95.0, 85.0),
    "parity4": (100.0, None),
}


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_sets_are_learned_without_options(run, name):
    require_kernel()
    output = run(f"train {name} --backend c").out
    training, validation = LEAST_RIGHT[name]
    assert accuracy(output, "training") >= training
    if validation is None:
        assert "0 validate" in output
    else:
        assert accuracy(output, "validation") >= validation


def test_xor_is_learned_in_python(run):
    assert accuracy(run("train xor --backend python").out, "training") == 100.0


def test_the_report_says_what_happened(run):
    shown = run("train iris --epochs 3 --backend python")
    for text in (
        "iris: 150 rows, 4 inputs (sepal_length, sepal_width, petal_length, petal_width), "
        "target species",
        "classification: 3 classes, setosa, versicolor, virginica",
        "120 train, 30 validate",
        "4-16-16-16-3, silu, then softmax, 675 parameters",
        "3 epochs in all",
        "by the Python engine",
        "iris.model.json",
    ):
        assert text in shown.out
    assert re.search(r"^epoch 3 of 3, loss [\d.]+, validation loss ", shown.err, re.MULTILINE)
    network = pyref.Network.load("iris.model.json")
    assert network.digest() == digest(shown.out)
    assert network.class_names == ["setosa", "versicolor", "virginica"]
    assert network.recipe["epochs"] == 3


def test_the_confusion_matrix_counts_every_row(run):
    output = run("train iris --epochs 3").out
    lines = output[output.index("Confusion matrix") :].splitlines()[2:5]
    counts = [[int(count) for count in line.split()[1:4]] for line in lines]
    assert [line.split()[0] for line in lines] == ["setosa", "versicolor", "virginica"]
    assert sum(map(sum, counts)) == 30
    right = counts[0][0] + counts[1][1] + counts[2][2]
    assert f"({right} of 30)" in output


def test_engines_give_the_same_bits(run):
    require_kernel()
    outputs = [run(f"train iris --epochs 4 --backend {b}").out for b in ("python", "c")]
    assert digest(outputs[0]) == digest(outputs[1])
    assert "by the Python engine" in outputs[0] and "by the C engine" in outputs[1]


def test_the_seed_decides(run):
    line = "train xor --epochs 2 --backend python"
    first, again, other = (digest(run(line + seed).out) for seed in ("", " --seed 1", " --seed 2"))
    assert first == again != other


def test_without_the_kernel_it_says_how_to_get_it(run, monkeypatch):
    monkeypatch.setattr("pyref.engine.backend.kernel_missing", "no kernel, says the test")
    monkeypatch.delenv("PYREF_BACKEND", raising=False)
    shown = run("train xor --epochs 1")
    assert re.search(r"^engine +Python \(.*pip install", shown.out, re.MULTILINE)
    shown = run("train xor --epochs 1 --backend c", code=2)
    assert "no kernel, says the test" in shown.err


def test_options_reach_the_network_and_the_trainer(run):
    run(
        "train spirals --target 1 --hidden 5,3 --activation tanh --epochs 2 --batch-size 7 "
        "--learning-rate 0.125 --seed 9 --validation 0.5 --patience 4 --checkpoint-every 1 "
        "-o n.json"
    )
    trainer = pyref.Trainer.load("n.run.json")
    network = trainer.network
    assert network.sizes == [2, 5, 3, 1]
    assert [layer.activation for layer in network.layers] == ["tanh", "tanh", "identity"]
    assert network.input_names == ["y", "spiral"] and network.target_names == ["x"]
    assert network.seed == 9 and trainer.batch_size == 7 and trainer.epoch == 2
    assert trainer.optimizer.learning_rate == 0.125
    assert trainer.run.rules == [pyref.ValidationPatience(4)]
    recipe = pyref.Network.load("n.json").recipe
    assert (recipe["validation"], recipe["target_columns"]) == (0.5, [1])


def test_words_are_inputs(run):
    shown = run("train iris --target sepal_length --epochs 2")
    assert "6 inputs (sepal_width, petal_length, petal_width, species=setosa, spec" in shown.out


@pytest.mark.parametrize("header", ["name,a,note,b,kind\n", ""])
def test_ignored_columns_are_left_out_everywhere(run, header):
    """Of training, and later of the same table, with a header or without."""
    rows = "".join(f"n{i},{i % 5},?,{i % 3},{'yes' if i % 5 > 2 else 'no'}\n" for i in range(60))
    Path("t.csv").write_text(header + rows, encoding="utf-8")
    ignore = "name,note" if header else "1,3"
    line = f"train t.csv --ignore {ignore} --epochs 3 --checkpoint-every 3 -q"
    run(line)
    network = pyref.Network.load("t.model.json")
    assert network.sizes[0] == 2 and network.input_names == (["a", "b"] if header else None)
    assert "60 rows" in run("evaluate t.model.json t.csv").out
    assert run("predict t.model.json t.csv").out.count("\n") == 61
    assert "without columns 1, 3" in run("show t.model.json").out
    assert "identical to the last bit" in run("verify t.model.json t.csv").out
    checked = run(f"check-gradient t.csv --activation tanh --hidden 4 --ignore {ignore}").out
    assert "good" in checked and "t.csv: the first 20 of 60 rows\n" in checked
    run("train t.csv --resume t.run.json --epochs 1 -q")
    assert pyref.Network.load("t.model.json").recipe["epochs"] == 4


def numbers_table(path, rows=60):
    """y = 3a − 2b + 10, c is of no use; semicolons, for a change."""
    lines = ["a;b;c;y"]
    for i in range(rows):
        a, b, c = (i * 7) % 11 / 2, (i * 5) % 13, (i * i) % 3
        lines.append(f"{a};{b};{c};{3 * a - 2 * b + 10.25}")
    Path(path).write_text("\n".join(lines), encoding="utf-8")


def test_a_regression(run):
    numbers_table("lines.csv")
    output = run("train lines.csv --epochs 400 --hidden 0").out
    assert "regression" in output and "48 train, 12 validate" in output
    found = re.findall(r"y: root mean squared error ([\d.e-]+), R² ([\d.]+)", output)
    assert len(found) == 2
    for error, r_squared in found:
        assert float(error) < 0.5 and float(r_squared) > 0.99
    network = pyref.Network.load("lines.model.json")
    assert network.sizes == [3, 1]
    assert network.predict([[2.0, 4.0, 1.0]])[0][0] == pytest.approx(8.25, abs=1.0)


def test_the_best_weights_are_kept(run):
    numbers_table("lines.csv")
    output = run("train lines.csv --epochs 30 --checkpoint-every 30").out
    trainer = pyref.Trainer.load("lines.run.json")
    quarter_of_the_epochs = pyref.ValidationPatience(7)
    assert trainer.run.rules == [quarter_of_the_epochs, pyref.ProgressQuotient(2.0, strip=20)]
    losses = trainer.history.validation_loss
    best = losses.index(min(losses)) + 1
    assert f"the weights are those after epoch {best}," in output
    trainer.restore_best()
    assert trainer.network.digest() == digest(output)


def test_patience_stops(run):
    output = run("train xor --epochs 5000 --learning-rate 0.5 --patience 3").out
    assert "ended because the loss has not improved for 3 epochs" in output
    assert "5,000 epochs in all" not in output


def test_a_patience_of_0_trains_to_the_last_epoch(run):
    output = run("train xor --epochs 150 --validation 0.5 --patience 0 --checkpoint-every 150").out
    assert "trained     150 epochs in all" in output and "the weights are those" not in output
    assert pyref.Trainer.load("xor.run.json").run.rules == []


@pytest.mark.parametrize("task, text", [("regress", "regression"), ("classify", "2 classes, 0, 1")])
def test_task(run, task, text):
    assert text in run(f"train xor --epochs 1 --task {task}").out


def test_standard_input(run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"1,2,x\n3,4,y\n")))
    assert "standard input: 2 rows, 2 inputs" in run("train - --epochs 1").out
    assert Path("stdin.model.json").exists()


def test_model_files_stand_beside_the_data(run):
    Path("sub").mkdir()
    Path("sub/my.csv").write_text("1,2\n2,3\n", encoding="utf-8")
    run("train sub/my.csv --epochs 1 --checkpoint-every 5")
    assert sorted(os.listdir("sub")) == ["my.csv", "my.model.json", "my.run.json"]
    assert run_path("sub/my.model.json") == "sub/my.run.json"


@pytest.mark.parametrize("wish", ["", " --patience 2"])
def test_a_run_goes_on_bit_for_bit(run, wish):
    """6 epochs = 4, a new trainer from the file, 2 more; also across engines."""
    expected = digest(run(f"train iris --epochs 6 -o all.json{wish}").out)
    run(f"train iris --epochs 4 --checkpoint-every 3 -q{wish}")
    saved = Path("iris.run.json").read_bytes()
    for backend in ("python", "c") if pyref.kernel_missing is None else ("python",):
        Path("iris.run.json").write_bytes(saved)
        shown = run(f"train iris --resume iris.run.json --epochs 2 --backend {backend}")
        assert digest(shown.out) == expected
        assert "6 epochs in all" in shown.out and "iris.model.json (replaced)" in shown.out
        assert pyref.Trainer.load("iris.run.json").epoch == 6  # the next time goes on from here
        assert "\nrun         iris.run.json (pyref train iris --resume iris.run.json" in shown.out


def test_checkpoints_are_written_on_the_way(run, monkeypatch):
    epochs = []
    save = pyref.Trainer.save

    def noting(trainer, path):
        epochs.append(trainer.epoch)
        save(trainer, path)

    monkeypatch.setattr(pyref.Trainer, "save", noting)
    run("train xor --epochs 7 --checkpoint-every 3 -q")
    assert epochs == [3, 6, 7]


@pytest.mark.parametrize("wish", ["", " --checkpoint-every 9"])
def test_resume_updates_its_run_file(run, wish):
    run("train xor --epochs 2 --checkpoint-every 1 -q")
    run(f"train xor --resume xor.run.json --epochs 3 -q{wish}")
    assert pyref.Trainer.load("xor.run.json").epoch == 5


@pytest.mark.parametrize("wish", ["", " --time-limit 1e-9"])
def test_the_command_that_goes_on_writes_the_same_model(run, wish):
    output = run(f"train xor --epochs 4 --checkpoint-every 3 -o my.model.json{wish}").out
    command = re.search(r"^run +my.run.json \(pyref (.*) goes on\)$", output, re.MULTILINE)[1]
    assert ("--epochs" in command) == (not wish)  # the planned ones are done
    again = run(f"{command}").out
    assert "8 epochs in all" in again if not wish else "4 epochs in all" in again
    assert "my.model.json (replaced)" in again
    assert sorted(os.listdir()) == ["my.model.json", "my.run.json"]


def test_a_full_disk_takes_the_files_but_not_the_report(run, monkeypatch):
    def refuse(path, text):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("pyref.files.document.write_text", refuse)
    shown = run("train xor --epochs 5 --checkpoint-every 3", code=2)
    assert "5 epochs in all" in shown.out and digest(shown.out) and "\nmodel" not in shown.out
    errors = [line for line in shown.err.splitlines() if not line.startswith("epoch ")]
    assert errors == [
        f"pyref: error: xor.{kind}.json: No space left on device"
        for kind in ("run", "run", "model")  # after 3 epochs and at the end
    ]


def test_a_model_is_no_standard_output(run):
    assert "-o -: a model is written to a file" in run("train xor --epochs 1 -o -", code=2).err
    assert os.listdir() == []


def test_an_interrupted_run_goes_on_bit_for_bit(run, monkeypatch):
    """Ctrl-C in the middle of an epoch; the run then ends where it was planned to."""
    expected = digest(run("train iris --epochs 5 --backend python -o all.json").out)

    def interrupt(self, trainer):
        if trainer.epoch == 2 and 0 < trainer.run.position < 120:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "__call__", interrupt)
        patch.setattr("pyref.engine.hooks.BETWEEN_PROGRESS", 0.0)
        shown = run("train iris --epochs 5 --checkpoint-every 9 --backend python", code=130)
    assert "Interrupted in epoch 3: what was learned is kept." in shown.out
    assert pyref.Network.load("iris.model.json").digest() == digest(shown.out) != expected
    shown = run("train iris --resume iris.run.json")
    assert "3 epochs, batches of 16" in shown.out
    assert digest(shown.out) == expected


@pytest.mark.parametrize("when", ["choose", "rows_for"])
def test_ctrl_c_before_the_training_begins(run, monkeypatch, when):
    def interrupt(*_):
        raise KeyboardInterrupt

    where = "pyref.work.job" if when == "choose" else "pyref.command_line.train"
    monkeypatch.setattr(f"{where}.{when}", interrupt)
    assert run("train xor", code=130).err == "pyref: interrupted: no model was written\n"
    assert os.listdir() == []


def test_ctrl_c(in_a_folder):
    """The real signal, in a process of its own."""
    with process("train", "moons", "--epochs", "1000000", "--backend", "python") as training:
        line = training.stderr.readline()  # comes after a second
        training.send_signal(signal.SIGINT)
        output, errors = training.communicate(timeout=60)
    assert line.startswith("epoch ") and "rows/s" in line and "left" in line
    assert training.returncode == 130
    assert "Traceback" not in errors and "what was learned is kept" in output
    assert pyref.Network.load("moons.model.json").digest() == digest(output)


RESUME_ERRORS = [
    ("train iris --resume xor.run.json", "no columns 'a', 'b', which the model needs"),
    ("train changed.csv --resume xor.run.json --epochs 1", "these are not the data of the run"),
    ("train xor --resume xor.run.json", "the run has done its 2 epochs; --epochs says how many"),
    ("train xor --resume xor.run.json --seed 1", "--seed cannot be given with --resume"),
    ("train xor --resume xor.run.json --batch-size 1", "--batch-size cannot be given"),
    ("train xor --resume xor.model.json --epochs 1", "this is a model file, whose training"),
    ("train xor --resume nowhere.json --epochs 1", "nowhere.json: there is no such file; a run f"),
    ("train xor --resume . --epochs 1", ".: this is a folder; a run file, as pyref train --che"),
    ("train xor --resume other.run.json --epochs 1", "not made by pyref train"),
]


@pytest.mark.parametrize("line, message", RESUME_ERRORS)
def test_what_cannot_be_resumed(run, line, message):
    run("train xor --epochs 2 --checkpoint-every 1 -q")
    Path("changed.csv").write_text("a,b,xor\n0,0,0\n0,1,1\n1,0,1\n1,1,1\n", encoding="utf-8")
    network = pyref.Network([2, 1])
    network.input_names, network.target_names = ["a", "b"], ["xor"]
    pyref.Trainer(network).save("other.run.json")
    shown = run(line, code=2)
    assert message in shown.err


def test_other_files_are_left_alone(run):
    for name, content in (("a.json", "my own"), ("b.json", '{"format": "pyref run"}')):
        Path(name).write_text(content, encoding="utf-8")
        assert "it is left alone" in run(f"train xor --epochs 1 -o {name}", code=2).err
        assert Path(name).read_text(encoding="utf-8") == content
    Path("xor.run.json").write_text("my own", encoding="utf-8")
    assert "no pyref run file" in run("train xor --epochs 1 --checkpoint-every 1", code=2).err
    assert not Path("xor.model.json").exists()
    Path("link.json").symlink_to("nowhere")
    assert "it is left alone" in run("train xor --epochs 1 -o link.json", code=2).err


def test_a_damaged_model_is_replaced(run):
    run("train xor --epochs 1 -q")
    text = Path("xor.model.json").read_text(encoding="utf-8")
    Path("xor.model.json").write_text(text[:-50], encoding="utf-8")
    assert "xor.model.json (replaced)" in run("train xor --epochs 1").out
    assert Path("xor.model.json").read_text(encoding="utf-8") == text


def test_a_training_that_diverges(run):
    """Without one finite epoch there is nothing to write."""
    shown = run("train iris --optimizer sgd --learning-rate 1e10", code=1)
    *_, error, written = shown.err.splitlines()
    assert error.startswith("pyref: error: training diverged in epoch 1, batch ")
    assert re.search(r"layer \d.*Try a smaller learning rate", error)
    assert written == "pyref: no model is written: not one epoch was finished"
    assert os.listdir() == []


GROWING = (
    "train moons --epochs 99 -q --optimizer sgd:learning_rate=0.1 --activation relu --hidden 8 "
    "--schedule step:every=3,factor=1e9 --backend python"
)


@pytest.mark.parametrize("wish, kept", [
    ("--patience 90", r"the model after epoch (\d+) of (\d+), whose validation loss was the low"),
    ("--patience 0", r"the model after epoch (\d+), the last one before"),
])
def test_the_best_of_a_training_that_diverges_is_kept(run, wish, kept):
    error = run(f"{GROWING} {wish}", code=1).err
    epochs = re.search(rf"^pyref: moons.model.json: {kept}", error, re.MULTILINE).groups()
    network = pyref.Network.load("moons.model.json")
    assert network.recipe["epochs"] == int(epochs[-1]) > 0
    assert "identical" in run("verify moons.model.json moons").out
    if len(epochs) == 2:
        assert network.recipe["kept_epoch"] == int(epochs[0])
        run(f"{GROWING} --patience 0 --epochs {epochs[0]} -o upto.json")
        assert pyref.Network.load("upto.json").digest() == network.digest()


def test_a_training_that_diverges_leaves_an_earlier_model_alone(run):
    run("train moons --epochs 2 -q")
    before = Path("moons.model.json").read_bytes()
    error = run(GROWING, code=1).err
    assert error.endswith("pyref: moons.model.json: left as it was before this training\n")
    assert Path("moons.model.json").read_bytes() == before


def test_quiet(run):
    """Nothing but errors."""
    shown = run("train xor --epochs 2 -q --checkpoint-every 1 --history h.csv")
    assert (shown.out, shown.err) == ("", "")
    assert sorted(os.listdir()) == ["h.csv", "xor.model.json", "xor.run.json"]
    shown = run("train iris --optimizer sgd --learning-rate 1e10 -q -o n.json", code=1)
    assert shown.out == "" and "training diverged" in shown.err


def test_a_better_epoch_is_mentioned(run, monkeypatch):
    """The validation loss of iris is lowest long before the end of these epochs."""
    require_kernel()
    output = run("train iris --backend c --epochs 70 --patience 0").out
    lowest, epoch = re.search(r"was lowest, ([\d.]+), after epoch (\d+):", output).groups()
    stopped = run("train iris --backend c --epochs 70 --patience 50").out
    assert f"the weights are those after epoch {epoch}," in stopped
    assert f"loss {lowest}" in stopped


class Terminal(io.StringIO):
    def isatty(self):
        return True


def trained_with_progress(stream, monkeypatch):
    monkeypatch.setattr("pyref.engine.hooks.BETWEEN_PROGRESS", 0.0)
    trainer = pyref.Trainer(pyref.Network([1, 2, 1]), batch_size=2, backend="python")
    progress = Progress(trainer, rows=4, epochs=3, stream=stream)
    trainer.train([[0], [1], [2], [3]], [0, 0, 1, 1], epochs=3, progress=progress)
    progress.end(trainer)
    return stream.getvalue()


def test_on_a_terminal_one_line_is_rewritten(monkeypatch):
    text = trained_with_progress(Terminal(), monkeypatch)
    assert "\n" not in text and text.endswith("\r")
    states = text[:-1].split("\r")[1:]
    assert len(states) >= 6 and states[0].startswith("epoch 0 of 3, ")
    assert states[-1].strip() == ""  # the report stands in its place
    for before, after in zip(states, states[1:]):
        assert len(after) >= len(before.rstrip())  # nothing of the line before shows


def test_elsewhere_plain_lines_at_growing_intervals(monkeypatch):
    clock = iter(range(1000))  # each look at the clock is a second later
    monkeypatch.setattr("pyref.display.progress.time.monotonic",
                        lambda: float(next(clock)))
    text = trained_with_progress(io.StringIO(), monkeypatch)
    assert "\r" not in text
    epochs = [int(n) for n in re.findall(r"^epoch (\d+) of 3", text, re.MULTILINE)]
    assert 2 <= len(epochs) < 6 and epochs[-1] == 3 and "left" not in text.splitlines()[-1]


def test_a_training_that_ended_early_has_nothing_left(run):
    shown = run("train xor --epochs 500 --stop target_loss:loss=9")
    assert re.search(r"^epoch 1 of 500, loss .*rows/s$", shown.err, re.MULTILINE)


def test_long_lines_are_cut_on_a_narrow_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    states = trained_with_progress(Terminal(), monkeypatch)[:-1].split("\r")
    assert max(map(len, states)) <= 19


def test_the_model_file_is_json_that_names_its_recipe(run):
    run("train iris --epochs 2 -q")
    document = json.loads(Path("iris.model.json").read_text(encoding="utf-8"))
    assert document["recipe"]["data"] == "iris"
    assert re.fullmatch("[0-9a-f]{64}", document["recipe"]["data_sha256"])


@pytest.mark.parametrize("line", ["train iris --epochs 2", "train xor"])
def test_the_table_is_gone_while_its_rows_are_trained(run, monkeypatch, line):
    module = import_module("pyref.command_line.train")
    read, train, tables = module.table_for, module.train, []

    def reading(*arguments):
        table = read(*arguments)
        tables.append(weakref.ref(table[0]))
        return table

    def training(*arguments):
        gc.collect()
        tables.append(tables[0]())
        return train(*arguments)

    monkeypatch.setattr(module, "table_for", reading)
    monkeypatch.setattr(module, "train", training)
    run(line)
    assert tables[1:] == [None]
