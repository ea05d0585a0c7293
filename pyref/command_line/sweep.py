"""pyref sweep: many trainings, of every combination of options."""

from argparse import Namespace
from itertools import chain
from typing import Any, Dict, Optional

from ..options.groups import add_data_options, add_workers_options, source_of, table_options
from ..options.output import add_json_option, add_quiet_option
from ..options.values import count, file_name, score, seed, seeds
from ..sweeping.recipes import add_swept_options, axes_of, combinations
from ..sweeping.results_file import KIND, ResultsFile, ground_of
from ..sweeping.sweep import Plan, Sweep, carried_out, found_in, usual_workers
from ..tables.examples import read_table
from ..work import files
from ..work.clusters import crew_elsewhere
from ..work.crews import Crew
from ..work.from_options import given, option_names
from .help.parser import CommandParser, NewParser
from .reports.progress import saying_while
from .reports.sweep import SweepProgress, plan_in_words, report_of
from .reports.training import notes
from .saying import report, report_object, say

DESCRIPTION = """\
Train every combination of options of pyref train, each by several seeds, and compare them.

  pyref sweep iris --hidden 8 16 8,8 --learning-rate 0.1 0.01 --seeds 1-20 --folds 5
  pyref sweep houses.csv --target price --optimizer adam sgd:momentum=0.9 --seeds 1-5
  pyref sweep xor --hidden 2 3 4 --epochs 500 --batch-size all --seeds 1-1000

DATA comes first.  Every option of a recipe takes several values, and a switch such as --no-biases
takes yes no, for with and without.  --stop given twice is two rules, each with one of its values.

With --folds, each seed deals out the rows, as pyref cross-validate does, and there is a training
for each fold, which it is judged by.  Else a training is what pyref train does by this seed, judged
by the rows that validate or, where none do, by those that train.

Each training adds a line to a file as soon as it is done.  What is in this file already is not done
again: a sweep that was interrupted goes on by the same command, and one with more values or seeds
does what is new.  The bits are the same whoever trains: threads of the C engine, processes (where
trainings take milliseconds, or the Python engine trains), or other machines, which need pyref, too.

For each recipe stand the mean of the part of rows that are right (for a regression of R²), its
deviation, how many seeds succeeded, the mean difference to the best recipe in the same folds or by
the same seeds, the standard error of this mean, and the mean time of a training.  A difference of
less than two standard errors may well be chance.

Exit code 0: all is trained.  1: trainings diverged.  2: an error, which is told.  130: Ctrl-C; what
was trained until then is in the file."""

OBJECT = """\
With --json: data, rows, task, folds (or null), seeds (how many), engines (that trained), notes (a
list of texts), file, trainings, new (how many of them were trained now), command (that trains the
best recipe, or null), digest (of the network that this gives, where it is in the file), and
recipes, each with recipe and label (its text, and what of that is not in all recipes), runs,
diverged, seeds, succeeded, score, loss, error (root mean squared) and seconds (mean and deviation,
or null), best (whether it is), difference (to the best: mean over all runs), standard_error (of
that mean) and wins.

The first line of the file has format, format_version, specification, pyref, data, sha256 (of the
table's numbers), rows, task, table (how it was read) and folds.  Each other line has recipe, seed,
fold, judged_by (fold, validation or training), learning_rows, rows (to judge by), epochs, kept (the
one whose weights were), loss, score, error, constant (the score of the answer that is always the
same), diverged (the error, or null), seconds, engine, and digest, of the weights."""

EPILOG = f"The names that options take stand at the end of: pyref train --help\n\n{OBJECT}"


def add_parser(new_parser: NewParser) -> None:
    parser = new_parser(
        usage="pyref sweep DATA [options]", description=DESCRIPTION, epilog=EPILOG
    )
    add_data_options(parser)
    parser.set_defaults(run=run, swept=add_swept_options(parser))
    add_plan_options(parser)


