"""pyref.pyz, and the folder as it lies there, where next to nothing else is: no environment, no
home, no folder to write to, a Python that lacks parts of its standard library.

(tests/matrix/roots.py tries both in file systems that hold nothing but a Python.)
"""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import pyref
from pyref.command_line import main
from pyref.command_line.table import SUMMARIES

PACKAGE = Path(pyref.__file__).resolve().parent
BUILDER = PACKAGE.parent / "csrc" / "building" / "one_file.py"
BARE = ["-I", "-S", "-E", "-B"]

# What Debian's python3-minimal lacks of what pyref uses (and shutil, which other argparses need).
LACKING = ["json", "numbers", "shlex", "difflib", "html", "decimal", "lzma", "bz2", "gzip", "zlib",
           "concurrent", "multiprocessing", "sqlite3", "fractions"]
WITHOUT = """
import sys
sys.modules.update(dict.fromkeys(sys.argv[2].split(",")))  # None: it cannot be imported
sys.path[0] = sys.argv[1]
from pyref.command_line import main
for words in sys.argv[3:]:
    print("exit code", main(words.split()), flush=True)
"""


def built(path, **environment):
    """With this umask of somebody who keeps all to himself."""
    code = (
        "import os, runpy, sys\n"
        "os.umask(0o77)\n"
        "runpy.run_path(sys.argv.pop(1), run_name='__main__')\n"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(BUILDER), str(path)], cwd=path.parent, check=True,
        stdout=subprocess.PIPE, env={**os.environ, **environment},
    )
    return path


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    if not BUILDER.is_file():
        pytest.skip("the sources of pyref are not beside the tests")
    return built(tmp_path_factory.mktemp("archive") / "pyref.pyz")


@pytest.fixture(params=["pyref.pyz", "pyref"])
def form(request):
    """The file, or the folder."""
    return PACKAGE if request.param == "pyref" else request.getfixturevalue("archive")


