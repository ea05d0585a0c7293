"""Cross-validation as `pyref cross-validate` and `pyref compare` have it, for those who call it
from Python.  (`sweep as sweep` tells type checkers that this is meant for others, too.)"""

from argparse import Namespace
from typing import TYPE_CHECKING, List, Optional, Union

from .options.recipes import recipe_from, words_in
from .work import comparison
from .work.cross_validation import (
    CrossValidation, Folds, cross_validated, dealt_out, summed_up,
)
from .reading import table_from
from .reference.settings import whole_from_0, whole_from_1
from .sweeping.sweep import sweep as sweep
from .sweeping.sweep import workers_or_none
from .tables.examples import RawExamples

if TYPE_CHECKING:
    from os import PathLike

Data = Union[str, "PathLike[str]", RawExamples]


def cross_validate(
    data: Data,
    recipe: str = "",
    folds: int = 5,
    repeats: int = 1,
    seed: int = 1,
    backend: str = "auto",
    workers: Optional[int] = None,
) -> CrossValidation:
    """How good a recipe is on rows that it has not seen: `folds` trainings, `repeats` times, each
    without some of the rows, by which it is judged.

    `data` is what `pyref.read_table` gave, or the path of a table whose last column is the target.
    `recipe` is a text of options of `pyref train`.  `seed` decides the folds, the weights and the
    shuffles, and goes up by one from repeat to repeat.  `workers` is how many trainings go on side
    by side (None: as many as there are processors): the bits are the same.  With the Python engine
    they are processes.

    What comes back has, over all folds, the mean and the deviation of the `score` (the part of rows
    that are right, for labels in all of them; for a regression R²), the `loss`, the `error` (root
    mean squared, of a regression), and the scores of the `constant` answer and a `linear` model;
    and the same of each of its `folds`.

    Raises ValueError for folds that cannot be made, and for recipes that cannot be followed.

    >>> found = cross_validate("iris", "--hidden 4 --epochs 20", folds=3, workers=1)
    >>> found.score.mean > 0.8, [fold.rows for fold in found.folds]
    (True, [50, 50, 50])
    """
    made = folds_of(data, folds, repeats, seed)
    followed = recipes(recipe, seed=seed, backend=backend)
    (results,) = cross_validated(made, followed, backend, workers_or_none(workers))
    return summed_up(results)


def compare(
    data: Data,
    *recipe: str,
    folds: int = 5,
    repeats: int = 1,
    seed: int = 1,
    backend: str = "auto",
    workers: Optional[int] = None,
) -> List[comparison.Line]:
    """Recipes over the same folds, compared fold by fold; all else is as in `cross_validate`.

    A recipe may also be the name of a model file, whose recipe is followed.  For each comes back
    its `score` and its `loss`, whether it is the `best`, the mean `difference` of its scores to
    those of the best in the same folds, the `standard_error` of that, in how many folds it was
    better (`wins`), and its `results` in all folds.

    >>> recipes = "--hidden 4 --epochs 9", "--hidden 0 --epochs 9"
    >>> lines = compare("iris", *recipes, folds=2, workers=1)
    >>> sorted(line.best for line in lines), [line.recipe for line in lines]
    ([False, True], ['--hidden 4 --epochs 9', '--hidden 0 --epochs 9'])
    """
    made = folds_of(data, folds, repeats, seed)
    followed = recipes(*recipe, seed=seed, backend=backend)
    found = cross_validated(made, followed, backend, workers_or_none(workers))
    return comparison.compared(recipe, found)


def folds_of(data: Data, folds: int, repeats: int, seed: int) -> Folds:
    for name, value in (("folds", folds), ("repeats", repeats)):
        whole_from_1(name, value)
    return dealt_out(table_from(data), folds, repeats, whole_from_0("seed", seed))


def recipes(*texts: str, seed: int, backend: str) -> List[Namespace]:
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"recipe: a text of options is needed, not {text!r:.40}")
    base = recipe_from(words_in("", "recipe"), "recipe")
    base.seed, base.backend = seed, backend
    return comparison.recipes_from(texts, base)
