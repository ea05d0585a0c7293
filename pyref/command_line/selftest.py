"""pyref selftest: whether this installation gives the same bits as every other one."""

import sys
import time
from argparse import Namespace
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Dict, Iterator, List, NamedTuple, Optional

from .. import SPECIFICATION, __version__
from ..display.duration import duration
from ..engine import backend as engines
from ..files.document import Members
from ..selftest.recipes import computed, expected, first_difference, golden
from ..options.output import add_json_option, add_quiet_option
from ..options.values import count
from .help.parser import NewParser
from .reports.words import amount, cut, titled
from .saying import answer, answer_object
from .terminal import columns

DESCRIPTION = """\
Train the golden recipes, which come with pyref, and compare what comes out with the digests that
come with them.  Every engine that is here takes part: Python, and C with each instruction set that
this processor has.

Exit code 0: every digest is the golden one.  1: some are not; the table says which part was the
first to differ (the history of losses, the parameters, the predictions)."""

OBJECT = """\
With --json: pyref, specification, kernel_missing (why there is no C engine, or null), engines, good
(whether all bits are right), wrong (how many results are not), refused (why an engine computed
nothing), seconds, and recipes, each with name and results: by engine, same, or the first part that
differs, or refused."""

LEAST_OF_A_NAME, LONGEST_NAME = 20, 42
SAME = "same"


class Engine(NamedTuple):
    """`instruction_set` is the kernel's number for it; None for Python.  `threads`: None is one."""

    title: str
    backend: str
    instruction_set: Optional[int]
    threads: Optional[int]


class Result(NamedTuple):
    """Of one recipe by one engine: SAME, the first part that differs from the golden digests, or
    that the engine refused, and why."""

    cell: str
    refusal: Optional[str] = None


def add_parser(new_parser: NewParser) -> None:
    parser = new_parser(description=DESCRIPTION, epilog=OBJECT)
    parser.set_defaults(run=run)
    parser.add_argument(
        "--quick", action="store_true",
        help="only the recipes that use between them every function, optimizer and rule",
    )
    parser.add_argument(
        "--backend", choices=engines.BACKENDS, default="auto",
        help="the engine to test (default: auto, all that are here)",
    )
    parser.add_argument(
        "--threads", type=count, metavar="N",
        help="have the C engine divide all work among so many threads, even where that is slower "
        "(default: one thread)",
    )
    add_json_option(parser)
    add_quiet_option(parser, "print the result alone")


def run(options: Namespace) -> int:
    chosen = present(options.backend, options.threads)
    recipes = [r for r in golden().recipes if r.truth("quick") or not options.quick]
    titles = [engine.title for engine in chosen]
    with_table = not options.quiet and not options.json
    if with_table:
        answer([titled("pyref", f"{__version__}, numerical specification {SPECIFICATION}")])
        if options.backend == "auto" and engines.kernel_missing is not None:
            answer([titled("", f"no C engine: {engines.kernel_missing}")])
        answer(["", *table_lines("recipe", titles, titles)])
    started = time.perf_counter()
    results = []
    for recipe in recipes:
        results.append([compared(engine, recipe) for engine in chosen])
        if with_table:
            cells = [result.cell for result in results[-1]]
            answer(table_lines(recipe.text("name"), cells, titles))
    seconds = time.perf_counter() - started
    if options.json:
        names = [recipe.text("name") for recipe in recipes]
        answer_object(as_object(names, titles, results, seconds))
    else:
        answer([""] * with_table)
        answer(conclusion(results, len(chosen), seconds))
    return 0 if all(result.cell == SAME for row in results for result in row) else 1


def as_object(
    names: List[str], titles: List[str], results: List[List[Result]], seconds: float
) -> Dict[str, Any]:
    every = [result for row in results for result in row]
    wrong = sum(result.cell != SAME for result in every)
    return {
        "pyref": __version__,
        "specification": SPECIFICATION,
        "kernel_missing": engines.kernel_missing,
        "engines": titles,
        "good": not wrong,
        "wrong": wrong,
        "refused": sorted({result.refusal for result in every if result.refusal}),
        "seconds": seconds,
        "recipes": [
            {"name": name, "results": dict(zip(titles, [result.cell for result in row]))}
            for name, row in zip(names, results)
        ],
    }


def table_lines(name: str, cells: List[str], titles: List[str]) -> List[str]:
    """Cells stand under the titles, unless they say more than that all is the same; below the name
    where there is no room beside it."""
    room = columns(sys.stdout)
    texts = [f" {cell}".rjust(len(title) + 2) for cell, title in zip(cells, titles)]
    rest = min(room - len("".join(texts)), LONGEST_NAME)
    if rest >= LEAST_OF_A_NAME:
        return [cut(name, rest).ljust(rest) + "".join(texts)]
    texts = [f" {cell}".rjust(len(title) + 1) for cell, title in zip(cells, titles)]
    return [cut(name, room), "  " + "".join(texts)]


def conclusion(results: List[List[Result]], engine_count: int, seconds: float) -> Iterator[str]:
    """`results` has a list for each recipe, with one result for each engine."""
    every = [result for row in results for result in row]
    for refusal in sorted({result.refusal for result in every if result.refusal}):
        yield titled("refused", refusal)
    of_all = f"{amount(len(results), 'recipe')}, {amount(engine_count, 'engine')}"
    wrong = sum(result.cell != SAME for result in every)
    verdict = "all bits are right" if not wrong else f"{wrong} results are WRONG"
    yield titled("result", f"{verdict} ({of_all}, {duration(seconds)})")


def present(backend: str, threads: Optional[int]) -> List[Engine]:
    """The engines to test.

    Raises ImportError where C is asked for and missing, ValueError for threads that it has not.
    """
    found = []
    if backend in ("auto", "python"):
        found.append(Engine("Python", "python", None, None))
    if backend == "c" or (backend == "auto" and engines.kernel_missing is None):
        found.extend(c_engines(engines.engine("c"), threads))
    return found


def c_engines(kernel: ModuleType, threads: Optional[int]) -> Iterator[Engine]:
    most = kernel.lib.most_threads()
    if threads is not None and threads > most:
        raise ValueError(f"--threads {threads}: this kernel was built for at most {most}")
    best = kernel.lib.best_instruction_set()
    for name, number in kernel.calls.INSTRUCTION_SETS.items():
        if number <= best:
            yield Engine(f"C {name}", "c", number, threads)


def compared(engine: Engine, recipe: Members) -> Result:
    try:
        with forced(engine):
            difference = first_difference(computed(recipe, engine.backend), expected(recipe))
    except ArithmeticError as error:  # the probe, which says what is wrong here
        return Result("refused", f"{engine.title}: {error}")
    return Result(difference or SAME)


@contextmanager
def forced(engine: Engine) -> Iterator[None]:
    """Let the kernel use this instruction set, and divide everything among these threads."""
    if engine.backend == "python":
        yield
        return
    kernel = engines.engine("c")
    usual = kernel.calls.instruction_set, kernel.pace.team
    kernel.calls.instruction_set = engine.instruction_set
    if engine.threads is not None:
        kernel.pace.team = lambda *of_work: engine.threads
    try:
        yield
    finally:
        kernel.calls.instruction_set, kernel.pace.team = usual
