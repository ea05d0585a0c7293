"""pyref verify --sweep: some trainings of a sweep again, compared bit by bit."""

import time
from argparse import Namespace
from typing import Any, Dict, List, Set

from ..display.duration import duration
from ..engine import backend as engines
from ..options.groups import add_workers_options, told_of
from ..options.values import count, file_name, seed
from ..reading import read_table
from ..sweeping.again import Again, chosen, done_again
from ..sweeping.results_file import ResultsFile
from ..work import files
from ..work.clusters import crew_elsewhere
from .help.parser import CommandParser
from .reports.folds_progress import FoldsProgress
from .reports.progress import saying_while
from .reports.verdict import same_engine
from .reports.words import ENGINES, amount, engines_in_words, titled
from .saying import answer, answer_object

SAMPLE = 5
COMPARED = ("epochs", "kept", "loss", "score", "digest")  # what is told where they differ


def add_sweep_options(parser: CommandParser) -> None:
    group = parser.add_argument_group("trainings of a sweep")
    group.add_argument(
        "--sweep", type=file_name, metavar="FILE", help="file that pyref sweep wrote"
    )
    group.add_argument(
        "--sample", type=count, default=SAMPLE, metavar="N",
        help=f"how many of its trainings to do again (default: {SAMPLE})",
    )
    group.add_argument(
        "--sample-seed", type=seed, default=1, metavar="N",
        help="of the choice of these (default: 1)",
    )
    add_workers_options(group)


def verify_sweep(options: Namespace) -> int:
    words = [word for word in (options.model, *options.data) if word is not None]
    if len(words) > 1:
        raise ValueError(f"--sweep: at most one DATA is needed, not {' '.join(words)}")
    files.refuse_no_file(options.sweep, "a file that pyref sweep wrote is needed")
    results = ResultsFile(options.sweep)
    results.read()
    if results.ground is None or not results.results:
        raise ValueError(f"{options.sweep}: there is no training in this file yet")
    sample = chosen(list(results.results.values()), options.sample, options.sample_seed)
    used = {result.engine for result in sample}
    backend = engine_for(used, options.backend)
    data = words[0] if words else results.ground.data
    with saying_while("reading", data, options.quiet):
        table = read_table(data, **{**results.ground.table, **told_of(options)})
    if not options.quiet and not options.json:
        answer([
            titled("sweep", f"{options.sweep}: {amount(len(results.results), 'training')}"),
            titled("chosen", f"{len(sample):,} of them, by the {engines_in_words(used)} engine"),
            titled("again", f"by the {ENGINES[backend]} engine"),
        ])
    crew = crew_elsewhere(options.dask, options.mpi)
    started = time.perf_counter()
    progress = None if options.quiet else FoldsProgress(len(sample))
    found: List[Again] = []
    try:
        for again in done_again(
            sample, table, results.ground, backend, options.workers, crew
        ):
            found.append(again)
            if progress is not None:
                progress(len(found))
    finally:
        if progress is not None:
            progress.end()
    seconds = time.perf_counter() - started
    return told_verdict(options, found, used, backend, len(results.results), seconds)


def engine_for(used: Set[str], wished: str) -> str:
    """The one that had no part in the training, if it is here."""
    if wished != "auto":
        return engines.choose(wished)
    return "c" if used == {"python"} and engines.kernel_missing is None else "python"


def told_verdict(
    options: Namespace, found: List[Again], used: Set[str], backend: str, trainings: int,
    seconds: float,
) -> int:
    same = sum(again.is_identical for again in found)
    good = same == len(found)
    if options.json:
        answer_object({
            "sweep": options.sweep, "trainings": trainings, "engines": sorted(used),
            "engine": backend, "seconds": seconds, "identical": good,
            "runs": [object_of(again) for again in found],
        })
        return 0 if good else 1
    if not options.quiet:
        answer([titled("trained", f"again in {duration(seconds)}")])
    for again in found:
        if not again.is_identical:
            answer(difference(again))
    answer([titled("result", f"{same:,} of {len(found):,} identical to the last bit" if good else
                   f"NOT identical: {len(found) - same:,} of {len(found):,}")])
    if used == {backend}:
        answer([titled("", same_engine(backend))])
    return 0 if good else 1


def object_of(again: Again) -> Dict[str, Any]:
    recorded = again.recorded
    return {
        **recorded.run._asdict(), "identical": again.is_identical,
        "recorded": recorded._asdict(), "found": again.found._asdict(),
    }


def difference(again: Again) -> List[str]:
    recorded, found = again
    fold = "" if recorded.fold is None else f", fold {recorded.fold}"
    differing = [
        f"{name} {getattr(recorded, name)!r} in the file, {getattr(found, name)!r} here"
        for name in COMPARED if getattr(recorded, name) != getattr(found, name)
    ]
    return [
        titled("differs", f"seed {recorded.seed}{fold}: {recorded.recipe or '(no options)'}"),
        *(titled("", line) for line in differing),
    ]
