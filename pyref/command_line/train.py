"""pyref train: learn from a table, and write a model."""

import os
import time
from typing import Optional

from ..activations import ACTIVATIONS
from ..data.sources import BUILT_IN, find
from ..engine import backend as engines
from ..files import model_file, run_file
from ..trainer import Trainer
from . import defaults, outputs
from .option_types import above_zero, count, layer_sizes, part, seed
from .preparation import Job, new_job, resumed_job
from .progress import Progress
from .train_report import show_plan, show_report
from .words import titled

DESCRIPTION = f"""\
Train a network on a table and write it to a file.

DATA is a CSV file (comma, semicolon or tab; with or without a header; UTF-8), - for standard
input, or a data set that comes with pyref: {', '.join(BUILT_IN)}.
A file of such a name is reached as ./iris.

The first row is a header if at least half of its input cells are words.  The last column is the
target.  Words, and whole numbers with at most 20 different values, are classes; other numbers
make a regression.  Inputs, and the targets of a regression, are scaled by the mean and deviation
of the training rows, which are kept in the model."""


def add_parser(commands) -> None:
    parser = commands.add_parser(
        "train",
        help="learn from a table, and write a model",
        description=DESCRIPTION,
    )
    parser.set_defaults(run=run)
    parser.add_argument("data", metavar="DATA", help="CSV file, - or a built-in data set")

    data = parser.add_argument_group("data")
    data.add_argument(
        "--target", metavar="COLUMN",
        help="name of the target column, or its number from 1 (default: the last); for a "
        "regression also several, with commas between them",
    )
    data.add_argument(
        "--task", choices=("auto", "classify", "regress"),
        help="what to learn, classes or numbers (default: auto, by the rule above)",
    )
    data.add_argument(
        "--validation", type=part, metavar="PART",
        help=f"part of the rows that is held out to validate, 0 for none (default: "
        f"{defaults.VALIDATION}, 0 below {defaults.LEAST_ROWS_FOR_VALIDATION} rows)",
    )

    network = parser.add_argument_group("network")
    network.add_argument(
        "--hidden", type=layer_sizes, metavar="UNITS",
        help="units of each hidden layer, such as 16,8; 0 for no hidden layer (default: "
        f"{','.join(map(str, defaults.HIDDEN))})",
    )
    network.add_argument(
        "--activation", choices=[name for name in ACTIVATIONS if name != "threshold"],
        metavar="NAME",
        help=f"of the hidden layers: {', '.join(n for n in ACTIVATIONS if n != 'threshold')} "
        f"(default: {defaults.ACTIVATION})",
    )
    network.add_argument(
        "--seed", type=seed, metavar="N",
        help="of the weights, the split and the shuffles: the same seed gives the same bits "
        f"(default: {defaults.SEED})",
    )

    training = parser.add_argument_group("training")
    training.add_argument(
        "--epochs", type=count, metavar="N",
        help="passes through the training rows (default: as many as make "
        f"{defaults.ROWS_TO_TRAIN_ON:,} rows, from {defaults.LEAST_EPOCHS} to "
        f"{defaults.MOST_EPOCHS:,}); with --resume, further ones",
    )
    training.add_argument(
        "--batch-size", type=count, metavar="N",
        help=f"rows in each step (default: {defaults.BATCH_SIZE})",
    )
    training.add_argument(
        "--learning-rate", type=above_zero, metavar="X",
        help="length of the steps of gradient descent, which has a momentum of "
        f"{defaults.MOMENTUM} (default: {defaults.LEARNING_RATE})",
    )
    training.add_argument(
        "--patience", type=count, metavar="N",
        help="stop when the validation loss has not improved for N epochs, and keep the weights "
        "that had the lowest; without validation rows, when the training loss has not improved "
        f"(default: {defaults.REGRESSION_PATIENCE} for a regression with validation rows, else "
        "no such stop)",
    )
    training.add_argument(
        "--backend", choices=engines.BACKENDS, default="auto",
        help="the engine: Python or C, with the same bits (default: auto, C if it is there)",
    )

    files = parser.add_argument_group("files and output")
    files.add_argument(
        "-o", "--output", metavar="MODEL",
        help="file for the model (default: beside the data, as in iris.model.json)",
    )
    files.add_argument(
        "--checkpoint-every", type=count, metavar="N",
        help="every N epochs, at the end and on Ctrl-C, write a run file (as in iris.run.json), "
        "from which the training can go on with the same bits",
    )
    files.add_argument(
        "--resume", metavar="RUN",
        help="go on with the run in this file; DATA are the same data again",
    )
    files.add_argument(
        "-q", "--quiet", action="store_true", help="print nothing but the report at the end"
    )


def run(options) -> int:
    source = find(options.data)
    model = outputs.model_path(source, options.output)
    outputs.check(model, model_file.KIND)
    run_path = options.resume or outputs.run_path(model)
    if options.checkpoint_every:
        outputs.check(run_path, run_file.KIND)
    replaced = os.path.lexists(model)
    job = (resumed_job if options.resume else new_job)(options, source)
    if not options.quiet:
        show_plan(job, source)

    started = time.perf_counter()
    interrupted = train(job, options, run_path)
    seconds = time.perf_counter() - started

    trainer = job.trainer
    best_epoch = keep_best(job)
    job.recipe.update(epochs=trainer.epoch, engine=trainer.backend)
    trainer.network.save(model)
    if interrupted:
        print(f"Interrupted in epoch {trainer.epoch + 1:,}: what was learned is kept.")
    show_report(job, seconds, best_epoch)
    print(titled("model", model + (" (replaced)" if replaced else "")))
    if options.checkpoint_every:
        again = f"pyref train {options.data} --resume {run_path}"
        print(titled("run", f"{run_path} ({again} goes on)"))
    print(titled("weights", f"SHA-256 {trainer.network.digest()}"))
    return 130 if interrupted else 0


def train(job: Job, options, run_path: str) -> bool:
    """Train, with checkpoints and progress; whether Ctrl-C ended it."""
    trainer, every = job.trainer, options.checkpoint_every

    def checkpoint(trainer: Trainer, epoch: int) -> None:
        if epoch % every == 0:
            trainer.save(run_path)

    progress = None if options.quiet else Progress(trainer, job.training_rows, job.epochs)
    interrupted = False
    try:
        trainer.train(
            *job.training,
            epochs=job.epochs,
            validation=job.validation,
            stop=job.rules,
            callback=checkpoint if every else None,
            progress=progress,
        )
    except KeyboardInterrupt:
        interrupted = True
    finally:
        if progress is not None:
            progress.end(trainer)
    if every:
        trainer.save(run_path)
    return interrupted


def keep_best(job: Job) -> Optional[int]:
    """Put back the best weights where a rule kept them; the epoch they are from."""
    if job.trainer.restore_best():
        return job.trainer.run.best_epoch
    return None
