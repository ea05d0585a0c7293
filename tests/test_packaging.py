"""What the package promises to whoever installs it.  That it builds is tried by .ci/run."""

import ast
import importlib.metadata
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import pyref
import pyref.reference

PACKAGE = Path(pyref.__file__).resolve().parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
ESTIMATORS = PACKAGE / "sklearn"  # for scikit-learn, so for those who have it
REFERENCE = PACKAGE / "reference"
# As `help(pyref.reference)` lists the files, chapter by chapter.
READING_ORDER = [
    name
    for chapter in re.findall(r": ([a-z_, \n]+)\.$", pyref.reference.__doc__, re.MULTILINE)
    for name in chapter.replace(",", " ").split()
]


def imports(path, module_level_only):
    """The names that a file imports, relative ones written from pyref on."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = ["pyref", *path.relative_to(PACKAGE).parts[:-1]]
    nodes = tree.body if module_level_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = base + ([node.module] if node.module else [])
            yield ".".join(base)
            yield from (".".join([*base, alias.name]) for alias in node.names)


def test_installed_version_is_the_package_s():
    """The version is written once, in pyref/__init__.py."""
    try:
        installed = importlib.metadata.distribution("pyref")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("pyref runs from its folder without being installed")
    assert installed.version == pyref.__version__


@pytest.mark.skipif(sys.version_info < (3, 10), reason="the list of modules came with Python 3.10")
@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_needs_nothing_but_the_standard_library(path):
    known = {"pyref", *sys.stdlib_module_names}
    if path.parent == ESTIMATORS:
        known |= {"numpy", "sklearn"}
    found = {name.split(".")[0] for name in imports(path, module_level_only=True)}
    assert found <= known


def test_nobody_else_imports_the_estimators():
    others = [path for path in SOURCES if path.parent != ESTIMATORS]
    assert len(others) < len(SOURCES)
    for path in others:
        found = set(imports(path, module_level_only=False))
        assert not {name for name in found if f"{name}.".startswith("pyref.sklearn.")}, path


def test_imports_without_any_installed_package():
    """-S hides site-packages; only the folder that holds pyref is on the path, and C, which may
    have been asked for, cannot be had there."""
    script = "import sys; sys.path.insert(0, sys.argv[1]); import pyref; print(pyref.backend)"
    command = [sys.executable, "-S", "-E", "-c", script, str(PACKAGE.parent)]
    environment = {name: value for name, value in os.environ.items() if name != "PYREF_BACKEND"}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() in ("python", "c")


def test_the_reading_order_has_every_file():
    """It begins with the neuron; what everything stands on comes last."""
    assert sorted(READING_ORDER) == sorted(
        path.stem for path in REFERENCE.glob("*.py") if path.stem != "__init__"
    )
    assert READING_ORDER[0] == "neuron"
    assert READING_ORDER[-3:] == ["settings", "elementary", "generator"]


@pytest.mark.parametrize("name", READING_ORDER)
def test_the_reference_does_not_know_the_machinery(name):
    """Nothing of pyref but the reference itself: no engine, no file, no environment."""
    found = [n for n in imports(REFERENCE / f"{name}.py", module_level_only=False)
             if n.startswith("pyref") and n != "pyref.reference"]
    allowed = tuple(f"pyref.reference.{module}." for module in READING_ORDER)
    assert [n for n in found if not f"{n}.".startswith(allowed)] == []
    tree = ast.parse((REFERENCE / f"{name}.py").read_text(encoding="utf-8"))
    words = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not words & {"os", "open", "environ"}
