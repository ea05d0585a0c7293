"""pyref show: what is in a model file, in words."""

from argparse import Namespace

from ..options.output import add_json_option
from .reports.model import model_in_words, model_object
from .reports.words import titled
from .saying import answer, answer_object
from ..work.files import model_in
from .help.parser import NewParser

DESCRIPTION = """\
Describe a model: its layers, classes or labels, scaling and digest, and how it was made: the data,
the optimizer, all that was asked for, what was then done, and whether it can be repeated."""

OBJECT = """\
With --json: model, parameters, sizes, layers (each with inputs, units, activation, biases and
parameters), task, class_names, input_names, target_names, input_scaling and target_scaling (means
and deviations), loss, recipe (as in the file), repeatable, why_not (null), and digest, of the
weights."""


def add_parser(new_parser: NewParser) -> None:
    parser = new_parser(description=DESCRIPTION, epilog=OBJECT)
    parser.set_defaults(run=run)
    parser.add_argument("model", metavar="MODEL", help="file that pyref train wrote")
    add_json_option(parser)


def run(options: Namespace) -> int:
    network = model_in(options.model)
    lines = list(model_in_words(network, options.model))
    if options.json:
        answer_object(model_object(network, options.model))
        return 0
    answer(titled(title, text) for title, text in lines)  # what is wrong with it was said before
    return 0
