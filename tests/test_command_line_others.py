"""The `pyref` command: predict, evaluate, show, info, tutorial, and what goes wrong."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import types
from pathlib import Path

import pytest

from conftest import edited
import pyref
from pyref import Network
from pyref.command_line import main
from pyref.tables.scaling import Scaling
from pyref.tables.sources import BUILT_IN
from test_command_line import FOLDER, process


pytestmark = pytest.mark.usefixtures("in_a_folder")


@pytest.fixture
def colours():
    """A classifier that compares: the largest of three inputs names the colour."""
    identity = [[float(k == j) for j in range(3)] for k in range(3)]
    network = Network([3, 3], output="softmax", initializer=[identity], biases=False)
    network.input_names = ["r", "g", "b"]
    network.target_names = ["colour"]
    network.class_names = ["red", "green", "blue, dark"]
    network.save("colours.json")
    return network


@pytest.fixture
def price():
    """A regression in the user's units: 10 + 2·(x − 1)."""
    network = Network([1, 1], output="identity", initializer=[[[0.5]]], biases=False)
    network.input_scaling = Scaling([1.0], [0.5])
    network.target_scaling = Scaling([10.0], [2.0])
    network.save("price.json")
    return network


def write(name, text):
    Path(name).write_text(text, encoding="utf-8")


def rows_of(text):
    return list(csv.reader(io.StringIO(text)))


def test_predict_classes(run, colours):
    write("data.csv", "r,g,b\n3,1,2\n0,0.5,0\n-1,-1,1e3\n")
    lines = rows_of(run("predict colours.json data.csv").out)
    names = ["red", "green", "blue, dark"]
    assert lines[0] == ["colour"] + [f"probability_{name}" for name in names]
    assert [line[0] for line in lines[1:]] == names
    expected = colours.predict([[3, 1, 2], [0, 0.5, 0], [-1, -1, 1e3]])
    assert [[float(value) for value in line[1:]] for line in lines[1:]] == expected


COLUMNS = {
    "in another order": "b,g,r\n2,1,3\n",
    "among others": "name,b,id,r,g\nx,2,7,3,1\n",
    "with the target": "r,g,b,colour\n3,1,2,red\n",
    "with an unknown target": "r,g,b,colour\n3,1,2,?\n",
    "without a header": "3,1,2\n",
    "without a header, with the target": "3,1,2,red\n",
}


@pytest.mark.parametrize("columns", COLUMNS)
def test_predict_finds_its_columns(run, colours, columns):
    write("data.csv", COLUMNS[columns])
    lines = rows_of(run("predict colours.json data.csv").out)
    values = [[float(value) for value in line[1:]] for line in lines[1:]]
    assert values == colours.predict([[3, 1, 2]])


def test_predict_two_classes(run):
    network = Network([1, 1], initializer=[[[1.0]]], biases=False)
    network.class_names = ["no", "yes"]
    network.save("m.json")
    write("data.csv", "0\n-2\n")
    lines = rows_of(run("predict m.json data.csv").out)
    assert lines[0] == ["target", "probability_no", "probability_yes"]
    assert lines[1] == ["yes", "0.5", "0.5"]
    assert lines[2][0] == "no"
    assert float(lines[2][2]) == network.predict([[-2]])[0][0]
    assert float(lines[2][1]) + float(lines[2][2]) == 1.0


def test_predict_numbers(run, price):
    write("data.csv", "1\n3\n-1.5\n")
    assert run("predict price.json data.csv").out == "target\n10.0\n14.0\n5.0\n"


def test_predict_into_a_file(run, price):
    write("data.csv", "1\n3\n")
    assert run("predict price.json data.csv -o -").out == "target\n10.0\n14.0\n"
    shown = run("predict price.json data.csv -o out.csv")
    assert shown.out == "" and shown.err == "pyref: 2 rows of answers in out.csv\n"
    assert Path("out.csv").read_bytes() == b"target\n10.0\n14.0\n"
    assert "(the file that was there is replaced)" in run(
        "predict price.json data.csv -o out.csv"
    ).err
    for used in ("data.csv", "price.json"):
        before = Path(used).read_bytes()
        assert "must not be overwritten" in run(
            f"predict price.json data.csv -o {used}", code=2
        ).err
        assert Path(used).read_bytes() == before


