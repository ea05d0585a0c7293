"""A network and a trainer, made of options, defaults and examples."""

import re
from argparse import Namespace
from array import array
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

from ..arguments.loss import loss_of
from ..tables.examples import Examples
from ..tables.layout import LABELS, REGRESSION
from ..tables.scaling import Scaling
from ..reference.full_batch import Quickprop, Rprop
from ..reference.initializers import INITIALIZERS, ConstantWeights, Normal, Uniform
from ..reference.lbfgs import LBFGS
from ..network import Network
from ..reference.optimizers import OPTIMIZERS, Optimizer
from ..reference.schedules import SCHEDULES
from ..reference.stopping import RULES, Patience, Rule, ValidationPatience
from ..trainer import Trainer
from ..arguments.by_name import plain
from ..options import defaults
from ..options.named_settings import Named, check_setting, make, parse
from ..rows.arrays import Floats

# Beside the names in INITIALIZERS, those that have settings.
DISTRIBUTIONS = {"uniform": Uniform, "normal": Normal, "constant": ConstantWeights}

FULL_BATCH = (Rprop, Quickprop, LBFGS)  # and those derived from them


def given(value: Any, default: Any) -> Any:
    return default if value is None else value


@contextmanager
def option_names(options: Namespace) -> Iterator[None]:
    """The library's errors begin with the name of an argument, which here is that of an option."""
    try:
        yield
    except ValueError as error:
        text = str(error)
        argument = re.match(r"(\w+)[:\s\[]", text)
        if argument and argument[1] in vars(options):
            text = "--" + argument[1].replace("_", "-") + text[argument.end(1) :]
        raise ValueError(text) from None


def new_network(
    options: Namespace, examples: Examples, inputs: Floats, targets: Floats,
    fit: Callable[..., Scaling] = Scaling.fit,
) -> Network:
    """The scaling is that of the rows `inputs` and `targets`; `fit` gives what Scaling.fit does."""
    output, outputs = output_layer(options, examples)
    hidden = given(options.hidden, defaults.HIDDEN)
    if options.activation is not None and not hidden:
        raise ValueError("--activation is that of the hidden layers, but --hidden 0 has none")
    activation = given(options.activation, defaults.ACTIVATION)
    network = Network(
        [examples.input_count, *hidden, outputs],
        hidden=activation,
        output=output,
        initializer=given(
            initializer("--initializer", options.initializer), defaults.initializer(activation)
        ),
        biases=biases(options),
        seed=given(options.seed, defaults.SEED),
        precision=given(options.precision, defaults.PRECISION),
    )
    network.input_names = examples.input_names
    network.preparation = examples.preparation
    network.target_names = examples.target_names
    network.class_names = examples.classes
    network.input_scaling = fit(inputs, examples.input_count, examples.where_input)
    network.loss = options.loss
    if options.loss is None and examples.task == REGRESSION:
        network.loss = "mean_squared_error"  # of a sigmoid too: numbers are no classes
    if output == "identity":
        network.target_scaling = fit(targets, examples.target_count, examples.where_target)
    return network


def output_layer(options: Namespace, examples: Examples) -> Tuple[str, int]:
    """Two classes make one sigmoid output, more make a softmax, labels a sigmoid each, numbers an
    identity unless another is wished."""
    if examples.task == REGRESSION:
        return given(options.output_activation, "identity"), examples.target_count
    if options.output_activation is not None:
        raise ValueError(
            "--output-activation is for a regression; classes and labels need sigmoid or softmax"
        )
    if examples.task == LABELS:
        if options.loss not in (None, "binary_cross_entropy"):
            raise ValueError(
                f"--loss {options.loss}: labels are learned by binary_cross_entropy "
                "(--task regress would take them for numbers)"
            )
        return "sigmoid", examples.target_count
    classes = len(examples.classes or ())
    return ("sigmoid", 1) if classes == 2 else ("softmax", classes)


def initializer(option: str, text: Optional[str]) -> Any:
    """A name or an object, as Network takes it; None for None."""
    if text is None:
        return None
    if ":" not in text and plain(text) != "constant":
        return parse(option, text, INITIALIZERS).name
    return make(option, parse(option, text, DISTRIBUTIONS), DISTRIBUTIONS)


