"""pyref evaluate: how good a model is on the rows of a table."""

import sys
from argparse import Namespace

from ..tables.examples import to_judge
from ..options.groups import add_header_option, add_unknown_option, source_of
from ..options.output import add_json_option, add_quiet_option
from .reports.judgement import compared, summary, table
from .reports.objects import JUDGEMENT, constant_object, judgement_object
from .reports.progress import saying_while
from .reports.training import notes
from .reports.words import amount, titled, titled_once
from .saying import answer, answer_object
from .terminal import columns
from ..work.baselines import constant_answer
from ..work.files import model_in
from ..work.judging import judge
from ..work.model_data import expected, learned_in_words, rows_learned
from .help.parser import NewParser

DESCRIPTION = """\
Compare a model's answers with the targets in a table: the loss, and for classes the part of right
answers and the confusion matrix, for labels the part that is right of rows, of labels and of each
label, for a regression the error in the target's own unit.  Beside it stands how good it would be
always to answer the most frequent class, or the mean, of these rows.

Of a class (or label): recall is the part of its rows that was found, precision the part of what was
taken for it that is right.  Balanced accuracy is the mean of the recalls, which counts rare classes
as much as frequent ones.  The area under the ROC curve is how likely a row of the second class gets
a higher probability than one of the first.  R² is the part of the variance that is explained.

With a header, columns are found by their names, in any order, and others are not used; without,
they stand as in training.  Where the model learned from these very rows, a note says so.

Exit code 0, however good the model is.  2: an error, which is told."""

OBJECT = f"""\
With --json: model and data, their names; learned_from, of how many of these rows it is known that
the model learned from them, or null; notes, a list of texts; result, a judgement; constant, the
judgement of always giving the same answer, with that answer.

{JUDGEMENT}"""


def add_parser(new_parser: NewParser) -> None:
    parser = new_parser(description=DESCRIPTION, epilog=OBJECT)
    parser.set_defaults(run=run)
    parser.add_argument("model", metavar="MODEL", help="file that pyref train wrote")
    parser.add_argument("data", metavar="DATA", help="a table: file, - or a built-in data set")
    add_header_option(parser)
    add_unknown_option(parser)
    add_json_option(parser)
    add_quiet_option(parser, "print nothing but the result and errors: no notes on the data")


def run(options: Namespace) -> int:
    network = model_in(options.model)
    with saying_while("reading", options.data, quiet=options.quiet):
        examples = to_judge(source_of(options), expected(network), options.unknown)
        rows = examples.inputs, examples.targets
    with saying_while("judging", options.data, quiet=options.quiet):
        judged = judge(network, *rows, "auto")
        constant = constant_answer(network, rows, rows)
    if options.json:
        answer_object({
            "model": options.model,
            "data": examples.name,
            "learned_from": rows_learned(network, examples),
            "notes": examples.notes,
            "result": judgement_object(network, judged),
            "constant": constant_object(network, *constant),
        })
        return 0
    known = [] if options.quiet else [*learned_in_words(network, examples), *examples.notes]
    answer([
        titled("data", f"{examples.name}: {amount(examples.rows, 'row')}"),
        *notes(known),
        *titled_once("result", summary(network, judged)),
        titled("to compare", compared(network, *constant, None)),
        *table(network, judged, "rows", columns(sys.stdout)),
    ])
    return 0