def test_evaluate_numbers(run, price):
    """Targets 10 and 16, answers 10 and 14: mean squared error 2, variance 9, R² = 1 − 4/18.

    In the network's units the second error is 1, so the loss is 1/2.
    """
    write("data.csv", "1,10\n3,16\n")
    output = run("evaluate price.json data.csv").out
    assert "target: root mean squared error 1.41421, R² 0.7778" in output
    assert "loss 0.5 (of scaled targets), 2 rows" in output


def test_evaluate_classes(run, colours):
    """Two reds, of which one is taken for green, and one dark blue."""
    write("data.csv", 'colour,r,g,b\nred,3,1,2\nred,1,3,2\n"blue, dark",0,0,1\n')
    output = run("evaluate colours.json data.csv").out
    assert "66.7 % right (2 of 3)" in output
    matrix = [re.findall(r" (\d+)(?!\.)\b", line) for line in output.splitlines()[-3:]]
    assert [[int(n) for n in line] for line in matrix] == [[1, 1, 0], [0, 0, 0], [0, 0, 1]]


def test_evaluate_needs_the_target(run, colours):
    write("data.csv", "r,g,b\n3,1,2\n")
    assert "no column 'colour' for the target" in run("evaluate colours.json data.csv", code=2).err
    write("data.csv", "r,g,b,colour\n3,1,2,pink\n")
    shown = run("evaluate colours.json data.csv", code=2)
    assert "line 2, column 'colour': 'pink' is none of the classes 'red', 'green'" in shown.err


def test_evaluate_agrees_with_training(run):
    """The same rows, the same network: the same accuracy and loss in the report and after it."""
    report = run("train xor --epochs 5").out
    trained = re.search(r"^training +(.* right .*)$", report, re.MULTILINE)[1]
    assert trained in run("evaluate xor.model.json xor").out


def test_a_target_in_the_first_column_is_found_again(run):
    write("data.csv", "yes,1,2\nno,3,4\nyes,2,3\n")
    run("train data.csv --target 1 --epochs 1 -q")
    assert "3 rows" in run("evaluate data.model.json data.csv").out
    assert len(rows_of(run("predict data.model.json data.csv").out)) == 4


def test_whether_it_learned_from_the_rows(run):
    table = "".join(f"{row},{row % 7},{row * 3.5}\n" for row in range(20))
    Path("t.csv").write_text(table, encoding="utf-8")
    Path("other.csv").write_text(table.replace("19,5,", "19,6,"), encoding="utf-8")
    run("train t.csv --epochs 2 --validation 0 -o all.json")
    run("train t.csv --epochs 2 --validation 0.25 -o part.json")
    assert "note: it learned from these rows: of others" in run("evaluate all.json t.csv").out
    assert "note: it learned from 15 of these rows" in run("evaluate part.json t.csv").out
    assert "learned" not in run("evaluate all.json t.csv -q").out
    assert "learned" not in run("evaluate all.json other.csv").out
    assert '"learned_from": 15' in run("evaluate part.json t.csv --json").out
    assert "it learned from 15 of these rows" in run("plot part.json t.csv --only residuals").out
    assert "learned" not in run("plot part.json other.csv --only residuals").out
    members = json.loads(Path("all.json").read_text(encoding="utf-8"))
    members["recipe"]["segments"] = [{}]
    del members["checksum"]
    Path("all.json").write_text(json.dumps(members), encoding="utf-8")
    assert "learned" not in run("evaluate all.json t.csv").out


def test_show(run, colours):
    run("train iris --epochs 2 -q")
    output = run("show iris.model.json").out
    network = Network.load("iris.model.json")
    for text in (
        "iris.model.json: 675 parameters",
        "1: 4 → 16, silu, 80 parameters",
        "4: 16 → 3, softmax, 51 parameters",
        "3: setosa, versicolor, virginica",
        f"sepal_length: mean {network.input_scaling.means[0]:.6g}, deviation ",
        "species",
        "cross_entropy",
        network.digest(),
    ):
        assert text in output
    assert "1: 3 → 3, softmax, no biases, 9 parameters" in run("show colours.json").out


def test_info(run):
    output = run("info").out
    assert f"{pyref.__version__}, numerical specification {pyref.SPECIFICATION}" in output
    assert re.search(r"^engine +(C|Python)", output, re.MULTILINE)
    assert all(name in output for name in BUILT_IN)


def test_info_without_the_kernel(run, monkeypatch):
    monkeypatch.setattr("pyref.engine.backend.kernel_missing", "no kernel, says the test")
    monkeypatch.delenv("PYREF_BACKEND", raising=False)
    output = run("info").out
    assert "no C engine: no kernel, says the test" in output and "pip install" in output


