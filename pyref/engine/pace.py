"""How much one call of the kernel does: its tile of rows, its slice of time, its threads."""

import time
from typing import Dict, List, Optional, Tuple

from .._kernel import lib
from ..arguments.machine import processors
from ..reference.layer import Layer

SLICE = 0.06  # seconds
TILE = 128  # rows that pass through the layers together
SHORTEST_TILE = 8
NEAR = 40_000  # numbers

# Multiplications below which one thread is as quick: the threads meet several times in a tile
# (half a microsecond each, and the wait for the last), and start and end in each call (75 µs).
TILE_WORTH_THREADS = 1_200_000
CALL_WORTH_THREADS = 10_000_000

# Threads can be slower than one where other programs need the processors, or where these lie far
# apart: the same pair of them took 0.5 or 1.5 times as long as one, depending on where a virtual
# machine's host had put them that second.  So one slice in so many, a short one, tries the other;
# sooner where several seemed slower, which is mostly a matter of a moment.
BETWEEN_TRIALS = 24
TRIAL = 1 / 8  # of a slice


def products(layers: List[Layer]) -> int:
    """Multiplications of one row on its way forward and back."""
    return 3 * sum(len(layer.weights) * layer.units for layer in layers)


def rows_per_slice(layers: List[Layer]) -> int:
    """A first guess, at a billion multiplications a second; slices then measure themselves."""
    return int(SLICE * 1e9 / (products(layers) + 100)) + 1


def tile_length(layers: List[Layer], rows: int) -> int:
    """How many rows pass through the layers together: fewer where that would take too long."""
    return min(rows, TILE, max(SHORTEST_TILE, int(SLICE * 1e10 / products(layers))))


def near_rows(layers: List[Layer]) -> int:
    """How many rows of a tile stay in a cache of 512 KB, beside some weights, while all units of a
    layer read them: prediction of 784-128-10 takes 13.9 µs a row by 128, 10.6 by 48."""
    widest = max(len(layer.weights) for layer in layers)
    return max(SHORTEST_TILE, NEAR // widest // 12 * 12)


def team(threads: Optional[int], of_one_row: int, tile_rows: int, rows: int) -> int:
    """How many threads a call may have in which so many rows pass the layers, tile by tile, with
    `of_one_row` multiplications each.  No more than processors: they would only take turns."""
    if tile_rows * of_one_row < TILE_WORTH_THREADS or rows * of_one_row < CALL_WORTH_THREADS:
        return 1
    usable: int = min(processors(), lib.most_threads())
    return usable if threads is None else min(threads, usable)


class Pace:
    """How many rows make a slice, guessed at first, then measured; with several threads or one,
    whichever was faster when they were tried last."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.speed: Dict[int, float] = {}  # rows per second, by the number of threads
        self.slices = 0
        self.threads = 1  # of the slice under way
        self.started = time.perf_counter()

    def start(self, most: int) -> Tuple[int, int]:
        """The rows and the threads of the next slice, of `most` threads at most."""
        self.slices += 1
        self.threads = most
        rows = self.rows
        if most > 1:
            faster, other = most, 1
            if self.speed.get(1, 0.0) > self.speed.get(most, 0.0):
                faster, other = 1, most
            between = BETWEEN_TRIALS if faster == most else BETWEEN_TRIALS // 3
            trial = other not in self.speed or self.slices % between == 0
            if trial and self.speed:
                rows = int(rows * TRIAL) + 1
            self.threads = other if trial and self.speed else faster
        self.started = time.perf_counter()
        return rows, self.threads

    def measure(self, rows: int) -> None:
        """After a slice in which `rows` rows passed through the layers."""
        seconds = max(time.perf_counter() - self.started, 1e-6)
        if rows:
            self.speed[self.threads] = rows / seconds
            fitting = SLICE * max(self.speed.values())
            self.rows = int(min(max(fitting, self.rows / 8), self.rows * 8)) + 1
