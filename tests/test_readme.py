"""The README: its examples run, and what it says of files and commands is so."""

import doctest
import re
import textwrap
from pathlib import Path

import pytest

from conftest import require_kernel
from pyref.command_line import main
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