def add_plan_options(parser: CommandParser) -> None:
    group = parser.add_argument_group("the sweep")
    group.add_argument(
        "--seeds", type=seeds, nargs="+", default=[[1]], metavar="SEEDS",
        help="seeds and ranges of them, such as 1-20 or 1-5,8 (default: 1)",
    )
    group.add_argument(
        "--folds", type=count, metavar="N",
        help="deal out the rows into so many parts, each judged by a training on the others "
        "(default: none)",
    )
    group.add_argument(
        "--sample", type=count, metavar="N",
        help="train so many of the combinations, chosen by --sample-seed (default: all)",
    )
    group.add_argument(
        "--sample-seed", type=seed, default=1, metavar="N",
        help="of the choice of --sample (default: 1)",
    )
    group.add_argument(
        "--success", type=score, metavar="SCORE",
        help="the part of rows that are right, such as 95%%, or R², from which on a training has "
        "succeeded (default: more than always giving the same answer has; where those rows judge "
        "that train, all)",
    )
    add_workers_options(group)
    group.add_argument(
        "-o", "--output", type=file_name, metavar="FILE",
        help="file for the trainings (default: beside the data, as in iris.sweep.jsonl)",
    )
    add_json_option(group)
    add_quiet_option(group, "print nothing but the answer and errors")


def run(options: Namespace) -> int:
    source = source_of(options)
    path = options.output or source.stem + ".sweep.jsonl"
    files.check(path, KIND)
    axes = axes_of(options, options.swept)
    recipes = combinations(axes, options.sample, options.sample_seed)
    with saying_while("reading", source.name, options.quiet):
        table = read_table(source, **table_options(options))
        ground = ground_of(table, options.folds)
    numbers = list(dict.fromkeys(chain.from_iterable(options.seeds)))
    plan, results = Plan(table, ground, recipes, numbers), ResultsFile(path)
    crew = crew_elsewhere(options.dask, options.mpi)
    before = train_all(plan, results, options, crew)
    with saying_while("adding up", path, options.quiet):
        found = found_in(plan, results, options.success)
    if options.json:
        report_object(object_of(plan, found, results, before, options))
    else:
        report(report_of(plan, found, path, options.success))
    return 1 if any(line.diverged for line in found.lines) else 0


def train_all(plan: Plan, results: ResultsFile, options: Namespace, crew: Optional[Crew]) -> int:
    """After a word on what is done, and with some on how far it is; how many trainings the file
    had before."""
    results.look(plan.ground)
    runs = plan.runs()
    there = sum(run in results.results for run in runs)
    if not options.json and not options.quiet:
        workers = given(options.workers, usual_workers(options.threads))
        report(plan_in_words(plan, options.backend, workers, there, crew))
        report(notes(plan.table.notes))
    progress = None if options.quiet else SweepProgress(len(runs), there)
    try:
        with option_names(options):
            for _ in carried_out(
                plan, results, options.backend, options.threads, options.workers, crew
            ):
                if progress is not None:
                    progress.one_more()
    except KeyboardInterrupt:
        done = sum(run in results.results for run in runs)
        if progress is not None:
            progress.end()
        say(f"{done:,} of {len(runs):,} trainings are in {results.path}: the same command goes on")
        raise
    finally:
        if progress is not None:
            progress.end()
    return there


def object_of(
    plan: Plan, found: Sweep, results: ResultsFile, before: int, options: Namespace
) -> Dict[str, Any]:
    """What --json says."""
    ground = plan.ground
    return {
        "data": plan.table.name, "rows": ground.rows, "task": ground.task, "folds": ground.folds,
        "seeds": len(plan.seeds), "engines": sorted({result.engine for result in found.results}),
        "notes": plan.table.notes, "file": results.path, "trainings": len(found.results),
        "new": len(found.results) - before, "command": found.command, "digest": found.digest,
        "recipes": [line.as_object() for line in found.lines],
    }
