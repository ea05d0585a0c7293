"""The same bits everywhere, tried: the kernel as many compilers build it, on many processors, and
the reference on every Python that is here.

    python tests/matrix/run.py          the reduced set
    python tests/matrix/run.py --all    every build
    python tests/matrix/run.py --races  the kernel under ThreadSanitizer, with 2 and 4 threads

Needs pyref with its kernel (pip install -e '.[c]').  A compiler, emulator or Python that is missing
is named and skipped; where the environment variable CI is set, that is a failure.

A table shows what became of each build: the kernel's sources are compiled together with driver.c,
without Python, and train the golden recipes and the canary, with each instruction set and number of
threads; processors that are not this one are emulated.  Exit code 0: all as it must be.
"""

import argparse
import os
import sys
import tempfile
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Iterable, Iterator, Tuple

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS.parent), str(TESTS)]

from matrix import cases, pythons  # noqa: E402
from matrix.builds import Build, all_builds, races  # noqa: E402
from matrix.image import members_header  # noqa: E402
from matrix.trial import Trial  # noqa: E402

WIDTHS = (54, 9, 9, 9, 9, 9, 8)
BUILD_HEADS = ("the kernel, built by", "threads", "plain", "base", "avx2", "avx512", "seconds")
PYTHON_HEADS = ("python3 -m pyref selftest", "result", "seconds")


def row(cells) -> str:
    first, *others = [str(cell) for cell in cells]
    return first.ljust(WIDTHS[0]) + "".join(c.rjust(w) for c, w in zip(others, WIDTHS[1:]))


def try_builds(folder: Path, chosen: list, workers: Executor) -> Iterator[Trial]:
    known = cases.canary_cases() + cases.elementary_cases() + cases.golden_cases()
    (folder / "members.h").write_text(members_header(), encoding="ascii")
    print(f"{len(known)} cases")

    def tried(numbered: Tuple[int, Build]) -> Trial:
        number, build = numbered
        trial = Trial(build, folder, f"{folder}/driver-{number}.exe")  # as Windows wants it
        trial.run(known)
        return trial

    return workers.map(tried, enumerate(chosen))


def try_pythons(folder: Path, workers: Executor) -> Iterator[pythons.Trial]:
    def tried(trial: pythons.Trial) -> pythons.Trial:
        trial.run()
        return trial

    return workers.map(tried, pythons.trials(folder))


def table(heads: Iterable, trials: Iterable) -> Iterator:
    """Print a line for each trial as soon as it is there; yield the trials."""
    print(f"\n{row(heads)}")
    for trial in trials:
        print(row(trial.cells()), flush=True)
        yield trial


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--all", action="store_true", help="every build, not the reduced set")
    which.add_argument("--races", action="store_true", help="under ThreadSanitizer instead")
    options = parser.parse_args()
    if options.races:
        builds = races()
    else:
        builds = [build for build in all_builds() if build.reduced or options.all]
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as workers:
        tables = [(BUILD_HEADS, try_builds(Path(folder), builds, workers))]
        if not options.races:
            tables.append((PYTHON_HEADS, try_pythons(Path(folder), workers)))
        trials = [trial for heads, found in tables for trial in table(heads, found)]
    print()
    skipped = [trial for trial in trials if trial.missing]
    wrong = [trial for trial in trials if not trial.missing and not trial.is_right()]
    for trial in skipped:
        print(f"skipped: {trial.title}: {trial.missing}")
    for trial in wrong:
        print(f"WRONG: {trial.title}: {trial.details}")
    if os.environ.get("CI"):
        wrong, skipped = wrong + skipped, []
    right = len(trials) - len(wrong) - len(skipped)
    print(f"{right} passed, {len(wrong)} failed, {len(skipped)} skipped "
          f"in {time.monotonic() - started:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