def test_tutorials(run):
    listed = run("tutorial").out
    assert re.search(r"^xor  +\S", listed, re.MULTILINE) and "pyref tutorial NAME" in listed
    assert "A McCulloch–Pitts unit fires" in run("tutorial gates --backend python").out


ERRORS = [
    ("trian iris", "invalid choice: 'trian'"),
    ("train", "the following arguments are required: DATA"),
    ("train iris --lerning-rate 1", "unrecognized arguments: --lerning-rate 1"),
    ("train iris --epoch 1", "--epoch 1; did you mean --epochs? (pyref train --help explains)"),
    ("predict price.json iris --outptu=x", "--outptu=x; did you mean --output? (pyref predict"),
    ("--versoin", "--versoin; did you mean --version? (pyref --help explains)"),
    ("info extra", "unrecognized arguments: extra (pyref info --help explains)"),
    ("train iris --hidden 3,,4", "--hidden: units of each hidden layer are needed, such as 16,8"),
    ("train iris --hidden -3", "--hidden"),
    ("train iris --hidden 0 --activation tanh", "--hidden 0 has none"),
    ("train iris --epochs 0", "--epochs: a whole number, at least 1, is needed, not '0'"),
    ("train iris --epochs 1.5", "--epochs: a whole number, at least 1, is needed, not '1.5'"),
    ("train iris --batch-size x", "--batch-size: a whole number, at least 1, is needed, not 'x'"),
    ("train iris --learning-rate nan", "--learning-rate: a number above 0 is needed, not 'nan'"),
    ("train iris --validation 1", "--validation: a number from 0 to below 1 is needed, not '1'"),
    ("train iris --seed 4294967296", "--seed: a whole number from 0 to 4294967295 is needed"),
    ("train iris --activation threshold", "invalid choice: 'threshold'"),
    ("train iris --backend rust", "invalid choice: 'rust'"),
    ("train iris --task guess", "invalid choice: 'guess'"),
    ("train iris --target colour", "no column 'colour' for the target; the columns are 'sepal"),
    ("train iris --ignore colour", "no column 'colour' for --ignore; the columns are 'sepal"),
    ("train iris --validation 0.001", "--validation 0.001: of 150 rows, 0 would validate"),
    ("train nowhere.csv", "nowhere.csv: there is no such file, and no built-in data set"),
    ("train iris -o nowhere/m.json", "nowhere/m.json: there is no folder"),
    ("train iris -o .", ".: this is a folder; -o needs the name of a file"),
    ("predict price.json data.csv -o .", ".: this is a folder; -o needs the name of a file"),
    ("predict nowhere.json iris", "nowhere.json: there is no such file; a model file, as pyref"),
    ("show ..", "..: this is a folder; a model file, as pyref train writes it, is needed"),
    ("verify .. xor", "..: this is a folder; a model file"),
    ("check-gradient xor --model nowhere.json", "nowhere.json: there is no such file"),
    ("predict text.json iris", "text.json: this is not a pyref model file, or it is damaged"),
    ("predict price.json iris", "columns found: 5; needed: 1 (the inputs), or 2"),
    ("predict price.json price.json", "price.json"),
    ("evaluate price.json xor", "columns found: 3; needed: 1 (the inputs), or 2"),
    ("show text.json", "text.json: this is not a pyref model file"),
    ("tutorial nowhere", "there is no tutorial 'nowhere'; there are gates, perceptron"),
    ("tutorial perceptrom", "there is no tutorial 'perceptrom'; did you mean perceptron?"),
    ("tutorial new-situation a b c", "must be a number"),
]


@pytest.mark.parametrize("line, message", ERRORS)
def test_errors_are_one_line(run, price, line, message):
    write("text.json", "hello")
    write("data.csv", "1\n")
    shown = run(line, code=2)
    assert shown.out == ""
    assert shown.err.startswith("pyref: error: ") and shown.err.count("\n") == 1
    assert message in shown.err


def test_a_file_needs_a_name(capsys):
    assert main(["train", "iris", "-o", ""]) == 2
    assert "-o/--output: the name of a file is needed" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["train iris", "predict price.json data.csv"])
def test_a_folder_that_refuses_files_is_noticed_before_the_work(run, price, monkeypatch, command):
    """Whoever may write there: /proc takes no files from root either."""
    def refuse(dir):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    write("data.csv", "1\n")
    shown = run(f"{command} -o m.json", code=2)
    assert shown.out == "" and "cannot be written to (Permission denied)" in shown.err


