"""pyref show: what is in a model file, in words."""

import sys
from argparse import Namespace
from typing import Any, Dict

from ..options.output import add_json_option
from ..network import Network
from ..pictures.character_map import Maps, in_characters, maps_of
from .reports.model import model_in_words, model_object
from .reports.words import titled
from .saying import answer, answer_object
from .terminal import columns
from ..work.files import model_in
from .help.parser import NewParser

DESCRIPTION = """\
Describe a model: its layers, classes or labels, scaling and digest, and how it was made: the data,
the optimizer, all that was asked for, what was then done, and whether it can be repeated.

With --map, of a model with two inputs, its answers to pairs of them are drawn in characters, as far
around the means as most rows lie.  pyref plot draws them, and more, as pictures."""

OBJECT = """\
With --json: model, parameters, sizes, layers (each with inputs, units, activation, biases and
parameters), task, class_names, input_names, target_names, input_scaling and target_scaling (means
and deviations), loss, recipe (as in the file), repeatable, why_not (null), digest, of the
weights, and map (null without --map), with names (of the inputs), across and up (from where to
where), and maps, each with of_what, classes and answers (a list for each line, the highest
first)."""


def add_parser(new_parser: NewParser) -> None:
    parser = new_parser(description=DESCRIPTION, epilog=OBJECT)
    parser.set_defaults(run=run)
    parser.add_argument("model", metavar="MODEL", help="file that pyref train wrote")
    parser.add_argument(
        "--map", action="store_true",
        help="draw what is answered to pairs of inputs, of which the model has two, in characters",
    )
    add_json_option(parser)


def run(options: Namespace) -> int:
    network = model_in(options.model)
    lines = list(model_in_words(network, options.model))
    maps = drawn(network, options.model) if options.map else None
    if options.json:
        answer_object({**model_object(network, options.model), "map": maps and map_object(maps)})
        return 0
    answer(titled(title, text) for title, text in lines)  # what is wrong with it was said before
    if maps is not None:
        answer(in_characters(maps))
    return 0


def drawn(network: Network, model: str) -> Maps:
    try:
        return maps_of(network, columns(sys.stdout))
    except ValueError as error:
        raise ValueError(f"{model}: --map: {error}") from None


def map_object(maps: Maps) -> Dict[str, Any]:
    return {**maps._asdict(), "maps": [each._asdict() for each in maps.maps]}
