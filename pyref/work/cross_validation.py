"""Cross-validation: a recipe is followed several times, each time without some of the rows, and
judged by these.

The rows are dealt out into folds (tables/splitting.py).  For each fold, the rows of the others are
a table of their own: columns are prepared and scaled by those of them that train, and rows of them
validate, as `pyref train` would have it.  So a fold is a test, which nothing has seen before.

Repeats deal the rows out anew: the seeds of the folds, and those of the trainings, go up by one.
"""

import argparse
import copy
from contextlib import closing
from functools import partial
from itertools import chain
from math import sqrt
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple

from ..arguments.machine import processors
from ..reference.divergence import DivergedError
from ..tables.examples import Examples, RawExamples
from ..tables.layout import CLASSIFICATION, REGRESSION
from ..tables.passes import mean
from ..tables.splitting import Split, folds
from ..options import defaults
from .baselines import constant_answer, linear_model
from .choosing import Progress, leaves_open
from .crews import usual_crew
from .division import rows_of
from .doing import keep_best, rows_for
from .from_options import given
from .job import Job, job_for
from .judging import Judgement, judge
from .preparing import Once, Prepared, dividing
from .side_by_side import side_by_side
from .worker import Stop, Stopped

SEEDS = 2**32


class Folds(NamedTuple):
    """A table, and how its rows are dealt out: `splits` has one for each fold of each repeat."""

    table: RawExamples
    count: int  # type: ignore[assignment]  # of folds, where tuples count members
    repeats: int
    seed: int
    splits: List[Split]


class FoldResult(NamedTuple):
    """What a recipe did in one fold (from 1) of one repeat (from 1).

    `learning_rows` are those of the other folds, which train and validate; `rows` are the fold's,
    by which it is judged.  `loss` and `score` are those of the latter: see `score`; `error` is the
    root mean squared error of a regression of one target.  `constant` is the score of the
    answer that is always the same, `linear` that of a linear model; both are None where nothing was
    to be compared.  `epochs` is how many were trained, `kept` the one whose weights were.  Where
    the training `diverged`, its words, and no figures.
    """

    repeat: int
    fold: int
    learning_rows: int
    rows: int
    epochs: int
    kept: int
    loss: Optional[float] = None
    score: Optional[float] = None
    error: Optional[float] = None
    constant: Optional[float] = None
    linear: Optional[float] = None
    diverged: Optional[str] = None


def dealt_out(table: RawExamples, count: int, repeats: int, seed: int) -> Folds:
    """Raises ValueError where the folds cannot be made."""
    classes = table.targets if table.task == CLASSIFICATION else None
    if count < 2:
        raise ValueError(f"--folds {count}: at least two are needed, one of them to judge by")
    if count > table.rows:
        raise ValueError(
            f"--folds {count}: {table.name} has {table.rows} rows, and each fold needs one"
        )
    if classes is not None:
        largest = max(classes.count(float(number)) for number in range(len(table.classes or ())))
        if count > largest:
            raise ValueError(
                f"--folds {count}: no class of {table.name} has more than {largest} rows, so that "
                f"it could be in every fold: --folds {max(largest, 2)} at most"
            )
    elif table.task == REGRESSION and table.rows < 2 * count:
        raise ValueError(
            f"--folds {count}: {table.name} has {table.rows} rows, and each fold needs two, to say "
            f"which part of their variance is explained: --folds {table.rows // 2} at most"
        )
    splits = [
        split for repeat in range(repeats)
        for split in folds(table.rows, count, (seed + repeat) % SEEDS, classes)
    ]
    return Folds(table, count, repeats, seed, splits)


def rare_classes(made: Folds) -> List[str]:
    """A word on those that some folds have no row of."""
    table = made.table
    if table.task != CLASSIFICATION:
        return []
    rare = {
        name: count for number, name in enumerate(table.classes or ())
        for count in [table.targets.count(float(number))] if count < made.count
    }
    if not rare:
        return []
    counted = ", ".join(f"{count} of {name!r:.40}" for name, count in list(rare.items())[:5])
    more = f" … ({len(rare)} classes)" if len(rare) > 5 else ""
    return [f"there are few rows of some classes, {counted}{more}: some folds have none"]


def of_repeat(options: argparse.Namespace, repeat: int) -> argparse.Namespace:
    """Seeds go up by one from repeat to repeat."""
    options = copy.copy(options)
    options.seed = (given(options.seed, defaults.SEED) + repeat) % SEEDS
    if options.split_seed is not None:
        options.split_seed = (options.split_seed + repeat) % SEEDS
    return options


def followed(
    recipe: argparse.Namespace,
    table: RawExamples,
    rows: Sequence[int],
    progress: Optional[Progress] = None,
    prepare: Callable[..., Prepared] = Prepared,
) -> Tuple[Job, Examples]:
    """What `job_for` makes; its errors say which recipe it is, where that is one of several."""
    try:
        return job_for(recipe, table, rows, progress=progress, prepare=prepare)
    except ValueError as error:
        name = getattr(recipe, "recipe", None)
        raise ValueError(str(error) if name is None else f"{name}: {error}") from None


def without_a_choice(recipe: argparse.Namespace) -> argparse.Namespace:
    """The same but for how to train, where that is to be chosen, which takes trainings."""
    if not leaves_open(recipe):
        return recipe
    told = copy.copy(recipe)
    told.epochs = 1
    return told


class Trained(NamedTuple):
    """A job that is done: the examples that it was made of, the epoch whose weights it kept, and
    the words of the divergence that ended it before one was."""

    job: Job
    examples: Examples
    kept: int
    diverged: Optional[str]


