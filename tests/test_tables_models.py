"""Models of raw tables: on the command line, in Python, in their files, and in another language."""

import csv
import io
import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

import pyref
from conftest import edited, missing, require_kernel

NODE = Path(pyref.__file__).parent / "files" / "__init__.py"


@pytest.fixture
def passengers(in_a_folder):
    """An invented table with words, gaps, names, and a row without a target."""
    draw = random.Random(1)
    lines = ["id;name;class;sex;age;fare;port;lived\n"]
    for k in range(1, 121):
        sex = draw.choice(["male", "female"])
        age = "" if draw.random() < 0.2 else f"{draw.uniform(1, 80):.1f}".replace(".", ",")
        lived = "" if k == 50 else "yes" if (sex == "female") != (draw.random() < 0.1) else "no"
        lines.append(f"{k};Passenger {k};{draw.randint(1, 3)};{sex};{age};"
                     f"{draw.uniform(5, 99):.2f};{draw.choice(['S', 'C', 'NA'])};{lived}\n"
                     .replace(".", ","))
    Path("ship.csv").write_text("".join(lines), encoding="utf-8")
    return "".join(lines)


TRAIN = "train ship.csv --ignore id --categorical class --epochs 30 --hidden 4"


def test_the_whole_way(run, passengers):
    shown = run(TRAIN).out
    assert "1 row without a target is left out" in shown
    assert "left out: column 'name' (119 different words in 119 rows" in shown
    assert "in column 'port'; the mean or the most frequent word of the training" in shown
    evaluated = run("evaluate ship.model.json ship.csv").out
    assert "119 rows" in evaluated
    rows = list(csv.DictReader(io.StringIO(run("predict ship.model.json ship.csv").out)))
    assert len(rows) == 120 and set(rows[0]) == {"lived", "probability_no", "probability_yes"}
    only = "sex;port;class;fare;age\nmale;S;1;7,5;\n"
    Path("new.csv").write_text(only, encoding="utf-8")
    assert len(run("predict ship.model.json new.csv").out.splitlines()) == 2
    Path("new.csv").write_text(only.replace("S;1", "X;4"), encoding="utf-8")
    refused = run("predict ship.model.json new.csv", code=2).err
    assert "line 2, column 'class': '4' was never seen in training; known are '1'" in refused
    assert "line 2, column 'port': 'X' was never seen" in refused
    assert run("predict ship.model.json new.csv --unknown ignore").out


@pytest.mark.parametrize("way", ["mean", "median", "drop"])
def test_it_is_repeated_to_the_last_bit(run, passengers, way):
    require_kernel()
    run(f"{TRAIN} --missing {way} --backend c -q")
    shown = run("verify ship.model.json ship.csv --backend python")
    assert "identical to the last bit" in shown.out


def test_other_rows_are_other_preparations(run, passengers):
    run(TRAIN + " -q")
    with edited("ship.model.json") as document:
        document["preparation"]["columns"][3]["gap"] += 1e-9
    refused = run("verify ship.model.json ship.csv", code=2).err
    assert "are not the data it was trained on" in refused or "its preparation is not" in refused


def test_a_run_goes_on(run, passengers):
    run(TRAIN + " --patience 0 -q -o whole.json")
    run(TRAIN.replace("30", "20") + " --patience 0 -q --checkpoint-every 20 -o part.json")
    run("train ship.csv --resume part.run.json --epochs 10 -q -o part.json")
    whole, part = map(pyref.Network.load, ("whole.json", "part.json"))
    assert whole.digest() == part.digest() and whole.preparation == part.preparation


def test_networks_take_raw_rows(run, passengers, backend):
    run(TRAIN + " -q")
    network = pyref.Network.load("ship.model.json")
    table = pyref.read_table("ship.csv", target="lived", ignore="id", categorical="class")
    assert table.inputs[0][0] == "Passenger 1" and len(table.inputs) == 119
    predicted = network.predict(table.inputs, backend=backend)
    expected = csv.DictReader(io.StringIO(run("predict ship.model.json ship.csv").out))
    probabilities = [float(row["probability_yes"]) for row in expected]
    del probabilities[49]
    assert [row[0] for row in predicted] == probabilities
    assert network.classify(table.inputs[:1]) in (["yes"], ["no"])
    again = network.predict([["1", "male", None, 7.5, "S"]], backend=backend)
    assert again == network.predict([[None, 1, "male", float("nan"), 7.5, "S"]], backend=backend)
    with pytest.raises(ValueError, match="column 'sex': 'cat' was never seen"):
        network.predict([["1", "cat", None, 7.5, "S"]])


