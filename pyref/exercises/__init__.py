"""Exercises for a course: one module each, with a task, hints, a checker and a solution.

`pyref exercise` lists them.  A module's docstring is its title and its task; besides there are

    CHAPTER      the file of pyref/reference/ that it goes with
    START        the file that the learner fills in
    HINTS        texts, each of which gives away more than the one before
    SOLUTION     a file that is right
    check(work)  looks at what the learner's file defines, and raises `Wrong`, which says what is
                 wrong; what it returns is said of a file that is right

The verdict allows no tolerance.  Numbers are compared bit by bit, since pyref's are the same
everywhere, and formulas in fractions, where every right form of them gives the same.

>>> from pyref.exercises import exercise, NAMES
>>> exercise(NAMES[0]).CHAPTER
'neuron'
"""

import ast
import importlib
import inspect
from types import ModuleType

NAMES = [
    "xor-units",
    "perceptron-rule",
    "derive-gradient",
    "saturated-loss",
    "sum-order",
    "backpropagation",
    "training-loop",
    "why-diverges",
    "own-optimizer",
    "break-symmetry",
    "seed-that-fails",
    "new-activation",
]


def exercise(name: str) -> ModuleType:
    """Its module.  Raises ValueError where there is none of this name."""
    if name not in NAMES:
        from ..guessing import closest, did_you_mean

        meant = did_you_mean(closest(name, NAMES)) or f"; there are {', '.join(NAMES)}"
        raise ValueError(f"there is no exercise {name!r}{meant}")
    return importlib.import_module(f"{__name__}.{name.replace('-', '_')}")


def task(name: str) -> str:
    """Title and task: the docstring, from the source where python -OO leaves it out."""
    module = exercise(name)
    return module.__doc__ or ast.get_docstring(ast.parse(inspect.getsource(module))) or ""


def title(name: str) -> str:
    return task(name).splitlines()[0]
