"""What a training needs, made of options and data: a new one, or one that goes on."""

from argparse import Namespace
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple, Union

from ..files.document import Members
from ..tables.examples import Examples, RawExamples, read_table, to_judge
from ..tables.layout import CLASSIFICATION
from ..tables.sources import Source
from ..network import Network
from ..reference.stopping import Rule
from ..trainer import Trainer
from ..version import VERSION
from ..options import defaults
from ..options.groups import table_options
from .choosing import Choice, Progress, choose, for_a_large_table, leaves_open
from .division import (
    ASIDE, Rows, described, divided_again, notes_of, rows_of, table_in, tables_aside,
)
from .files import run_in
from .from_options import given, new_network, new_rules, new_trainer, option_names
from .model_data import expected
from .preparing import Prepared, divided
from .starts import OF_THE_MODEL, going_on

# What decides a run from its first bit on: it cannot be changed when the run goes on.
FIXED = (
    *OF_THE_MODEL, "init", "unknown", "validation", "test", "split_seed", "seed", "batch_size",
    "no_shuffle", "class_weights", "optimizer", "learning_rate", "momentum", "nesterov", "schedule",
    "l1", "l2", "dropout", "input_dropout", "clip_value", "clip_norm", "label_smoothing",
)


class Job(NamedTuple):
    """A trainer, its rows and how far it is to go.  `recipe` is that of the network; `test` are
    rows that nothing is to see before the end."""

    trainer: Trainer
    training: Rows
    validation: Optional[Rows]
    epochs: int
    rules: List[Rule]
    recipe: Dict[str, Any]
    notes: Sequence[str] = ()  # on the data
    test: Optional[Rows] = None
    choice: Optional[Choice] = None

    @property
    def training_rows(self) -> int:
        return self.count(self.training)

    @property
    def validation_rows(self) -> int:
        return self.count(self.validation)

    @property
    def test_rows(self) -> int:
        return self.count(self.test)

    def count(self, rows: Optional[Rows]) -> int:
        return 0 if rows is None else len(rows[0]) // self.trainer.network.sizes[0]


class Table(NamedTuple):
    """A table to learn from: one that is to be prepared by the rows that train, or one as the
    network takes it that is to `start`."""

    rows: Union[RawExamples, Examples]
    start: Optional[Network]


def table_for(options: Namespace, source: Source) -> Table:
    if options.init is None:
        return Table(read_table(source, **table_options(options)), None)
    start = going_on(options)
    return Table(to_judge(source, expected(start), given(options.unknown, "error")), start)


def new_job(
    options: Namespace, source: Source, table: Table, progress: Optional[Progress] = None
) -> Job:
    """`progress` is told of the trainings that a choice takes."""
    rows, start = table
    job, examples = job_for(options, rows, range(rows.rows), start, progress)
    # How it is trained is told by the segments of the recipe.
    job.recipe.update({
        "pyref": VERSION,
        "data": source.name,
        "data_sha256": examples.digest(),
        "rows": examples.rows,
        "target_columns": [place + 1 for place in examples.target_places],
        "ignored_columns": [place + 1 for place in examples.ignored_places],
    })
    aside = tables_aside(options, job.trainer.network, given(options.unknown, "error"))
    return with_tables(job, aside)


def job_for(
    options: Namespace, table: Any, rows: Sequence[int], start: Optional[Network] = None,
    progress: Optional[Progress] = None, prepare: Callable[..., Prepared] = Prepared,
) -> Tuple[Job, Examples]:
    """The job that these rows of a table make, and the examples: of a table to learn from, which
    is to be prepared by those rows that train, or, where a `start` is to go on training, of one as
    that takes it.  The recipe does not tell yet where the rows came from.  `prepare` is Prepared,
    or an object that does it for several jobs (Once).
    """
    seed = given(options.seed, defaults.SEED)
    stratified = table.task == CLASSIFICATION
    # What tests has no part in the choice of how to train.
    choice, is_open = None, start is None and leaves_open(options)
    if is_open:
        choice = choose(options, table, divided(options, rows, 0.0, table).training, progress)
    if choice is not None:
        options = choice.options
    ready = prepare(options, table, rows, start)
    division, examples, validation = ready.division, ready.examples, ready.validation
    if is_open and choice is None:
        options = for_a_large_table(options, len(division.training))
    with option_names(options):
        network = start or new_network(options, examples, *ready.training, ready.scaling)
        # Weights that were drawn leave a stream to go on with.
        own_stream = None if start is None else seed
        trainer = new_trainer(options, network, len(division.training), own_stream)
    epochs = given(options.epochs, defaults.epochs(len(division.training)))
    recipe = network.recipe
    recipe.update(task=examples.task, validation=division.part, stratified=stratified, seed=seed)
    if division.test:
        recipe["test"] = options.test
    if options.split_seed is not None:
        recipe["split_seed"] = options.split_seed
    if choice is not None:
        recipe["choice"] = choice.described()
    recipe["planned_epochs"] = epochs
    validates = validation is not None or isinstance(options.validation, str)
    rules = new_rules(options, validates)
    if validates and options.patience is None and not options.stop:
        rules = defaults.rules(epochs)
    job = Job(
        trainer, ready.training, validation, epochs, rules, recipe, examples.notes, ready.test,
        choice,
    )
    return job, examples


