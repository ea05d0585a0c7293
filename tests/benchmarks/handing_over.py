"""What it costs to hand over data: from memory in its several forms, and from a CSV file."""

import subprocess
import sys
import tempfile
import time
from array import array
from pathlib import Path

import pyref
from pyref.rows.conversion import table

from measuring import print_row, print_title

HERE = str(Path(__file__).parent)
ROWS, WIDTH = 60_000, 784


def shown(what, seconds, size=None):
    speed = f"{size / seconds / 1e9:.2f} GB/s" if size else ""
    print_row([what, f"{seconds * 1e3:,.1f} ms", speed], width=14, first=52)


def best_of(function, times=3):
    """The least of a few long runs, and the last result."""
    taken = []
    for _ in range(times):
        before = time.process_time()
        result = function()
        taken.append(time.process_time() - before)
    return min(taken), result


def show_handing_over(options):
    size = 8 * ROWS * WIDTH
    print_title(f"Handing over {ROWS:,} rows of {WIDTH} numbers ({size / 1e6:.0f} MB)")
    flat = array("d", [0.0, 0.25, 0.5, 0.75]) * (ROWS * WIDTH // 4)
    shown("copying the array (the memory's speed)", best_of(lambda: flat[:])[0], size)
    shown("array('d')", best_of(lambda: table("inputs", flat, WIDTH).flat())[0], size)
    try:
        import numpy
    except ImportError:
        print("NumPy is missing")
    else:
        of_numpy = numpy.array(flat).reshape(ROWS, WIDTH)
        for name, rows in (
            ("NumPy float64", of_numpy),
            ("NumPy float32", of_numpy.astype("float32")),
            ("NumPy uint8", of_numpy.astype("uint8")),
            ("NumPy float64, columns first", numpy.asfortranarray(of_numpy)),
        ):
            shown(name, best_of(lambda: table("inputs", rows, WIDTH).flat(), 2)[0], size)
        del of_numpy, rows
    lists = [flat[first : first + WIDTH].tolist() for first in range(0, len(flat), WIDTH)]
    shown("nested lists", best_of(lambda: table("inputs", lists, WIDTH).flat(), 2)[0], size)
    del lists


READ = """
import sys, time
sys.path[:0] = sys.argv[1:3]
from memory import peak
from pyref.tables import examples, sources

before, began = peak(), time.process_time()
examples.to_learn(sources.find(sys.argv[3]), None, "auto")
print(time.process_time() - began, peak() - before)
"""


def show_csv(options):
    """A file of whole numbers from 0 to 255, as pictures have them, and a class in each row."""
    print_title(f"Reading a CSV file of {ROWS:,} rows of {WIDTH} inputs and a class")
    pictures = [",".join(str((17 * row + k * k) % 256) for k in range(WIDTH)) for row in range(100)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        with open(path, "w", encoding="utf-8") as file:
            for row in range(ROWS):
                file.write(f"{pictures[row % 100]},{row % 10}\n")
        size = path.stat().st_size
        answer = subprocess.run(
            [sys.executable, "-c", READ, HERE, str(Path(pyref.__file__).parents[1]), str(path)],
            stdout=subprocess.PIPE,
            check=True,
            universal_newlines=True,
        )
    seconds, more = map(float, answer.stdout.split())
    shown(f"the file ({size / 1e6:.0f} MB)", seconds, size)
    times = more / (8 * ROWS * WIDTH)
    print(f"memory at its peak: {more / 1e6:,.0f} MB more, {times:.1f} times the inputs as doubles")
