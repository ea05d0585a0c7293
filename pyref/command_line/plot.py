"""pyref plot: pictures of a model, of its training, and of its answers to the rows of a table."""

import os
from argparse import Namespace
from typing import Any, Dict, List, Optional, Tuple

from ..files.atomic import write_bytes, write_text
from ..guessing import closest, did_you_mean
from ..network import Network
from ..options.groups import add_header_option, add_unknown_option, source_of
from ..options.output import add_json_option, add_quiet_option
from ..options.values import file_name
from ..pictures.answers import Answers
from ..pictures.chart import Picture
from ..pictures.of_network import OF_ANSWERS, PICTURES, fitting
from ..tables.examples import to_judge
from ..work.files import check_output, model_in
from ..work.model_data import expected, learned_in_words
from .help.parser import NewParser
from .reports.progress import saying_while
from .reports.training import notes
from .reports.words import titled_once
from .saying import report, report_object

ENDINGS = (".svg", ".png", ".pdf")
DESCRIPTION = f"""\
Draw a model, its training and its answers, for a report.

  pyref plot MODEL                         what is in the model alone
  pyref plot MODEL DATA                    and its answers to these rows
  pyref plot MODEL DATA -o report.pdf --only confusion,calibration

The pictures, of which those are drawn that there can be of the model:
  curves        the losses from epoch to epoch, and the best epoch
  confusion     which classes are taken for which; what becomes of labels
  calibration   are 70 % of the rows so that were given 0.7?
  residuals     target − answer, over the answers of a regression
  regions       of two inputs: what is answered all over them
  weights       of each layer, as cells of colours
  network       its units, and the weights as lines
confusion, calibration and residuals need DATA; regions show the rows of DATA.  The best epoch is
that with the lowest validation loss.

Each is a file of its own, named like the model: iris.model.json gives iris.curves.svg.  The ending
of OUT decides what they are: {', '.join(ENDINGS)}.  SVG needs nothing; PNG and PDF are drawn by
matplotlib: pip install matplotlib.  One picture alone (--only) is OUT itself.

Colours can be told apart by the colour-blind, and on grey paper."""

OBJECT = """\
With --json: model and data (null without), their names; notes, a list of texts; pictures, each with
picture, its name, and file."""


def add_parser(new_parser: NewParser) -> None:
    parser = new_parser(
        usage="pyref plot MODEL [DATA] [options]", description=DESCRIPTION, epilog=OBJECT
    )
    parser.set_defaults(run=run)
    parser.add_argument("model", metavar="MODEL", help="file that pyref train wrote")
    parser.add_argument(
        "data", metavar="DATA", nargs="?", help="a table: file, - or a built-in data set"
    )
    parser.add_argument(
        "--only", metavar="NAMES", help="which pictures, with commas between them: "
        f"{', '.join(PICTURES)} (default: all that there can be)",
    )
    parser.add_argument(
        "-o", "--output", type=file_name, metavar="OUT",
        help=f"file for the picture, whose ending is one of {', '.join(ENDINGS)}; of several, the "
        "name of each goes before the ending (default: named like the model, .svg)",
    )
    add_header_option(parser)
    add_unknown_option(parser)
    add_json_option(parser)
    add_quiet_option(parser, "print nothing but errors")


def run(options: Namespace) -> int:
    wanted = names_in(options.only)
    stem, ending = place_of(options.model, options.output)
    network = model_in(options.model)
    answers: Optional[Answers] = None
    found: List[str] = []
    if options.data is not None:
        answers, found = answers_from(options, network)
    elif set(wanted or ()) & set(OF_ANSWERS):
        needing = next(name for name in wanted or () if name in OF_ANSWERS)
        raise ValueError(
            f"{needing} is of a model's answers to a table: pyref plot {options.model} DATA"
        )
    with saying_while("drawing", options.model, options.quiet):
        pictures, why_not = drawn(options.model, network, answers, wanted)
        found += why_not
        paths = {name: f"{stem}.{name}{ending}" for name in pictures}
        if options.output and len(wanted or ()) == 1:
            paths = {name: options.output for name in pictures}
        replaced = {name for name, path in paths.items() if os.path.lexists(path)}
        for path in paths.values():
            check_output("-o", path, options.model, options.data)
        files = {name: content_of(picture, ending) for name, picture in pictures.items()}
    for name, content in files.items():
        if isinstance(content, str):
            write_text(paths[name], content)
        else:
            write_bytes(paths[name], content)
    if options.json:
        report_object({
            "model": options.model, "data": options.data, "notes": found,
            "pictures": [{"picture": name, "file": path} for name, path in paths.items()],
        })
    elif not options.quiet:
        written = [path + " (replaced)" * (name in replaced) for name, path in paths.items()]
        report([*notes(found), *titled_once("pictures", written)])
    return 0


def names_in(text: Optional[str]) -> Optional[List[str]]:
    """Those of --only, each once."""
    if text is None:
        return None
    names = [name.strip().lower() for name in text.split(",")]
    for name in names:
        if name not in PICTURES:
            raise ValueError(
                f"--only: {name!r:.40} is no picture; there are {', '.join(PICTURES)}"
                f"{did_you_mean(closest(name, PICTURES))}"
            )
    return list(dict.fromkeys(names))


def place_of(model: str, output: Optional[str]) -> Tuple[str, str]:
    """The beginning of the files' names, and their ending.

    >>> place_of("iris.model.json", None), place_of("iris.model.json", "my/report.PDF")
    (('iris', '.svg'), ('my/report', '.pdf'))
    """
    if output is None:
        for ending in (".model.json", ".json"):
            if model.endswith(ending) and os.path.basename(model) != ending:
                return model[: -len(ending)], ENDINGS[0]
        return model, ENDINGS[0]
    stem, ending = os.path.splitext(output)
    if ending.lower() not in ENDINGS:
        raise ValueError(
            f"-o {output}: the ending decides what is drawn, and {ending or 'none'!r} is not one "
            f"of {', '.join(ENDINGS)}"
        )
    return stem, ending.lower()


def answers_from(options: Namespace, network: Network) -> Tuple[Answers, List[str]]:
    """Those to the rows of the table, and what has to be said of it."""
    with saying_while("reading", options.data, options.quiet):
        examples = to_judge(source_of(options), expected(network), options.unknown)
        inputs, targets = examples.inputs, examples.targets
    with saying_while("answering", options.data, options.quiet):
        found = [*learned_in_words(network, examples), *examples.notes]
        return Answers(inputs, network.predict(inputs), targets), found


def drawn(
    model: str, network: Network, answers: Optional[Answers], wanted: Optional[List[str]]
) -> Tuple[Dict[str, Picture], List[str]]:
    if wanted is None:
        return fitting(network, answers)
    try:
        return {name: PICTURES[name](network, answers) for name in wanted}, []
    except ValueError as error:
        raise ValueError(f"{model}: {error}") from None


def content_of(picture: Picture, ending: str) -> Any:
    if ending == ".svg":
        from ..pictures.svg import svg

        return svg(picture)
    from ..pictures.figure import file_of

    return file_of(picture, ending[1:])