def outcome(path, words, cwd, code=0, env=None):
    """What is printed, by a Python that was told to look at nothing around it."""
    done = subprocess.run(
        [sys.executable, *BARE, str(path), *words.split()], cwd=cwd, env=env or {},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    printed = done.stdout.decode("utf-8")
    assert done.returncode == code, printed
    return printed


def test_the_file_is_the_same_whoever_makes_it(archive, tmp_path):
    folder = tmp_path / "another folder"
    folder.mkdir()
    again = built(folder / "my.pyz", TZ="Asia/Kathmandu", LC_ALL="C", PYTHONHASHSEED="7")
    assert again.read_bytes() == archive.read_bytes()
    dated = built(tmp_path / "dated.pyz", SOURCE_DATE_EPOCH="1700000000", TZ="Asia/Kathmandu")
    with zipfile.ZipFile(dated) as found:
        assert {info.date_time for info in found.infolist()} == {(2023, 11, 14, 22, 13, 20)}


def test_the_file_has_all_of_pyref_but_its_kernel(archive):
    here = {
        f"pyref/{path.relative_to(PACKAGE).as_posix()}" for path in PACKAGE.rglob("*")
        if path.is_file() and not path.stem.startswith("_kernel") and path.suffix != ".pyc"
    }
    with zipfile.ZipFile(archive) as found:
        assert set(found.namelist()) == here | {"__main__.py", "LICENSE"}
        assert found.read("pyref/datasets/iris.csv") == (PACKAGE / "datasets/iris.csv").read_bytes()
        assert found.testzip() is None
    assert archive.read_bytes().startswith(b"#!/usr/bin/env python3\n")


def test_it_trains_with_nothing_around_it(form, tmp_path, in_a_folder, capsys):
    """The same file as here, byte for byte, and it verifies that."""
    outcome(form, "train iris --hidden 3 --epochs 3 -q --backend python -o bare.json", tmp_path)
    assert main("train iris --hidden 3 --epochs 3 -q -o here.json --backend python".split()) == 0
    assert (tmp_path / "bare.json").read_bytes() == (tmp_path / "here.json").read_bytes()
    assert "identical to the last bit" in outcome(form, "verify -q bare.json iris", tmp_path)


@pytest.mark.parametrize("words", ["tutorial gates", "explain -q --html page.html"])
def test_it_teaches_with_nothing_around_it(archive, words, in_a_folder, capsys):
    printed, page = outcome(archive, words, in_a_folder), Path("page.html")
    written = page.exists() and page.read_bytes()
    assert main(words.split()) == 0
    assert printed == capsys.readouterr().out
    assert written == (page.exists() and page.read_bytes())


def test_it_knows_the_golden_digests(archive, tmp_path):
    assert "Python" in outcome(archive, "selftest --quick --backend python", tmp_path)


def test_it_is_called_as_it_was_started(form, tmp_path):
    told = " ".join(outcome(form, "train --help", tmp_path).split())  # a long path folds the line
    assert f"usage: python3 {form} train DATA" in told
    assert f"(python3 {form} --help explains)" in outcome(form, "trian", tmp_path, code=2)


@pytest.mark.parametrize("name", ["", *SUMMARIES, "help defaults", "read nothing", "plot m.json"])
@pytest.mark.parametrize("started, typed", [
    ("./pyref.pyz", "python3 ./pyref.pyz"), ("a 100%d.pyz", 'python3 "a 100%d.pyz"'),
])
def test_no_help_and_no_error_calls_it_otherwise(capsys, monkeypatch, name, started, typed):
    monkeypatch.setattr(sys, "argv", [started])
    monkeypatch.setenv("COLUMNS", "200")
    try:
        main(name.split() + ["--help"] * (name in ("", *SUMMARIES)))
    except SystemExit:
        pass
    printed = "".join(capsys.readouterr())
    assert typed in printed
    called = rf"\bpyref (?:--help|help|{'|'.join(SUMMARIES)})\b"
    assert re.findall(called, printed.replace("-m pyref", "").replace(typed, "")) == []


def test_processes_of_the_file_work_side_by_side(archive, tmp_path):
    """Those, too, that begin with nothing: each finds the archive again."""
    code = (
        "import multiprocessing, runpy, sys\n"
        "if __name__ == '__main__':\n"
        "    multiprocessing.set_start_method('spawn')\n"
        "    sys.argv.pop(0)\n"
        "    runpy.run_path(sys.argv[0], run_name='__main__')\n"
    )
    (tmp_path / "started.py").write_text(code)
    words = "cross-validate xor --hidden 2 --epochs 2 --folds 2 --workers {} -q --backend python"
    started = [sys.executable, *BARE, "started.py", str(archive)]
    done = subprocess.run([*started, *words.format(2).split()], cwd=tmp_path, check=True,
                          stdout=subprocess.PIPE, env={}, encoding="utf-8")
    assert done.stdout == outcome(archive, words.format(1), tmp_path)


def test_it_says_what_it_is(archive, tmp_path):
    printed = outcome(archive, "info", tmp_path, env={"COLUMNS": "1000"})
    assert f"file        {archive}\n" in printed
    assert "no C engine: no Python loads a kernel from an archive" in printed


@pytest.mark.skipif(not os.path.isdir("/sys/kernel"), reason="no folder where nobody may write")
@pytest.mark.parametrize("words", ["train iris", "explain --html page.html"])
def test_where_nothing_can_be_written_that_is_said_before_any_work(archive, words):
    """Not even by root: the kernel keeps this folder."""
    told = outcome(archive, words, "/sys/kernel", code=2)
    assert told.count("\n") == 1 and "the folder /sys/kernel cannot be written to" in told


def test_a_python_that_lacks_modules_gets_as_far_as_it_can(form, tmp_path):
    commands = ["info", "tutorial gates", "explain", "check-gradient xor", "read neuron",
                "exercise"]
    refused = ["train iris", "selftest --quick", "explain --html page.html", "info --json",
               "compare iris a b", "tain iris"]
    done = subprocess.run(
        [sys.executable, *BARE, "-c", WITHOUT,
         str(form.parent if form == PACKAGE else form), ",".join(LACKING), *commands, *refused],
        cwd=tmp_path, env={}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    codes = [line for line in done.stdout.splitlines() if line.startswith("exit code ")]
    assert codes == ["exit code 0"] * 6 + ["exit code 2"] * 6
    said = done.stderr.splitlines()
    assert len(said) == 6, said
    assert all("lacks the module json" in line and "package python3" in line for line in said[:4])
    assert "lacks the module concurrent" in said[4] and "invalid choice: 'tain'" in said[5]
    assert list(tmp_path.iterdir()) == []


def test_a_packed_table_needs_what_unpacks_it(tmp_path, monkeypatch, capsys):
    """Of a Python that was compiled where the library was missing."""
    path = tmp_path / "table.csv.xz"
    path.write_bytes(b"\xfd7zXZ\x00" + bytes(20))
    monkeypatch.setitem(sys.modules, "lzma", None)
    assert main(["train", str(path), "-q"]) == 2
    assert "lacks the module lzma" in capsys.readouterr().err


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 8, 0)])
def test_an_older_python_is_told_so(version):
    """As far as a Python that old can read: these lines come before all that it cannot."""
    text = (PACKAGE / "__main__.py").read_text(encoding="utf-8")
    code = f"import sys; sys.version_info = {version}\n" + text.partition("if __name__")[0]
    done = subprocess.run([sys.executable, "-c", code], stderr=subprocess.PIPE, encoding="utf-8")
    assert done.returncode == 2
    assert done.stderr == (
        f"pyref: error: Python 3.9 or newer is needed, this is {version[0]}.{version[1]}\n"
    )
