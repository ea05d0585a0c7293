"""How far a training is, on standard error: on a terminal one line that is rewritten and goes away
with the training, anywhere else a plain line every so often."""

import shutil
import sys
import time
from typing import TextIO

from ..trainer import Trainer
from .words import duration

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0  # seconds between plain lines; each waits twice as long


class Progress:
    """Given to `Trainer.train` as its progress function; `end` comes after the training.

    Where nobody can read it any more (a full disk, a closed pipe), it falls silent: the training is
    worth more.
    """

    def __init__(self, trainer: Trainer, rows: int, epochs: int, stream: TextIO = None) -> None:
        self.stream = sys.stderr if stream is None else stream
        self.rows = rows
        self.last_epoch = trainer.epoch + epochs
        self.started = time.monotonic()
        self.rows_before = rows_seen(trainer, rows)
        self.on_terminal = self.stream.isatty()
        self.is_read = True
        self.wait = FIRST_WAIT
        self.next_line = self.started + self.wait
        self.width = 0

    def __call__(self, trainer: Trainer) -> None:
        now = time.monotonic()
        if self.on_terminal:
            self.rewrite(self.text(trainer, now))
        elif now >= self.next_line:
            self.write(self.text(trainer, now) + "\n")
            self.wait = min(2 * self.wait, LONGEST_WAIT)
            self.next_line = now + self.wait

    def end(self, trainer: Trainer) -> None:
        if self.on_terminal:
            self.rewrite("")
            self.write("\r")
        else:
            self.write(self.text(trainer, time.monotonic(), at_the_end=True) + "\n")

    def rewrite(self, text: str) -> None:
        text = text[: shutil.get_terminal_size().columns - 1]
        self.write("\r" + text.ljust(self.width))
        self.width = len(text)

    def write(self, text: str) -> None:
        if self.is_read:
            try:
                print(text, end="", file=self.stream, flush=True)
            except OSError:
                self.is_read = False

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
