"""pyref evaluate: how good a model is on the rows of a table."""

from ..tables.examples import to_judge
from .options.groups import add_header_option, add_unknown_option, source_of
from .reports.judgement import summary, table
from .reports.training import notes
from .reports.words import amount, titled, titled_once
from .saying import answer
from .work.files import model_in
from .work.judging import judge
from .work.model_data import expected

DESCRIPTION = """\
Compare a model's answers with the targets in a table: the loss, and for classes the part of right
answers and the confusion matrix, for labels the part that is right of rows, of labels and of each
label, for a regression the error in the target's own unit.

With a header, columns are found by their names, in any order, and others are not used; without,
they stand as in training.

Exit code 0, however good the model is.  2: an error, which is told."""


def add_parser(commands) -> None:
    parser = commands.add_parser(
        "evaluate", help="how good a model is on a table", description=DESCRIPTION
    )
    parser.set_defaults(run=run)
    parser.add_argument("model", metavar="MODEL", help="file that pyref train wrote")
    parser.add_argument("data", metavar="DATA", help="a table: file, - or a built-in data set")
    add_header_option(parser)
    add_unknown_option(parser)


def run(options) -> int:
    network = model_in(options.model)
    examples = to_judge(source_of(options), expected(network), options.unknown)
    judged = judge(network, examples.inputs, examples.targets, "auto")
    answer([
        titled("data", f"{examples.name}: {amount(examples.rows, 'row')}"),
        *notes(examples.notes),
        *titled_once("result", summary(network, judged)),
        *table(network, judged, "rows"),
    ])
    return 0
