"""Model and run files, changed at random: refused with a word on the member, or whole.

    python tests/fuzz/files.py --seconds 500                  from seed 0 on
    python tests/fuzz/files.py --seed 4711 --count 1          one file again
    python tests/fuzz/files.py --seed 4711 --count 1 --keep x.json      and keep it

Each seed names a file (damage.py); where it ends in 9, that of a network which prepares the columns
of a table.  One that loads has to be saved and loaded again with the same bytes, to predict, to be
shown, and to be trained further, by both engines with the same bits.  Any exception but
ModelFileError is a failure; so is what takes more than a few seconds, or gigabytes.
"""

import argparse
import contextlib
import io
import itertools
import os
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS.parent), str(TESTS)]

from fuzz.damage import BASES, TABLES, Base, base, damaged  # noqa: E402
from fuzz.draws import Dice  # noqa: E402
from fuzz.walks import bits, first_difference, outcome  # noqa: E402
from pyref import DivergedError, Network, Trainer  # noqa: E402
from pyref.command_line import main as command  # noqa: E402
from pyref.engine import backend as engines  # noqa: E402
from pyref.files.document import ModelFileError  # noqa: E402
from pyref.tables.raw_rows import prepared  # noqa: E402

BACKENDS = ["python"] if engines.kernel_missing else ["python", "c"]
LONGEST = 20  # seconds for one file
MOST_MEMORY = 4 * 2**30  # bytes

REFUSED, LOADED = "refused", "loaded"


class Failure(Exception):
    """A file was neither refused nor whole."""


class TooLong(BaseException):
    """No part of pyref catches it."""


def drawn(seed: int) -> Tuple[str, Base, bytes]:
    dice = Dice(seed)
    if seed % 10 == 9:
        made = base(BASES + dice.whole(0, TABLES - 1))
    else:
        made = base(dice.whole(0, BASES - 1))
    kind = dice.choice(["model", "run", "run"])
    return kind, made, damaged(kind, made.texts[kind], dice)


def verdict(seed: int) -> str:
    """REFUSED or LOADED; raises Failure."""
    kind, made, content = drawn(seed)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = os.path.join(folder, "file.json")
        with open(path, "wb") as file:
            file.write(content)
        try:
            return (model if kind == "model" else run)(path, made)
        except Failure:
            raise
        except Exception:
            raise Failure(traceback.format_exc()) from None


def loaded(kind: Any, path: str, **settings: str) -> Any:
    """None where it is refused as it should be."""
    try:
        return kind.load(path, **settings)
    except ModelFileError as error:
        said = str(error)
        if not said.startswith(f"{path}: ") or len(said) > len(path) + 400:
            raise Failure(f"refused with {said!r}") from None
        if ": member " not in said and "damaged" not in said and '"format"' not in said:
            raise Failure(f"refused without a member: {said!r}") from None
        said.encode("utf-8")
        return None


def saved_twice(kind: Any, made: Any, path: str) -> None:
    """What it writes is read again, and says the same."""
    made.save(path + "1")
    kind.load(path + "1").save(path + "2")
    if Path(path + "1").read_bytes() != Path(path + "2").read_bytes():
        raise Failure("saved, loaded and saved again: another file")


def model(path: str, made: Base) -> str:
    network = loaded(Network, path)
    if network is None:
        return REFUSED
    saved_twice(Network, network, path)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        if command(["show", path]) not in (0, 2):
            raise Failure("pyref show")
    rows = made.training.data[0][:20]
    if network.preparation is None:
        rows = [row for row in rows if len(row) == network.sizes[0]] or [[0.5] * network.sizes[0]]
    else:
        try:
            prepared(network.preparation, rows)
        except ValueError:  # words that it no longer knows
            return LOADED
    same({name: bits(network.predict(rows, backend=name)) for name in BACKENDS}, "predictions")
    same({name: learned(path, rows, name) for name in BACKENDS}, "a training")
    return LOADED


def learned(path: str, rows: list, backend: str) -> Any:
    """The weights after further training, and that they can be saved."""
    network = Network.load(path)
    try:
        trainer = Trainer(network, "mean_squared_error", backend=backend)
    except ValueError as error:
        return str(error)
    targets = [[0.5] * network.sizes[-1] for _ in rows]
    failure = None
    try:
        trainer.train(rows, targets, 2)
    except DivergedError as error:
        failure = str(error)
    saved_twice(Trainer, trainer, path)
    return failure, bits([layer.weights for layer in network.layers])


def run(path: str, made: Base) -> str:
    ways = {}
    for name in BACKENDS:
        trainer = loaded(Trainer, path, backend=name)
        if trainer is None:
            return REFUSED
        trainer.save(path + "0")
        ways[name] = gone_on(trainer, made)
        saved_twice(Trainer, trainer, path)
    for name in BACKENDS[1:]:
        part = first_difference(ways[name], ways["python"])
        if part is not None:
            pair = ways[name][part], ways["python"].get(part)
            raise Failure("{}: {!r:.300}\n  not {!r:.300}".format(part, *pair))
    return LOADED


def gone_on(trainer: Trainer, made: Base) -> Dict[str, Any]:
    (inputs, targets, weights), validation = made.training.data, made.training.validation
    failure = None
    try:
        trainer.train(
            inputs, targets, 2, validation=validation, stop=trainer.run.rules, weights=weights,
            validation_every=trainer.run.validation_every,
        )
    except DivergedError as error:
        failure = (error.epoch, error.batch, error.layer)
    except (ValueError, TypeError) as error:  # these rows do not fit, says a pyref that knows why
        if traceback.extract_tb(error.__traceback__)[-1].line.startswith("raise ") is False:
            raise
        return {"refused": str(error)}
    return {"failure": failure, **outcome(trainer, made.training)}


def same(ways: Dict[str, Any], what: str) -> None:
    if any(way != ways["python"] for way in ways.values()):
        raise Failure(f"{what}: {ways!r:.600}")


@contextlib.contextmanager
def limited(seconds: int):
    """As long as that, and no longer."""
    def too_long(*signal_and_frame):
        raise TooLong

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def failure_of(seed: int, counts: Optional[Counter] = None) -> Optional[str]:
    """What is wrong with the file of this seed, or None; `counts` tells what became of it."""
    try:
        with limited(LONGEST):
            became = verdict(seed)
    except Failure as failure:
        return f"seed {seed}: {failure}"
    except TooLong:
        return f"seed {seed}: more than {LONGEST} seconds"
    if counts is not None:
        counts[became] += 1
    return None


def main() -> int:
    import resource

    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="how long (default 60)")
    parser.add_argument("--seed", type=int, default=0, help="the first (default 0)")
    parser.add_argument("--count", type=int, help="how many seeds at most (default: no limit)")
    parser.add_argument("--keep", help="where to write the file of the first seed")
    options = parser.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")
    if options.keep:
        Path(options.keep).write_bytes(drawn(options.seed)[2])
    os.fsync = lambda number: None  # half of the time; no machine crashes here
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    until = time.monotonic() + options.seconds
    counts: Counter = Counter()
    failures: List[int] = []
    tried = 0
    for seed in itertools.islice(itertools.count(options.seed), options.count):
        if time.monotonic() > until:
            break
        failure = failure_of(seed, counts)
        tried += 1
        if failure:
            failures.append(seed)
            print(f"{failure}\n  again: python tests/fuzz/files.py --seed {seed} --count 1\n",
                  flush=True)
    print(f"{tried} files from seed {options.seed} on, engines {' and '.join(BACKENDS)}: "
          f"{counts[REFUSED]} refused, {counts[LOADED]} loaded, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
