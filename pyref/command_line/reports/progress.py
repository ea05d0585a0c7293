"""How far a command is that takes a while.  A training says so on standard error: on a terminal in
one line that is rewritten and goes away with the training, anywhere else in a plain line every so
often.  What else takes over a second says on a terminal what it is."""

import os
import sys
import time
from contextlib import contextmanager
from typing import Iterator, List, Optional, TextIO

from ...trainer import Trainer
from ..saying import answer, say, visible, write
from ..terminal import USUAL
from .words import duration, titled

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0  # seconds between plain lines
LEAST_LOOKS = 3  # at a training that has moved on, before the time that is left is estimated
BETWEEN_LOOKS = 0.5  # seconds, at what only says how long it has taken
FIRST_LOOK = 0.5  # seconds of a training that is repeated, from which the rest is estimated
BETWEEN_LINES = 60.0  # seconds, of the same


class Line:
    """A line of a terminal that is written again and again, and goes away in the end."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.width = 0

    @property
    def room(self) -> int:
        """Without the last column, from which some terminals go on to the next line."""
        try:
            return os.get_terminal_size(self.stream.fileno()).columns - 1
        except (OSError, ValueError):
            said = os.environ.get("COLUMNS", "")
            return (int(said) if said.isdecimal() else USUAL) - 1

    def rewrite(self, text: str) -> None:
        text = text[: self.room]
        write(self.stream, "\r" + text.ljust(self.width))
        self.width = len(text)

    def end(self) -> None:
        if self.width:
            self.rewrite("")
            write(self.stream, "\r")


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


class PlainLines:
    """When a plain line is due: each waits twice as long as the one before."""

    def __init__(self, now: float) -> None:
        self.wait = FIRST_WAIT
        self.next = now + self.wait

    def are_due(self, now: float) -> bool:
        if now < self.next:
            return False
        self.wait = min(2 * self.wait, LONGEST_WAIT)
        self.next = now + self.wait
        return True


class Progress:
    """Given to `Trainer.train` as its progress function; `end` comes after the training.

    Where nobody can read it any more (a full disk, a closed pipe), `write` lets it fall silent.
    """

    def __init__(self, trainer: Trainer, rows: int, epochs: int, stream: TextIO = None) -> None:
        self.stream = sys.stderr if stream is None else stream
        self.rows = rows
        self.last_epoch = trainer.epoch + epochs
        self.started = time.monotonic()
        # While the validation rows are measured it looks as if the epoch had not begun.
        self.seen = self.rows_before = rows_seen(trainer, rows)
        self.looks = 0  # at which there were more rows than before
        self.first = self.started, self.seen  # of these looks: when it was, and how many rows
        self.line = Line(self.stream) if self.stream.isatty() else None
        self.lines = PlainLines(self.started)

    def __call__(self, trainer: Trainer) -> None:
        now = time.monotonic()
        seen = rows_seen(trainer, self.rows)
        if seen > self.seen:
            self.looks += 1
            if self.looks == 1:  # what came before prepared the training
                self.first = now, seen
            self.seen = seen
        if self.line is not None:
            self.line.rewrite(self.text(trainer, now, room=self.line.room))
        elif self.lines.are_due(now):
            write(self.stream, self.text(trainer, now) + "\n")

    def end(self, trainer: Trainer) -> None:
        if self.line is not None:
            self.line.end()
        else:
            write(self.stream, self.text(trainer, time.monotonic(), at_the_end=True) + "\n")

    def text(
        self, trainer: Trainer, now: float, at_the_end: bool = False, room: Optional[int] = None
    ) -> str:
        """The details in the middle are given up where there is no room, the last ones first."""
        parts = [f"epoch {trainer.epoch:,} of {self.last_epoch:,}"]
        details = self.details(trainer, now)
        last = []
        left = self.last_epoch * self.rows - self.seen
        means_something = now - self.started >= FIRST_WAIT and self.looks >= LEAST_LOOKS
        if left > 0 and means_something and not at_the_end:
            began, rows_then = self.first
            each = (now - began) / (self.seen - rows_then)
            last.append(f"{duration(left * each)} left")
        while details and room is not None and len(", ".join(parts + details + last)) > room:
            details.pop()
        return ", ".join(parts + details + last)

    def details(self, trainer: Trainer, now: float) -> List[str]:
        found, history = [], trainer.history
        if history.loss:
            found.append(f"loss {history.loss[-1]:.4g}")
        if history.validation_loss:
            found.append(f"validation loss {history.validation_loss[-1]:.4g}")
        done = max(self.seen, rows_seen(trainer, self.rows)) - self.rows_before
        if done:
            found.append(f"{done / max(now - self.started, 1e-9):,.0f} rows/s")
        return found


def rows_seen(trainer: Trainer, rows: int) -> int:
    return trainer.epoch * rows + trainer.run.position % rows  # between epochs it stays at the end


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