def biases(options: Namespace) -> Any:
    """What Network takes: an initializer, or whether there are any."""
    if options.biases is not None and options.no_biases:
        raise ValueError("--biases and --no-biases: only one of them is possible")
    return given(initializer("--biases", options.biases), not options.no_biases)


def new_trainer(
    options: Namespace, network: Network, rows: int, own_stream: Optional[int] = None
) -> Trainer:
    """`rows` is how many rows it will learn from; `own_stream` the seed of a stream of its own, to
    draw their order."""
    optimizer = new_optimizer(options)
    whole = isinstance(optimizer, FULL_BATCH)
    batch_size = given(options.batch_size, "all" if whole else defaults.BATCH_SIZE)
    if isinstance(optimizer, LBFGS) and batch_size != "all" and batch_size < rows:
        raise ValueError(
            f"--batch-size {batch_size}: LBFGS needs all {rows:,} rows at once (--batch-size all, "
            "as without this option)"
        )
    if options.class_weights is not None and network.class_names is None:
        what = "a row has no single class to weigh it by" if network.is_multi_label else (
            "a regression has no classes"
        )
        raise ValueError(f"--class-weights: {what}")
    return Trainer(
        network,
        loss=network.loss,
        optimizer=optimizer,
        batch_size=None if batch_size == "all" else batch_size,
        shuffle=not options.no_shuffle,
        seed=own_stream,
        backend=options.backend,
        threads=given(options.threads, 1),
        schedule=new_schedule(options.schedule),
        l1=given(options.l1, 0.0),
        l2=given(options.l2, 0.0),
        dropout=given(options.dropout, 0.0),
        input_dropout=given(options.input_dropout, 0.0),
        clip_value=options.clip_value,
        clip_norm=options.clip_norm,
        label_smoothing=given(options.label_smoothing, 0.0),
        class_weights=options.class_weights,
    )


def new_optimizer(options: Namespace) -> Optimizer:
    """One that is named starts from the library's defaults; else it is the command's default."""
    if options.optimizer is None:
        named = Named(defaults.OPTIMIZER, dict(defaults.OPTIMIZER_SETTINGS))
        own: Dict[str, Any] = {}
    else:
        named = parse("--optimizer", options.optimizer, OPTIMIZERS)
        own = named.settings
    for setting in ("learning_rate", "momentum", "nesterov"):
        value = getattr(options, setting)
        if value is None:
            continue
        option = "--" + setting.replace("_", "-")
        check_setting(option, named.name, setting, OPTIMIZERS)
        if setting in own:
            raise ValueError(f"{option}: --optimizer says its {setting} too; one is enough")
        named.settings[setting] = value
    optimizer: Optimizer = make("--optimizer", named, OPTIMIZERS)
    return optimizer


def new_schedule(text: Optional[str]) -> Any:
    if text is None:
        return None
    return make("--schedule", parse("--schedule", text, SCHEDULES), SCHEDULES)


def new_rules(options: Namespace, has_validation: bool) -> List[Rule]:
    """Those of --stop and of --patience, where 0 is none."""
    rules = [make("--stop", parse("--stop", text, RULES), RULES) for text in options.stop or ()]
    for rule in rules:
        if rule.needs_validation and not has_validation:
            raise ValueError(f"--stop: {rule!r} needs validation rows, and there are none")
    if options.patience:
        kind = ValidationPatience if has_validation else Patience
        rules.append(kind(options.patience))
    return rules


def targets_for(network: Network, targets: Floats) -> Floats:
    """The targets as the network's loss takes them: cross_entropy takes the numbers of classes,
    other losses a row for each, with a 1 in the place of its class."""
    outputs = network.sizes[-1]
    loss = loss_of(network)
    if network.class_names is None or outputs == 1 or loss == "cross_entropy":
        return targets
    rows = array("d", bytes(8 * outputs * len(targets)))
    for row, number in enumerate(targets):
        rows[row * outputs + int(number)] = 1.0
    return rows
