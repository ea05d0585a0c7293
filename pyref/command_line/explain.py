"""pyref explain: one training step with every number, and the functions that computed them."""

import sys
from argparse import Namespace
from typing import Iterator, Optional, Tuple

from ..files.atomic import write_text
from ..options.groups import add_header_option, add_unknown_option, source_of
from ..options.output import add_json_option, add_quiet_option
from ..options.values import count, file_name, row_numbers
from ..reference.batch import Examples
from ..reference.run import Run
from ..tables.examples import to_judge
from ..tracing.of_example import MAZUR, example
from ..tracing.of_model import on_rows, trainer_of
from ..tracing.region import Region, answers
from ..tracing.trace import Trace, next_step
from ..work.files import check_output
from ..work.model_data import expected
from .help.parser import NewParser
from .reports.progress import saying_while
from .reports.trace import Origin, trace_in_words, trace_object
from .reports.words import amount, titled
from .saying import answer, answer_object, report, report_object
from .terminal import columns

DESCRIPTION = """\
Show one training step with every number: the way forward, the loss, the way back, and the new
weights, in the order in which the reference computes them, each with the function that did and the
file of pyref/reference/ that it stands in.

  pyref explain                          a published example, to be checked with pen and paper
  pyref explain MODEL DATA --row 3       the next step of a model, with this row alone
  pyref explain MODEL DATA --row 3,7-9   with these rows as one batch: what they add up to
  pyref explain --html page.html         a page that replays several such steps in a browser

The settings are those of the model's last training; its file stays as it is.  With a run file in
place of MODEL, what its optimizer remembers is there, too.  Of layers of more than 8 units, and of
batches of more than 8 rows, the first 3 are shown.  Numbers are shown to 9 digits; --json has every
bit."""

OBJECT = """\
With --json: model, data and rows (null for the example), input_names, notes (a list of texts),
sizes, activations, precision, loss, optimizer (with its settings), epoch (how many were finished),
inputs, targets and weights (of each row, as the layers get them), lists (of parameters: the layer,
from 0, and the name of each), before and after (their numbers), loss_before and loss_after (of the
rows, without dropout and smoothing), and calls, in the order in which they returned.  Each call has
kind, function, file (in pyref/reference), line, layer (from 0, or null), row (in the batch, from 0;
null if it is of all), given (what it took) and found (what it gave, or left).  With --html: html,
the name of the file, and epochs."""

EPOCHS = 10  # of a page
MOST_EPOCHS = 10_000  # of the smallest network, 100 MB, which a browser has to hold


def add_parser(new_parser: NewParser) -> None:
    parser = new_parser(
        usage="pyref explain [MODEL DATA] [options]", description=DESCRIPTION, epilog=OBJECT
    )
    parser.set_defaults(run=run)
    parser.add_argument(
        "model", metavar="MODEL", nargs="?", help="file that pyref train wrote, or a run file"
    )
    parser.add_argument(
        "data", metavar="DATA", nargs="?", help="a table: file, - or a built-in data set"
    )
    parser.add_argument(
        "--row", type=row_numbers, metavar="N",
        help="which of its rows, from 1; several, as in 3,7-9, are one batch (default: 1)",
    )
    parser.add_argument(
        "--html", type=file_name, metavar="FILE",
        help="write a page instead, which replays the next epochs in any browser",
    )
    parser.add_argument(
        "--epochs", type=count, metavar="N", help=f"how many the page replays (default: {EPOCHS})"
    )
    add_header_option(parser)
    add_unknown_option(parser)
    add_json_option(parser)
    add_quiet_option(parser, "print nothing but the step and errors: no notes")


def run(options: Namespace) -> int:
    if options.epochs is not None and options.html is None:
        raise ValueError("--epochs is how many a page replays: explain --html FILE --epochs N")
    if options.epochs is not None and options.epochs > MOST_EPOCHS:
        raise ValueError(f"--epochs: {options.epochs:,}: a page replays at most {MOST_EPOCHS:,}")
    if options.html is not None:
        check_output("--html", options.html, options.model, options.data)
    if options.model is None:
        if options.row is not None:
            raise ValueError("--row is that of DATA: pyref explain MODEL DATA --row N")
        origin, step = Origin(None, None, None, None, [MAZUR]), example()
    else:
        origin, step = from_model(options)
    if options.html is not None:
        return write_page(options, origin, step)
    trace = next_step(*step)
    if options.json:
        answer_object(trace_object(trace, origin))
    else:
        notes = [] if options.quiet else origin.notes
        answer(trace_in_words(trace, origin._replace(notes=notes), columns(sys.stdout)))
    return 0


def write_page(options: Namespace, origin: Origin, step: Tuple[Run, Examples]) -> int:
    from .page.document import page  # in HTML and JSON, which the smallest Pythons lack

    epochs = options.epochs or EPOCHS
    region = region_for(*step)
    with saying_while("drawing", options.html, options.quiet):
        write_text(options.html, page(next_steps(epochs, region, *step), origin, region))
    if options.json:
        report_object({"html": options.html, "epochs": epochs})
    elif not options.quiet:
        report([titled("page", f"{options.html}: {amount(epochs, 'epoch')}, for a browser")])
    return 0


def next_steps(
    epochs: int, region: Optional[Region], run: Run, examples: Examples
) -> Iterator[Trace]:
    """And what the network answers after each of them."""
    for _ in range(epochs):
        trace = next_step(run, examples)
        if region is not None:
            region.answers.append(answers(run.layers, region.low, region.high))
        yield trace


def region_for(run: Run, examples: Examples) -> Optional[Region]:
    """Where the rows lie, and usual inputs: from 0 to 1, or scaled to a deviation of 1."""
    if len(examples.inputs[0]) != 2:
        return None
    inputs = [value for row in examples.inputs for value in row]
    low, high = min(-0.5, *inputs), max(1.5, *inputs)
    if low < -0.5 or high > 1.5:
        low, high = min(-2.5, low), max(2.5, high)
    return Region(low, high, [answers(run.layers, low, high)])


def from_model(options: Namespace) -> Tuple[Origin, Tuple[Run, Examples]]:
    if options.data is None:
        raise ValueError(
            f"explain {options.model}: a table is needed, too: pyref explain MODEL DATA"
        )
    trainer, notes = trainer_of(options.model)
    network, rows = trainer.network, options.row or [1]
    with saying_while("reading", options.data, quiet=options.quiet):
        table = to_judge(source_of(options), expected(network), options.unknown)
        step = on_rows(trainer, table, rows)
    notes = [*table.notes, *notes]
    return Origin(options.model, table.name, rows, table.input_names, notes), step
