"""Recipes over the same folds, compared pair by pair."""

import argparse
import os
from math import sqrt
from typing import Any, Dict, List, NamedTuple, Optional, Sequence

from ..tables.passes import mean
from ..options.recipes import recipe_from, words_in
from .cross_validation import Figure, FoldResult, deviation, figure
from .files import model_in
from .model_recipe import options_in


class Line(NamedTuple):
    """What one recipe did, beside the best one.

    `score` and `loss` are over all folds, None where a training diverged.  `difference` is the mean
    of its scores less those of the best, fold by fold, `standard_error` that of this mean, and
    `wins` in how many folds it was better than the best; all are None for the best itself.
    """

    recipe: str
    results: List[FoldResult]
    score: Optional[Figure]
    loss: Optional[Figure]
    best: bool = False
    difference: Optional[float] = None
    standard_error: Optional[float] = None
    wins: Optional[int] = None

    def as_object(self) -> Dict[str, Any]:
        """Of plain members."""
        return {
            **self._asdict(),
            "results": [result._asdict() for result in self.results],
            **{name: None if found is None else found._asdict()
               for name, found in (("score", self.score), ("loss", self.loss))},
        }


def recipes_from(
    texts: Sequence[str], base: argparse.Namespace
) -> List[argparse.Namespace]:
    """Of each text: options of pyref train, which `base` completes, or the name of a model file."""
    found = []
    for text in texts:
        where = f"recipe {text.strip()!r}"
        if text.strip() and not text.lstrip().startswith("-"):
            if not os.path.exists(text):
                raise ValueError(
                    f"{where}: this is neither a model file nor options of pyref train, such as "
                    "'--hidden 8'"
                )
            recipe = recipe_from(options_in(model_in(text), text), where)
            for name in ("seed", "split_seed", "backend", "threads"):
                setattr(recipe, name, getattr(base, name))
        else:
            recipe = recipe_from(words_in(text, where), where, base)
        found.append(recipe)
    return found


def compared(texts: Sequence[str], results: Sequence[List[FoldResult]]) -> List[Line]:
    """In the order of the recipes.  The best has the highest mean score; of equals, the lowest mean
    loss, and then the first one."""
    lines = [
        Line(text.strip(), each, figure(each, "score"), figure(each, "loss"))
        for text, each in zip(texts, results)
    ]
    known = [
        (line.score.mean, -line.loss.mean, line)
        for line in lines if line.score is not None and line.loss is not None
    ]
    if not known:
        return lines
    best = max(known, key=lambda ranked: ranked[:2])[2]
    return [
        line._replace(best=True) if line is best else
        line if line.score is None else beside(line, best)
        for line in lines
    ]


def beside(line: Line, best: Line) -> Line:
    differences = [
        mine.score - theirs.score for mine, theirs in zip(line.results, best.results)
        if mine.score is not None and theirs.score is not None  # they all have one here
    ]
    return line._replace(
        difference=mean(differences),
        standard_error=standard_error(differences, line.results),
        wins=sum(difference > 0.0 for difference in differences),
    )


def standard_error(
    differences: Sequence[float], results: Sequence[FoldResult]
) -> Optional[float]:
    """Of the mean of differences over folds; None of a single fold."""
    return error_of_mean(
        differences,
        mean([float(result.rows) for result in results]),
        mean([float(result.learning_rows) for result in results]),
    )


def error_of_mean(
    differences: Sequence[float], judging: float, learning: float
) -> Optional[float]:
    """√((1/n + judging/learning rows)·s²): as trainings share most of their rows, n of them tell
    less than n independent ones, whose error would be √(s²/n).  C. Nadeau and Y. Bengio, "Inference
    for the generalization error", Machine Learning 52, 2003.  None of a single difference.
    """
    spread = deviation(differences)
    if spread is None:
        return None
    return spread * sqrt(1.0 / len(differences) + judging / learning)
