"""pyref verify: train a model again from its recipe, and compare every bit."""

import time
from argparse import Namespace
from typing import Any, Iterator, List, Optional, Tuple

from ..tables.examples import Examples, refitted, to_judge
from ..tables.scaling import Scaling
from ..tables.sources import Source
from ..display.duration import duration
from ..engine import backend as engines
from ..files.document import Members
from ..network import Network
from ..checks.verification import (
    NotRepeatable, recipe_of, rows_to_train, segments_of, verify,
)
from ..options.groups import add_header_option, source_of
from ..options.output import add_json_option, add_quiet_option
from ..options.values import file_name
from .reports.progress import Estimate, saying_while
from .reports.verdict import same_engine, verdict_in_words, verdict_object
from .reports.words import ENGINES, amount, engines_in_words, titled, titled_once
from .saying import answer, answer_object
from .verify_sweep import add_sweep_options, engine_for, verify_sweep
from ..work.division import ASIDE, divided_again, rows_of, table_in
from ..work.files import model_in
from ..work.model_data import expected
from .help.parser import NewParser

DESCRIPTION = """\
Train a model again from the recipe in its file, with the other engine than it was trained with,
and compare every bit of every weight.

  pyref verify iris.model.json iris
  pyref verify --sweep iris.sweep.jsonl --sample 5

DATA are the rows that it learned from, the same table again; several tables where it learned from
several, or was validated by another.  A model that began with another's weights needs that, too:
--init.  A model says in its recipe what else decides its bits; pyref show prints that.

Where the C engine is missing, Python trains again what it trained itself, and the result says so.

--sweep does some trainings of a sweep again, here or wherever the file was taken, and compares
their weights, by the digest in the file, and all figures.  DATA is the sweep's table, where that is
not found under the name by which the sweep read it.

Exit code 0: identical to the last bit.  1: not identical, and where the first difference lies.
2: this cannot be found out, and why."""

OBJECT = """\
With --json: model, identical, epochs, segments, rows (to train), engines (that trained it), engine
(that did so again), seconds, digest, and, null where there is none, loss_difference (after, epoch,
recorded, found), segment (after which the weights differ first) and weight_difference (layer,
input, unit, recorded, found).

With --sweep and --json: sweep (the file), trainings (in it), engines (that trained those which were
chosen), engine (that did so again), seconds, identical (whether all are), and runs, each with
recipe, seed, fold, identical, recorded and found, what the file has of it and what came of it
now."""

LONG = 20.0  # seconds, from which on the quicker engine is worth a word


def add_parser(new_parser: NewParser) -> None:
    parser = new_parser(
        usage="pyref verify MODEL DATA [DATA …] [options]\n       pyref verify --sweep FILE [DATA] "
        "[options]",
        description=DESCRIPTION,
        epilog=OBJECT,
    )
    parser.set_defaults(run=run)
    parser.add_argument("model", metavar="MODEL", nargs="?", help="file that pyref train wrote")
    parser.add_argument(
        "data", metavar="DATA", nargs="*", help="a table: file, - or a built-in data set"
    )
    parser.add_argument(
        "--init", type=file_name, metavar="START", help="the model whose weights it began with"
    )
    add_header_option(parser)
    parser.add_argument(
        "--backend", choices=engines.BACKENDS, default="auto",
        help="the engine to train with (default: auto, the one that did not train the model)",
    )
    add_sweep_options(parser)
    add_json_option(parser)
    add_quiet_option(parser, "print the result alone")


def run(options: Namespace) -> int:
    if options.sweep is not None:
        return verify_sweep(options)
    if not options.data:
        missing = "DATA" if options.model else "MODEL, DATA"
        raise ValueError(
            f"the following arguments are required: {missing} (pyref verify --help explains)"
        )
    network = model_in(options.model)
    start = None if options.init is None else model_in(options.init)
    segments = segments_of(network)
    refuse_without_start(network, start, options)
    used = {engine for segment in segments for engine in segment.texts("engines")}
    backend = engine_for(used, options.backend)
    with saying_while("reading", ", ".join(options.data), options.quiet):
        examples = examples_for(network, [source_of(options, data) for data in options.data])
    epochs = sum(segment.whole("epochs") for segment in segments)
    rows = rows_to_train(segments)
    in_words = not options.quiet and not options.json
    if in_words:
        answer([
            titled("model", f"{options.model}: {amount(network.parameter_count, 'parameter')}"),
            titled("recipe", f"{amount(epochs, 'epoch')} in {amount(len(segments), 'segment')}, "
                             f"{rows:,} rows to train, by the {engines_in_words(used)} engine"),
            *titled_once("again", again_in_words(backend, seconds_in_python(network, segments))),
        ])
    started = time.perf_counter()
    progress = Estimate(rows, in_words) if not options.quiet else None
    verdict = verify(network, *examples, backend=backend, progress=progress, start=start)
    seconds = time.perf_counter() - started
    if options.json:
        answer_object({
            "model": options.model, "identical": verdict.identical, "epochs": epochs,
            "segments": len(segments), "rows": rows, "engines": sorted(used), "engine": backend,
            "seconds": seconds, "digest": network.digest(), **verdict_object(verdict),
        })
        return 0 if verdict.identical else 1
    if in_words:
        answer([titled("trained", f"again in {duration(seconds)}")])
    answer(verdict_in_words(verdict, network))
    if used == {backend}:
        answer([titled("", same_engine(backend))])
    return 0 if verdict.identical else 1


