"""What a training needs, made of options and data: a new one, or one that goes on."""

from array import array
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from ... import __version__
from ...tables.examples import Examples, read_table, to_judge
from ...tables.layout import CLASSIFICATION
from ...tables.sources import Source
from ...tables.splitting import Split, split
from ...network import Network
from ...reference.stopping import Rule
from ...trainer import Trainer
from ..options import defaults
from .from_options import given, new_network, new_rules, new_trainer, option_names
from .files import run_in
from .model_data import expected
from ..options.groups import table_options

Rows = Tuple[array, array]  # inputs and targets

# What decides a run from its first bit on: it cannot be changed when the run goes on.
FIXED = (
    "target", "ignore", "categorical", "missing", "task", "validation", "hidden", "activation",
    "output_activation", "initializer", "biases", "no_biases", "loss", "seed", "batch_size",
    "no_shuffle", "class_weights", "optimizer", "learning_rate", "momentum", "nesterov", "schedule",
    "l1", "l2", "dropout", "input_dropout", "clip_value", "clip_norm", "label_smoothing",
)


class Job(NamedTuple):
    """A trainer, its rows and how far it is to go.  `recipe` is that of the network."""

    trainer: Trainer
    training: Rows
    validation: Optional[Rows]
    epochs: int
    rules: List[Rule]
    recipe: Dict[str, Any]
    notes: Sequence[str] = ()  # on the data

    @property
    def training_rows(self) -> int:
        return len(self.training[0]) // self.trainer.network.sizes[0]

    @property
    def validation_rows(self) -> int:
        if self.validation is None:
            return 0
        return len(self.validation[0]) // self.trainer.network.sizes[0]


def new_job(options, source: Source) -> Job:
    table = read_table(source, **table_options(options))
    seed = given(options.seed, defaults.SEED)
    part = given(options.validation, defaults.validation(table.rows))
    stratified = table.task == CLASSIFICATION
    rows = split(table.rows, part, seed, table.targets if stratified else None)
    examples = table.prepared(rows[0])
    training, validation = parts(examples, rows)
    training_rows = len(rows[0])
    with option_names(options):
        network = new_network(options, examples, *training)
        trainer = new_trainer(options, network, training_rows)
    epochs = given(options.epochs, defaults.epochs(training_rows))
    # How it is trained is told by the segments of the recipe.
    network.recipe.update({
        "pyref": __version__,
        "data": source.name,
        "data_sha256": examples.digest(),
        "rows": examples.rows,
        "task": examples.task,
        "target_columns": [place + 1 for place in examples.target_places],
        "ignored_columns": [place + 1 for place in examples.ignored_places],
        "validation": part,
        "stratified": stratified,
        "seed": seed,
        "planned_epochs": epochs,
    })
    rules = new_rules(options, validation is not None)
    if validation is not None and options.patience is None and not options.stop:
        rules = defaults.rules(epochs)
    return Job(trainer, training, validation, epochs, rules, network.recipe, examples.notes)


def split_again(
    examples: Examples, part: float, seed: int, stratified: Optional[bool]
) -> Split:
    """As a recipe says; one that says nothing of classes is from before they had a part in it."""
    return split(examples.rows, part, seed, examples.targets if stratified else None)


def parts(examples: Examples, rows: Split) -> Tuple[Rows, Optional[Rows]]:
    """The rows that train and those that validate, if any, as `split` divides them."""
    training, validating = rows
    if not validating:
        return (examples.inputs, examples.targets), None
    return examples.part(training), examples.part(validating)


def resumed_job(options, source: Source) -> Job:
    """The run in a run file, with the data it was started with."""
    for name in FIXED:
        if getattr(options, name) is not None:
            raise ValueError(
                f"--{name.replace('_', '-')} cannot be given with --resume: the run goes on with "
                "what it was started with (only --epochs, --patience, --stop, --time-limit, "
                "--backend and --threads may change)"
            )
    trainer = run_in(options.resume, options.backend)
    trainer.threads = given(options.threads, trainer.threads)
    network = trainer.network
    recipe = checked_recipe(options.resume, network)
    examples = to_judge(source, expected(network), unknown="ignore")
    if examples.digest() != recipe["data_sha256"]:
        raise ValueError(
            f"{source.name}: these are not the data of the run in {options.resume} "
            f"(which are {recipe['rows']} rows of {recipe['data']}): it can go on with those only"
        )
    rows = split_again(examples, recipe["validation"], recipe["seed"], recipe.get("stratified"))
    training, validation = parts(examples, rows)
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
    if options.patience is not None or options.stop:
        rules = new_rules(options, validation is not None)
    return Job(trainer, training, validation, epochs, rules, recipe)


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
