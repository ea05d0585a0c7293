"""How pyref's files depend on each other: rooms without circles, and public names that are meant.

A *room* is a folder of pyref, or a file that stands beside the folders.
"""

import ast
from pathlib import Path
from types import ModuleType

import pytest

import pyref

PACKAGE = Path(pyref.__file__).resolve().parent
TESTS = Path(__file__).resolve().parent
FILES = {
    ".".join(["pyref", *path.relative_to(PACKAGE).with_suffix("").parts]).replace(".__init__", ""):
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.stem != "_kernel"
}

PUBLIC = [
    "Adagrad", "Adam", "AdamW", "ConsecutiveIncreases", "Constant", "ConstantWeights", "Cosine",
    "DivergedError", "Evaluation", "Exponential", "Gap", "GeneralizationLoss", "History",
    "IRpropMinus", "IRpropPlus", "InverseScaling", "LBFGS", "Network", "NguyenWidrow", "Normal",
    "Optimizer", "Patience", "ProgressQuotient", "Quickprop", "RMSprop", "ReduceOnPlateau",
    "Rprop", "RpropMinus", "RpropPlus", "Rule", "SGD", "SPECIFICATION", "Schedule", "Step",
    "TargetLoss", "Trainer", "TrainingProgress", "Uniform", "ValidationPatience", "backend",
    "compare", "cross_validate", "kernel_missing", "read_table", "sweep",
]


def modules_in(path):
    """The modules of pyref that a file imports, anywhere in it.

    `from .engine import backend` means the module, `from .. import SPECIFICATION` the package.
    """
    package = ["pyref", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in FILES)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join(base + ([node.module] if node.module else []))
            names = {f"{base}.{alias.name}" for alias in node.names}
            yield from names & set(FILES)
            if base in FILES and names - set(FILES):
                yield base


def room_of(module):
    return ".".join(module.split(".")[:2])


def circle(graph):
    """The names along a circle of a graph {name: names it leads to}, or []."""
    finished = set()

    def walk(name, way):
        if name in way:
            return way[way.index(name) :] + [name]
        if name not in finished:
            for other in sorted(graph.get(name, ())):
                found = walk(other, way + [name])
                if found:
                    return found
            finished.add(name)
        return []

    for name in sorted(graph):
        found = walk(name, [])
        if found:
            return found
    return []


GRAPH = {module: set(modules_in(path)) - {module} for module, path in FILES.items()}


def test_no_circle_runs_through_two_rooms():
    rooms = {}
    for module, others in GRAPH.items():
        here = room_of(module)
        rooms.setdefault(here, set()).update({room_of(other) for other in others} - {here})
    assert {"pyref", "pyref.network", "pyref.reference", "pyref.engine"} <= set(rooms)
    assert rooms["pyref.engine"] and not rooms["pyref.reference"]
    assert circle(rooms) == []


@pytest.mark.parametrize("room", sorted({room_of(m) for m in FILES} - {"pyref.command_line"}))
def test_no_circle_within_a_room(room):
    """Imports inside functions count too.  (The command line's commands use its `say`, which stands
    with the function that imports them.)"""
    files = {module: others for module, others in GRAPH.items() if room_of(module) == room}
    assert circle(files) == []


def test_circles_are_found():
    """A test that sees no imports, or no circle, would pass above."""
    assert circle({"a": {"b"}, "b": {"c"}, "c": set(), "d": {"b"}}) == []
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert "pyref.files.model_file" in GRAPH["pyref.network"]  # inside its functions
    assert {"pyref.engine.kernel", "pyref.engine.python"} < GRAPH["pyref.engine.backend"]
    assert "pyref" in GRAPH["pyref.tutorials.xor"]


def test_public_names():
    """One that comes or goes is a change for users."""
    assert pyref.__all__ == PUBLIC
    assert all(hasattr(pyref, name) for name in PUBLIC)


def test_nothing_else_is_in_the_public_namespace():
    others = {name for name in dir(pyref) if not name.startswith("_")} - set(PUBLIC)
    assert all(isinstance(getattr(pyref, name), ModuleType) for name in others)
    assert others <= {path.stem for path in PACKAGE.iterdir()}
    assert set(PUBLIC) <= set(dir(pyref))


def test_help_shows_what_users_call():
    def shown(kind):
        return {name for name in vars(kind) if not name.startswith("_")}

    assert shown(pyref.Network) == {
        "classify", "digest", "evaluate", "is_multi_label", "load", "parameter_count", "plot",
        "precision", "predict", "predictor", "recipe", "save", "sizes", "to",
    }
    assert shown(pyref.Trainer) == {
        "backend", "batch_size", "epoch", "history", "load", "loss", "optimizer", "restore_best",
        "save", "threads", "train",
    }
    for kind in (pyref.Network, pyref.Trainer):
        assert [name for name in shown(kind) if not getattr(kind, name).__doc__] == []


@pytest.mark.parametrize(
    "folder", [PACKAGE, TESTS, TESTS.parent / "csrc"], ids=lambda folder: folder.name
)
def test_no_line_is_longer_than_100_characters(folder):
    long = [
        f"{path.relative_to(folder)}:{number}"
        for path in sorted(folder.rglob("*.*"))
        if path.suffix in (".py", ".c", ".h") and path.stem != "_kernel"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 100
    ]
    assert long == []
