"""The README: its examples run, and what it says of files and commands is so."""

import doctest
import importlib
import re
import textwrap
from pathlib import Path

import pytest

import pyref
from conftest import require_kernel
from pyref.command_line import main
from pyref.command_line.help import symbols
from pyref.command_line.table import SUMMARIES
from pyref.command_line.help.defaults import table
from pyref.exercises import NAMES as EXERCISES
from pyref.tutorials import NAMES
from test_packaging import READING_ORDER

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.skipif(
    not (ROOT / "README.md").is_file(), reason="the README is not beside the tests"
)


@pytest.fixture
def readme():
    return (ROOT / "README.md").read_text(encoding="utf-8")


def test_examples(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # one of them writes a file
    result = doctest.testfile(str(ROOT / "README.md"), module_relative=False, encoding="utf-8")
    assert result.failed == 0
    assert result.attempted >= 5


def test_what_training_iris_prints(readme, capsys, tmp_path, monkeypatch):
    """To the letter, apart from how long it took."""
    require_kernel()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    assert main(["train", "iris", "--backend", "c"]) == 0
    printed = textwrap.indent(capsys.readouterr().out, "    ")
    shown = readme[readme.index("    data        iris") : readme.index("\nIn words:")]
    seconds = re.compile(r"\d+(\.\d)? m?s now")
    assert seconds.sub("…", shown) == seconds.sub("…", printed)


def test_reading_order(readme):
    """The numbered list names each file of the reference, in the order in which they build."""
    listed = re.findall(r"^\d+\. `(?:pyref/reference/)?(\w+)\.py`", readme, re.MULTILINE)
    assert listed == READING_ORDER


def test_tutorials(readme):
    listed = re.findall(r"^\| `([a-z-]+)` \|", readme, re.MULTILINE)
    assert listed == NAMES


def rows_of(readme, title):
    """The cells of the table that begins with this line, row by row."""
    table = readme[readme.index(title) :].partition("\n\n")[0]
    return [[cell.strip() for cell in line.split("|")[1:-1]]
            for line in table.splitlines()[2:]]


def named_in(cell):
    """The pairs of `name` in `file.py` of the reference."""
    return re.findall(r"`(\w+)` in `(\w+)\.py`", cell)


def test_the_map_of_symbols_is_that_of_the_reference(readme):
    """As `pyref help symbols` prints it; the README adds where each stands."""
    rows = [
        re.fullmatch(r" *(\S+) +(.+?)  +(.+); (.+)", row).groups()
        for row in symbols.table().splitlines()[2:]
    ]
    mapped = rows_of(readme, "| Nielsen |")
    assert [[nielsen, goodfellow, f"`{here}`"] for here, _, nielsen, goodfellow in rows] == [
        row[:3] for row in mapped
    ]
    assert [what for _, what, *_ in rows] == [row[3].partition(": ")[0] for row in mapped]


def test_the_map_of_symbols_names_what_is_there(readme):
    rows = rows_of(readme, "| Nielsen |")
    assert len(rows) == 16
    for *_, cell in rows:
        places = named_in(cell)
        assert places, cell
        for name, file in places:
            assert hasattr(importlib.import_module(f"pyref.reference.{file}"), name), (name, file)
    called = [name for row in rows for name in re.findall(r"`(\w+)", row[2])]
    text = "".join(path.read_text(encoding="utf-8") for path in
                   (ROOT / "pyref" / "reference").glob("*.py"))
    assert [name for name in called if not re.search(rf"\b{name}\b", text)] == []


def test_the_history_names_its_sources(readme):
    rows = rows_of(readme, "| | who |")
    years = [int(row[0]) for row in rows]
    assert years == sorted(years) and years[0] == 1943 and len(years) == 12
    shown = set()
    for year, who, _, code, tutorials in rows:
        files = [ROOT / "pyref" / "reference" / f"{file}.py" for _, file in named_in(code)]
        for name, file in named_in(code):
            assert hasattr(importlib.import_module(f"pyref.reference.{file}"), name)
        of_row = [name for name in tutorials.split(", ") if name]
        assert set(of_row) <= set(NAMES)
        shown.update(of_row)
        files += [ROOT / "pyref" / "tutorials" / f"{name}.py".replace("-", "_") for name in of_row]
        text = "".join(file.read_text(encoding="utf-8") for file in files)
        assert year in text and who.split()[0] in text, who
    assert shown == set(NAMES)


def test_the_defaults(readme):
    """As the program has them."""
    assert rows_of(readme, "| | `pyref train` |") == [list(row) for row in table()]


def test_the_defaults_are_printed(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "1000")
    assert main(["help", "defaults"]) == 0
    printed = capsys.readouterr().out
    for what, train, python, why in table():
        said = train if train == python else f"{train}; in Python {python}"
        assert re.search(rf"^{re.escape(what)} +{re.escape(said)}\n +{re.escape(why)}$", printed,
                         re.MULTILINE)
    found = {what: (train, python) for what, train, python, _ in table()}
    assert found["activation"] == ("silu", "tanh") and found["seed"] == ("1", "1")
    assert found["rows in a batch"] == ("16", "32")


def test_exercises_that_it_names(readme):
    assert "twelve tasks" in readme and len(EXERCISES) == 12
    named = re.findall(r"`pyref exercise ([a-z-]+)`", readme)
    assert named and set(named) <= set(EXERCISES)


def pictured(readme):
    """The paths in the picture under "What is where"; an entry's indentation is its depth."""
    section = readme[readme.index("## What is where") : readme.index("The reference imports")]
    folders = []
    for indentation, name in re.findall(r"^    ( *)([\w./]+)  +\w", section, re.MULTILINE):
        folders[len(indentation) // 2 :] = [name]
        yield "".join(folders)


def test_the_picture_of_what_is_where(readme):
    """All that it shows is there, and no room of the house is missing in it."""
    shown = list(pictured(readme))
    assert [path for path in shown if not (ROOT / path).exists()] == []
    rooms = [path for top in ("pyref", "csrc") for path in (ROOT / top).iterdir()]
    names = [f"{path.parent.name}/{path.name}" + "/" * path.is_dir() for path in rooms
             if path.is_dir() or path.suffix == ".py"]
    assert {name for name in names if "__" not in name} <= set(shown)


def test_files_that_it_names_exist(readme):
    named = re.findall(r"`((?:pyref|csrc|tests|\.ci)/[\w./]*)`", readme)
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_help_of_pyref_reads_well():
    """What it is, the names that one begins with, an example, and where to read on."""
    told = pyref.__doc__
    first, *_ = told.split("\n\n")
    assert len(" ".join(first.split())) < 140
    assert all(name in told for name in ("`Network`", "`Trainer`", "`SGD`", "`read_table`"))
    assert told.count(">>> ") == 6 and len(told.splitlines()) <= 32
    for command in re.findall(r"`pyref ([a-z]+)", told.replace("\n", " ")):
        assert command in (*SUMMARIES, "help")
    for name in re.findall(r"`pyref\.(\w+)`", told):
        assert hasattr(pyref, name)