def test_without_a_command_there_is_help(run):
    shown = run("")
    assert shown.out.startswith("usage: pyref ") and "\n    train  " in shown.out


def test_a_warning_is_one_line(run, price):
    shutil.copy("price.json", "old.json")
    with edited("old.json") as document:
        document["specification"] = 9999
    shown = run("show old.json")
    assert shown.err.startswith("pyref: warning: old.json: trained by numerical specification 9999")
    assert shown.err.count("\n") == 1


OPTIONS = (
    "--target --ignore --task --hidden --activation --epochs --batch-size --learning-rate --seed "
    "--validation --test --split-seed --init --patience --backend -o --checkpoint-every "
    "--resume -q"
)


@pytest.mark.parametrize(
    "command, options",
    [("train", OPTIONS), ("cross-validate", "--hidden --folds --repeats --workers --split-seed"),
     ("compare", "--hidden --folds --workers"), ("predict", "-o"), ("evaluate", ""), ("show", ""),
     ("info", ""), ("tutorial", "--backend")],
)
def test_help(capsys, command, options):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    output = capsys.readouterr().out
    assert all(option in output for option in options.split())


@pytest.mark.parametrize("command, codes", [
    ("train", "0 1 2 130"), ("cross-validate", "0 1 2 130"), ("compare", "0 1 2 130"),
    ("predict", "0 2"), ("evaluate", "0 2"), ("verify", "0 1 2"),
])
def test_help_tells_the_exit_codes(capsys, command, codes):
    with pytest.raises(SystemExit):
        main([command, "--help"])
    output = capsys.readouterr().out
    told = output[output.index("Exit code") :].split("\n\n")[0]
    assert re.findall(r"(?:code |\.\s+)(\d+)\b", told) == codes.split()


def test_version(capsys):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"pyref {pyref.__version__}\n"


def test_as_a_module():
    """`python3 -m pyref`, from the folder that holds the package, with nothing installed."""
    with process("train", "xor", "--epochs", "2") as done:
        output, errors = done.communicate(timeout=60)
    assert (done.returncode, errors.count("\n")) == (0, 1)
    assert Network.load("xor.model.json").digest() in output


def test_a_reader_that_leaves_is_no_error(colours):
    write("data.csv", "1,2,3\n" * 20_000)
    with process("predict", "colours.json", "data.csv") as predicting:
        predicting.stdout.readline()
        predicting.stdout.close()
        errors = predicting.stderr.read()
        assert predicting.wait(timeout=60) == 141
    assert errors == ""


def test_names_that_the_output_cannot_show():
    """An old terminal that knows ASCII only gets escapes, not a traceback."""
    write("data.csv", "größe,art\n1,süß\n2,sauer\n3,süß\n")
    done = subprocess.run(
        [sys.executable, "-m", "pyref", "train", "data.csv", "--epochs", "1"],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": FOLDER, "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 0
    assert b"gr\\xf6\\xdfe" in done.stdout


def test_importing_pyref_leaves_the_command_line_alone():
    script = (
        "import sys; before = set(sys.modules); import pyref; pyref.Trainer; "
        "print(*sorted({'argparse', 'csv', 'json', 'pyref.command_line', 'pyref.options'} "
        "& (set(sys.modules) - before)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": FOLDER},
    )
    assert (done.returncode, done.stdout.strip()) == (0, "")


def test_ctrl_c_while_the_command_is_loaded(run, monkeypatch):
    class Loading(types.ModuleType):
        def __getattr__(self, name):
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "pyref.command_line.commands", Loading("commands"))
    assert run("info", code=130).err == "pyref: interrupted\n"


def test_header(run):
    """Said once, in training: the model then knows the columns by their names."""
    write("t.csv", "2019,2020,y\n" + "".join(f"{i},{i % 3},{'ab'[i % 2]}\n" for i in range(9)))
    assert "\nnote: t.csv, line 1: taken for data" in run("train t.csv --epochs 1").out
    run("train t.csv --epochs 1 -q --header yes --checkpoint-every 1")
    assert Network.load("t.model.json").input_names == ["2019", "2020"]
    for command in ("evaluate t.model.json t.csv", "check-gradient t.csv --header yes"):
        assert "9 rows" in run(command).out
    assert "identical" in run("verify t.model.json t.csv").out
    assert run("predict t.model.json t.csv").out.count("\n") == 10
    run("train t.csv --epochs 1 -q --resume t.run.json")
    for command in ("evaluate", "verify"):
        shown = run(f"{command} t.model.json t.csv --header no", code=2)
        assert "line 1, column 3: 'y' is none of the classes" in shown.err
    assert run("predict t.model.json t.csv --header no").out.count("\n") == 11