def check(
    recipes: Sequence[argparse.Namespace], table: RawExamples, rows: Sequence[int], prepare: Once
) -> None:
    """Raises ValueError for a recipe that cannot be followed, before the first of them takes its
    time.  Those that prepare the rows alike follow each other."""
    alike: Dict[Tuple[Any, ...], List[argparse.Namespace]] = {}
    for recipe in map(without_a_choice, recipes):
        alike.setdefault(dividing(recipe), []).append(recipe)
    for recipe in chain.from_iterable(alike.values()):
        followed(recipe, table, rows, prepare=prepare)


def trained(
    recipe: argparse.Namespace, table: RawExamples, rows: Sequence[int], stop: Stop,
    prepare: Callable[..., Prepared] = Prepared,
) -> Trained:
    """By these rows of a table.  Raises Stopped."""

    def stop_if_wished(*_: Any) -> None:
        if stop():
            raise Stopped

    job, examples = followed(recipe, table, rows, stop_if_wished, prepare)
    training, validation = rows_for(job)
    trainer = job.trainer
    try:
        trainer.train(
            *training, epochs=job.epochs, validation=validation, stop=job.rules,
            progress=stop_if_wished,
        )
    except DivergedError as error:
        return Trained(job, examples, 0, str(error))
    return Trained(job, examples, given(keep_best(job), trainer.epoch), None)


def fold_result(
    made: Folds, recipes: Sequence[argparse.Namespace], number: int, stop: Stop
) -> FoldResult:
    """What a recipe does in a fold; the numbers go through all folds of the first recipe, with
    which the others share the answers to compare with, then through those of the next."""
    which, place = divmod(number, len(made.splits))
    repeat, fold = divmod(place, made.count)
    learned, held_out = made.splits[place]
    job, examples, kept, diverged = trained(
        of_repeat(recipes[which], repeat), made.table, learned, stop
    )
    trainer, judged_by = job.trainer, rows_of(examples, held_out)
    assert judged_by is not None  # no fold is empty
    found = FoldResult(repeat + 1, fold + 1, len(learned), len(held_out), trainer.epoch, kept)
    if diverged is not None:
        return found._replace(diverged=diverged)
    network = trainer.network
    judged = judge(network, *judged_by, trainer.backend, in_detail=False)
    found = found._replace(loss=judged.loss, score=score(judged), error=error_of(judged))
    if which:
        return found
    is_linear = job.choice is not None and len(network.layers) == 1
    linear = judged if is_linear else linear_model(job, judged_by)
    return found._replace(
        constant=score(constant_answer(network, job.training, judged_by)[1]),
        linear=None if linear is None else score(linear),
    )


def score(judged: Judgement) -> Optional[float]:
    """The larger, the better: the part of rows that are right, for labels in all of them; for a
    regression R², the mean of all targets, or None where they do not differ."""
    if judged.errors is None:
        right = judged.right_in_all if judged.right is None else judged.right
        return right / judged.rows
    found = [error.r_squared for error in judged.errors if error.r_squared is not None]
    return mean(found) if len(found) == len(judged.errors) else None


def error_of(judged: Judgement) -> Optional[float]:
    """The root mean squared error of a regression with one target."""
    if judged.errors is None or len(judged.errors) > 1:
        return None
    return judged.errors[0].root_mean_square


def cross_validated(
    made: Folds,
    recipes: Sequence[argparse.Namespace],
    backend: str = "auto",
    workers: Optional[int] = None,
    progress: Callable[[int], Any] = lambda done: None,
) -> List[List[FoldResult]]:
    """For each recipe what it does in each fold, by so many `workers` (None: as many as there are
    processors).  `progress` is told how many trainings are done."""
    if len(recipes) > 1:
        check(recipes, made.table, made.splits[0][0], Once())
    count = len(recipes) * len(made.splits)
    do = partial(fold_result, made, recipes)
    crew = usual_crew(given(workers, processors()), count, backend)
    found: Dict[int, FoldResult] = {}
    with closing(side_by_side(do, range(count), crew)) as answers:
        for number, result in answers:
            found[number] = result
            progress(len(found))
    each = len(made.splits)
    return [[found[which * each + place] for place in range(each)] for which in range(len(recipes))]


class Figure(NamedTuple):
    """Over all folds; the deviation is None of a single one."""

    mean: float
    deviation: Optional[float]


def figure(results: Sequence[FoldResult], name: str) -> Optional[Figure]:
    """Of the member of this name; None where a fold has none."""
    values = [getattr(result, name) for result in results]
    if None in values:
        return None
    return Figure(mean(values), deviation(values))


class CrossValidation(NamedTuple):
    """The figures over all `folds`, whose members they are called after; None where a fold has
    none."""

    score: Optional[Figure]
    loss: Optional[Figure]
    error: Optional[Figure]
    constant: Optional[Figure]
    linear: Optional[Figure]
    folds: List[FoldResult]


def summed_up(results: List[FoldResult]) -> CrossValidation:
    return CrossValidation(
        figure(results, "score"), figure(results, "loss"), figure(results, "error"),
        figure(results, "constant"), figure(results, "linear"), results,
    )


def deviation(values: Sequence[float]) -> Optional[float]:
    """That of a sample, √(Σ(x − mean)²/(n − 1)); None of a single one.

    >>> deviation([1.0, 2.0, 6.0])
    2.6457513110645907
    """
    if len(values) < 2:
        return None
    middle, total = mean(values), 0.0
    for value in values:
        total += (value - middle) * (value - middle)
    return sqrt(total / (len(values) - 1))
