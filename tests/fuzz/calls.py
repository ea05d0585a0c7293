"""Wild arguments for the public calls: each must be taken, or refused in words.

    python tests/fuzz/calls.py --count 100000          from seed 0 on
    python tests/fuzz/calls.py --seed 4711 --count 1   one call again

A seed names a call: Network, Trainer, train, predict, predictor, classify or evaluate, with a wild
value in the place of some arguments (wrong types, shapes and sizes, lists that lie, buffers at odd
addresses, numbers beyond all bounds).  It may end well, or in ValueError, TypeError, MemoryError or
ArithmeticError (a divergence); both engines must end alike, and what was not refused must have the
same bits.  Whatever happens, the network predicts afterwards.
"""

import argparse
import copy
import math
import sys
from array import array
from pathlib import Path
from typing import Any, Callable, Dict, Optional, Tuple

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS.parent), str(TESTS)]

from fuzz.draws import Dice  # noqa: E402
import pyref  # noqa: E402
from pyref.engine import backend as engines  # noqa: E402

BACKENDS = ["python"] if engines.kernel_missing else ["python", "c"]
REFUSALS = (ValueError, TypeError, MemoryError, ArithmeticError)
ROWS = [[0.1, -0.4], [0.7, 0.2], [-0.9, 0.5], [0.3, 0.3], [0.0, 1.0]]


class LyingList(list):
    """Says that it has more than it has."""

    def __len__(self) -> int:
        return super().__len__() + 3


class Unhelpful:
    """Offers an array, and has none."""

    def __array__(self, *anything):
        raise ValueError("there is none")


def odd_address() -> memoryview:
    """Ten doubles, the first at an address that no double has."""
    return memoryview(bytearray(81))[1:].cast("d")


WILD: Tuple[Callable[[], Any], ...] = tuple(
    (lambda value: lambda: copy.deepcopy(value))(value) for value in (
        None, True, False, 0, 1, -1, 3, 2**31, 2**63, 10**400, -(10**30), 0.0, -0.0, 0.5, 1e308,
        5e-324, math.inf, -math.inf, math.nan, 1j, "", "tanh", "c", "\x00", "\ud800", b"bytes",
        [], (), {}, set(), [[]], [[], []], [None], [[None, None]], [[1.0, 2.0], [3.0]], [[[1.0]]],
        ["a", "b"], [["a", "b"]], [[math.nan, 0.0]], [[10**400, 0.0]], [1, 2, 3, 4, 5],
        [0, 1, 1, 0, 1], [[0], [1], [1], [0], [1]], [-1, 5, 0, 0, 0], {1, 2}, range(5),
        [True, False, True, False, True], array("d", range(10)), array("f", range(10)),
        array("b", range(10)), array("d"), bytearray(80), memoryview(b"12345678"), object, len,
        [pyref.Patience(1)], pyref.Patience(1), pyref.Step(2), pyref.Adam(), pyref.LBFGS(),
        (ROWS, [0, 1, 1, 0, 1]), (ROWS,), (ROWS, None, None, None),
    )
    if not isinstance(value, memoryview)
) + (
    odd_address, Unhelpful, lambda: memoryview(b"12345678"), lambda: iter(ROWS),
    lambda: LyingList(ROWS), lambda: [LyingList(row) for row in ROWS], lambda: LyingList([0, 1]),
    lambda: LyingList([2, 3, 1]), lambda: memoryview(array("d", range(20)))[::2],
)

# The arguments that are right, by the name of the call; some are then made wild.
RIGHT: Dict[str, Dict[str, Any]] = {
    "Network": dict(sizes=[2, 3, 1], hidden="tanh", output="sigmoid", seed=1, biases=True,
                    initializer="glorot_uniform"),
    "Trainer": dict(loss=None, optimizer=None, batch_size=2, shuffle=True, seed=None, threads=1,
                    schedule=None, l1=0.0, l2=0.0, dropout=0.0, input_dropout=0.0, clip_value=None,
                    clip_norm=None, label_smoothing=0.0, class_weights=None),
    "train": dict(inputs=ROWS, targets=[0, 1, 1, 0, 1], epochs=2, validation=None, stop=(),
                  callback=None, progress=None, weights=None, time_limit=None,
                  validation_every=1),
    "predict": dict(inputs=ROWS, threads=1),
    "predictor": dict(threads=1),
    "classify": dict(inputs=ROWS, threads=1),
    "evaluate": dict(inputs=ROWS, targets=[0, 1, 1, 0, 1], loss=None, threads=1),
}
UNBOUNDED = {("train", "epochs"), ("Network", "sizes")}  # where a large number is a long time


def drawn(seed: int) -> Tuple[str, Dict[str, Callable[[], Any]]]:
    """The call, and how its wild arguments are made: anew for each engine, as some are used up."""
    dice = Dice(seed)
    call = dice.choice(list(RIGHT))
    wild = {}
    for name in dice.sample(list(RIGHT[call]), 1 + dice.chance(0.3)):
        wild[name] = dice.choice(WILD)
    return call, wild


def is_too_long(call: str, name: str, value: Any) -> bool:
    return (call, name) in UNBOUNDED and isinstance(value, int) and value > 1000


def outcome(call: str, wild: Dict[str, Callable[[], Any]], backend: str) -> Any:
    """What the call comes to; an exception that is no refusal is raised."""
    arguments = {**RIGHT[call], **{name: make() for name, make in wild.items()}}
    for name, value in arguments.items():
        if is_too_long(call, name, value):
            arguments[name] = 2
    network = pyref.Network([2, 3, 1], seed=2)
    try:
        if call == "Network":
            network = pyref.Network(**arguments)
            found: Any = network.digest()
        elif call == "Trainer":
            found = repr(pyref.Trainer(network, backend=backend, **arguments).run.loss)
        elif call == "train":
            trainer = pyref.Trainer(network, backend=backend, batch_size=2)
            history = trainer.train(**arguments)
            found = [network.digest(), [loss.hex() for loss in history.loss]]
            if arguments["time_limit"] is not None:
                found = "taken"  # how far it came is a matter of the clock
        elif call == "predictor":
            found = network.predictor(backend=backend, **arguments)(ROWS)
        else:
            found = repr(getattr(network, call)(backend=backend, **arguments))
    except REFUSALS as refusal:
        found = type(refusal).__name__
    if call != "Network":
        network.predict(ROWS, backend=backend)
    return found


def failure_of(seed: int) -> Optional[str]:
    call, wild = drawn(seed)
    found = []
    for backend in BACKENDS:
        try:
            found.append(outcome(call, wild, backend))
        except Exception as error:  # whatever is no refusal
            found = [f"{backend}: {type(error).__name__}: {error}"]
            break
    else:
        if found[0] == found[-1]:
            return None
    values = ", ".join(f"{name}={make()!r:.60}" for name, make in wild.items())
    return f"seed {seed}: {call}({values}): {' / '.join(map(str, found)):.300}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--seed", type=int, default=0, help="the first (default 0)")
    parser.add_argument("--count", type=int, default=1000, help="how many (default 1000)")
    options = parser.parse_args()
    failures = 0
    for seed in range(options.seed, options.seed + options.count):
        failure = failure_of(seed)
        if failure:
            failures += 1
            print(f"{failure}\n  again: python tests/fuzz/calls.py --seed {seed} --count 1\n",
                  flush=True)
    print(f"{options.count} calls from seed {options.seed} on, engines {' and '.join(BACKENDS)}: "
          f"{failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
