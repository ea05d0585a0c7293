"""Some runs of a sweep once more, and whether they give the same bits."""

from contextlib import closing
from typing import Any, Dict, Iterator, List, NamedTuple, Optional

from ..checks.verification import NotRepeatable
from ..tables import passes
from ..tables.examples import RawExamples
from ..work.crews import Crew
from .results_file import Ground, ground_of
from .sweep import by_crew
from .trainings import Result, Trainings

# What may be another, put out of the way.
OF_THE_MACHINE: Dict[str, Any] = {"seconds": 0.0, "engine": ""}


class Again(NamedTuple):
    recorded: Result
    found: Result

    @property
    def is_identical(self) -> bool:
        """The weights, by their digest, and every figure."""
        return self.recorded._replace(**OF_THE_MACHINE) == self.found._replace(**OF_THE_MACHINE)


def chosen(results: List[Result], sample: int, seed: int) -> List[Result]:
    """So many, which the stream of `seed` chooses, in their order."""
    order = passes.fastest.shuffled(seed, len(results))
    return [results[place] for place in sorted(order[:sample])]


def done_again(
    results: List[Result], table: RawExamples, ground: Ground, backend: str,
    workers: Optional[int] = None, crew: Optional[Crew] = None,
) -> Iterator[Again]:
    """Each of these results beside the new one, as it is done.  Raises NotRepeatable for another
    table than that of the `ground`."""
    here = ground_of(table, ground.folds)
    if (here.sha256, here.rows, here.task) != (ground.sha256, ground.rows, ground.task):
        raise NotRepeatable(
            f"{table.name}: these are not the data of the sweep, which are {ground.rows} rows of "
            f"{ground.data}, SHA-256 {ground.sha256}"
        )
    recorded = {result.run: result for result in results}
    trainings = Trainings(table, ground.folds, backend)
    with closing(by_crew(trainings, list(recorded), workers, crew)) as found:
        for result in found:
            yield Again(recorded[result.run], result)
