"""pyref train: learn from a table, and write a model."""

import os
import sys
import time
from argparse import Namespace
from contextlib import contextmanager
from typing import Callable, Dict, Iterator, List, Optional, Tuple

from ..tables.sources import BUILT_IN, Source
from ..checks.diagnosis import LOOK_AT, after_training, before_training
from ..display.progress import Progress
from ..engine.interrupts import held_signals
from ..files import model_file, run_file
from ..files.atomic import write_text
from ..pictures.sparkline import BLOCKS, PLAIN
from ..trainer import Trainer
from ..reference.divergence import DivergedError
from .help.names import NAMES
from ..options import defaults
from ..options.groups import (
    add_data_options,
    add_file_options,
    add_judging_options,
    add_network_options,
    add_optimizer_options,
    add_regularization_options,
    add_start_options,
    add_stopping_options,
    add_training_options,
    source_of,
)
from .reports.folds_progress import ChoiceProgress
from .reports.objects import JUDGEMENT, training_object
from .reports.progress import saying_while
from .reports.training import notes, plan, result
from .reports.words import titled
from .saying import report, report_object, say
from .terminal import can_show, columns
from ..work import files
from ..work.division import ASIDE, Rows
from ..work.doing import keep_best, rows_for
from ..work.history import history_table
from ..work.job import Job, Table, new_job, resumed_job, table_for
from ..work.outcome import outcome_of
from .help.parser import NewParser

SAYING_HOW = [f"--{name.replace('_', '-')}" for name in defaults.SAY_HOW_TO_TRAIN]

DESCRIPTION = f"""\
Train a network on a table and write it to a file.

  pyref train iris
  pyref train houses.csv --target price --hidden 32,32
  pyref train films.csv --target comedy,drama,crime -o films.json

DATA is a table of text (comma, semicolon, tab, | or spaces; with or without a header; UTF-8), a
file of NumPy, IDX (MNIST's), ARFF, Proben1, FANN or Parquet, sqlite:FILE?TABLE or
'sqlite:FILE?select …', - for standard input, or a data set that comes with pyref:
{', '.join(BUILT_IN)}.  A file of such a name is reached as ./iris.  What a file is, is
seen from its content; it may be packed by gzip, bzip2 or xz.

The first row is a header if at least half of its input cells are words, or if --header says so.
Columns of words become inputs of 0 and 1, one for each word; gaps become the mean of the training
rows, or the most frequent word, and a further input tells where they were.  Columns of names and
identifiers are left out; dates have to be made numbers of.

The last column is the target.  A row without one is left out.  Words, and whole numbers with at
most 20 different values, are classes; other numbers make a regression.  Several target columns are
labels, each a yes-or-no question, if they hold nothing but 0 and 1 (or yes and no, or true and
false).  Inputs, and the targets of a regression, are scaled by the mean and deviation of the
training rows.  All that was made of the columns is kept in the model.

How to train is chosen for tables of up to {defaults.MOST_ROWS_TO_CHOOSE_BY:,} rows and \
{defaults.MOST_NUMBERS_TO_CHOOSE_BY:,} input numbers: by
cross-validation of a linear model and of networks that are more or less free to bend.  The one that
is chosen learns from all rows; what the report says of validation is from the cross-validation.
--hidden, --activation and the like hold in all that are compared.  Nothing is chosen where one of
these options says how to train: {', '.join(SAYING_HOW)}.
Then, and for larger tables, the defaults below hold.

Exit code 0: trained.  1: the training diverged; a model of the same name is left as it was.
2: an error, which is told.  130: Ctrl-C; what was learned until then is written.

The names of activations, losses, initializers, optimizers, schedules and stopping rules stand at
the end, with their settings."""

