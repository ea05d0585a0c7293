"""The tutorials that pyref comes from, replayed: one module each, to read and to run.

`pyref tutorial` lists them and `pyref tutorial NAME` runs one.  In Python:

>>> from pyref.tutorials import TUTORIALS
>>> gates = TUTORIALS["gates"]()
>>> gates.main(arguments=[], backend="auto")  # doctest: +ELLIPSIS
A McCulloch–Pitts unit fires (1) when its weighted sum reaches its threshold.
...

A module's docstring starts with the tutorial's title; `main(arguments, backend)` prints the replay.
arguments are the texts that follow the name on the command line, backend is the engine to train
with.  The text is the same with either engine.  What the arguments get wrong raises ValueError.
"""

import importlib
from types import ModuleType
from typing import Callable, Dict

NAMES = [
    "gates",
    "perceptron",
    "third-input",
    "first-input",
    "new-situation",
    "bias",
    "xor",
    "hidden-layers",
]


def loader(name: str) -> Callable[[], ModuleType]:
    """A function that imports the tutorial's module and returns it."""
    return lambda: importlib.import_module(f"{__name__}.{name.replace('-', '_')}")


TUTORIALS: Dict[str, Callable[[], ModuleType]] = {name: loader(name) for name in NAMES}


def title(name: str) -> str:
    """The tutorial's title, for the list of tutorials."""
    return (TUTORIALS[name]().__doc__ or "").splitlines()[0]
