"""What `pyref train` takes beside the training: reading, preparing, diagnosing, judging, writing;
and its peak of memory.  Each in a new process, beside pandas.read_csv of the same file.

Aimed at with the kernel: three times pandas at most, a second where the file is small, and the
memory of twice the table as doubles and 100 MB.
"""

import random
import subprocess
import sys
import tempfile
from pathlib import Path

import pyref

from measuring import print_row, print_title

HERE = str(Path(__file__).parent)

TRAIN = """
import io, sys, time
began = time.perf_counter()
sys.path[:0] = sys.argv[1:3]
from memory import peak
from pyref import Trainer
from pyref.command_line import main

train, spent = Trainer.train, []

def timed(*arguments, **named):
    start = time.perf_counter()
    try:
        return train(*arguments, **named)
    finally:
        spent.append(time.perf_counter() - start)

Trainer.train = timed
out, sys.stdout, sys.stderr = sys.stdout, io.StringIO(), io.StringIO()
assert main(["train", *sys.argv[3:]]) == 0
print(sum(spent), time.perf_counter() - began, peak(), file=out)
"""

PANDAS = """
import sys, time
import pandas
began = time.perf_counter()
pandas.read_csv(sys.argv[1])
print(time.perf_counter() - began)
"""


def write_table(path, rows, width, whole):
    """Rows of numbers, as measurements are written or as pictures, and one of ten classes."""
    draw = random.Random(1)
    cells = [
        ",".join(
            str(draw.randrange(256) * (draw.random() < 0.2)) if whole else f"{draw.gauss(0, 1):.4f}"
            for _ in range(width)
        )
        for _ in range(min(rows, 2000))
    ]
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(f"x{k}" for k in range(width)) + ",class\n")
        for row in range(rows):
            file.write(f"{cells[row % len(cells)]},{row % 10}\n")


def numbers_of(script, *arguments):
    answer = subprocess.run(
        [sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE,
        universal_newlines=True,
    )
    return [float(word) for word in answer.stdout.split()]


def show_around_training(options):
    print_title("pyref train: everything but the training")
    titles = ["pandas, s", "train, s", "the rest, s", "÷ pandas", "peak, MB", "aim, MB"]
    print_row(["table, network, epochs", *titles], width=12, first=38)
    package = str(Path(pyref.__file__).parents[1])
    with tempfile.TemporaryDirectory() as folder:
        path, model = str(Path(folder) / "rows.csv"), str(Path(folder) / "model.json")
        for rows, width, whole, hidden, epochs in (
            (150, 4, False, "16,16,16", 100),
            (150, 4, False, "512,512", 1),
            (6_000, 784, True, "512,512", 1),
            (60_000, 784, True, "128", 1),
            (1_000_000, 20, False, "16,16,16", 1),
        ):
            write_table(path, rows, width, whole)
            pandas = numbers_of(PANDAS, path)
            trained, seconds, peak = numbers_of(
                TRAIN, HERE, package, path, "-o", model, "--hidden", hidden, "--epochs",
                str(epochs), "--batch-size", "256", "--backend", pyref.backend,
            )
            rest, aim = seconds - trained, 2 * 8 * rows * (width + 1) + 1e8
            print_row(
                [
                    f"{rows:,} × {width}, {hidden}, {epochs}",
                    f"{pandas[0]:.3f}" if pandas else "missing", f"{trained:.2f}", f"{rest:.2f}",
                    f"{rest / pandas[0]:.1f}" if pandas else "",
                    f"{peak / 1e6:,.0f}", f"{aim / 1e6:,.0f}",
                ],
                width=12, first=38,
            )
