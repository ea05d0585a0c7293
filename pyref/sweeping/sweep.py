"""Many trainings, as `pyref sweep` does them, for those who call it from Python, too."""

import os
import shlex
import time
from concurrent.futures import Executor
from contextlib import closing
from typing import Any, Callable, Generator, Iterable, Iterator, List, NamedTuple, Optional
from typing import Sequence, Tuple, Union

from ..arguments.machine import processors
from ..engine import backend as engines
from ..reading import table_from
from ..reference.settings import Integral, number, whole_from_1
from ..tables.examples import RawExamples
from ..tables.sources import find
from ..work.crews import Crew, Given, local_crew
from ..work.side_by_side import side_by_side
from .recipes import Recipe, Values, axes_from, combinations
from .results_file import Ground, ResultsFile, ground_of
from .summary import Line, best_run, summed_up
from .trainings import Result, Run, Trainings

SHORT = 0.01  # seconds; of shorter trainings a large part holds Python's lock
WORTH_PROCESSES = 1.0  # seconds of all runs together, from which on these take less to start
LONG_TO_TRY = 0.5  # seconds of a run, after which it is plain how long it takes
TRIED = 3  # runs, as the first ones load what they need


class Sweep(NamedTuple):
    """What came of a sweep: a line for each of the recipes, in their order; the results of all its
    runs, recipe by recipe, and of each seed by seed and fold by fold; and the pyref train command
    that follows the best recipe, None where all recipes have a training that diverged.  `digest` is
    that of the network which the command gives, where it is one of the runs (without folds)."""

    lines: List[Line]
    results: List[Result]
    command: Optional[str]
    digest: Optional[str]

    @property
    def best(self) -> Optional[Line]:
        return next((line for line in self.lines if line.best), None)


class Plan(NamedTuple):
    """All that is to be done, and on what."""

    table: RawExamples
    ground: Ground
    recipes: List[Recipe]
    seeds: Sequence[int]

    def runs(self) -> List[Run]:
        """Seed by seed, so that there is something of all recipes soon, and fold by fold, whose
        rows are prepared once."""
        return [
            Run(recipe.text, seed, fold)
            for seed in self.seeds for fold in self.folds for recipe in self.recipes
        ]

    @property
    def folds(self) -> Sequence[Optional[int]]:
        count = self.ground.folds
        return (None,) if count is None else range(1, count + 1)


def sweep(
    data: Union[str, "os.PathLike[str]", RawExamples],
    recipes: Values = "",
    *,
    seeds: Union[int, Iterable[int]] = 1,
    folds: Optional[int] = None,
    sample: Optional[int] = None,
    sample_seed: int = 1,
    success: Optional[float] = None,
    file: Optional[Union[str, "os.PathLike[str]"]] = None,
    backend: str = "auto",
    threads: Optional[int] = None,
    workers: Optional[int] = None,
    executor: Optional[Executor] = None,
    progress: Callable[[Result], Any] = lambda result: None,
) -> Sweep:
    """Train every combination of what options of `pyref train` may be, by every seed.

    `data` is what `pyref.read_table` gave, or the path of a table whose last column is the target.
    `recipes` are such options with one value or several, as a text (`"--hidden 8 16,16
    --optimizer adam sgd"`) or by name (`{"hidden": [8, [16, 16]], "optimizer": ["adam", "sgd"]}`);
    of their combinations `sample` are chosen by `sample_seed`, or all tried.  With `folds`, each
    seed deals out the rows, and there is a training for each fold, which it is judged by; else the
    rows that validate judge, or, where a recipe has none, those that train.

    A training has succeeded where its score is at least `success`; None: where it is better than
    always giving the same answer, and where those rows judge that train, if all are right.

    `file` is a file of JSON lines to which each run is added as soon as it is done; what it has
    already is not done again.  `workers` runs go on side by side (None: as many as there are
    processors for), with the same bits: by threads of the C engine, by processes where trainings
    take milliseconds or Python trains; or by any `executor` of concurrent.futures, which may reach
    other machines that have pyref, such as `dask.distributed.Client.get_executor(pure=False)` or
    one of `mpi4py.futures`; `workers` is how many it has.  Runs of a worker that is lost are done
    again.  `progress` is called with each result.

    Raises ValueError for recipes, seeds and folds that cannot be, before any training, and for a
    `file` of something else; MemoryError where the same runs lose their worker three times.

    >>> found = sweep("xor", {"hidden": [2, 4], "epochs": 9}, seeds=range(3), workers=1)
    >>> [(line.label, line.runs) for line in found.lines]
    [('--hidden 2', 3), ('--hidden 4', 3)]
    """
    table = table_from(data)
    for name, value in (("folds", folds), ("sample", sample), ("threads", threads)):
        if value is not None:
            whole_from_1(name, value)
    workers = workers_or_none(workers)
    success = None if success is None else number("success", success)
    ground = ground_of(table, folds)
    told = axes_from(recipes)
    plan = Plan(table, ground, combinations(told, sample, sample_seed), seeds_from(seeds))
    crew = None
    if executor is not None:
        crew = Given(executor, processors() if workers is None else workers)
    results = ResultsFile(None if file is None else os.fspath(file))
    results.look(ground)
    for result in carried_out(plan, results, backend, threads, workers, crew):
        progress(result)
    return found_in(plan, results, success)


