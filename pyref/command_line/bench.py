"""pyref bench: how fast this machine trains a network."""

import os
import random
import time
from argparse import Namespace
from array import array
from typing import Iterator, List, NamedTuple, Tuple

from ..engine import backend as engines
from ..reference.gradient_descent import SGD
from ..network import Network
from ..reference.precision import PRECISIONS
from ..rows.precision import TYPECODES
from ..trainer import Trainer
from ..options.output import add_json_option
from ..options.values import above_zero, count, network_sizes
from .help.parser import NewParser
from .reports.words import amount, titled
from .saying import answer, answer_object

DESCRIPTION = """\
Measure how fast this machine trains a network, with each engine and number of threads.

SIZES are those of the inputs, the hidden layers and the outputs, such as 784,128,10: sigmoid
units, mean squared error and plain gradient descent on random rows.  A multiplication or an
addition is one FLOP."""

OBJECT = """\
With --json: sizes, weights, batch_size, precision, kernel_missing (why there is no C engine, or
null), and results, each with engine, threads, rows_per_second, nanoseconds_per_row and
gflops_per_second."""

ROWS = 2048  # of the data, about
MOST_NUMBERS = 100_000_000


def add_parser(new_parser: NewParser) -> None:
    parser = new_parser(description=DESCRIPTION, epilog=OBJECT)
    parser.set_defaults(run=run)
    parser.add_argument("sizes", metavar="SIZES", type=network_sizes, help="such as 784,128,10")
    parser.add_argument(
        "--batch-size", type=count, metavar="N", default=32, help="rows in each step (default: 32)"
    )
    parser.add_argument(
        "--precision", choices=tuple(PRECISIONS), metavar="NAME", default="double",
        help="of the network: double or single (default: double)",
    )
    parser.add_argument(
        "--seconds", type=above_zero, metavar="X", default=1.0,
        help="to measure each engine for (default: 1)",
    )
    add_json_option(parser)


class Speed(NamedTuple):
    engine: str
    threads: int
    rows_per_second: float
    nanoseconds_per_row: float
    gflops_per_second: float


def run(options: Namespace) -> int:
    found = measured(options.sizes, options.batch_size, options.precision, options.seconds)
    if not options.json:
        answer(lines(options.sizes, options.batch_size, options.precision, found))
        return 0
    answer_object({
        "sizes": options.sizes,
        "weights": sum(products(options.sizes)),
        "batch_size": options.batch_size,
        "precision": options.precision,
        "kernel_missing": engines.kernel_missing,
        "results": [speed._asdict() for speed in found],
    })
    return 0


def products(sizes: List[int]) -> List[int]:
    return [inputs * units for inputs, units in zip(sizes, sizes[1:])]


def measured(
    sizes: List[int], batch_size: int, precision: str, seconds: float
) -> Iterator[Speed]:
    """One after the other."""
    of_layers = products(sizes)
    flops = 2 * (3 * sum(of_layers) - of_layers[0])  # the errors below stop above the inputs
    for engine, threads in candidates():
        each = seconds_per_row(sizes, batch_size, precision, engine, threads, seconds)
        yield Speed(engine, threads, 1.0 / each, each * 1e9, flops / each / 1e9)


def lines(
    sizes: List[int], batch_size: int, precision: str, found: Iterator[Speed]
) -> Iterator[str]:
    """Those of the table as they are measured."""
    weights = amount(sum(products(sizes)), "weight")
    yield titled("network", f"{'-'.join(map(str, sizes))}, {weights}")
    yield titled("batch size", f"{batch_size:,}")
    yield titled("precision", precision)
    if engines.kernel_missing is not None:
        yield titled("", f"no C engine: {engines.kernel_missing}")
    yield ""
    yield f"{'engine':<11} {'threads':>7} {'rows/s':>14} {'ns/row':>14} {'GFLOP/s':>9}"
    for speed in found:
        yield (
            f"{speed.engine:<11} {speed.threads:>7} {speed.rows_per_second:>14,.0f} "
            f"{speed.nanoseconds_per_row:>14,.0f} {speed.gflops_per_second:>9.2f}"
        )


def candidates() -> Iterator[Tuple[str, int]]:
    """Engines, and the numbers of threads that each may use: 1, 2, 4 … up to all processors."""
    if engines.kernel_missing is None:
        processors = os.cpu_count() or 1
        threads = 1
        while threads < processors:
            yield "c", threads
            threads *= 2
        yield "c", processors
    yield "python", 1


def seconds_per_row(
    sizes: List[int], batch_size: int, precision: str, engine: str, threads: int, seconds: float
) -> float:
    """The fastest of calls that take a fifth of `seconds` each, once they are long enough."""
    rows = batch_size if engine == "python" else batch_size * max(1, ROWS // batch_size)
    trainer = Trainer(
        Network(sizes, hidden="sigmoid", output="sigmoid", precision=precision),
        "mean_squared_error",
        SGD(0.001),
        batch_size,
        backend=engine,
        threads=threads,
    )
    numbers = rows * (sizes[0] + sizes[-1])
    if numbers > MOST_NUMBERS:
        raise ValueError(
            f"--batch-size: {rows:,} rows would be {numbers:,} random numbers; "
            f"at most {MOST_NUMBERS:,} are drawn"
        )
    chance = random.Random(1)
    code = TYPECODES[precision]
    inputs = array(code, [chance.random() for _ in range(rows * sizes[0])])
    targets = array(code, [chance.random() for _ in range(rows * sizes[-1])])
    epochs, best, until = 1, float("inf"), time.perf_counter() + seconds
    while True:
        began = time.perf_counter()
        trainer.train(inputs, targets, epochs=epochs)
        now = time.perf_counter()
        best = min(best, (now - began) / (epochs * rows))
        if now >= until:
            return best
        if now - began < seconds / 10:
            epochs *= 2