def with_tables(job: Job, aside: Dict[str, Examples]) -> Job:
    """With the tables of their own that validate and test."""
    for name, table in aside.items():
        job.recipe[f"{name}_data"] = described(table)
        own: Dict[str, Any] = {name: (table.inputs, table.targets)}
        job = job._replace(**own)
    return job._replace(notes=[*job.notes, *notes_of(aside)])


def resumed_job(options: Namespace, source: Source) -> Job:
    """The run in a run file, with the data it was started with."""
    trainer = run_in(options.resume, options.backend)
    network = trainer.network
    recipe = checked_recipe(options.resume, network)
    told = Members(options.resume, "recipe.", recipe)
    refuse_fixed(options, told)
    trainer.threads = given(options.threads, trainer.threads)
    examples = to_judge(source, expected(network), unknown="ignore")
    if examples.digest() != recipe["data_sha256"]:
        raise ValueError(
            f"{source.name}: these are not the data of the run in {options.resume} "
            f"(which are {recipe['rows']} rows of {recipe['data']}): it can go on with those only"
        )
    training, validation, test = (
        rows_of(examples, part) for part in divided_again(examples, told)[:3]
    )
    assert training is not None  # there are always rows that train
    epochs = options.epochs
    if epochs is None:
        epochs = recipe["planned_epochs"] - trainer.epoch
        if epochs <= 0:
            raise ValueError(
                f"{options.resume}: the run has done its {trainer.epoch:,} epochs; "
                "--epochs says how many more to train"
            )
    recipe["planned_epochs"] = trainer.epoch + epochs
    rules = trainer.run.rules
    aside = the_same_tables(options, network, told)
    if options.patience is not None or options.stop:
        rules = new_rules(options, validation is not None or "validation" in aside)
    job = Job(trainer, training, validation, epochs, rules, recipe, test=test)
    return with_tables(job, aside)


def refuse_fixed(options: Namespace, recipe: Members) -> None:
    """A table of its own has to be given again; of all else, nothing may be."""
    needed = [name for name in ASIDE if table_in(recipe, name) is not None]
    for name in FIXED:
        value = getattr(options, name)
        if value is not None and not (name in needed and isinstance(value, str)):
            raise ValueError(
                f"--{name.replace('_', '-')} cannot be given with --resume: the run goes on with "
                "what it was started with (only --epochs, --patience, --stop, --time-limit, "
                "--backend and --threads may change)"
            )
    for name in needed:
        if getattr(options, name) is None:
            table = table_in(recipe, name)
            assert table is not None
            raise ValueError(
                f"--{name} FILE is needed: the run in {options.resume} has "
                f"{table.whole('rows'):,} {name} rows of their own, from {table.text('data')}"
            )


def the_same_tables(options: Namespace, network: Network, recipe: Members) -> Dict[str, Examples]:
    aside = tables_aside(options, network, "ignore")
    for name, table in aside.items():
        was = table_in(recipe, name)
        assert was is not None  # refuse_fixed has seen to it
        if table.digest() != was.text("sha256"):
            raise ValueError(
                f"--{name} {table.name}: these are not the {was.whole('rows'):,} rows of "
                f"{was.text('data')} that the run in {options.resume} was started with"
            )
    return aside


def checked_recipe(path: str, network: Network) -> Dict[str, Any]:
    recipe = network.recipe or {}
    for name, kind in (
        ("data", str),
        ("data_sha256", str),
        ("rows", int),
        ("validation", (int, float)),
        ("seed", int),
        ("planned_epochs", int),
    ):
        if not isinstance(recipe.get(name), kind):
            raise ValueError(
                f"{path}: its recipe has no {name}: this run was not made by pyref train, or the "
                "file is damaged"
            )
    return recipe
