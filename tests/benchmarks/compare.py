"""Measure pyref beside what people would pick instead, and print tables.

    python tests/benchmarks/compare.py               everything
    python tests/benchmarks/compare.py training      one table, or several
    python tests/benchmarks/compare.py targets       what shall be reached, in ten minutes

Peers that are not installed are left out: pip install torch scikit-learn numpy, and
apt-get install libfann2.  One thread each, unless a table says otherwise.
"""

import argparse
import os
import sys
from pathlib import Path

for library in ("OMP", "OPENBLAS", "MKL"):  # read when NumPy and PyTorch are imported
    os.environ[f"{library}_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).parents[2]))

import around_training  # noqa: E402
import growth  # noqa: E402
import handing_over  # noqa: E402
import machine  # noqa: E402
import memory  # noqa: E402
import minimising  # noqa: E402
import overheads  # noqa: E402
import plain_python  # noqa: E402
import prediction  # noqa: E402
import targets  # noqa: E402
import training  # noqa: E402

TABLES = {
    "targets": targets.show_targets,
    "training": training.show_training,
    "everything": training.show_everything,
    "instruction-sets": training.show_instruction_sets,
    "threads": training.show_threads,
    "lbfgs": minimising.show_lbfgs,
    "prediction": prediction.show_prediction,
    "growth": growth.show_growth,
    "plain-python": plain_python.show_plain_python,
    "interpreters": plain_python.show_interpreters,
    "handing-over": handing_over.show_handing_over,
    "csv": handing_over.show_csv,
    "around-training": around_training.show_around_training,
    "import": overheads.show_import,
    "calls": overheads.show_calls,
    "memory": memory.show_memory,
}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "tables", nargs="*", metavar="TABLE", help=f"of {', '.join(TABLES)} (default: all)"
    )
    parser.add_argument(
        "--seconds", type=float, default=0.3, help="of one measurement (default: 0.3)"
    )
    parser.add_argument(
        "--rounds", type=int, default=5, help="measurements of which the median counts (default: 5)"
    )
    parser.add_argument(
        "--no-python", dest="python", action="store_false",
        help="leave out the Python reference, which takes most of the time",
    )
    parser.add_argument(
        "--genann", metavar="FOLDER", help="genann's source, to be built and measured (targets)"
    )
    parser.add_argument(
        "--former", metavar="FOLDER",
        help="where another pyref lies, with its kernel, to be compared with (targets)",
    )
    options = parser.parse_args()
    for name in options.tables:
        if name not in TABLES:
            parser.error(f"{name!r} is no table; there are {', '.join(TABLES)}")
    machine.print_machine()
    for name, show in TABLES.items():
        if not options.tables or name in options.tables:
            show(options)
    print(f"\nload        {machine.busy()} after the last measurement")


if __name__ == "__main__":
    main()
