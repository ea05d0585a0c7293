"""How far a cross-validation is, on standard error: as Progress says it of one training."""

import sys
import time
from typing import Optional, TextIO

from ...display.duration import duration
from ...display.line import Line, write
from ...display.progress import PlainLines


class FoldsProgress:
    """Given to `cross_validated` as its progress function; `end` comes after it."""

    def __init__(self, trainings: int, stream: Optional[TextIO] = None) -> None:
        self.trainings = trainings
        self.stream = sys.stderr if stream is None else stream
        self.on_terminal = self.stream.isatty()
        self.started = time.monotonic()
        self.lines = PlainLines(self.started)
        self.line = Line(self.stream)
        if self.on_terminal and trainings:
            self.line.rewrite(self.text(0))

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        if self.on_terminal:
            self.line.rewrite(self.text(done))
        elif done < self.trainings and self.lines.are_due(now):
            write(self.stream, self.text(done) + "\n")

    def text(self, done: int) -> str:
        text = self.counted(done)
        if not done:
            return text
        left = (time.monotonic() - self.started) / done * (self.trainings - done)
        return f"{text}, about {duration(left)} left"

    def counted(self, done: int) -> str:
        return f"{done} of {self.trainings} trainings"

    def end(self) -> None:
        if self.on_terminal:
            self.line.end()


class ChoiceProgress(FoldsProgress):
    """The same of the trainings that a choice takes; how many they are shows when it begins."""

    def __init__(self, stream: Optional[TextIO] = None) -> None:
        super().__init__(0, stream)

    def __call__(self, done: int, trainings: int = 0) -> None:
        self.trainings = trainings
        super().__call__(done)

    def text(self, done: int) -> str:
        return f"choosing how to train: {super().text(done)}"
