"""What `pyref train` prints before a training and after it."""

from typing import Iterator, List

from ...arguments.task import classes_of, targets_of, task_of
from ...tables.cells import number
from ...tables.layout import LABELS, REGRESSION
from ...tables.sources import Source
from ...display.duration import duration
from ...engine import backend as engines
from ...history import History
from ...network import Network
from ...options.defaults import ROWS_TO_JUDGE_BY
from ...pictures.sparkline import is_logarithmic, sparkline
from ...recipe import settings_of
from ...trainer import Trainer
from ...work.choosing import Choice, Judged
from ...work.job import Job
from ...work.outcome import Outcome
from .judgement import compared, summary, table
from .recipe import BY_HEART, course, folds_in_words, steps
from .words import ENGINES, amount, listing, titled, titled_once

LEAST_DRAWN, MOST_DRAWN = 8, 32  # characters
RISEN = 1.25  # validation loss at the end ÷ the lowest, from which on a report mentions it


def plan(job: Job, source: Source) -> Iterator[str]:
    network, trainer = job.trainer.network, job.trainer
    inputs = amount(network.sizes[0], "input")
    if network.input_names:
        inputs += f" ({listing(network.input_names, 8)})"
    target = f", target {listing(network.target_names, 8)}" if network.target_names else ""
    yield titled("data", f"{source.name}: {amount(job.recipe['rows'], 'row')}, {inputs}{target}")
    yield titled("task", task_in_words(job))
    yield titled("rows", rows_in_words(job))
    if job.choice is not None:
        yield from titled_once("chosen", choice_in_words(job.choice))
    yield titled("network", network_in_words(network))
    settings = settings_of(trainer)
    start = job.recipe["start"] or {}
    if "model" in start:
        yield titled("start", f"the weights of {start['model']}, SHA-256 {start['digest']}")
    yield titled("training", f"{course(job.epochs, settings)}, seed {job.recipe['seed']}")
    for line in steps(settings, job.rules):
        yield titled("", line)
    if trainer.epoch:
        yield titled("", f"after {amount(trainer.epoch, 'epoch')} of the run in its file")
    yield titled("engine", engine_in_words(trainer))
    yield ""


def rows_in_words(job: Job) -> str:
    """How many do what; where they are not from the same table, it is named."""
    texts = [f"{job.training_rows:,} train"]
    by_folds = None if job.choice is None else job.choice.judged
    if by_folds is not None:
        texts[0] += f", after {job.count(by_folds.rows):,} have validated in folds"
    counts = {"validation": job.validation_rows, "test": job.test_rows}
    for name, does in (("validation", "validate"), ("test", "test")):
        table = job.recipe.get(f"{name}_data")
        of = f" of {table['data']}" if table else ""
        if counts[name] or (name == "validation" and by_folds is None):
            texts.append(f"{counts[name]:,}{of} {does}")
    return ", ".join(texts)


def task_in_words(job: Job) -> str:
    network = job.trainer.network
    task = task_of(network)
    if task == REGRESSION:
        return "regression"
    names = targets_of(network) if task == LABELS else classes_of(network) or []
    if task == LABELS:
        text = f"{len(names)} labels, {listing(names, 10)}: a row may have several, or none"
    else:
        text = f"classification: {len(names)} classes, {listing(names, 10)}"
    if task == LABELS or all(number(name) is not None for name in names):
        text += " (--task regress would take them for numbers)"
    return text


def choice_in_words(choice: Choice) -> Iterator[str]:
    """How the recipe was found."""
    if choice.judged is None:
        yield BY_HEART
        return
    yield f"from {len(choice.errors)} recipes by {by_folds_in_words(choice.judged)}:"
    yield "the calmest that is within one standard error of the best"
    if choice.judged.folds < choice.judged.of_folds:
        yield f"({ROWS_TO_JUDGE_BY} answers are enough to compare by: further folds are left out)"


def by_folds_in_words(judged: Judged) -> str:
    return folds_in_words(judged.folds, judged.of_folds)


def network_in_words(network: Network) -> str:
    sizes = "-".join(map(str, network.sizes))
    activations: List[str] = []
    for layer in network.layers:
        if not activations or activations[-1] != layer.activation:
            activations.append(layer.activation)
    count = amount(network.parameter_count, "parameter")
    precision = "" if network.precision == "double" else f", {network.precision} precision"
    return f"{sizes}, {', then '.join(activations)}, {count}{precision}"


def notes(found: List[str]) -> List[str]:
    return [f"note: {text}" for text in found]


def engine_in_words(trainer: Trainer) -> str:
    if trainer.backend == "c":
        return ENGINES["c"]
    if engines.kernel_missing is None:
        return "Python (the C engine is there too: the same bits, sooner)"
    return f"Python ({engines.HOW_TO_GET_C})"


def result(
    job: Job, outcome: Outcome, seconds: float, room: int, levels: str
) -> Iterator[str]:
    """What the training took, and how good the network is now; `levels` are the characters that
    draw the losses."""
    trainer = job.trainer
    network = trainer.network
    stopped, best_epoch = trainer.history.stopped_by, job.recipe["kept_epoch"]
    yield titled("trained", f"{amount(trainer.epoch, 'epoch')} in all, {duration(seconds)} now, "
                 f"by the {ENGINES[trainer.backend]} engine")
    if stopped:
        yield titled("", f"ended because {stopped}")
    elif best_epoch is None:
        yield from better_epoch(trainer)
    if best_epoch is not None:
        yield titled("", f"the weights are those after epoch {best_epoch:,}, "
                     "whose validation loss was the lowest")
    yield from losses_in_a_line(trainer.history, room, levels)
    title, judged = "training", outcome.training
    for title, judged in outcome.judgements():
        yield from titled_once(title, summary(network, judged))
        if title == "validation" and outcome.folds is not None:
            yield titled("", f"by {by_folds_in_words(outcome.folds)}, from networks without these")
    yield titled("to compare", compared(network, *outcome.constant, outcome.linear))
    yield from table(network, judged, f"{title} rows", room)
    yield ""


def losses_in_a_line(history: History, room: int, levels: str) -> Iterator[str]:
    """How they went, as far as there are several."""
    title = "loss"
    for name, losses in (("", history.loss), ("validation ", history.validation_loss)):
        if len(losses) > 1:
            text = f"{name}{losses[0]:.4g} to {losses[-1]:.4g}"
            if is_logarithmic(losses):
                text += " (logarithmic)"
            width = max(LEAST_DRAWN, min(MOST_DRAWN, room - len(titled(title, text)) - 1))
            yield titled(title, f"{sparkline(losses, width, levels)} {text}")
            title = ""


def better_epoch(trainer: Trainer) -> Iterator[str]:
    """Tell of a validation loss that has risen a good deal from its lowest."""
    losses = trainer.history.validation_loss
    if losses and losses[-1] > RISEN * min(losses):
        best = losses.index(min(losses)) + 1
        lowest = f"the validation loss was lowest, {min(losses):.4g}, after epoch {best:,}"
        yield titled("", f"{lowest}: --patience keeps such weights")