def seconds_in_python(network: Network, segments: List[Members]) -> float:
    """About how long the Python engine takes: for a row 20 µs, 4.5 µs a unit and 0.08 µs a product,
    for a step 50 µs and 1 µs a parameter (SGD 0.4, Adam 1.2).  Measured, in seconds of the
    processor, from 2-2-1 to 784-128-10 in batches from 1 row to all: half to twice as long."""
    products = 3 * sum(inputs * units for inputs, units in zip(network.sizes, network.sizes[1:]))
    of_row = 20e-6 + 4.5e-6 * sum(network.sizes[1:]) + 0.08e-6 * products
    of_step = 50e-6 + 1e-6 * network.parameter_count
    seconds = 0.0
    for segment in segments:
        rows = segment.object("data").whole("rows")
        batch = rows if segment.get("batch_size") is None else segment.whole("batch_size")
        seconds += segment.whole("epochs") * (rows * of_row + -(-rows // batch) * of_step)
    return seconds


def again_in_words(backend: str, seconds: float) -> Iterator[str]:
    text = f"by the {ENGINES[backend]} engine"
    if backend != "python" or seconds < LONG:
        yield text
        return
    yield f"{text}, which takes about {duration(seconds)}"
    if engines.kernel_missing is None:
        yield "--backend c takes seconds, and says whether C gives the same bits again"
    else:
        yield f"the C engine takes seconds: {engines.HOW_TO_GET_C}"


def refuse_without_start(network: Network, start: Optional[Network], options: Namespace) -> None:
    """What is to be added to the command."""
    recipe = recipe_of(network)
    if not recipe.optional("start"):
        return
    began = recipe.object("start")
    if start is None and began.optional("model"):
        raise NotRepeatable(
            f"{options.model} began with the weights of {began.text('model')}, SHA-256 "
            f"{began.text('digest')}: add --init {began.text('model')}"
        )
    if start is not None and not began.optional("model"):
        raise ValueError(f"--init: {options.model} did not begin with another model's weights")


def examples_for(
    network: Network, tables: List[Source]
) -> List[Tuple[Any, Any]]:
    """The rows in these tables, whole and in the parts that pyref train made of them."""
    recipe = recipe_of(network)
    from_table = recipe.optional("data_sha256")
    aside = {name: table_in(recipe, name) for name in ASIDE}
    found, missing = [], {name for name, table in aside.items() if table is not None} - {"test"}
    for source in tables:
        examples = to_judge(source, expected(network), unknown="ignore")
        found.append((examples.inputs, examples.targets))
        if not from_table:
            continue  # not made by pyref train
        digest = examples.digest()
        of_its_own = [
            name for name, table in aside.items() if table and table.text("sha256") == digest
        ]
        missing.difference_update(of_its_own)
        if digest == recipe.text("data_sha256"):
            found += training_parts(network, examples, recipe)
        elif not of_its_own:
            raise NotRepeatable(
                f"{examples.name}: these are not the data it was trained on, which are "
                f"{recipe.whole('rows')} rows of {recipe.text('data')}, "
                f"SHA-256 {recipe.text('data_sha256')}"
            )
    for name in missing:
        table = aside[name]
        assert table is not None  # else it would not be missing
        raise NotRepeatable(
            f"its {table.whole('rows'):,} {name} rows are a table of their own, which is needed "
            f"behind DATA: {table.text('data')}, SHA-256 {table.text('sha256')}"
        )
    return found


def training_parts(network: Network, examples: Examples, recipe: Members) -> List[Tuple[Any, Any]]:
    """The rows that trained and those that validated.  Where the network was made for them, its
    preparation and its scaling must be those of the rows that trained: they decide bits, too."""
    division = divided_again(examples, recipe)
    training, validation = (rows_of(examples, rows) for rows in division[:2])
    assert training is not None  # there are always rows that train
    if not (recipe.optional("start") and recipe.object("start").optional("model")):
        made = network.preparation
        if made is not None and refitted(examples, division.training) != examples.preparation:
            raise NotRepeatable(
                "not repeatable: its preparation is not that of its training rows"
            )
        check_scaling(network, examples, training)
    return [training] if validation is None else [training, validation]


def check_scaling(network: Network, examples: Examples, training: Tuple[Any, Any]) -> None:
    inputs, targets = training
    wanted = [(network.input_scaling, Scaling.fit(inputs, examples.input_count))]
    if network.target_scaling is not None:
        wanted.append((network.target_scaling, Scaling.fit(targets, examples.target_count)))
    if any(recorded != computed for recorded, computed in wanted):
        raise NotRepeatable("not repeatable: its scaling is not that of its training rows")
