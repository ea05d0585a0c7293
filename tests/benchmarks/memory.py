"""What training takes beyond what the caller handed over: the kernel's buffers, and the peak of the
process, measured in a new one."""

import subprocess
import sys
from pathlib import Path

import pyref

from measuring import print_row, print_title

SCRIPT = """
import sys
sys.path[:0] = sys.argv[1:3]
from array import array
import pyref
from memory import peak
from pyref.engine import buffers

sizes = [int(size) for size in sys.argv[3].split("-")]
batch_size, optimizer, rows = int(sys.argv[4]), sys.argv[5], 2560
made = []

class Counted(buffers.Block):
    def __init__(self, count):
        made.append(8 * (count + 8))
        super().__init__(count)

buffers.Block = Counted
inputs = array("d", bytes(8 * rows * sizes[0]))
targets = array("d", bytes(8 * rows * sizes[-1]))
network = pyref.Network(sizes)
trainer = pyref.Trainer(network, optimizer=getattr(pyref, optimizer)(), batch_size=batch_size)
before = peak()
trainer.train(inputs, targets, epochs=1)
print(sum(made), peak() - before, peak())
"""


def peak():
    """The most memory that this process has had so far, in bytes.  (resource.getrusage answers
    that of the process which started it, if that is more.)"""
    with open("/proc/self/status", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    return 0


def show_memory(options):
    if pyref.backend != "c":
        return
    print_title("Memory, in MB: the data are doubles in an array and used in place")
    titles = ["parameters", "kernel", "÷ parameters", "more RSS", "peak"]
    print_row(["network, batch, optimizer", *titles], width=14, first=34)
    for sizes, batch_size, optimizer in (
        ("2-2-1", 4, "SGD"),
        ("784-128-10", 32, "SGD"),
        ("784-128-10", 32, "Adam"),
        ("784-128-10", 128, "Adam"),
        ("784-512-512-10", 128, "SGD"),
        ("784-512-512-10", 128, "Adam"),
        ("1000-2000-1000", 128, "Adam"),
    ):
        folders = [str(Path(__file__).parent), str(Path(pyref.__file__).parents[1])]
        command = [sys.executable, "-c", SCRIPT, *folders, sizes]
        answer = subprocess.run(
            [*command, str(batch_size), optimizer],
            stdout=subprocess.PIPE,
            check=True,
            universal_newlines=True,
        )
        kernel, more, most = map(int, answer.stdout.split())
        layers = [int(size) for size in sizes.split("-")]
        parameters = 8 * sum((a + 1) * b for a, b in zip(layers, layers[1:]))
        cells = [f"{parameters / 1e6:.3f}", f"{kernel / 1e6:.3f}", f"{kernel / parameters:.1f}"]
        cells += [f"{more / 1e6:.1f}", f"{most / 1e6:.1f}"]
        print_row([f"{sizes}, {batch_size}, {optimizer}", *cells], width=14, first=34)