def test_tables_of_pandas(run, passengers):
    try:
        import pandas
    except ImportError:
        missing("no pandas")
    run(TRAIN + " -q")
    network = pyref.Network.load("ship.model.json")
    frame = pandas.read_csv("ship.csv", sep=";", decimal=",")
    predicted = network.predict(frame)
    lists = pyref.read_table("ship.csv", target="id").inputs  # which leaves out no row
    raw = [[row[1], row[2], row[3], row[4], row[5]] for row in lists]
    assert predicted.values.tolist() == network.predict(raw)
    with pytest.raises(ValueError, match="no column 'sex', which the network needs"):
        network.predict(frame.drop(columns="sex"))


def test_the_file_keeps_it(run, passengers):
    run(TRAIN + " -q")
    network = pyref.Network.load("ship.model.json")
    network.save("again.json")
    assert Path("again.json").read_text() == Path("ship.model.json").read_text()
    other = pyref.Network.load("again.json")
    assert other == network
    other.preparation = None
    assert other != network


@pytest.mark.parametrize("change, message", [
    (lambda p: p["columns"].pop(), "columns: they make 7 inputs, the network has 9"),
    (lambda p: p["columns"][1].update(kind="date"), r"columns\[1\].kind: 'date' is unknown"),
    (lambda p: p["columns"][1].update(words=["1", "1", "2"]), "words: different words are needed"),
    (lambda p: p["columns"][1].update(gap="9"), "gap: one of the words is needed, not '9'"),
    (lambda p: p["columns"][3].update(gap="9"), "gap: a finite number is needed"),
    (lambda p: p["columns"][3].update(name=None), "some have a name and some have none"),
    (lambda p: p.update(missing="guess"), "missing: one of mean, median, drop, error is needed"),
])
def test_damaged_preparations(run, passengers, change, message):
    run(TRAIN + " -q")
    with edited("ship.model.json") as document:
        change(document["preparation"])
    with pytest.raises(pyref.files.document.ModelFileError, match=f"member preparation.*{message}"):
        pyref.Network.load("ship.model.json")


def test_files_of_version_1_are_read(run):
    """They have no preparation, and refuse words and gaps as they always did."""
    run("train iris --epochs 3 -q")
    new = pyref.Network.load("iris.model.json")
    with edited("iris.model.json") as document:
        document["format_version"] = 1
        del document["preparation"]
    old = pyref.Network.load("iris.model.json")
    assert old.digest() == new.digest() and old.preparation is None
    assert "identical to the last bit" in run("verify iris.model.json iris --backend python").out
    Path("new.csv").write_text("sepal_length,sepal_width,petal_length,petal_width\n1,2,,4\n")
    assert "line 2, column 'petal_length': the cell is empty" in run(
        "predict iris.model.json new.csv", code=2).err


def node_program():
    text = NODE.read_text(encoding="utf-8")
    begin = text.index("    const fs")
    return "\n".join(line[4:] for line in text[begin:].split("\n\n")[0].splitlines())


def test_a_file_is_read_in_another_language(run, passengers):
    """The program of the page on the file's layout, with the rows at its end."""
    node = shutil.which("node")
    if node is None:
        missing("no Node")
    run(TRAIN + " -q")
    rows = [["1", "male", None, 7.5, "S"], ["3", "female", 20.5, 90, None]]
    network = pyref.Network.load("ship.model.json")
    program = node_program() + f"\nconsole.log(JSON.stringify({json.dumps(rows)}.map(answer)))\n"
    Path("read.js").write_text(program, encoding="utf-8")
    assert len(node_program().splitlines()) <= 16
    found = json.loads(subprocess.run([node, "read.js", "ship.model.json"], check=True,
                                      stdout=subprocess.PIPE).stdout)
    for one, other in zip(found, network.predict(rows)):
        assert one == pytest.approx(other, rel=1e-12)
