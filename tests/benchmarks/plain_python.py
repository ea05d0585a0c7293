"""pyref beside networks in plain Python (plain_networks.py), and its reference on every CPython."""

import os
import subprocess
import sys
from glob import glob
from pathlib import Path

import pyref

from measuring import medians, nanoseconds, print_row, print_title
from peers import OfPyref, OfReference
from plain_networks import STYLES
from works import Work

TARGET = 200
ROWS = 2  # for those that take tens of milliseconds a row

REFERENCE = """
import sys, time
sys.path.insert(0, sys.argv[1])
from pyref import Network, SGD, Trainer
sizes, rows = [784, 128, 10], 8
inputs = [[0.001 * ((17 * r + k) % 1000) for k in range(784)] for r in range(rows)]
targets = [[float(j == r) for j in range(10)] for r in range(rows)]
network = Network(sizes, hidden="sigmoid")
trainer = Trainer(network, "mean_squared_error", SGD(0.1), rows, False, backend="python")
taken = []
for _ in range(5):
    began = time.process_time()
    trainer.train(inputs, targets, epochs=1)
    taken.append(time.process_time() - began)
print(sorted(taken)[2] / rows / (3 * 784 * 128 + 3 * 128 * 10 - 784 * 128))
"""


NAME = """
import platform, sys
if sys.version_info >= (3, 9):
    print("{} {}".format(platform.python_implementation(), platform.python_version()))
"""


class OfStyle:
    def __init__(self, kind, work):
        self.network = kind(work.sizes)
        inputs, targets = work.data()
        self.examples = [
            (
                inputs[row * work.sizes[0] : (row + 1) * work.sizes[0]].tolist(),
                targets[row * work.sizes[-1] : (row + 1) * work.sizes[-1]].tolist(),
            )
            for row in range(ROWS)
        ]
        self.rows = ROWS

    def train(self, epochs):
        for _ in range(epochs):
            for row, target in self.examples:
                self.network.train(row, target, 0.1)


def show_plain_python(options):
    print_title("Plain Python, 784-128-10: nanoseconds per row (the others learn row by row)")
    work = Work([784, 128, 10], 32)
    peers = {name: OfStyle(kind, work) for name, kind in STYLES.items()}
    peers["pyref's reference"] = OfReference(work)
    if pyref.backend == "c":
        peers["pyref C"] = OfPyref(work)
    functions = {name: peer.train for name, peer in peers.items()}
    found = medians(functions, options.seconds, options.rounds)
    taken = {name: seconds / peers[name].rows for name, seconds in found.items()}
    print_row(["style", "ns/row", "ns/mult-add"], width=16)
    for name, seconds in taken.items():
        each = seconds * 1e9 / (work.flops / 2)
        print_row([name, nanoseconds(seconds), f"{each:,.3f}"], width=16)
    if "pyref C" in taken:
        fastest = min(taken[name] for name in STYLES)
        ratio = fastest / taken["pyref C"]
        print(f"\nthe fastest of the styles ÷ pyref C: {ratio:,.0f} (target: {TARGET})")


def interpreters():
    """This one, and those that pyenv has."""
    root = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    found = {}
    for python in [sys.executable, *sorted(glob(f"{root}/versions/*/bin/python"))]:
        answer = subprocess.run(
            [python, "-c", NAME],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            universal_newlines=True,
        )
        if answer.stdout:
            found.setdefault(answer.stdout.strip(), python)
    return found


def show_interpreters(options):
    print_title("pyref's reference, 784-128-10 in batches of 8: nanoseconds per multiply-add")
    for name, python in interpreters().items():
        answer = subprocess.run(
            [python, "-c", REFERENCE, str(Path(pyref.__file__).parents[1])],
            stdout=subprocess.PIPE,
            universal_newlines=True,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        print_row([name, f"{float(answer.stdout) * 1e9:.1f}" if answer.stdout else "failed"])
