"""All that a command writes on standard output and standard error goes through here.

`answer` gives what was asked for; where it cannot be written, the command ends with an error, or
quietly where the reader has left.  `report` is on standard output too, and tells of a result that
is in a file, or will be; `say` is a line on standard error.  Where these two cannot be written,
the work goes on without them, and its exit code stays what it is.

Names come from files, which may come from anywhere.  A character that would act on a terminal, or
on the order in which its text is read, is shown as an escape such as \\x1b, in all of these lines
and wherever they go.  A table that is an answer (predict's) is escaped on a terminal only; in a
file or a pipe it is what the next program reads, exact to the last character.
"""

import os
import re
import sys
from math import isfinite
from typing import Any, Dict, Iterable, TextIO, Union

from ..display.line import write
from . import terminal
from .table import SUMMARIES

# The controls (C0, DEL, C1), ends of lines that are none for others, and what turns the direction
# of writing: https://www.unicode.org/reports/tr9/ names these.
ACTING = [*range(0x20), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F),
          *range(0x2066, 0x206A)]
ESCAPES = {code: chr(code).encode("unicode_escape").decode("ascii") for code in ACTING}
TABLE_ESCAPES = {code: text for code, text in ESCAPES.items() if chr(code) not in "\t\n"}

READER_LEFT = 141  # 128 + SIGPIPE's number: what a shell shows where that signal ends a program


def open_streams() -> None:
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started the process
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal cannot show is no error.
        reconfigure(stream, errors="backslashreplace")


def reconfigure(stream: Any, **settings: str) -> None:
    """Python's own streams can be; what others have put in their place often cannot."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(**settings)


def command() -> str:
    """What was typed to start pyref here, for lines that say what to type next."""
    started = sys.argv[0]
    if started.endswith(".pyz") or os.path.isdir(started):
        return f'python3 "{started}"' if " " in started else f"python3 {started}"
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return "python3 -m pyref" if spec and spec.name == "pyref.__main__" else "pyref"


def as_typed(text: str) -> str:
    """A text that names commands, such as `pyref train`, by what starts pyref here.  Where it says
    so already it stays; and what pyref sweep writes is a pyref sweep file, whoever started it."""
    typed = command()
    if typed == "pyref":
        return text
    names = "|".join(["--help", "help", *SUMMARIES])
    named = rf"(?<!-m )(?<!python3 )(?<![\w./-])pyref(?= (?:{names})\b(?! file))"
    return re.sub(named, lambda _: typed, text)


def answer(lines: Iterable[str]) -> None:
    """Each line as soon as it is there.  Raises OSError, without the name of a file."""
    for line in lines:
        failure = write(sys.stdout, shown(line))
        if failure is not None:
            raise failure


def answer_text(text: str) -> None:
    """A text of the command's own, as it is.  Raises OSError, without the name of a file."""
    failure = write(sys.stdout, text)
    if failure is not None:
        raise failure


def answer_object(members: Dict[str, Any]) -> None:
    """One JSON object, which is all of the answer.  Raises OSError, without the name of a file."""
    answer_text(json_text(members))


def report(lines: Iterable[str]) -> None:
    for line in lines:
        if not reported(shown(line)):
            return


def report_object(members: Dict[str, Any]) -> None:
    """One JSON object, which is all of the report."""
    reported(json_text(members))


def reported(text: str) -> bool:
    failure = write(sys.stdout, text)
    if failure is not None and not isinstance(failure, BrokenPipeError):
        say(f"warning: standard output: {failure.strerror}: the report is cut short")
    return failure is None


def shown(line: str) -> str:
    """A line of a report, as it stands on standard output."""
    coloured = terminal.has_colours(sys.stdout)
    width = terminal.columns(sys.stdout)
    return "".join(
        text + "\n" for text in terminal.laid_out(line, width, coloured, visible(line))
    )


def json_text(members: Dict[str, Any]) -> str:
    """In one line and ASCII, which every output can hold and no terminal acts on; null stands for
    infinite numbers, which JSON has not."""
    import json

    return json.dumps(plain(members), allow_nan=False) + "\n"


def plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    return value


def say(text: str) -> None:
    """What has several lines (a column in each, say) keeps them, those after the first indented.
    On a terminal, an error's first word is red, and long lines break between words."""
    text = as_typed(text.strip())
    first, *others = (visible(" ".join(line.split())) for line in text.split("\n"))
    lines = [f"pyref: {first}", *(f"  {other}" for other in others if other)]
    if sys.stderr.isatty():
        width = terminal.columns(sys.stderr)
        lines = [part for line in lines for part in terminal.folded(line, 2, 7, width)]
        if terminal.has_colours(sys.stderr) and lines[0].startswith("pyref: error:"):
            rest = lines[0][len("pyref: error:") :]
            lines[0] = f"pyref: {terminal.RED}error:{terminal.PLAIN}{rest}"
    write(sys.stderr, "\n".join(lines) + "\n")


def visible(text: str) -> str:
    r"""A line of text that does nothing to a terminal but stand there.

    >>> print(visible("a name" + chr(27) + "[2J" + chr(0x202E)))
    a name\x1b[2J\u202e
    """
    return text.translate(ESCAPES)


class TerminalTable:
    """For a table on a terminal; a csv.writer needs no more of a file."""

    def write(self, text: str) -> None:
        sys.stdout.write(text.translate(TABLE_ESCAPES))


def table_output() -> Union[TextIO, TerminalTable]:
    """Standard output, for a table that is an answer: in UTF-8, whatever the terminal has."""
    reconfigure(sys.stdout, encoding="utf-8")
    return TerminalTable() if sys.stdout.isatty() else sys.stdout


def finish() -> None:
    """Nothing stays in a buffer: what a command that failed printed before, goes out if it can."""
    for stream in (sys.stdout, sys.stderr):
        write(stream, "")
