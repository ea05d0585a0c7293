"""How far a training is: on a terminal or in a notebook in one line that is rewritten, anywhere
else in a plain line every so often."""

import sys
import time
from typing import Any, Callable, List, Optional, TextIO

from .duration import duration
from .line import Line, can_rewrite, write

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0  # seconds between plain lines
LEAST_LOOKS = 3  # at a training that has moved on, before the time that is left is estimated


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

    def __init__(
        self, trainer: Any, rows: int, epochs: int, stream: Optional[TextIO] = None,
        stays: bool = False, also: Optional[Callable[[Any], Any]] = None,
    ) -> None:
        """`stays` leaves the line where it is when the training ends; `also` is called as well."""
        self.stream = sys.stderr if stream is None else stream
        self.stays = stays
        self.also = also
        self.rows = rows
        self.last_epoch = trainer.epoch + epochs
        self.started = time.monotonic()
        # While the validation rows are measured it looks as if the epoch had not begun.
        self.seen = self.rows_before = rows_seen(trainer, rows)
        self.looks = 0  # at which there were more rows than before
        self.first = self.started, self.seen  # of these looks: when it was, and how many rows
        self.line = Line(self.stream) if can_rewrite(self.stream) else None
        self.lines = PlainLines(self.started)

    def __call__(self, trainer: Any) -> None:
        if self.also is not None:
            self.also(trainer)
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

    def end(self, trainer: Any) -> None:
        if self.line is not None:
            self.line.end()
        if self.line is None or self.stays:
            write(self.stream, self.text(trainer, time.monotonic(), at_the_end=True) + "\n")

    def text(
        self, trainer: Any, now: float, at_the_end: bool = False, room: Optional[int] = None
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

    def details(self, trainer: Any, now: float) -> List[str]:
        found, history = [], trainer.history
        if history.loss:
            found.append(f"loss {history.loss[-1]:.4g}")
        if history.validation_loss:
            found.append(f"validation loss {history.validation_loss[-1]:.4g}")
        done = max(self.seen, rows_seen(trainer, self.rows)) - self.rows_before
        if done:
            found.append(f"{done / max(now - self.started, 1e-9):,.0f} rows/s")
        return found


def rows_seen(trainer: Any, rows: int) -> int:
    position: int = trainer.run.position
    return int(trainer.epoch) * rows + position % rows  # between epochs it stays at the end
