"""Both engines, on random trainings, for as long as they are told to.

    python tests/fuzz/run.py --seconds 600            from seed 0 on
    python tests/fuzz/run.py --seed 4711 --count 1    one training again

Each seed names a training (draws.py).  The Python engine goes straight through it; the C engine,
and detours with both, must end with the same bits (walks.py).  A failure is printed with the
command that repeats it.  Without the kernel, the detours are Python's alone.
"""

import argparse
import itertools
import sys
import time
from pathlib import Path
from typing import List, Optional

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS.parent), str(TESTS)]

from fuzz.draws import Dice, training  # noqa: E402
from fuzz.walks import Leg, detour, drawn_leg, first_difference, straight, walk  # noqa: E402
from pyref.engine import backend as engines  # noqa: E402

BACKENDS = ["python"] if engines.kernel_missing else ["python", "c"]


def failure_of(seed: int) -> Optional[str]:
    """Where a way through the training of this seed ends elsewhere, or None."""
    drawn = training(seed)
    dice = Dice(2**32 - 1 - seed)
    expected = walk(drawn, straight(drawn))
    ways: List[List[Leg]] = [detour(drawn, dice, BACKENDS)]
    if "c" in BACKENDS:
        ways.insert(0, [drawn_leg(dice, drawn.epochs, ["c"])._replace(pauses=None)])
    for way in ways:
        part = first_difference(walk(drawn, way), expected)
        if part is not None:
            legs = "\n".join(f"  {leg}" for leg in way)
            return f"seed {seed}: {part}\n{legs}\n  {drawn.network}\n  {drawn.recipe}"
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="how long (default 60)")
    parser.add_argument("--seed", type=int, default=0, help="the first (default 0)")
    parser.add_argument("--count", type=int, help="how many seeds at most (default: no limit)")
    options = parser.parse_args()
    if engines.kernel_missing:
        print(f"Python's detours alone: no C engine ({engines.kernel_missing})", file=sys.stderr)
    until = time.monotonic() + options.seconds
    failures = tried = 0
    for seed in itertools.islice(itertools.count(options.seed), options.count):
        if time.monotonic() > until:
            break
        failure = failure_of(seed)
        tried += 1
        if failure:
            failures += 1
            print(f"{failure}\n  again: python tests/fuzz/run.py --seed {seed} --count 1\n",
                  flush=True)
    print(f"{tried} trainings from seed {options.seed} on, engines {' and '.join(BACKENDS)}: "
          f"{failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
