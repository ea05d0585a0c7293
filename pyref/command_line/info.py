"""pyref info: what is installed here."""

import os
import platform

from .. import SPECIFICATION, __version__
from ..tables.sources import BUILT_IN
from ..engine import backend as engines
from .words import ENGINES, titled


def add_parser(commands) -> None:
    parser = commands.add_parser(
        "info",
        help="version, engine, platform",
        description="Say what is installed here, and which engine trains.",
    )
    parser.set_defaults(run=run)


def engine() -> str:
    """In words; what is wrong with it is what this command is asked for, and no error."""
    wish = os.environ.get("PYREF_BACKEND", "")
    why = f" (PYREF_BACKEND is {wish})" if wish else ""
    try:
        return ENGINES[engines.choose("auto")] + why
    except ImportError:
        return f"none: C was asked for and is missing{why}"
    except ValueError as error:
        return f"none: {error}"


def run(options) -> int:
    print(titled("pyref", f"{__version__}, numerical specification {SPECIFICATION}"))
    print(titled("folder", os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    print(titled("engine", engine()))
    if engines.kernel_missing is not None:
        print(titled("", f"no C engine: {engines.kernel_missing}"))
        print(titled("", engines.HOW_TO_GET_C))
    print(titled("python", f"{platform.python_implementation()} {platform.python_version()}"))
    print(titled("platform", f"{platform.platform()}, {platform.machine()}"))
    print(titled("data sets", ", ".join(BUILT_IN)))
    return 0
