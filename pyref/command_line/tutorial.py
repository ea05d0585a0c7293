"""pyref tutorial: the tutorials that pyref comes from, replayed."""

import argparse
from argparse import Namespace

from ..engine import backend as engines
from ..guessing import closest, did_you_mean
from ..tutorials import TUTORIALS, title
from .help.parser import CommandParser, NewParser
from .saying import answer, command


def add_parser(new_parser: NewParser) -> None:
    parser = new_parser(
        usage="pyref tutorial [NAME [ARGUMENTS]] [--backend ENGINE]",
        description="Run a tutorial; without a name, list them all.  "
        "pyref tutorial NAME --help says what a tutorial takes.",
    )
    parser.set_defaults(run=run)
    parser.add_argument("name", metavar="NAME", nargs="?", help="tutorial to run")
    parser.add_argument(
        "arguments", metavar="ARGUMENTS", nargs=argparse.REMAINDER, help="what the tutorial takes"
    )
    add_backend(parser, "auto")


def add_backend(parser: CommandParser, default: str) -> None:
    parser.add_argument(
        "--backend", choices=engines.BACKENDS, default=default,
        help="the engine: Python or C, with the same bits (default: auto, C if it is there)",
    )


def run(options: Namespace) -> int:
    if options.name is None:
        width = max(map(len, TUTORIALS))
        answer(f"{name:<{width}}  {title(name)}" for name in TUTORIALS)
        answer(["", f"{command()} tutorial NAME runs one of them."])
        return 0
    if options.name not in TUTORIALS:
        meant = did_you_mean(closest(options.name, TUTORIALS))
        raise ValueError(
            f"there is no tutorial {options.name!r}{meant or '; there are ' + ', '.join(TUTORIALS)}"
        )
    tutorial = TUTORIALS[options.name]()
    parser = CommandParser(
        prog=f"pyref tutorial {options.name}",
        usage=f"pyref tutorial {options.name} [ARGUMENTS] [--backend ENGINE]",
        description=tutorial.__doc__,
    )
    add_backend(parser, options.backend)
    found, arguments = parser.parse_some(options.arguments)
    tutorial.main(arguments, found.backend)
    return 0
