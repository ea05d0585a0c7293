"""All commands, and the parser that finds the one that is wanted.

A command is a line in table.py and a module of its name, whose `add_parser(new_parser)` calls
new_parser(description=…) and adds options to what comes back.  Modules are loaded where their
command is among the words: all of them take a tenth of a second, which `pyref --help` need not.
"""

import sys
from argparse import Namespace
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Optional, Sequence

from .. import __version__
from .help.parser import CommandParser
from .saying import answer, command
from .table import SUMMARIES, TOPICS
from .terminal import columns


def command_parser(words: Sequence[str]) -> CommandParser:
    """A parser for these words: of the commands that are not among them it knows the names."""
    parser = CommandParser(
        prog=command(),
        description="Train small neural networks: the same bits everywhere.",
        epilog="Every command explains itself: pyref train --help",
    )
    parser.add_argument("--version", action="version", version=f"pyref {__version__}")

    def show_help(options: Namespace) -> int:
        parser.print_help()
        return 0

    parser.set_defaults(run=show_help)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, summary in SUMMARIES.items():
        new_parser = partial(commands.add_parser, name, help=summary)
        if name in words:
            module_of(name).add_parser(new_parser)
        else:
            new_parser()
    asked = commands.add_parser(
        "help", help="what a command does, and all its options; help defaults: what each default "
        "is for; help symbols: what textbooks call what",
    )
    topics = (*commands.choices, *TOPICS)
    asked.add_argument("command", nargs="?", metavar="COMMAND", choices=topics)
    asked.set_defaults(run=lambda options: helped(options.command, parser))
    return parser


def helped(asked: Optional[str], parser: CommandParser) -> int:
    if asked in TOPICS:
        # Here, as defaults needs to know all that may be chosen.
        topic = import_module(f"{__package__}.help.{asked}")
        answer(topic.in_words(columns(sys.stdout)))
        return 0
    parser.parse_args([asked or "--help", "--help"])  # exits
    return 0


def module_of(name: str) -> ModuleType:
    return import_module(f"{__package__}.{name.replace('-', '_')}")