def carried_out(
    plan: Plan, results: ResultsFile, backend: str, threads: Optional[int],
    workers: Optional[int], crew: Optional[Crew],
) -> Iterator[Result]:
    """Each run of the plan that is not in the results yet, as it is done and added to these."""
    trainings = Trainings(plan.table, plan.ground.folds, backend, threads)
    try:
        left = [run for run in plan.runs() if run not in results.results]
        wanted = {run.recipe for run in left}
        trainings.check([r for r in plan.recipes if r.text in wanted], plan.seeds[0])
        results.begin(plan.ground)
        with closing(by_crew(trainings, left, workers, crew)) as found:
            for result in found:
                results.add(result)
                yield result
    finally:
        results.close()


def by_crew(
    trainings: Trainings, left: List[Run], workers: Optional[int], crew: Optional[Crew]
) -> Generator[Result, None, None]:
    if crew is None:
        if workers is None:
            workers = usual_workers(trainings.threads)
        in_processes = engines.choose(trainings.backend) == "python"
        if workers > 1 and not in_processes:
            seconds, tried = LONG_TO_TRY, 0
            while tried < min(TRIED, len(left)) and seconds <= LONG_TO_TRY:
                began = time.perf_counter()
                yield trainings(left[tried], lambda: False)
                seconds = time.perf_counter() - began
                tried += 1
            left = left[tried:]
            if seconds < SHORT:
                in_processes = seconds * len(left) > WORTH_PROCESSES
                workers = workers if in_processes else 1
        crew = local_crew(workers, len(left), in_processes)
    with closing(side_by_side(trainings, left, crew)) as answers:
        for _, result in answers:
            yield result


def workers_or_none(workers: Optional[int]) -> Optional[int]:
    return None if workers is None else whole_from_1("workers", workers)


def usual_workers(threads: Optional[int]) -> int:
    """As many as keep all processors busy, where each uses so many."""
    return max(1, processors() // (threads or 1))


def seeds_from(seeds: Union[int, Iterable[int]]) -> List[int]:
    """Each once.  Raises ValueError for what is no seed."""
    several = list(dict.fromkeys(seeds if isinstance(seeds, Iterable) else [seeds]))
    if not several:
        raise ValueError("seeds: at least one is needed")
    for seed in several:
        whole = isinstance(seed, Integral) and not isinstance(seed, bool)
        if not whole or not 0 <= seed < 2**32:
            raise ValueError(f"seeds: whole numbers from 0 to {2**32 - 1} are needed, not {seed!r}")
    return list(map(int, several))


def found_in(plan: Plan, results: ResultsFile, success: Optional[float] = None) -> Sweep:
    """The sum of all runs of the plan, which have been done."""
    of_recipes = [
        [
            results.results[Run(recipe.text, seed, fold)]
            for seed in plan.seeds for fold in plan.folds
        ]
        for recipe in plan.recipes
    ]
    lines = summed_up(plan.recipes, of_recipes, plan.ground.task, success)
    together = [result for each in of_recipes for result in each]
    for line, each in zip(lines, of_recipes):
        if line.best:
            return Sweep(lines, together, *command_for(plan, line.recipe, each))
    return Sweep(lines, together, None, None)


def command_for(
    plan: Plan, recipe: str, results: Sequence[Result]
) -> Tuple[str, Optional[str]]:
    """What trains it with all rows, by the seed of its best run, whose network that is; where there
    are folds, no run is such a training, and it is by the first seed."""
    ground = plan.ground
    words = ["pyref", "train", "-" if ground.data == find("-").name else ground.data]
    for name, value in ground.table.items():
        words += ["--" + name, {True: "yes", False: "no"}.get(value, value)]
    if ground.folds is not None:
        return f"{shlex.join(words)} {recipe} --seed {results[0].seed}", None
    run = best_run(results)
    return f"{shlex.join(words)} {recipe} --seed {run.seed}", run.digest
