"""pyref cross-validate: how good a recipe is on rows that it has not seen."""

from argparse import Namespace
from typing import Any, Dict, List, Sequence

from ..arguments.machine import processors
from ..engine import backend as engines
from ..tables.examples import read_table
from ..options import defaults
from ..options.groups import (
    add_data_options, add_folds_options, add_recipe_options, source_of, table_options,
)
from .reports.cross_validation import folds_table, plan, verdict
from .reports.folds_progress import FoldsProgress
from .reports.training import notes
from .saying import answer, answer_object
from ..work.cross_validation import (
    FoldResult, Folds, cross_validated, dealt_out, rare_classes, summed_up,
)
from ..work.crews import usual_crew
from ..work.from_options import given, option_names
from .help.parser import NewParser

DESCRIPTION = """\
Follow a recipe several times, each time without some of the rows, and judge it by these.

  pyref cross-validate iris
  pyref cross-validate houses.csv --target price --folds 10 --hidden 32,32
  pyref cross-validate iris --folds 5 --repeats 4 --optimizer sgd

The rows are dealt out into folds, those of each class evenly.  For each fold, all that pyref train
does is done with the rows of the others, as if the table had no more: columns are prepared and
scaled by them, and a part of them validates.  Then the rows of the fold are the test.

For each fold stand the epochs trained, and how good the network is: for classes and labels the
part of rows that are right (in all labels), for a regression R² and the root mean squared error;
the loss, which is that of scaled targets; and R², or the part that is right, of the answer that is
always the same and of a linear model.  The deviation is that from fold to fold.

DATA and the options are those of pyref train.  No model is written.

Exit code 0: all folds were trained.  1: a training diverged.  2: an error, which is told.
130: Ctrl-C."""

RESULT = """\
A result has repeat and fold (from 1), learning_rows and rows (those of the other folds, and of the
fold), epochs and kept (the one whose weights were), and, by the rows of the fold, loss, score (the
part that is right, for labels in all of them; R² of a regression), error (the root mean squared one
of a regression of one target); constant and linear, the scores of what to compare with; diverged,
the error, or null."""

OBJECT = f"""\
With --json: data, rows, task, folds, repeats, seed, engine, notes (a list of texts), results, and
score, loss, error, constant and linear: mean and deviation over all results, or null where one has
none.

{RESULT}"""

EPILOG = f"The names that options take stand at the end of: pyref train --help\n\n{OBJECT}"


def add_parser(new_parser: NewParser) -> None:
    parser = new_parser(
        usage="pyref cross-validate DATA [options]",
        description=DESCRIPTION,
        epilog=EPILOG,
    )
    parser.set_defaults(run=run)
    add_data_options(parser)
    add_recipe_options(parser)
    add_folds_options(parser)


def run(options: Namespace) -> int:
    made = folds_of(options)
    (results,) = trained(made, [options], options)
    if options.json:
        summary = summed_up(results)._asdict()
        del summary["folds"]
        answer_object({
            **object_of(made, options), "results": [result._asdict() for result in results],
            **{name: None if found is None else found._asdict()
               for name, found in summary.items()},
        })
    else:
        answer([*folds_table(made, results), "", *verdict(made, results)])
    return 1 if any(result.diverged is not None for result in results) else 0


def folds_of(options: Namespace) -> Folds:
    """The table, dealt out."""
    table = read_table(source_of(options), **table_options(options))
    seed = given(options.split_seed, given(options.seed, defaults.SEED))
    return dealt_out(table, options.folds, options.repeats, seed)


def notes_of(made: Folds) -> List[str]:
    return [*made.table.notes, *rare_classes(made)]


def object_of(made: Folds, options: Namespace) -> Dict[str, Any]:
    """What --json says of all trainings together."""
    return {
        "data": made.table.name, "rows": made.table.rows, "task": made.table.task,
        "folds": made.count, "repeats": made.repeats, "seed": made.seed,
        "engine": engines.choose(options.backend), "notes": notes_of(made),
    }


def trained(
    made: Folds, recipes: Sequence[Namespace], options: Namespace
) -> List[List[FoldResult]]:
    """After a word on what is done, and with some on how far it is."""
    usual = max(1, processors() // given(options.threads, 1))
    workers, trainings = given(options.workers, usual), len(recipes) * len(made.splits)
    if not options.json and not options.quiet:
        at_a_time = usual_crew(workers, trainings, options.backend).workers  # where they can be
        answer(plan(made, recipes, options.backend, at_a_time))
        answer(notes(notes_of(made)))
    progress = None if options.quiet else FoldsProgress(trainings)
    try:
        with option_names(options):
            return cross_validated(
                made, recipes, options.backend, workers, progress or (lambda done: None)
            )
    finally:
        if progress is not None:
            progress.end()
