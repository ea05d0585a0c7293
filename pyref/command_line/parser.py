"""The parser of the whole command."""

import argparse
import difflib
from typing import NoReturn

from .. import __version__
from . import (
    bench, check_gradient, evaluate, info, predict, selftest, show, train, tutorial, verify
)
from .help_text import HelpFormatter

COMMANDS = (
    train, predict, evaluate, show, check_gradient, verify, selftest, bench, info, tutorial
)


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose errors are ValueErrors, and which takes no half names of options."""

    def __init__(self, **settings) -> None:
        super().__init__(allow_abbrev=False, formatter_class=HelpFormatter, **settings)

    def parse_known_args(self, args=None, namespace=None):
        """Refuses what is unknown here, where the command is known whose help explains."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}{self.meant(unknown[0])}")
        return found, unknown

    def meant(self, unknown: str) -> str:
        known = difflib.get_close_matches(unknown.split("=")[0], self._option_string_actions, 1)
        return f"; did you mean {known[0]}?" if known else ""

    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{message} ({self.prog} --help explains)")


def command_parser() -> Parser:
    parser = Parser(
        prog="pyref",
        description="Train small neural networks: the same bits everywhere.",
        epilog="Every command explains itself: pyref train --help",
    )
    parser.add_argument("--version", action="version", version=f"pyref {__version__}")
    parser.set_defaults(run=lambda options: parser.print_help() or 0)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in COMMANDS:
        command.add_parser(commands)
    return parser
