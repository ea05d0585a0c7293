"""What cross-validations came to, in words and tables of at most 80 columns."""

import textwrap
from argparse import Namespace
from typing import Iterator, List, Optional, Sequence

from ...engine import backend as engines
from ...tables.examples import RawExamples
from ...tables.layout import CLASSIFICATION, LABELS, REGRESSION
from ...work.choosing import leaves_open
from ...work.comparison import Line
from ...work.cross_validation import Figure, FoldResult, Folds, figure
from .words import ENGINES, amount, listing, titled

WIDTH = 80
CONSTANTS = {
    CLASSIFICATION: "the most frequent class", LABELS: "the likelier of yes and no",
    REGRESSION: "the mean",
}
SCORES = {CLASSIFICATION: "right", LABELS: "all right", REGRESSION: "R²"}


def plan(
    made: Folds, recipes: Sequence[Namespace], backend: str, at_a_time: int
) -> Iterator[str]:
    """What several recipes are stands in their table."""
    table = made.table
    target = f", target {listing(table.target_names, 8)}" if table.target_names else ""
    yield titled("data", f"{table.name}: {amount(table.rows, 'row')}{target}")
    yield titled("task", task_of(table))
    times = {1: "", 2: ", twice"}.get(made.repeats, f", {made.repeats} times")
    evenly = ", every class evenly" if table.task == CLASSIFICATION else ""
    yield titled("folds", f"{made.count}{times}, dealt out by seed {made.seed}{evenly}")
    if len(recipes) == 1:
        told = "the options given, and the defaults of pyref train"
        anew = "as pyref train chooses it, anew for each fold from its other rows"
        yield titled("recipe", anew if leaves_open(recipes[0]) else told)
    beside = f", {at_a_time} trainings at a time" if at_a_time > 1 else ""
    yield titled("engine", ENGINES[engines.choose(backend)] + beside)
    yield ""


def task_of(table: RawExamples) -> str:
    if table.task == CLASSIFICATION:
        classes = table.classes or []
        return f"classification: {len(classes)} classes, {listing(classes, 6)}"
    if table.task == LABELS:
        return f"{len(table.targets) // table.rows} labels"
    return "regression"


def folds_table(made: Folds, results: Sequence[FoldResult]) -> Iterator[str]:
    """A line for each fold, then the mean and the deviation."""
    task = made.table.task
    errors = figure(results, "error") is not None
    headings = ["fold", "rows", "epochs", SCORES[task], "loss", "constant", "linear"]
    if errors:
        headings.insert(4, "error")
    widths = [10, 7, 8] + [11] * (len(headings) - 3)
    yield line_of(headings, widths)
    for result in results:
        fold = str(result.fold) if made.repeats == 1 else f"{result.repeat}.{result.fold}"
        cells = [fold, f"{result.rows:,}", f"{result.epochs:,}"]
        if result.diverged is not None:
            yield line_of([*cells, "diverged"], widths)
            continue
        cells += [in_units(result.score, task), plain(result.loss)]
        if errors:
            cells.insert(4, plain(result.error))
        yield line_of([*cells, *(in_units(s, task) for s in (result.constant, result.linear))],
                      widths)
    for title, place in (("mean", 0), ("deviation", 1)):
        cells = [title, "", ""]
        for name in ("score", "error", "loss", "constant", "linear"):
            found = figure(results, name)
            if name == "error" and not errors:
                continue
            value = None if found is None else found[place]
            cells.append(plain(value) if name in ("error", "loss") else in_units(value, task))
        yield line_of(cells, widths)


def line_of(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        cell.ljust(width) if place == 0 else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, widths))
    )
    return (first + "".join(others)).rstrip()


def in_units(value: Optional[float], task: str) -> str:
    """A score: a part in %, or R²."""
    if value is None:
        return "–"
    return f"{value:.4f}" if task == REGRESSION else f"{100.0 * value:.1f} %"


def plain(value: Optional[float]) -> str:
    return "–" if value is None else f"{value:.4g}"


