"""What a training needs, made of options and data: a new one, or one that goes on."""

from array import array
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from .. import __version__
from ..data.examples import Examples, to_judge, to_learn
from ..data.scaling import Scaling
from ..data.sources import Source
from ..data.splitting import split, taken
from ..engine import backend as engines
from ..model import Network
from ..optimizers import SGD
from ..settings import describe
from ..stopping import Patience, Rule, ValidationPatience
from ..trainer import Trainer
from . import defaults
from .model_data import classes_of, expected

Rows = Tuple[array, array]  # inputs and targets

# What decides a run from its first bit on: it cannot be changed when the run goes on.
FIXED = (
    "target", "task", "hidden", "activation", "batch_size", "learning_rate", "seed", "validation"
)


class Job(NamedTuple):
    """A trainer, its rows and how far it is to go.  `recipe` is that of the network."""

    trainer: Trainer
    training: Rows
    validation: Optional[Rows]
    classes: Optional[List[str]]
    epochs: int
    rules: List[Rule]
    recipe: Dict[str, Any]

    @property
    def training_rows(self) -> int:
        return len(self.training[0]) // self.trainer.network.sizes[0]

    @property
    def validation_rows(self) -> int:
        if self.validation is None:
            return 0
        return len(self.validation[0]) // self.trainer.network.sizes[0]


def new_job(options, source: Source) -> Job:
    examples = to_learn(source, options.target, options.task or "auto")
    seed = given(options.seed, defaults.SEED)
    part = given(options.validation, defaults.validation(examples.rows))
    training, validation = parts(examples, part, seed)
    network = new_network(options, examples, training, seed)
    optimizer = SGD(given(options.learning_rate, defaults.LEARNING_RATE), defaults.MOMENTUM)
    trainer = Trainer(
        network,
        optimizer=optimizer,
        batch_size=given(options.batch_size, defaults.BATCH_SIZE),
        backend=options.backend,
        l2=defaults.L2,
    )
    training_rows = len(training[0]) // examples.input_count
    epochs = given(options.epochs, defaults.epochs(training_rows))
    patience = given(
        options.patience, defaults.patience(examples.classes is None, validation is not None)
    )
    network.recipe.update({
        "pyref": __version__,
        "data": source.name,
        "data_sha256": examples.digest(),
        "rows": examples.rows,
        "task": "regression" if examples.classes is None else "classification",
        "target_columns": [place + 1 for place in examples.target_places],
        "validation": part,
        "seed": seed,
        "optimizer": describe(optimizer),
        "batch_size": trainer.batch_size,
        "l2": defaults.L2,
        "planned_epochs": epochs,
    })
    return Job(
        trainer,
        training,
        validation,
        examples.classes,
        epochs,
        rules_for(patience, validation is not None),
        network.recipe,
    )


def given(value: Any, default: Any) -> Any:
    return default if value is None else value


def parts(examples: Examples, part: float, seed: int) -> Tuple[Rows, Optional[Rows]]:
    """The rows that train and those that validate, if any."""
    training, validating = split(examples.rows, part, seed)
    if not validating:
        return (examples.inputs, examples.targets), None

    def rows(places: List[int]) -> Rows:
        return (
            taken(examples.inputs, examples.input_count, places),
            taken(examples.targets, examples.target_count, places),
        )

    return rows(training), rows(validating)


def new_network(options, examples: Examples, training: Rows, seed: int) -> Network:
    """Two classes make one sigmoid output, more make a softmax, numbers an identity."""
    if examples.classes is None:
        output, outputs = "identity", examples.target_count
    elif len(examples.classes) == 2:
        output, outputs = "sigmoid", 1
    else:
        output, outputs = "softmax", len(examples.classes)
    hidden = given(options.hidden, defaults.HIDDEN)
    if options.activation is not None and not hidden:
        raise ValueError("--activation is that of the hidden layers, but --hidden 0 has none")
    activation = given(options.activation, defaults.ACTIVATION)
    network = Network(
        [examples.input_count, *hidden, outputs],
        hidden=activation,
        output=output,
        initializer=defaults.initializer(activation),
        seed=seed,
    )
    network.input_names = examples.input_names
    network.target_names = examples.target_names
    network.class_names = examples.classes
    network.input_scaling = Scaling.fit(training[0], examples.input_count, examples.input_name)
    if examples.classes is None:
        network.target_scaling = Scaling.fit(
            training[1], examples.target_count, examples.target_name
        )
    return network


def rules_for(patience: Optional[int], has_validation: bool) -> List[Rule]:
    if patience is None:
        return []
    return [ValidationPatience(patience) if has_validation else Patience(patience)]


def resumed_job(options, source: Source) -> Job:
    """The run in a run file, with the data it was started with."""
    for name in FIXED:
        if getattr(options, name) is not None:
            raise ValueError(
                f"--{name.replace('_', '-')} cannot be given with --resume: the run goes on with "
                "what it was started with (only --epochs, --patience and --backend may change)"
            )
    trainer = Trainer.load(options.resume, backend=engines.choose(options.backend))
    network = trainer.network
    recipe = checked_recipe(options.resume, network)
    examples = to_judge(source, expected(network), classes_of(network))
    if examples.digest() != recipe["data_sha256"]:
        raise ValueError(
            f"{source.name}: these are not the data of the run in {options.resume} "
            f"(which are {recipe['rows']} rows of {recipe['data']}): it can go on with those only"
        )
    training, validation = parts(examples, recipe["validation"], recipe["seed"])
    epochs = options.epochs
    if epochs is None:
        epochs = recipe["planned_epochs"] - trainer.epoch
        if epochs <= 0:
            raise ValueError(
                f"{options.resume}: the run has done its {trainer.epoch:,} epochs; "
                "--epochs says how many more to train"
            )
    recipe["planned_epochs"] = trainer.epoch + epochs
    if options.patience is None:
        rules = trainer.run.rules
    else:
        rules = rules_for(options.patience, validation is not None)
    return Job(trainer, training, validation, classes_of(network), epochs, rules, recipe)


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
