"""The parser of the whole command."""

import argparse
from typing import NoReturn

from .. import __version__
from . import (
    bench, check_gradient, evaluate, info, predict, selftest, show, train, tutorial, verify
)

COMMANDS = (
    train, predict, evaluate, show, check_gradient, verify, selftest, bench, info, tutorial
)


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose errors are ValueErrors, and which takes no half names of options."""

    def __init__(self, **settings) -> None:
        super().__init__(
            allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **settings
        )

    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{message} ({self.prog} --help explains)")


def command_parser() -> Parser:
    parser = Parser(
        prog="pyref",
        description="Train small neural networks: the same bits everywhere.",
        epilog="Every command explains itself: pyref train --help",
    )
    parser.add_argument("--version", action="version", version=f"pyref {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_parser(commands)
    return parser
