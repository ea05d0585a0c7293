"""pyref selftest: whether this installation gives the same bits as every other one."""

import time
from contextlib import contextmanager
from typing import Iterator, List, NamedTuple, Optional

from .. import SPECIFICATION, __version__
from ..engine import backend as engines
from ..files.document import Members
from ..selftest.recipes import computed, expected, first_difference, golden
from .option_types import count
from .words import amount, duration, titled

DESCRIPTION = """\
Train the golden recipes, which come with pyref, and compare what comes out with the digests that
come with them.  Every engine that is here takes part: Python, and C with each instruction set that
this processor has.

Exit code 0: every digest is the golden one.  1: some are not; the table says which part was the
first to differ (the history of losses, the parameters, the predictions)."""

NAME_WIDTH, CELL_WIDTH = 44, 13


class Engine(NamedTuple):
    """`instruction_set` is the kernel's number for it; None for Python.  `threads`: None is one."""

    title: str
    backend: str
    instruction_set: Optional[int]
    threads: Optional[int]


def add_parser(commands) -> None:
    parser = commands.add_parser(
        "selftest", help="whether the bits are right here", description=DESCRIPTION
    )
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


def run(options) -> int:
    chosen = present(options.backend, options.threads)
    recipes = [r for r in golden().recipes if r.truth("quick") or not options.quick]
    print(titled("pyref", f"{__version__}, numerical specification {SPECIFICATION}"))
    if options.backend == "auto" and engines.kernel_missing is not None:
        print(titled("", f"no C engine: {engines.kernel_missing}"))
    print()
    print("recipe".ljust(NAME_WIDTH) + "".join(e.title.rjust(CELL_WIDTH) for e in chosen))
    started = time.perf_counter()
    wrong = 0
    refusals = set()
    for recipe in recipes:
        cells = []
        for engine in chosen:
            try:
                difference = computed_by(engine, recipe)
            except ArithmeticError as error:  # the probe, which says what is wrong here
                refusals.add(f"{engine.title}: {error}")
                difference = "refused"
            wrong += difference is not None
            cells.append(difference or "same")
        print(recipe.text("name").ljust(NAME_WIDTH) + "".join(c.rjust(CELL_WIDTH) for c in cells),
              flush=True)
    print()
    for refusal in sorted(refusals):
        print(titled("refused", refusal))
    of_all = f"{amount(len(recipes), 'recipe')}, {amount(len(chosen), 'engine')}"
    seconds = duration(time.perf_counter() - started)
    verdict = "all bits are right" if not wrong else f"{wrong} results are WRONG"
    print(titled("result", f"{verdict} ({of_all}, {seconds})"))
    return 1 if wrong else 0


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


def c_engines(kernel, threads: Optional[int]) -> Iterator[Engine]:
    most = kernel.lib.most_threads()
    if threads is not None and threads > most:
        raise ValueError(f"--threads {threads}: this kernel was built for at most {most}")
    best = kernel.lib.best_instruction_set()
    for name, number in kernel.INSTRUCTION_SETS.items():
        if number <= best:
            yield Engine(f"C {name}", "c", number, threads)


def computed_by(engine: Engine, recipe: Members) -> Optional[str]:
    """The first part that differs from the golden digests, or None."""
    with forced(engine):
        return first_difference(computed(recipe, engine.backend), expected(recipe))


@contextmanager
def forced(engine: Engine) -> Iterator[None]:
    """Let the kernel use this instruction set, and divide everything among these threads."""
    if engine.backend == "python":
        yield
        return
    kernel = engines.engine("c")
    usual = kernel.instruction_set, kernel.team
    kernel.instruction_set = engine.instruction_set
    if engine.threads is not None:
        kernel.team = lambda *of_work: engine.threads
    try:
        yield
    finally:
        kernel.instruction_set, kernel.team = usual
