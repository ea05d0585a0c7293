"""What type checkers know of pyref: that it has hints, and what a user's program is told by them.

mypy looks at a small program beside the *installed* package.  Where mypy is not installed these
tests skip; with PYREF_TYPES=1 in the environment its absence is an error.
"""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import pyref

PACKAGE = Path(pyref.__file__).resolve().parent

PROGRAM = '''
from array import array
from typing import List, Optional

import pyref
from pyref import (
    SGD, Adam, Cosine, Network, Optimizer, Rule, Schedule, Trainer, Uniform, ValidationPatience,
    compare, cross_validate, read_table, sweep,
)
from pyref.reference.settings import Setting, above_zero, whole_from_1


class SignDescent(Optimizer):
    learning_rate = Setting(above_zero, 0.01)

    def update(
        self, rate: float, scalars: List[float], weights: List[float], gradient: List[float]
    ) -> None:
        for place, g in enumerate(gradient):
            weights[place] -= rate * ((g > 0.0) - (g < 0.0))


class Halving(Schedule):
    def rate(self, state: List[float], learning_rate: float, epoch: int) -> float:
        return learning_rate * 0.5**epoch


class After(Rule):
    epochs = Setting(whole_from_1)

    def start(self) -> List[float]:
        return [0.0]

    def says_stop(
        self, state: List[float], loss: float, validation_loss: Optional[float]
    ) -> bool:
        state[0] += 1.0
        return state[0] >= self.epochs

    def reason(self) -> str:
        return f"{self.epochs} epochs are enough"


def callback(trainer: Trainer, epoch: int) -> bool:
    return epoch > 5 and trainer.history.loss[-1] < 0.1


network = Network([2, 4, 1], hidden=["tanh"], initializer=Uniform(-1.0, 1.0), seed=3)
inputs, targets = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
trainer = Trainer(network, optimizer=SGD(0.5, momentum=0.9), schedule=Cosine(10), batch_size=None)
history = trainer.train(inputs, targets, epochs=7, callback=callback, stop=(After(3),))
own = Trainer(network, optimizer=SignDescent(0.1), schedule=Halving(), batch_size=2, l2=0.1)
own.train(inputs, targets, stop=ValidationPatience(3), validation=(inputs, targets))
table = read_table("iris", target="species")
examples = table.prepared()
network.save("model.json")

reveal_type(pyref.backend)  # str
reveal_type(pyref.kernel_missing)  # str | None
reveal_type(pyref.__version__)  # str
reveal_type(network.predict(inputs))  # list[list[float]]
reveal_type(network.predict(array("d", [0.0, 1.0])))  # array[float]
reveal_type(network.classify(inputs))  # list[Any]
reveal_type(network.evaluate(inputs, targets).accuracy)  # float
reveal_type(network.layers[0].weights)  # list[list[float]]
reveal_type(network.layers[0].biases)  # list[float] | None
reveal_type(network.digest())  # str
reveal_type(Network.load("model.json"))  # pyref.network.Network
reveal_type(Trainer.load("run.json"))  # pyref.trainer.Trainer
reveal_type(history.loss)  # list[float]
reveal_type(history.stopped_by)  # str | None
reveal_type(trainer.optimizer.learning_rate)  # float
reveal_type(Adam().beta1)  # float
reveal_type(SGD().nesterov)  # bool
reveal_type(Cosine(5).epochs)  # int
reveal_type(own.epoch)  # int
reveal_type(table.classes)  # list[str] | None
reveal_type(examples.inputs)  # array[float]
reveal_type(cross_validate("iris", "--epochs 5").score)  # Figure | None
reveal_type(compare("iris", "--epochs 5")[0].score)  # Figure | None
reveal_type(sweep("iris").best)  # Line | None

Network("2 4 1")  # wrong
Network([2, 1], outputs="sigmoid")  # wrong
Trainer(network, optimizer=SGD)  # wrong
Trainer(network, batch_size="all")  # wrong
trainer.train(inputs)  # wrong
trainer.train(inputs, targets, epochs=2.5)  # wrong
trainer.train(inputs, targets, stop="patience")  # wrong
trainer.train(inputs, targets, callback=len)  # wrong
trainer.optimizer.learning_rate = "fast"  # wrong
read_table(3)  # wrong
network.saves("model.json")  # wrong
history.losses  # wrong
pyref.read_tabel("iris")  # wrong
'''


def test_the_package_says_that_it_has_hints():
    assert (PACKAGE / "py.typed").is_file()
    assert (PACKAGE / "_kernel.pyi").is_file()


def exported(path):
    """The names that a file hands on to type checkers by `import X as X`."""
    return {
        alias.asname
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname == alias.name
    }


def test_type_checkers_see_the_public_names():
    """pyref.__getattr__ finds them when the program runs; a block of imports tells of them."""
    source = (PACKAGE / "__init__.py").read_text(encoding="utf-8")
    [block] = [
        node for node in ast.parse(source).body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    told = set()
    for node in block.body:
        if isinstance(node, ast.AnnAssign):
            told.add(node.target.id)
        elif node.module == "public" and [alias.name for alias in node.names] == ["*"]:
            told |= exported(PACKAGE / "public.py")
        else:
            told |= {alias.name for alias in node.names}
    assert told == set(pyref.__all__)


def test_ignored_errors_say_which_and_why():
    """`# type: ignore[which]  # why`, and likewise for pyright."""
    ignored = [
        (path.name, line.split("# type:")[-1])
        for path in sorted(PACKAGE.rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"# (type|pyright): ", line)
        and not re.search(r"# (type|pyright): ignore\[[\w,-]+\]  # \w", line)
    ]
    assert ignored == []


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What mypy says of each line of the program, which stands away from the package's source."""
    try:
        import mypy  # noqa: F401
    except ImportError:
        if os.environ.get("PYREF_TYPES") == "1":
            raise
        pytest.skip("mypy is not installed")
    folder = tmp_path_factory.mktemp("typed")
    (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
    environment = {**os.environ, "MYPY_CACHE_DIR": str(folder)}
    if not PACKAGE.is_relative_to(Path(sys.prefix).resolve()):  # pip install -e, which mypy misses
        environment["MYPYPATH"] = str(PACKAGE.parent)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "program.py"],
        cwd=folder, env=environment, capture_output=True, encoding="utf-8",
    )
    assert done.returncode == 1, done.stdout + done.stderr
    found = {}
    for number, text in re.findall(r"^program\.py:(\d+): (.*)$", done.stdout, re.MULTILINE):
        found.setdefault(int(number), []).append(text)
    return found


def test_a_typed_program_is_understood(said):
    """The installed package is found, and what its main calls answer has a type."""
    understood = {}
    for number, line in enumerate(PROGRAM.splitlines(), 1):
        if line.startswith("reveal_type"):
            [note] = [text for text in said.pop(number) if "Revealed" in text]
            short = re.sub(r'note: Revealed type is "(.*)"', r"\1", note)
            short = re.sub(r"builtins\.|array\.(?=array)|typing\.", "", short)
            short = re.sub(r"tuple\[.*fallback=(?:\w+\.)*(\w+)\]", r"\1", short)
            understood[line] = short.replace("Union[", "").replace(", None]", " | None")
    expected = {line: line.split("  # ")[1] for line in understood}
    assert understood == expected
    wrong = [n for n, line in enumerate(PROGRAM.splitlines(), 1) if line.endswith("# wrong")]
    assert len(wrong) > 10 and sorted(said) == wrong
