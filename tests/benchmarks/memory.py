"""What training takes beyond what the caller handed over: the kernel's buffers, and the peak of the
process, measured in a new one."""

import subprocess
import sys
from pathlib import Path

import pyref

from measuring import print_row, print_title

SCRIPT = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from array import array
import pyref
from pyref.engine import buffers, kernel

sizes = [int(size) for size in sys.argv[2].split("-")]
batch_size, optimizer, rows = int(sys.argv[3]), sys.argv[4], 2560
made = []

class Counted(buffers.Block):
    def __init__(self, count):
        made.append(8 * (count + 8))
        super().__init__(count)

buffers.Block = kernel.Block = Counted
inputs = array("d", bytes(8 * rows * sizes[0]))
targets = array("d", bytes(8 * rows * sizes[-1]))
network = pyref.Network(sizes)
trainer = pyref.Trainer(network, optimizer=getattr(pyref, optimizer)(), batch_size=batch_size)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
trainer.train(inputs, targets, epochs=1)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(sum(made), 1024 * (after - before), 1024 * after)
"""


def show_memory(options):
    if pyref.backend != "c":
        return
    print_title("Memory, in MB: the data are doubles in an array and used in place")
    titles = ["network, batch, optimizer", "parameters", "kernel", "÷ parameters", "more RSS", "peak"]
    print_row(titles, width=14, first=34)
    for sizes, batch_size, optimizer in (
        ("2-2-1", 4, "SGD"),
        ("784-128-10", 32, "SGD"),
        ("784-128-10", 32, "Adam"),
        ("784-128-10", 128, "Adam"),
        ("784-512-512-10", 128, "SGD"),
        ("784-512-512-10", 128, "Adam"),
        ("1000-2000-1000", 128, "Adam"),
    ):
        command = [sys.executable, "-c", SCRIPT, str(Path(pyref.__file__).parents[1]), sizes]
        answer = subprocess.run(
            [*command, str(batch_size), optimizer],
            stdout=subprocess.PIPE,
            check=True,
            universal_newlines=True,
        )
        kernel, more, peak = map(int, answer.stdout.split())
        layers = [int(size) for size in sizes.split("-")]
        parameters = 8 * sum((a + 1) * b for a, b in zip(layers, layers[1:]))
        cells = [f"{parameters / 1e6:.3f}", f"{kernel / 1e6:.3f}", f"{kernel / parameters:.1f}"]
        cells += [f"{more / 1e6:.1f}", f"{peak / 1e6:.1f}"]
        print_row([f"{sizes}, {batch_size}, {optimizer}", *cells], width=14, first=34)
