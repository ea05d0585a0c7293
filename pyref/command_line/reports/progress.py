"""What a command is doing that is no training and takes over a second: on a terminal it says so."""

import sys
import time
from contextlib import contextmanager
from typing import Iterator

from ...display.duration import duration
from ...display.line import Line
from ...display.progress import FIRST_WAIT
from ..saying import answer, say, visible
from .words import titled

BETWEEN_LOOKS = 0.5  # seconds, at what only says how long it has taken
FIRST_LOOK = 2.0  # seconds of a training that is repeated, from which the rest is estimated
BETWEEN_LINES = 60.0  # seconds, of the same


@contextmanager
def saying_while(doing: str, what: str = "", quiet: bool = False) -> Iterator[None]:
    """On a terminal, say what is being done, and for how long, once that is over a second."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    import threading  # which the start of a command is not to wait for

    line, started, over = Line(sys.stderr), time.monotonic(), threading.Event()

    def look() -> None:
        if over.wait(FIRST_WAIT):
            return
        while True:
            line.rewrite(visible(f"{doing} {what}: {duration(time.monotonic() - started)}"))
            if over.wait(BETWEEN_LOOKS):
                return

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join()
        line.end()


class Estimate:
    """Given to `verify` as its progress function: says after a first look how long it will take,
    where that has a place in the answer, and every minute how far it is."""

    def __init__(self, rows: int, in_the_answer: bool) -> None:
        self.rows = rows
        self.started = time.perf_counter()
        self.next_line = FIRST_LOOK if in_the_answer else BETWEEN_LINES

    def __call__(self, done: int) -> None:
        seconds = time.perf_counter() - self.started
        if seconds < self.next_line or not done:
            return
        left = f"about {duration(seconds / done * (self.rows - done))}"
        if self.next_line == FIRST_LOOK:
            answer([titled("", f"{left} left")])
        else:
            say(f"{100 * done // self.rows} % are trained, {left} left")
        self.next_line = seconds + BETWEEN_LINES
