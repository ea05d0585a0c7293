"""What the runs of a sweep say together: recipe by recipe, and beside the best of them."""

from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from ..tables.layout import REGRESSION
from ..tables.passes import mean
from ..work.comparison import error_of_mean
from ..work.cross_validation import Figure, deviation
from .recipes import Recipe
from .trainings import TRAINING, Result


class Line(NamedTuple):
    """What came of a recipe.

    `label` is what of its text is not the same in all recipes.  Of its `runs`, `diverged` did;
    `score`, `loss` and `error` are over the others, None where one of these has none, and `seconds`
    over all.  Of its `seeds`, so many `succeeded` in all their runs.  Where none diverged,
    `difference` is the mean of its scores less those of the best, run by run, `standard_error` that
    of this mean, and `wins` in how many it was better than the best; they are None for the best.
    """

    recipe: str
    label: str
    runs: int
    diverged: int
    seeds: int
    succeeded: int
    score: Optional[Figure]
    loss: Optional[Figure]
    error: Optional[Figure]
    seconds: Figure
    best: bool = False
    difference: Optional[float] = None
    standard_error: Optional[float] = None
    wins: Optional[int] = None

    def as_object(self) -> Dict[str, Any]:
        """Of plain members."""
        return {
            name: found._asdict() if isinstance(found, Figure) else found
            for name, found in self._asdict().items()
        }


def has_succeeded(result: Result, task: str, success: Optional[float]) -> bool:
    """Whether its score is at least `success`.  Where nothing is said of that (None), all rows have
    to be right if they are those that trained, classes or labels; else the score has to be higher
    than that of the answer that is always the same."""
    if result.score is None:
        return False
    if success is not None:
        return result.score >= success
    if result.judged_by == TRAINING and task != REGRESSION:
        return result.score == 1.0
    return result.constant is None or result.score > result.constant


def summed_up(
    recipes: Sequence[Recipe], results: Sequence[Sequence[Result]], task: str,
    success: Optional[float],
) -> List[Line]:
    """Of each recipe, whose results stand in the same order of seeds and folds.  The best has the
    highest mean score of those that have one of every run; of equals, the lowest mean loss, and
    then the first one."""
    lines = [line_of(recipe, each, task, success) for recipe, each in zip(recipes, results)]
    known = {
        place: (line.score.mean, -line.loss.mean) for place, line in enumerate(lines)
        if not line.diverged and line.score is not None and line.loss is not None
    }
    if not known:
        return lines
    best = max(known, key=lambda place: (known[place], -place))
    for place in known:
        lines[place] = lines[place]._replace(best=True) if place == best else beside(
            lines[place], results[place], results[best]
        )
    return lines


def line_of(
    recipe: Recipe, results: Sequence[Result], task: str, success: Optional[float]
) -> Line:
    finished = [result for result in results if result.diverged is None]
    failed = {result.seed for result in results if not has_succeeded(result, task, success)}
    seeds = len({result.seed for result in results})
    score, loss, error = (
        figure([getattr(result, name) for result in finished])
        for name in ("score", "loss", "error")
    )
    seconds = [result.seconds for result in results]
    return Line(
        recipe.text, recipe.label, len(results), len(results) - len(finished), seeds,
        seeds - len(failed), score, loss, error, Figure(mean(seconds), deviation(seconds)),
    )


def figure(values: Sequence[Optional[float]]) -> Optional[Figure]:
    known = [value for value in values if value is not None]
    if not values or len(known) < len(values):
        return None
    return Figure(mean(known), deviation(known))


def beside(line: Line, results: Sequence[Result], best: Sequence[Result]) -> Line:
    differences = [
        mine.score - theirs.score for mine, theirs in zip(results, best)
        if mine.score is not None and theirs.score is not None  # they all have one here
    ]
    return line._replace(
        difference=mean(differences),
        standard_error=error_of_mean(differences, *judging_and_learning(results)),
        wins=sum(difference > 0.0 for difference in differences),
    )


def judging_and_learning(results: Sequence[Result]) -> Tuple[float, float]:
    """The mean numbers of rows.  Where those that train are judged, trainings differ in nothing but
    what their seeds drew: they are independent, as if no row judged."""
    judging = mean([
        0.0 if result.judged_by == TRAINING else float(result.rows) for result in results
    ])
    return judging, mean([float(result.learning_rows) for result in results])


def best_run(results: Sequence[Result]) -> Result:
    """Of a recipe: the highest score, then the lowest loss, then the first."""
    known = [
        (result.score, -result.loss, result)
        for result in results if result.score is not None and result.loss is not None
    ]
    return max(known, key=lambda ranked: ranked[:2])[2]
