"""Add an activation to both engines.

pyref computes everything twice, in Python and in C, to the same bits.  Add the inverse square root
unit to both (Carlile and others 2017, with α = 1), under the name isru:

    root = 1/√(1 + z·z)        y = z·root        dy/dz = (root·root)·root

This command makes a folder with a copy of pyref/ and csrc/, in which you work.  There are three
places in Python, all in pyref/reference/activations.py: the functions isru(z) and
isru_derivative(z, y), and a line of the table ACTIVATIONS.  There are three in C: the two functions
in csrc/reference/activations.c, at the same relative place; a line of EACH_ACTIVATION at its end;
and the name ISRU in the list of csrc/run.h.

The check compares the Python with the formula, bit by bit; compiles the kernel, which takes a
minute, and needs a compiler and cffi; trains with both engines, and compares every bit; and looks
whether all that was there before still gives its digests.
"""

import math
import re
from pathlib import Path
from typing import List, NamedTuple

from pyref.exercises.comparing import same
from pyref.exercises.work import Wrong

CHAPTER = "activations"

HINTS = (
    "Look for softsign in both languages: all six places have it, and isru is much like it.",
    "from math import sqrt gives Python's root, which IEEE 754 rounds exactly; in C it is "
    "sqrt_(x).  dy/dz takes z and y, and need not use y: in C, (void)y; says so.",
    "Both must round at the same places: 1.0 + z * z, its root, 1.0 over that; then z * root, or "
    "root * root * root, which C and Python both read from left to right.",
)


class Edit(NamedTuple):
    """Text that goes into a file, before a line that begins so."""

    file: str
    before: str
    text: str


SOLUTION_EDITS = (
    Edit("pyref/reference/activations.py", "from typing import", "from math import sqrt\n"),
    Edit("pyref/reference/activations.py", "def silu(z: float)", '''\
def isru(z: float) -> float:
    """z/√(1 + z²), between −1 and 1, without an exponential (Carlile et al. 2017, α = 1)."""
    root = 1.0 / sqrt(1.0 + z * z)
    return z * root


def isru_derivative(z: float, y: float) -> float:
    root = 1.0 / sqrt(1.0 + z * z)
    return root * root * root


'''),
    Edit("pyref/reference/activations.py", '    "silu": unit_by_unit', '''\
    "isru": unit_by_unit(isru, isru_derivative),
'''),
    Edit("csrc/reference/activations.c", "INLINE double silu(double z)", '''\
INLINE double isru(double z)
{
    double root = 1.0 / sqrt_(1.0 + z * z);
    return z * root;
}

INLINE double isru_derivative(double z, double y)
{
    double root = 1.0 / sqrt_(1.0 + z * z);
    (void)y;
    return root * root * root;
}

'''),
    Edit("csrc/reference/activations.c", "    ROW(SILU,", '''\
    ROW(ISRU, isru, isru_derivative)                   \\
'''),
    Edit("csrc/run.h", "    EXP, SOFTMAX", '''\
    ISRU,
'''),
)

SOLUTION = "\n".join(
    f"In {edit.file}, before the line {edit.before!r} …:\n\n{edit.text.rstrip()}\n"
    for edit in SOLUTION_EDITS
)

PLACES = [0.0, 1.0, -1.0, 0.1, -0.3, 3.0, -7.25, 1e-9, 40.0, -1e5]

IN_PYTHON = """
import json
from pyref.reference.activations import ACTIVATIONS
isru = ACTIVATIONS.get("isru")
found = None
if isru is not None:
    z = json.loads(sys.argv[2])
    y = isru.outputs(list(z))
    found = [y, isru.deltas([1.0] * len(z), list(z), list(y))]
print(json.dumps(found))
"""

HAS_KERNEL = "import json, pyref; print(json.dumps(pyref.kernel_missing))"