OBJECT = f"""\
With --json: pyref, data, rows, training_rows, validation_rows, test_rows, task, input_names,
target_names, class_names; network, with sizes, activations and parameters; settings, all that
decides the bits; notes, a list of texts; engine, epochs, seconds, ended (why, or null), kept_epoch,
interrupted, diverged (null); choice, the recipes that were compared, each with its squared_error,
by how many folds (or null); training, validation and test, judgements; constant, the judgement of
always giving the same answer, with that answer; linear, that of a linear model; digest, of the
weights; model, run and history, the names of the files that were written.  Of a training that
diverged: diverged, the error; model, and kept, what became of it.

{JUDGEMENT}"""


def add_parser(new_parser: NewParser) -> None:
    parser = new_parser(
        usage="pyref train DATA [options]",
        description=DESCRIPTION,
        epilog=f"{NAMES}\n\n{OBJECT}",
    )
    parser.set_defaults(run=run)
    add_data_options(parser)
    add_network_options(parser, "the weights, the split and the shuffles")
    add_training_options(parser)
    add_optimizer_options(parser)
    add_regularization_options(parser)
    add_judging_options(parser)
    add_stopping_options(parser)
    add_start_options(parser)
    add_file_options(parser)


def run(options: Namespace) -> int:
    source = source_of(options)
    model = files.model_path(source, options.output, options.resume)
    files.check(model, model_file.KIND)
    run_path = path_of_run(options, model)
    if options.history:
        files.check_output("--history", options.history, source.path, model, run_path)
    replaced = os.path.lexists(model)
    in_words = not options.quiet and not options.json
    with nothing_written():
        with saying_while("reading", source.name, options.quiet):
            table = None if options.resume else table_for(options, source)
            job = resumed_job(options, source) if table is None else None
        if table is not None:
            job = chosen_job(options, source, table)
            del table  # of which the job has what it needs: a third of the memory at the peak
        assert job is not None
        trainer = job.trainer
        with saying_while("preparing", source.name, options.quiet):
            training, validation = rows_for(job)
            found = [*job.notes, *before_training(trainer.network, *training, trainer.loss)]
        if in_words:
            report(plan(job, source))
            report(notes(found))

    started = time.perf_counter()
    interrupted = False
    try:
        train(job, training, validation, options, run_path)
    except KeyboardInterrupt:
        interrupted = True
    except DivergedError as error:
        return diverged(error, options, job, model, replaced)
    seconds = time.perf_counter() - started

    wanted = {"run": run_path, "model": model, "history": options.history}
    with held_signals():  # a second Ctrl-C waits until all is written
        written = {"run": saved(trainer.save, run_path)}  # which goes on from the last weights
        keep_best(job)
        written["model"] = saved(trainer.network.save, model)
        written["history"] = saved(history_saver(trainer), options.history)
    if in_words or options.json:
        tell(options, job, found, seconds, interrupted, written, replaced)
    if written != wanted:
        return 2
    return 130 if interrupted else 0


@contextmanager
def nothing_written() -> Iterator[None]:
    """What Ctrl-C leaves here, where the training has not begun."""
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt("no model was written") from None


def tell(
    options: Namespace, job: Job, found: List[str], seconds: float, interrupted: bool,
    written: Dict[str, Optional[str]], replaced: bool,
) -> None:
    """The report at the end."""
    trainer = job.trainer
    with saying_while("judging the network", quiet=options.quiet):
        outcome = outcome_of(job)
        found_after = after_training(
            trainer.network, job.training[0], trainer.backend, rows_to_look_at(job)
        )
    if options.json:
        report_object({
            **training_object(job, found + found_after, seconds, outcome),
            "interrupted": interrupted, "diverged": None, **written,
        })
        return
    if interrupted:
        kept = ": what was learned is kept" if written["model"] else ""
        report([f"Interrupted in epoch {trainer.epoch + 1:,}{kept}."])
    levels = BLOCKS if can_show(sys.stdout, BLOCKS) else PLAIN
    report(result(job, outcome, seconds, columns(sys.stdout), levels))
    report(notes(found_after))
    if written["model"]:
        report([titled("model", written["model"] + (" (replaced)" if replaced else ""))])
    if written["run"]:
        again = how_to_go_on(options, job, written["run"])
        report([titled("run", f"{written['run']} ({again} goes on)")])
    if written["history"]:
        report([titled("history", written["history"])])
    report([titled("SHA-256", trainer.network.digest())])


