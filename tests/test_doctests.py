"""The examples in the docstrings of all modules of pyref."""

import doctest
import importlib
import importlib.util
import pkgutil

import pytest

import pyref

MODULES = ["pyref"] + [
    module.name
    for module in pkgutil.walk_packages(pyref.__path__, "pyref.")
    if not module.name.endswith("__main__")  # it starts the command line
]
OF_KERNEL = ("pyref._kernel", "_cffi_backend")  # what a few modules import, and may be missing


@pytest.mark.parametrize("name", MODULES)
def test_examples(name, tmp_path, monkeypatch):
    if name.startswith("pyref.sklearn") and importlib.util.find_spec("sklearn") is None:
        pytest.skip("scikit-learn is not installed")
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name not in OF_KERNEL or pyref.kernel_missing is None:
            raise
        pytest.skip(f"the kernel is not built: {pyref.kernel_missing}")
    monkeypatch.chdir(tmp_path)  # an example may write a file
    assert doctest.testmod(module).failed == 0


def test_there_are_examples():
    """An empty list of modules, or a finder that finds nothing, would pass above."""
    examples = doctest.DocTestFinder().find(importlib.import_module("pyref.reference.elementary"))
    assert sum(len(test.examples) for test in examples) >= 5
    assert {
        "pyref.reference.elementary", "pyref.reference.generator", "pyref.reference.network",
    } <= set(MODULES)
