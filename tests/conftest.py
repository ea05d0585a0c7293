"""Fixtures: every test that takes `backend` runs once with each engine; `run` runs a command."""

import json
import os
from contextlib import contextmanager
from pathlib import Path

import pytest

import pyref
from pyref.command_line import main


def must_have_everything() -> bool:
    """In continuous integration nothing may be skipped because a tool is missing."""
    return bool(os.environ.get("CI"))


def missing(reason: str) -> None:
    """Skip for a stated reason at home; fail where nothing may be missing."""
    if must_have_everything():
        pytest.fail(f"missing in continuous integration: {reason}")
    pytest.skip(reason)


def imported(name: str):
    """A library that pyref can do without, and a user's machine may."""
    try:
        return __import__(name)
    except ImportError:
        missing(f"{name} is not installed")


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk():
    """Thousands of files are saved, three quarters of that is waiting, and no machine crashes here.
    (That a file is whole on the disk before it has its name: test_damaged_files.py.)"""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda number: None)
        yield


@pytest.fixture
def numpy():
    return imported("numpy")


@pytest.fixture
def pandas():
    return imported("pandas")


@pytest.fixture
def polars():
    return imported("polars")


def require_kernel() -> None:
    if pyref.kernel_missing is None:
        return
    if os.environ.get("PYREF_BACKEND") == "python":
        pytest.skip("PYREF_BACKEND=python: the suite runs without the kernel")
    missing(f"no C kernel: {pyref.kernel_missing}")


@contextmanager
def edited(path):
    """The document in a file, to be changed as by one who means it: without its checksum."""
    document = json.loads(Path(path).read_text(encoding="utf-8"))
    del document["checksum"]
    yield document
    Path(path).write_text(json.dumps(document), encoding="utf-8")


@pytest.fixture(params=["python", "c"])
def backend(request: pytest.FixtureRequest) -> str:
    if request.param == "c":
        require_kernel()
    return request.param


@pytest.fixture(params=["python", "c"])
def reading(request: pytest.FixtureRequest, monkeypatch) -> str:
    """Who reads tables and scales rows."""
    if request.param == "c":
        require_kernel()
        from pyref.engine.table_passes import IN_C as passes
    else:
        from pyref.tables.passes import IN_PYTHON as passes
    monkeypatch.setattr("pyref.tables.passes.fastest", passes)
    return request.param


@pytest.fixture
def in_a_folder(tmp_path, monkeypatch):
    """The current folder is a new one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(in_a_folder, capsys, monkeypatch):
    """Runs the command with the words of a line; its output, after checking its exit code.  Its
    lines are as long as they are: where they break is a test of its own."""
    monkeypatch.setenv("COLUMNS", "1000")

    def run_line(line, code=0):
        assert main(line.split()) == code, capsys.readouterr()
        return capsys.readouterr()

    return run_line
