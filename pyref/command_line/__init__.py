"""The `pyref` command: one module for each of its commands, and what they share.

What goes wrong is said in one line on standard error, with exit code 2.  Ctrl-C exits with 130.
"""

import os
import sys
import warnings
from typing import Optional, Sequence


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the command that `arguments` say (those of the process by default); its exit code."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started the process
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a name that the terminal cannot show is no error
            stream.reconfigure(errors="backslashreplace")
    try:
        with warnings.catch_warnings():
            warnings.showwarning = show_warning
            from .parser import command_parser  # here, where Ctrl-C is caught: it takes a while

            options = command_parser().parse_args(arguments)
            code = options.run(options)
            sys.stdout.flush()
            return code
    except BrokenPipeError:
        forget_output()  # its reader has left, as `head` does
        return 1
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    except OSError as error:
        if error.filename is None:  # of all that is read and written, only the output has no name
            forget_output()
        say(f"error: {error.filename or 'standard output'}: {error.strerror}")
    except (ValueError, ArithmeticError, ImportError, MemoryError) as error:
        say(f"error: {str(error) or 'there is not enough memory'}")
    return 2


def forget_output() -> None:
    """What is buffered must go nowhere, or Python complains when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str) -> None:
    """One line on standard error."""
    print("pyref:", " ".join(text.split()), file=sys.stderr)


def show_warning(message, category, filename, lineno, file=None, line=None) -> None:
    say(f"warning: {message}")
