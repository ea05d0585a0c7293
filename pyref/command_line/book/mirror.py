"""Which function of csrc/reference/ mirrors which of pyref/reference/, and where both begin.

A function has the same name in both languages; a method is class_method in C, and a constructor
there bears the class's name, all in small letters.  A name that C's own library owns has an
underscore at its end.
"""

import ast
import re
from typing import Dict, Iterator, List, NamedTuple, Tuple

# A function of C at the beginning of a line, with its body: no declaration.
FUNCTION = re.compile(r"^(?:INLINE|static) [\w \*]*?\b(\w+)\([^;{]*?\)\s*\{", re.M)
OTHER_NAMES = {"random_double": "stream_random", "shuffled": "stream_shuffled"}
# What has no file there, and why.
PYTHON_ALONE = {
    "neuron": "here is what networks grew from, which no training runs",
    "divergence": "it is raised in Python, whichever engine has found it",
    "initializers": "weights are drawn in Python, before either engine begins",
    "labels": "answers are read in Python, whichever engine gave them",
    "guard": "around the kernel, pyref/engine/ does the same",
    "precision": "there, numbers are rounded where they are stored",
    "settings": "settings are checked in Python, before either engine begins",
}


class Pair(NamedTuple):
    """The lines, from 0, at which a function begins in both texts, its comments included."""

    name: str
    python: int
    c: int


def small(name: str) -> str:
    """
    >>> small("TargetLoss"), small("RMSprop")
    ('target_loss', 'rmsprop')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def python_functions(source: str) -> Iterator[Tuple[str, int]]:
    """What C would call them, and the lines at which they begin: with their decorators, and the
    comments directly above."""
    lines = source.split("\n")
    for node in ast.parse(source).body:
        nodes = [("", node)]
        if isinstance(node, ast.ClassDef):
            nodes += [(small(node.name) + "_", part) for part in node.body]
        for prefix, part in nodes:
            if isinstance(part, (ast.FunctionDef, ast.ClassDef)):
                first = min([part.lineno, *(mark.lineno for mark in part.decorator_list)]) - 1
                while first and lines[first - 1].lstrip().startswith("#"):
                    first -= 1
                yield prefix + small(part.name), first


def c_functions(source: str) -> Iterator[Tuple[str, int]]:
    """What Python would call them, and the lines at which they begin: with the comment directly
    above."""
    lines = source.split("\n")
    for found in FUNCTION.finditer(source):
        first = source.count("\n", 0, found.start())
        if first and lines[first - 1].endswith("*/"):
            first -= 1
            while first and not lines[first].startswith("/*"):
                first -= 1
        name = re.sub(r"(_body|_)$", "", found.group(1))
        yield OTHER_NAMES.get(name, name), first


def pairs(python: str, c: str) -> List[Pair]:
    """Those that are in both, in their order, which is the same in both.

    >>> pairs("def one(z):\\n    return z\\n", "INLINE double one(double z)\\n{ return z; }")
    [Pair(name='one', python=0, c=0)]
    """
    of_c: Dict[str, int] = dict(c_functions(c))
    found: List[Pair] = []
    for name, first in python_functions(python):
        there = of_c.get(name)
        # An order of its own would be no mirror: a test sees to it that there is none.
        if there is not None and (not found or there > found[-1].c):
            found.append(Pair(name, first, there))
    return found