def verdict(made: Folds, results: Sequence[FoldResult]) -> Iterator[str]:
    """What they say together."""
    task = made.table.task
    found, loss = figure(results, "score"), figure(results, "loss")
    failed = [result for result in results if result.diverged is not None]
    if failed or loss is None:
        yield titled("result", f"{len(failed)} of {len(results)} trainings diverged: the numbers "
                     "grew beyond all floats")
        yield titled("", "a smaller --learning-rate may help")
        return
    if found is None:
        yield titled("result", f"loss {plain(loss.mean)}; R² is undefined in folds whose targets "
                     "are all the same")
        return
    yield titled("result", f"{of_figure(found, task)}, loss {plain(loss.mean)}")
    error = figure(results, "error")
    if error is not None:
        yield titled("", f"root mean squared error {error.mean:.6g}")
    if any(result.kept < result.epochs for result in results):
        yield titled("epochs", "a training may end before its last one, and the weights from that")
        yield titled("", "with the lowest validation loss are judged")
    constant, linear = (figure(results, name) for name in ("constant", "linear"))
    if constant is not None:
        yield titled("to compare", f"{in_score(constant.mean, task)} by always answering "
                     f"{CONSTANTS[task]},")
    if linear is not None:
        yield titled("", f"{of_figure(linear, task)} by a linear model")


def in_score(value: float, task: str) -> str:
    text = in_units(value, task)
    return {CLASSIFICATION: f"{text} right", LABELS: f"{text} right in all labels"}.get(
        task, f"R² {text}"
    )


def of_figure(found: Figure, task: str) -> str:
    text = in_score(found.mean, task)
    return text if found.deviation is None else f"{text} ± {in_units(found.deviation, task)}"


def comparison(made: Folds, lines: Sequence[Line]) -> Iterator[str]:
    """A line for each recipe, and two for what to compare all of them with."""
    task = made.table.task
    headings = [SCORES[task], "deviation", "loss", "to best", "its error", "wins"]
    widths = [max(8, len(headings[0])), 11, 9, 10, 11, 6]
    indent = " " * (sum(widths) + 2)
    yield figures_line(headings, widths) + "  recipe"
    for line in lines:
        if line.score is None or line.loss is None:
            failed = sum(result.diverged is not None for result in line.results)
            why = f"{failed} of {len(line.results)} trainings diverged" if failed else "–"
            yield from labelled(why.ljust(len(indent)), line.recipe, indent)
            continue
        cells = [in_units(line.score.mean, task), in_units(line.score.deviation, task),
                 plain(line.loss.mean)]
        if line.best:
            cells += ["best", "", ""]
        elif line.difference is not None:
            cells += [signed(line.difference, task), in_units(line.standard_error, task),
                      str(line.wins)]
        yield from labelled(figures_line(cells, widths) + "  ", line.recipe, indent)
    for name, label in (
        ("constant", f"(always {CONSTANTS[task]})"), ("linear", "(a linear model)")
    ):
        found = figure(lines[0].results, name)
        if found is not None:
            cells = [in_units(found.mean, task), in_units(found.deviation, task), "", "", "", ""]
            yield from labelled(figures_line(cells, widths) + "  ", label, indent)


def figures_line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(cell.rjust(width) for cell, width in zip(cells, widths))


def labelled(figures: str, label: str, indent: str) -> List[str]:
    """A recipe may be longer than what is left of the line."""
    width = WIDTH - len(indent)
    first, *others = textwrap.wrap(label or "(no options)", width, break_on_hyphens=False)
    return [figures + first, *(indent + other for other in others)]


def signed(value: float, task: str) -> str:
    text = in_units(value, task)
    return text if text.startswith("-") else f"+{text}"


def explanation(made: Folds, lines: Sequence[Line]) -> Iterator[str]:
    if not any(line.wins is not None for line in lines):
        return
    count = len(lines[0].results)
    yield titled("to best", f"mean of the differences in the same {count} folds")
    yield titled("its error", "standard error of that mean (Nadeau and Bengio 2003)")
    yield titled("wins", "in how many of these folds it was better than the best")
