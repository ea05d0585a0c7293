"""pyref bench: how fast this machine trains a network."""

import os
import random
import time
from array import array
from typing import Iterator, List, Tuple

from ..engine import backend as engines
from ..reference.gradient_descent import SGD
from ..network import Network
from ..trainer import Trainer
from .options.values import above_zero, count, network_sizes
from .reports.words import amount, titled
from .saying import answer

DESCRIPTION = """\
Measure how fast this machine trains a network, with each engine and number of threads.

SIZES are those of the inputs, the hidden layers and the outputs, such as 784,128,10: sigmoid
units, mean squared error and plain gradient descent on random rows.  A multiplication or an
addition is one FLOP."""

ROWS = 2048  # of the data, about
MOST_NUMBERS = 100_000_000


def add_parser(commands) -> None:
    parser = commands.add_parser(
        "bench",
        help="how fast this machine trains a network",
        description=DESCRIPTION,
    )
    parser.set_defaults(run=run)
    parser.add_argument("sizes", metavar="SIZES", type=network_sizes, help="such as 784,128,10")
    parser.add_argument(
        "--batch-size", type=count, metavar="N", default=32, help="rows in each step (default: 32)"
    )
    parser.add_argument(
        "--seconds", type=above_zero, metavar="X", default=1.0,
        help="to measure each engine for (default: 1)",
    )


def run(options) -> int:
    answer(lines(options.sizes, options.batch_size, options.seconds))
    return 0


def lines(sizes: List[int], batch_size: int, seconds: float) -> Iterator[str]:
    """Those of the table as they are measured."""
    products = [inputs * units for inputs, units in zip(sizes, sizes[1:])]
    flops = 2 * (3 * sum(products) - products[0])  # the errors below stop above the inputs
    yield titled("network", f"{'-'.join(map(str, sizes))}, {amount(sum(products), 'weight')}")
    yield titled("batch size", f"{batch_size:,}")
    if engines.kernel_missing is not None:
        yield titled("", f"no C engine: {engines.kernel_missing}")
    yield ""
    yield f"{'engine':<11} {'threads':>7} {'rows/s':>14} {'ns/row':>14} {'GFLOP/s':>9}"
    for engine, threads in candidates():
        each = seconds_per_row(sizes, batch_size, engine, threads, seconds)
        yield (
            f"{engine:<11} {threads:>7} {1.0 / each:>14,.0f} {each * 1e9:>14,.0f} "
            f"{flops / each / 1e9:>9.2f}"
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
    sizes: List[int], batch_size: int, engine: str, threads: int, seconds: float
) -> float:
    """The fastest of calls that take a fifth of `seconds` each, once they are long enough."""
    rows = batch_size if engine == "python" else batch_size * max(1, ROWS // batch_size)
    trainer = Trainer(
        Network(sizes, hidden="sigmoid", output="sigmoid"),
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
    inputs = array("d", [chance.random() for _ in range(rows * sizes[0])])
    targets = array("d", [chance.random() for _ in range(rows * sizes[-1])])
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
