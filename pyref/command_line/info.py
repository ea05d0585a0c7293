"""pyref info: what is installed here."""

import os
import platform
from typing import Iterator, Tuple

from .. import SPECIFICATION, __version__
from ..tables.sources import BUILT_IN
from ..engine import backend as engines
from .reports.words import ENGINES, titled
from .saying import answer


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
    answer(titled(title, text) for title, text in installation())
    return 0


def installation() -> Iterator[Tuple[str, str]]:
    yield "pyref", f"{__version__}, numerical specification {SPECIFICATION}"
    yield "folder", os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    yield "engine", engine()
    if engines.kernel_missing is not None:
        yield "", f"no C engine: {engines.kernel_missing}"
        yield "", engines.HOW_TO_GET_C
    yield "python", f"{platform.python_implementation()} {platform.python_version()}"
    yield "platform", f"{platform.platform()}, {platform.machine()}"
    yield "data sets", ", ".join(BUILT_IN)