@pytest.mark.parametrize("header, place", [("a,k,b\n", "column 'a'"), ("", "column 1")])
def test_values_too_large_to_be_scaled_have_a_place(run, header, place):
    write("t.csv", header + "1e308,1,3\n-1e308,2,4\n")
    shown = run("train t.csv --ignore 2", code=2)
    assert f"error: t.csv, {place}: the values are too large to be scaled" in shown.err


@pytest.mark.parametrize("wish, why", [
    ("c", "C was asked for and is missing (PYREF_BACKEND is c)"),
    ("rust", "the environment variable PYREF_BACKEND: 'rust' is unknown; one of auto, python, c"),
])
def test_info_tells_of_an_engine_that_cannot_be_had(run, monkeypatch, wish, why):
    monkeypatch.setattr("pyref.engine.backend.kernel_missing", "no kernel, says the test")
    monkeypatch.setenv("PYREF_BACKEND", wish)
    output = run("info").out
    assert f"\nengine      none: {why}" in output
    assert "no C engine: no kernel, says the test" in output and "\ndata sets   iris" in output


@pytest.mark.parametrize("line", ["show {}", "predict {} xor", "evaluate {} xor", "verify {} xor"])
def test_a_run_file_is_no_model(run, line):
    run("train xor --epochs 1 -q --checkpoint-every 1")
    shown = run(line.format("xor.run.json"), code=2)
    assert shown.out == "" and shown.err.count("\n") == 1
    assert "this is a run file, from which pyref train DATA --resume xor.run.json" in shown.err
    assert "a model file, as pyref train writes it, is needed" in shown.err


def test_a_model_that_knows_no_name_of_its_target(run):
    run("train iris --epochs 1 -q")
    network = Network.load("iris.model.json")
    network.target_names = None
    network.save("iris.model.json")
    assert "150 rows" in run("evaluate iris.model.json iris").out
    header, *rows = Path(FOLDER, "pyref/datasets/iris.csv").read_text(encoding="utf-8").splitlines()
    write("more.csv", "\n".join([header + ",more", *[row + ",1" for row in rows]]))
    error = run("evaluate iris.model.json more.csv", code=2).err
    assert "the model has no name for its target" in error and "not 6" in error


def test_such_a_model_may_have_left_out_columns(run):
    run("train iris --ignore sepal_width --epochs 1 -q")
    network = Network.load("iris.model.json")
    network.target_names = None
    network.save("iris.model.json")
    assert "150 rows" in run("evaluate iris.model.json iris").out


def test_a_run_that_goes_on_writes_its_own_model(run):
    run("train iris -o one.model.json --epochs 4 --patience 0 --checkpoint-every 2 -q")
    run("train iris --epochs 3 --patience 0 -q")
    before = Path("iris.model.json").read_bytes()
    assert "one.model.json" in run("train iris --resume one.run.json --epochs 1").out
    assert Path("iris.model.json").read_bytes() == before


def test_bench_draws_no_more_than_fits(run):
    assert "at most 100,000,000 are drawn" in run("bench 4,3 --batch-size 100000000", code=2).err
    assert "this machine has" in run("bench 1000000,1000000", code=2).err


def test_what_nobody_asked_for_is_not_loaded():
    """`pyref --help` shall be there at once, and each command loads itself alone."""
    script = (
        "import sys; from pyref.command_line import main\n"
        "def loaded():\n"
        "    names = {'network', 'trainer', 'tables', 'engine', 'command_line.train',\n"
        "             'command_line.predict', 'command_line.info'}\n"
        "    return [name for name in sorted(names) if 'pyref.' + name in sys.modules]\n"
        "def run(*words):\n"
        "    try:\n"
        "        main(words)\n"
        "    except SystemExit:\n"
        "        pass\n"
        "    print('loaded', loaded())\n"
        "run('--help'); run('info', '--help'); run('help', 'predict')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": FOLDER},
    )
    assert done.stderr == "" and "learn from a table, and write a model" in done.stdout
    shown = [line for line in done.stdout.splitlines() if line.startswith("loaded")]
    assert shown[0] == "loaded []" and "command_line.predict" not in shown[1]
    assert "command_line.predict" in shown[2] and "command_line.train'" not in shown[2]
