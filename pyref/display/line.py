"""A line of a terminal or a notebook that is written again and again; and how anything is written
on a stream that may be closed."""

import os
from typing import Optional, TextIO

USUAL = 80  # columns, where nothing says how many there are


def write(stream: TextIO, text: str) -> Optional[OSError]:
    """Write at once; what went wrong, and then all further text goes nowhere."""
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        forget(stream)
        return error
    return None


def forget(stream: TextIO) -> None:
    """What is buffered must go nowhere, or Python fails on it when it ends, with exit code 120."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
        stream.flush()
    except OSError:
        pass  # a stream in memory, which has no number, or no number is left


def can_rewrite(stream: TextIO) -> bool:
    """Whether it can go back to the beginning of a line: a terminal can, and so can the streams of
    a notebook, which say that they are no terminals."""
    return stream.isatty() or type(stream).__module__.partition(".")[0] == "ipykernel"


class Line:
    """A line that is written again and again, and goes away in the end."""

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
