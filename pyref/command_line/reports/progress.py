"""How far a command is that takes a while.  A training says so on standard error: on a terminal in
one line that is rewritten and goes away with the training, anywhere else in a plain line every so
often."""

import shutil
import sys
import time
from typing import TextIO

from ...trainer import Trainer
from ..saying import answer, say, write
from .words import duration, titled

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0  # seconds between plain lines; each waits twice as long
FIRST_LOOK = 0.5  # seconds of a training that is repeated, from which the rest is estimated
BETWEEN_LINES = 60.0  # seconds, of the same


class Progress:
    """Given to `Trainer.train` as its progress function; `end` comes after the training.

    Where nobody can read it any more (a full disk, a closed pipe), `write` lets it fall silent.
    """

    def __init__(self, trainer: Trainer, rows: int, epochs: int, stream: TextIO = None) -> None:
        self.stream = sys.stderr if stream is None else stream
        self.rows = rows
        self.last_epoch = trainer.epoch + epochs
        self.started = time.monotonic()
        self.rows_before = rows_seen(trainer, rows)
        self.on_terminal = self.stream.isatty()
        self.wait = FIRST_WAIT
        self.next_line = self.started + self.wait
        self.width = 0

    def __call__(self, trainer: Trainer) -> None:
        now = time.monotonic()
        if self.on_terminal:
            self.rewrite(self.text(trainer, now))
        elif now >= self.next_line:
            write(self.stream, self.text(trainer, now) + "\n")
            self.wait = min(2 * self.wait, LONGEST_WAIT)
            self.next_line = now + self.wait

    def end(self, trainer: Trainer) -> None:
        if self.on_terminal:
            self.rewrite("")
            write(self.stream, "\r")
        else:
            write(self.stream, self.text(trainer, time.monotonic(), at_the_end=True) + "\n")

    def rewrite(self, text: str) -> None:
        text = text[: shutil.get_terminal_size().columns - 1]
        write(self.stream, "\r" + text.ljust(self.width))
        self.width = len(text)

    def text(self, trainer: Trainer, now: float, at_the_end: bool = False) -> str:
        seen = rows_seen(trainer, self.rows)
        parts = [f"epoch {trainer.epoch:,} of {self.last_epoch:,}"]
        history = trainer.history
        if history.loss:
            parts.append(f"loss {history.loss[-1]:.4g}")
        if history.validation_loss:
            parts.append(f"validation loss {history.validation_loss[-1]:.4g}")
        done = seen - self.rows_before
        speed = done / max(now - self.started, 1e-9)
        if done:
            parts.append(f"{speed:,.0f} rows/s")
            left = self.last_epoch * self.rows - seen
            if left > 0 and not at_the_end:
                parts.append(f"{duration(left / speed)} left")
        return ", ".join(parts)


def rows_seen(trainer: Trainer, rows: int) -> int:
    return trainer.epoch * rows + trainer.run.position % rows  # between epochs it stays at the end


class Estimate:
    """Given to `verify` as its progress function: says after a first look how long it will take,
    and every minute how far it is."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.started = time.perf_counter()
        self.next_line = FIRST_LOOK

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