def diverged(error: DivergedError, options: Namespace, job: Job, model: str, replaced: bool) -> int:
    try:
        written, kept = keep_of_diverged(job, model, replaced)
        if options.history:
            saved(history_saver(job.trainer), options.history)
    finally:
        say(f"error: {error}")
    say(kept)
    if options.json:
        report_object({"diverged": str(error), "model": model if written else None, "kept": kept})
    return 1


def chosen_job(options: Namespace, source: Source, table: Table) -> Job:
    progress = None if options.quiet else ChoiceProgress()
    try:
        return new_job(options, source, table, progress)
    finally:
        if progress is not None:
            progress.end()


def path_of_run(options: Namespace, model: str) -> Optional[str]:
    """Where to write the run file; None where none is asked for.  One that is gone on with is
    brought up to date, or the next time would train the same epochs again."""
    if options.resume:
        path: str = options.resume
        files.check_folder(path)
        return path
    if not options.checkpoint_every:
        return None
    path = files.run_path(model)
    files.check(path, run_file.KIND)
    return path


def how_to_go_on(options: Namespace, job: Job, run_path: str) -> str:
    """The command that trains this run further and writes the same model file."""
    from shlex import join

    words = ["pyref", "train", options.data, "--resume", run_path]
    for name in ASIDE:
        if isinstance(getattr(options, name), str):
            words += [f"--{name}", getattr(options, name)]
    if options.output:
        words += ["-o", options.output]
    if job.trainer.epoch >= job.recipe["planned_epochs"]:
        words += ["--epochs", str(job.epochs)]
    return join(words)


def history_saver(trainer: Trainer) -> Callable[[str], None]:
    return lambda path: write_text(path, history_table(trainer))


def saved(save: Callable[[str], None], path: Optional[str]) -> Optional[str]:
    """The path, or None where it could not be; the work of hours must not be lost with a full disk.
    """
    try:
        if path is not None:
            save(path)
    except OSError as error:
        say(f"error: {path}: {error.strerror}")
        return None
    return path


def train(
    job: Job, training: Rows, validation: Optional[Rows], options: Namespace,
    run_path: Optional[str],
) -> None:
    """Train, with checkpoints and progress."""
    trainer, every = job.trainer, options.checkpoint_every

    def checkpoint(trainer: Trainer, epoch: int) -> None:
        if epoch % every == 0:
            saved(trainer.save, run_path)

    progress = None if options.quiet else Progress(trainer, job.training_rows, job.epochs)
    try:
        trainer.train(
            *training,
            epochs=job.epochs,
            validation=validation,
            stop=job.rules,
            callback=checkpoint if every else None,
            progress=progress,
            time_limit=options.time_limit,
        )
    finally:
        if progress is not None:
            progress.end(trainer)


def rows_to_look_at(job: Job) -> int:
    """So few that it takes a small part of the time that the training took: an epoch goes through
    its rows three times, a look once."""
    return max(1, min(LOOK_AT, job.training_rows * job.trainer.epoch // 5))


def keep_of_diverged(job: Job, model: str, replaced: bool) -> Tuple[bool, str]:
    """Write what is best of a training that diverged, but never over a model, which is likely to
    be better, and never weights that have learned nothing.  Whether it did, and in words."""
    epoch = job.trainer.epoch
    if replaced:
        return False, f"{model}: left as it was before this training"
    if not epoch:
        return False, "no model is written: not one epoch was finished"
    best_epoch = keep_best(job)
    job.trainer.network.save(model)
    if best_epoch is None:
        return True, f"{model}: the model after epoch {epoch:,}, the last one before"
    return True, (
        f"{model}: the model after epoch {best_epoch:,} of {epoch:,}, whose validation loss "
        "was the lowest"
    )
