"""Long texts on a terminal, a screen at a time: by $PAGER, or less, or more, as man does."""

import os
import signal
import subprocess
import sys
from typing import Optional

from . import terminal
from .saying import answer_text


def pager() -> Optional[str]:
    """The command for the shell; None: the text goes out as it is."""
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        return None
    said = os.environ.get("PAGER")
    if said is not None:
        return said if said.strip() not in ("", "cat") else None
    try:
        from shutil import which
    except ImportError:  # the smallest Pythons cannot look
        return None
    return next((name for name in ("less", "more") if which(name)), None)


def has_colours(command: Optional[str]) -> bool:
    """Of pagers, less is known to pass colours on (-R below)."""
    return terminal.has_colours(sys.stdout) and (command is None or "less" in command)


def show(text: str, command: Optional[str]) -> None:
    """Through the pager, or where there is none to standard output.  LESS, unless it is set, has
    what git gives it: F no pager for what fits on a screen, R colours, X the text stays.  Ctrl-C is
    the pager's to answer."""
    if command is None:
        answer_text(text)
        return
    environment = {"LESS": "FRX", **os.environ}
    encoding = sys.stdout.encoding or "utf-8"
    reader = subprocess.Popen(command, shell=True, stdin=subprocess.PIPE, env=environment)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        reader.communicate(text.encode(encoding, "backslashreplace"))
    except BrokenPipeError:
        reader.wait()  # who has read enough leaves
    finally:
        signal.signal(signal.SIGINT, before)
    if reader.returncode in (126, 127):  # the shell's: there is no such command
        answer_text(text)