IN_BOTH = """
import json, pyref
inputs = [[0.3 * k - 1.0, 0.7 - 0.2 * k] for k in range(7)]
targets = [[0.1 * k - 0.4] for k in range(7)]
found = {}
for precision in ("double", "single"):
    for hidden, output in (("isru", "identity"), ("tanh", "isru")):
        for name in ("python", "c"):
            network = pyref.Network([2, 9, 1], hidden=hidden, output=output, seed=1,
                                    precision=precision)
            trainer = pyref.Trainer(network, loss="mean_squared_error", optimizer="adam",
                                    batch_size=3, backend=name)
            trainer.train(inputs, targets, epochs=20)
            case = f"hidden layer {hidden}, output {output}, {precision} precision"
            found.setdefault(case, {})[name] = network.digest()
print(json.dumps(found))
"""

SELFTEST = """
from pyref.command_line import main
main(["selftest", "--quick", "--json"])
"""


def begin(folder: str) -> None:
    from pyref.exercises import copying  # by what the smallest Pythons lack

    copying.copy(folder)


def check_folder(folder: str) -> str:
    """Raises Wrong, and ImportError where no kernel can be compiled."""
    from pyref.exercises import copying

    place = Path(folder)
    for name in ("pyref/reference/activations.py", "csrc/reference/activations.c", "csrc/run.h"):
        if not (place / name).is_file():
            raise ValueError(f"{folder} is no copy of pyref's sources: there is no {name} in it")
    check_python(folder)
    check_names((place / "csrc/reference/activations.c").read_text(encoding="utf-8"),
                (place / "csrc/run.h").read_text(encoding="utf-8"))
    if copying.asked(folder, HAS_KERNEL) is not None:  # none, or one of other sources
        missing = copying.what_is_missing()
        if missing:
            raise ImportError(f"the Python is right; to compile the C, {missing} is needed")
        copying.compile_kernel(folder)
        unusable = copying.asked(folder, HAS_KERNEL)
        if unusable is not None:
            raise Wrong(f"the kernel that was compiled cannot be used: {unusable}")
    found = copying.asked(folder, IN_BOTH)
    for case, digests in found.items():
        if digests["python"] != digests["c"]:
            raise Wrong(f"{case}: after 20 epochs the engines have other weights: Python's SHA-256 "
                        f"is {digests['python'][:12]}…, C's {digests['c'][:12]}…: do both round at "
                        "the same places?")
    check_the_rest(folder)
    return (f"{len(found)} trainings with isru end at the same bits in Python and in C, and all "
            "other results are what they were")


def check_the_rest(folder: str) -> None:
    from pyref.exercises import copying

    told = copying.asked(folder, SELFTEST)
    for recipe in told["recipes"]:
        for engine, result in recipe["results"].items():
            if result != "same":
                raise Wrong(f"isru is right, but what was there before has changed: {engine}, "
                            f"{recipe['name']}: {result} (pyref selftest --quick)")


def check_python(folder: str) -> None:
    import json

    from pyref.exercises import copying

    found = copying.asked(folder, IN_PYTHON, json.dumps(PLACES))
    if found is None:
        raise Wrong("pyref/reference/activations.py: the table ACTIVATIONS has no isru")
    roots = [1.0 / math.sqrt(1.0 + z * z) for z in PLACES]
    expected: List[List[float]] = [
        [z * root for z, root in zip(PLACES, roots)], [root * root * root for root in roots],
    ]
    for what, ours, theirs in zip(("isru", "isru_derivative"), expected, found):
        for z, right, answer in zip(PLACES, ours, theirs):
            same(f"Python: {what} at z = {z}", right, answer)


def check_names(source: str, header: str) -> None:
    """What would otherwise be an error far from where something is missing."""
    for name in ("isru", "isru_derivative"):
        if not re.search(rf"^INLINE double {name}\(", source, re.M):
            raise Wrong("the Python is right; csrc/reference/activations.c has no function that "
                        f"begins with INLINE double {name}(")
    if not re.search(r"ROW\(ISRU, *isru, *isru_derivative\)", source):
        raise Wrong("csrc/reference/activations.c: EACH_ACTIVATION has no line "
                    "ROW(ISRU, isru, isru_derivative)")
    activations = header[header.index("/* ACTIVATIONS */"):].partition("};")[0]
    if not re.search(r"\bISRU\b", activations):
        raise Wrong("csrc/run.h: the names of ACTIVATIONS have no ISRU")
