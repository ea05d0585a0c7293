"""The trainings of a sweep: a recipe, by a seed, on all rows or on those of the other folds."""

import argparse
import copy
import time
from math import isfinite
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from ..options.recipes import recipe_from, words_in
from ..reference.guard import SPECIFICATION
from ..tables.examples import RawExamples
from ..tables.splitting import Split
from ..work.baselines import constant_answer
from ..work.cross_validation import (
    check, dealt_out, error_of, score, trained,
)
from ..work.division import Rows, rows_of
from ..work.job import Job
from ..work.judging import judge
from ..work.preparing import Once
from ..work.worker import Stop
from .recipes import Recipe

FOLD, VALIDATION, TRAINING = "fold", "validation", "training"  # rows that a network is judged by


class Run(NamedTuple):
    """A training: of a recipe, by a seed, without the rows of a fold (from 1) of those that this
    seed deals out; None where there are no folds."""

    recipe: str
    seed: int
    fold: Optional[int]


class Result(NamedTuple):
    """What came of a run.

    `judged_by` says which rows: those of the fold; else those that validated, or, where none did,
    those that trained.  `rows` is how many, `learning_rows` how many there were to learn from.
    `loss`, `score` (the part that is right, or R²) and `error` (root mean squared, of a regression
    of one target) are by them, and `constant` is the score of the answer that is always the same.
    `epochs` is how many were trained, `kept` the one whose weights were.  Where the training
    `diverged`, its words, and no figures.  `digest` is that of the network's weights.
    """

    recipe: str
    seed: int
    fold: Optional[int]
    judged_by: str
    learning_rows: int
    rows: int
    epochs: int
    kept: int
    loss: Optional[float]
    score: Optional[float]
    error: Optional[float]
    constant: Optional[float]
    diverged: Optional[str]
    seconds: float
    engine: str
    digest: str

    @property
    def run(self) -> Run:
        return Run(self.recipe, self.seed, self.fold)


class Trainings:
    """Does runs, one after the other or side by side, in this process or where it was sent.

    Recipes are read, and rows dealt out and prepared, once for many runs."""

    def __init__(
        self, table: RawExamples, folds: Optional[int], backend: str = "auto",
        threads: Optional[int] = None,
    ) -> None:
        self.table, self.folds = table, folds
        self.backend, self.threads = backend, threads
        self.specification = SPECIFICATION
        self.forget()

    def forget(self) -> None:
        self.read: Dict[str, argparse.Namespace] = {}
        self.dealt: Tuple[Optional[int], List[Split]] = None, []
        self.prepare = Once()

    def __getstate__(self) -> Dict[str, Any]:
        return {**self.__dict__, "read": {}, "dealt": (None, []), "prepare": Once()}

    def __setstate__(self, state: Dict[str, Any]) -> None:
        self.__dict__.update(state)
        if self.specification != SPECIFICATION:
            raise ImportError(
                f"a worker has a pyref of numerical specification {SPECIFICATION}; this sweep is "
                f"of {self.specification}"
            )

    def check(self, recipes: Sequence[Recipe], seed: int) -> None:
        """Raises ValueError for folds that cannot be made and recipes that cannot be followed."""
        learned, _ = self.split(seed, None if self.folds is None else 1)
        told = [self.options(recipe.text, seed) for recipe in recipes]
        check(told, self.table, learned, self.prepare)

    def options(self, recipe: str, seed: int) -> argparse.Namespace:
        if recipe not in self.read:
            where = f"recipe {recipe!r}"
            found = self.read[recipe] = recipe_from(words_in(recipe, where), where)
            found.backend, found.threads = self.backend, self.threads
        options = copy.copy(self.read[recipe])
        options.seed = seed
        return options

    def split(self, seed: int, fold: Optional[int]) -> Split:
        """The rows to learn from, and those to judge by."""
        if fold is None:
            return range(self.table.rows), ()
        of_seed, splits = self.dealt
        if of_seed != seed:
            assert self.folds is not None  # there is no fold else
            splits = dealt_out(self.table, self.folds, 1, seed).splits
            self.dealt = seed, splits
        return splits[fold - 1]

    def __call__(self, run: Run, stop: Stop) -> Result:
        began = time.perf_counter()
        learned, held_out = self.split(run.seed, run.fold)
        options = self.options(run.recipe, run.seed)
        job, examples, kept, diverged = trained(
            options, self.table, learned, stop, self.prepare
        )
        figures = self.figures(job, rows_of(examples, held_out), diverged is not None)
        trainer = job.trainer
        found = Result(
            *run, **figures, learning_rows=len(learned), epochs=trainer.epoch, kept=kept,
            diverged=diverged, seconds=time.perf_counter() - began, engine=trainer.backend,
            digest=trainer.network.digest(),
        )
        if found.judged_by == FOLD:
            return found
        return found._replace(learning_rows=job.training_rows)

    def figures(self, job: Job, of_fold: Optional[Rows], diverged: bool) -> Dict[str, Any]:
        """Those of Result that are by the rows to judge by."""
        network, backend = job.trainer.network, job.trainer.backend
        in_folds = None if job.choice is None else job.choice.judged
        if of_fold is not None:
            judged_by, rows = FOLD, of_fold
        elif in_folds is not None:
            judged_by, rows = VALIDATION, in_folds.rows
        elif job.validation is not None:
            judged_by, rows = VALIDATION, job.validation
        else:
            judged_by, rows = TRAINING, job.training
        found: Dict[str, Any] = {"judged_by": judged_by, "rows": job.count(rows)}
        if diverged:
            return {**found, **dict.fromkeys(("loss", "score", "error", "constant"))}
        if of_fold is None and in_folds is not None:
            judged = in_folds.chosen
        else:
            judged = judge(network, *rows, backend, in_detail=False)
        return {
            **found, "loss": finite(judged.loss), "score": finite(score(judged)),
            "error": finite(error_of(judged)),
            "constant": finite(score(constant_answer(network, job.training, rows)[1])),
        }


def finite(value: Optional[float]) -> Optional[float]:
    """What is none is written as no number."""
    return value if value is not None and isfinite(value) else None
