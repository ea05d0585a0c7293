"""pyref show: what is in a model file, in words."""

from .reports.model import model_in_words
from .reports.words import titled
from .saying import answer
from .work.files import model_in

DESCRIPTION = """\
Describe a model: its layers, classes or labels, scaling and digest, and how it was made: the data,
the optimizer, all that was asked for, what was then done, and whether it can be repeated."""


def add_parser(commands) -> None:
    parser = commands.add_parser(
        "show",
        help="what is in a model file",
        description=DESCRIPTION,
    )
    parser.set_defaults(run=run)
    parser.add_argument("model", metavar="MODEL", help="file that pyref train wrote")


def run(options) -> int:
    lines = list(model_in_words(model_in(options.model), options.model))
    answer(titled(title, text) for title, text in lines)  # what is wrong with it was said before
    return 0
