"""The `pyref` command: here one module for each of its commands, which asks, does and prints by
what is in `pyref/options/`, `pyref/work/` and `reports/`; `help/` sets the help texts.

What goes wrong is said in one line on standard error, with exit code 2.  Ctrl-C exits with 130.
Where the answer's reader has left, as `head` does, the command ends quietly with 141; a result that
is written to a file does not depend on whether anybody reads what is said about it.
"""

import sys
import warnings
from typing import Optional, Sequence, TextIO, Type, Union

from ..display.line import forget
from . import saying


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the command that `arguments` say (those of the process by default); its exit code."""
    saying.open_streams()
    try:
        with warnings.catch_warnings():
            warnings.showwarning = show_warning
            from .commands import command_parser  # here, where Ctrl-C is caught: it takes a while

            words = sys.argv[1:] if arguments is None else arguments
            options = command_parser(words).parse_args(words)
            code: int = options.run(options)
            sys.stdout.flush()
            return code
    except BrokenPipeError:
        forget(sys.stdout)
        return saying.READER_LEFT
    except KeyboardInterrupt as interrupt:
        saying.say(": ".join(["interrupted", *map(str, interrupt.args)]))
        return 130
    except OSError as error:
        if error.filename is None:  # of all that is read and written, only the output has no name
            forget(sys.stdout)
        saying.say(f"error: {error.filename or 'standard output'}: {error.strerror}")
    except ModuleNotFoundError as error:
        saying.say(f"error: {without(error)}")
    except (ValueError, ArithmeticError, ImportError, MemoryError) as error:
        saying.say(f"error: {str(error) or 'there is not enough memory'}")
    finally:
        saying.finish()
    return 2


def without(error: ModuleNotFoundError) -> str:
    """What is missing is a part of Python; what is optional is named where it is tried."""
    module = (error.name or "").partition(".")[0]
    if module not in getattr(sys, "stdlib_module_names", [module]):  # since Python 3.10
        return str(error)
    return (
        f"this Python lacks the module {module.lstrip('_')} of its standard library, which this "
        "command needs: the package python3 of Debian, Ubuntu, Alpine and OpenWrt has all of it"
    )


def show_warning(
    message: Union[Warning, str], category: Type[Warning], filename: str, lineno: int,
    file: Optional[TextIO] = None, line: Optional[str] = None,
) -> None:
    saying.say(f"warning: {message}")
