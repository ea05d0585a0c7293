"""What a sweep came to, in words and a table, and how far it is."""

import textwrap
import time
from typing import Iterator, List, Optional, Sequence, TextIO, Tuple

from ...display.duration import duration
from ...engine import backend as engines
from ...sweeping.summary import Line
from ...sweeping.sweep import Plan, Sweep
from ...sweeping.trainings import FOLD, TRAINING, VALIDATION
from ...tables.layout import REGRESSION
from ...work.crews import Crew
from ..saying import as_typed
from .cross_validation import CONSTANTS, SCORES, WIDTH, in_units, signed, task_of
from .folds_progress import FoldsProgress
from .words import ENGINES, amount, listing, titled

BAR = 20  # characters
BETWEEN = 0.1  # seconds, between looks at it: there may be thousands of trainings in one
LEAST_OF_A_LABEL = 12
JUDGED_BY = {
    FOLD: "the rows of each fold", VALIDATION: "the validation rows",
    TRAINING: "the training rows",
}


def plan_in_words(
    plan: Plan, backend: str, workers: int, there: int, crew: Optional[Crew]
) -> Iterator[str]:
    """By a crew, or by so many workers on this machine."""
    table = plan.table
    target = f", target {listing(table.target_names, 8)}" if table.target_names else ""
    yield titled("data", f"{table.name}: {amount(table.rows, 'row')}{target}")
    yield titled("task", task_of(table))
    parts = [amount(len(plan.recipes), "recipe"), amount(len(plan.seeds), "seed")]
    if plan.ground.folds is not None:
        parts.append(amount(plan.ground.folds, "fold"))
    trainings = len(plan.recipes) * len(plan.seeds) * len(plan.folds)
    done = f", {there:,} of them done before" if there else ""
    yield titled("trainings", f"{trainings:,}: {', '.join(parts)}{done}")
    engine, at_a_time = ENGINES[engines.choose(backend)], workers
    if crew is not None:
        at_a_time = crew.workers
        if backend == "auto":
            engine = "C, or Python where a worker has no other"
    beside = f", {at_a_time} trainings at a time" if min(at_a_time, trainings - there) > 1 else ""
    yield titled("engine", engine + beside)
    yield ""


class SweepProgress(FoldsProgress):
    """With a bar, and from the trainings on that are done already."""

    def __init__(self, trainings: int, before: int, stream: Optional[TextIO] = None) -> None:
        self.before, self.done, self.next = before, 0, 0.0
        self.all = trainings
        super().__init__(trainings - before, stream)

    def one_more(self) -> None:
        self.done += 1
        now = time.monotonic()
        if now >= self.next or self.done == self.trainings:
            self.next = now + BETWEEN
            self(self.done)

    def counted(self, done: int) -> str:
        text = f"{self.before + done:,} of {self.all:,} trainings"
        if not self.on_terminal or not self.all:
            return text
        full = BAR * (self.before + done) // self.all
        return f"[{'=' * full}{' ' * (BAR - full)}] {text}"


def report_of(plan: Plan, found: Sweep, path: str, success: Optional[float]) -> Iterator[str]:
    yield from table_of(plan, found.lines)
    yield ""
    yield from explanation(plan, found, success)
    best = found.best
    if best is None:
        yield titled("best", "none: of all recipes, trainings diverged, or have no score")
    else:
        yield titled("best", best.recipe or "no options")
        yield titled("train it", as_typed(found.command or ""))
    if found.digest is not None:
        yield titled("SHA-256", found.digest)
    yield titled("trainings", path)


def table_of(plan: Plan, lines: Sequence[Line]) -> Iterator[str]:
    """The best one first; a recipe that is longer than what is left of the line goes on below, and
    the only one is named below the table."""
    task = plan.ground.task
    rows = [[SCORES[task], "deviation", "succeeded", "to best", "its error", "time"]]
    ordered = sorted(lines, key=rank)
    rows += [cells_of(line, task) for line in ordered]
    widths = [max(map(len, column)) for column in zip(*rows)]
    no_label = "(no options)" if len(lines) > 1 else "as below"
    labels = ["recipe", *(line.label or no_label for line in ordered)]
    for cells, label in zip(rows, labels):
        figures = "  ".join(cell.rjust(width) for cell, width in zip(cells, widths)) + "  "
        room = max(WIDTH - len(figures), LEAST_OF_A_LABEL)
        for text in textwrap.wrap(label, room, break_on_hyphens=False):
            yield figures + text
            figures = " " * len(figures)


def rank(line: Line) -> Tuple[int, float, float]:
    if line.score is None:
        return 2, 0.0, 0.0
    loss = line.loss.mean if line.loss is not None else 0.0
    return (1 if line.diverged else 0), -line.score.mean, loss


def cells_of(line: Line, task: str) -> List[str]:
    mean, deviation = (None, None) if line.score is None else line.score
    beside = ["", ""]
    if line.best:
        beside = ["best", ""]
    elif line.diverged:
        beside = [f"{line.diverged:,} diverged", ""]
    elif line.difference is not None:
        beside = [signed(line.difference, task), in_units(line.standard_error, task)]
    return [
        in_units(mean, task), in_units(deviation, task), f"{line.succeeded:,} of {line.seeds:,}",
        *beside, duration(line.seconds.mean),
    ]


def explanation(plan: Plan, found: Sweep, success: Optional[float]) -> Iterator[str]:
    task = plan.ground.task
    by = [name for name in JUDGED_BY if any(r.judged_by == name for r in found.results)]
    yield titled("judged by", " or ".join(JUDGED_BY[name] for name in by))
    everywhere = " in all folds" if FOLD in by else ""
    yield titled("succeeded", f"seeds by which {criterion(by, task, success)}{everywhere}")
    if any(line.difference is not None for line in found.lines):
        what = "folds" if FOLD in by else "seeds"
        yield titled("to best", f"mean of the differences in the same {what}")
        how = "" if by == [TRAINING] else " (Nadeau and Bengio 2003)"
        yield titled("its error", f"standard error of that mean{how}")


def criterion(by: Sequence[str], task: str, success: Optional[float]) -> str:
    if success is not None:
        text = in_units(success, task)
        return f"R² is {text} or more" if task == REGRESSION else f"{text} or more are right"
    if by == [TRAINING] and task != REGRESSION:
        return "all rows are right"
    return f"a network is better than always answering {CONSTANTS[task]}"
