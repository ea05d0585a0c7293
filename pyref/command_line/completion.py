"""pyref completion: a script that lets a shell complete the words of pyref."""

from argparse import Namespace
from typing import Any, Dict, List, Tuple

from ..options.parser import Parser
from .help.parser import NewParser
from .help.shells import SHELLS, commands_of
from .saying import answer_text

DESCRIPTION = """\
Print a script that lets a shell complete commands, options, their values and the names of files.

  bash    eval "$(pyref completion bash)" in ~/.bashrc
  zsh     pyref completion zsh >~/.zfunc/_pyref, with fpath+=(~/.zfunc) before compinit in ~/.zshrc
  fish    pyref completion fish >~/.config/fish/completions/pyref.fish"""


def add_parser(new_parser: NewParser) -> None:
    parser = new_parser(description=DESCRIPTION)
    parser.set_defaults(run=run)
    parser.add_argument("shell", metavar="SHELL", choices=tuple(SHELLS), help=", ".join(SHELLS))


def run(options: Namespace) -> int:
    answer_text(SHELLS[options.shell](commands_of(parsers(), names())))
    return 0


def parsers() -> Dict[str, Tuple[Parser, str]]:
    """Those of all commands, by their names, and what they do."""
    from .commands import command_parser  # which knows this command, too
    from .table import SUMMARIES

    whole: Any = command_parser(list(SUMMARIES))
    group = whole._subparsers._group_actions[0]  # argparse has no other way to them
    texts = {action.dest: action.help for action in group._choices_actions}
    return {name: (parser, texts[name]) for name, parser in group.choices.items()}


def names() -> Dict[str, List[str]]:
    """What options take that have settings, too, and the names that other words may be."""
    from ..pictures.of_network import PICTURES
    from ..reference.initializers import INITIALIZERS
    from ..reference.optimizers import OPTIMIZERS
    from ..reference.schedules import SCHEDULES
    from ..reference.stopping import RULES
    from ..tables.sources import BUILT_IN
    from ..exercises import NAMES as EXERCISES
    from ..tutorials import NAMES
    from .book.chapters import chapters

    return {
        "--optimizer": list(OPTIMIZERS), "--schedule": list(SCHEDULES), "--stop": list(RULES),
        "--initializer": list(INITIALIZERS), "--biases": list(INITIALIZERS),
        "--only": list(PICTURES), "--encoding": ["cp1252", "latin-1", "utf-8", "utf-16"],
        "DATA": list(BUILT_IN), "NAME": list(NAMES),
        "EXERCISE": list(EXERCISES),
        "CHAPTER": [chapter.name for chapter in chapters()],
    }
