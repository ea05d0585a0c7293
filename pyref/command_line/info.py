"""pyref info: what is installed here."""

import os
import platform
from argparse import Namespace
from typing import Any, Dict, Iterator, Tuple

from .. import SPECIFICATION, __version__, own_files
from ..tables.sources import BUILT_IN
from ..engine import backend as engines
from ..options.output import add_json_option
from .help.parser import NewParser
from .reports.words import ENGINES, titled
from .saying import answer, answer_object


def add_parser(new_parser: NewParser) -> None:
    parser = new_parser(
        description="Say what is installed here, and which engine trains.",
        epilog="With --json: pyref, specification, folder (or the archive that pyref is), engine "
        "(null: none can be had), engine_in_words, kernel_missing (why there is no C engine, or "
        "null), python, platform, data_sets.",
    )
    parser.set_defaults(run=run)
    add_json_option(parser)


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


def run(options: Namespace) -> int:
    found = installation()
    if options.json:
        answer_object(found)
    else:
        answer(titled(title, text) for title, text in in_words(found))
    return 0


def installation() -> Dict[str, Any]:
    try:
        chosen = engines.choose("auto")
    except (ImportError, ValueError):
        chosen = None
    return {
        "pyref": __version__,
        "specification": SPECIFICATION,
        "folder": own_files.ARCHIVE or own_files.FOLDER,
        "engine": chosen,
        "engine_in_words": engine(),
        "kernel_missing": engines.kernel_missing,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": f"{platform.platform()}, {platform.machine()}",
        "data_sets": list(BUILT_IN),
    }


def in_words(found: Dict[str, Any]) -> Iterator[Tuple[str, str]]:
    yield "pyref", f"{found['pyref']}, numerical specification {found['specification']}"
    yield "file" if own_files.ARCHIVE else "folder", found["folder"]
    yield "engine", found["engine_in_words"]
    if found["kernel_missing"] is not None:
        yield "", f"no C engine: {found['kernel_missing']}"
        yield "", engines.HOW_TO_GET_C
    yield "python", found["python"]
    yield "platform", found["platform"]
    yield "data sets", ", ".join(found["data_sets"])
