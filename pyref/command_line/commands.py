"""All commands, and the parser that finds the one that is wanted."""

from .. import __version__
from . import (
    bench, check_gradient, compare, completion, cross_validate, evaluate, info, predict, selftest,
    show, train, tutorial, verify,
)
from .help.parser import Parser

COMMANDS = (
    train, cross_validate, compare, predict, evaluate, show, check_gradient, verify, selftest,
    bench, info, tutorial, completion,
)


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
    asked = commands.add_parser("help", help="what a command does, and all its options")
    asked.add_argument("command", nargs="?", metavar="COMMAND", choices=tuple(commands.choices))
    asked.set_defaults(run=lambda options: parser.parse_args(
        [options.command or "--help", "--help"]
    ))
    return parser
