"""Training again from a network's recipe, and comparing every bit.

Nothing is taken from the trained network but its recipe: the weights are drawn again, and every
segment is trained again with rows that have the digest it names.
"""

import copy
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence

from ..arguments.units import training_data, validation_data
from ..engine import python
from ..files.document import Members, rebuild
from ..files.trainer_settings import rules_from, trainer_from
from ..network import Network
from ..reference.guard import SPECIFICATION, guarded_train
from ..reference.initializers import WITH_SETTINGS
from ..reference.parameters import parameters
from ..reference.run import Run
from ..reference.training import start_epoch
from ..rows.data import Data
from ..trainer import Trainer

# What a trainer's second segment may have changed; where the training stands is not among it.
SETTINGS = ("loss", "optimizer", "batch_size", "shuffle", "schedule", "regularization", "smoothing")


class NotRepeatable(ValueError):
    """The recipe cannot be followed, or would not lead to this network: the message says why."""


class LossDifference(NamedTuple):
    """The first recorded loss that differs is that of `epoch`; `after` is the last equal one's."""

    after: int
    epoch: int
    recorded: float
    found: float


class WeightDifference(NamedTuple):
    """The first parameter that differs: of `layer` (from 1), from `input` (from 1; None: the bias)
    to `unit` (from 1)."""

    layer: int
    input: Optional[int]
    unit: int
    recorded: float
    found: float


class Verdict(NamedTuple):
    """`segment` is the first one (from 1) after which the weights' digest differs, or None."""

    loss: Optional[LossDifference]
    segment: Optional[int]
    weight: Optional[WeightDifference]

    @property
    def identical(self) -> bool:
        return self == (None, None, None)


def segments_of(network: Network) -> List[Members]:
    """The segments of a recipe that can be followed here; raises NotRepeatable with the reason."""
    recipe = recipe_of(network)
    if recipe.optional("not_repeatable"):
        raise NotRepeatable(f"not repeatable: {recipe.text('not_repeatable')}")
    if "segments" not in recipe.members or not recipe.list("segments"):
        raise NotRepeatable("not repeatable: the model has no record of a training")
    segments = recipe.objects("segments")
    for segment in segments:
        if segment.whole("specification") != SPECIFICATION:
            raise NotRepeatable(
                f"trained by numerical specification {segment.whole('specification')}, this pyref "
                f"computes by {SPECIFICATION}"
            )
    if segments[-1].text("digest") != network.digest():
        raise NotRepeatable(
            "not repeatable: its weights are not those that its last training left: they were "
            "changed by hand"
        )
    return segments


def recipe_of(network: Network) -> Members:
    return Members("the model", "recipe.", network.recipe or {})


def rows_to_train(segments: Sequence[Members]) -> int:
    """How many rows all epochs together take."""
    return sum(
        segment.whole("epochs") * segment.object("data").whole("rows") for segment in segments
    )


def verify(
    network: Network,
    *examples: Sequence[Any],
    backend: str = "auto",
    progress: Optional[Callable[[int], Any]] = None,
    start: Optional[Network] = None,
) -> Verdict:
    """Train again, and say whether the network is the same to the last bit.

    `examples` are what the network learned from, in any order: pairs (inputs, targets), or triples
    with the rows' weights, training and validation rows alike.  `start` is the network whose
    weights it began with, where these were not drawn but another model's.  `progress(rows)` is
    called up to 20 times a second with the number of rows that were trained so far.  Raises
    NotRepeatable where the recipe cannot be followed, and ValueError where rows are missing.

    >>> from pyref import Network, Trainer
    >>> rows, targets = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> network = Network([2, 4, 1])
    >>> history = Trainer(network).train(rows, targets, epochs=20)
    >>> verify(network, (rows, targets), backend="python").identical
    True
    """
    segments = segments_of(network)
    again = made_again(network, segments[0], start)
    trainers: Dict[int, Trainer] = {}
    epochs_before = rows_before = 0
    first_loss: Optional[LossDifference] = None
    first_segment: Optional[int] = None
    for number, segment in enumerate(segments, 1):
        trainer = trainer_for(segment, again, trainers, backend)
        follow(segment, trainer, examples, counting(progress, rows_before, trainer, segment))
        if first_loss is None:
            first_loss = loss_difference(segment, trainer.run, epochs_before)
        if first_segment is None and again.digest() != segment.text("digest"):
            first_segment = number
        epochs_before += segment.whole("epochs")
        rows_before += rows_to_train([segment])
    return Verdict(first_loss, first_segment, weight_difference(network, again))


def made_again(network: Network, first: Members, given: Optional[Network] = None) -> Network:
    """The network before its first training."""
    start = recipe_of(network).object("start")
    if start.optional("model"):
        return taken_again(network, start, given)
    initializer = initializer_from(start, "initializer")
    biases = start.get("biases")
    if not isinstance(biases, bool):
        biases = initializer_from(start, "biases")
    *hidden, output = first.texts("activations")
    made = Network(
        network.sizes, hidden, output, initializer, biases, network.seed, network.precision
    )
    if made.digest() != start.text("digest"):
        raise NotRepeatable(
            "not repeatable: the weights that its seed draws are not those it began with: they "
            "were changed by hand before the first training"
        )
    for name in ("input_scaling", "target_scaling", "class_names", "class_kind"):
        setattr(made, name, getattr(network, name))
    return made


def taken_again(network: Network, start: Members, given: Optional[Network]) -> Network:
    """One that began with the weights of another."""
    whose = f"the weights of {start.text('model')}, SHA-256 {start.text('digest')}"
    if given is None:
        raise NotRepeatable(f"it began with {whose}: to repeat that, this model is needed, too")
    if given.digest() != start.text("digest"):
        raise NotRepeatable(f"it began with {whose}; those given are {given.digest()}")
    for name in (
        "precision", "input_scaling", "target_scaling", "class_names", "class_kind", "preparation",
    ):
        if getattr(given, name) != getattr(network, name):
            raise NotRepeatable(
                f"not repeatable: its {name.replace('_', ' ')} is not that of the model it began "
                "with"
            )
    return copy.copy(given)


def initializer_from(start: Members, name: str) -> Any:
    """Its name, or the object that the recipe describes."""
    if isinstance(start.get(name), dict):
        return rebuild(start.object(name), {kind.__name__: kind for kind in WITH_SETTINGS})
    return start.text(name)


def trainer_for(
    segment: Members, network: Network, trainers: Dict[int, Trainer], backend: str
) -> Trainer:
    """The trainer of that number, with the settings of this segment."""
    for layer, activation in zip(network.layers, segment.texts("activations")):
        layer.activation = activation
    number = segment.whole("trainer")
    seed = segment.whole("seed") if segment.optional("seed") else None
    told = trainer_from(segment, network, seed, backend, Trainer)
    trainer = trainers.setdefault(number, told)
    if trainer is not told:
        for name in SETTINGS:
            setattr(trainer.run, name, getattr(told.run, name))
        vars(trainer)["class_weights"] = told.class_weights  # which users may not change
    return trainer


def counting(
    progress: Optional[Callable[[int], Any]], rows_before: int, trainer: Trainer, segment: Members
) -> Optional[Callable[[Trainer], Any]]:
    """The progress function for Trainer.train that tells `progress` the rows of all segments."""
    if progress is None:
        return None
    rows, epoch_before = segment.object("data").whole("rows"), trainer.epoch

    def count(trainer: Trainer) -> None:
        done = (trainer.epoch - epoch_before) * rows + trainer.run.position % rows
        progress(rows_before + done)

    return count


def follow(
    segment: Members,
    trainer: Trainer,
    examples: Sequence[Sequence[Any]],
    progress: Optional[Callable[[Trainer], Any]],
) -> None:
    """Do what the segment says."""
    rows = rows_with_digest(segment.object("data"), trainer, examples, "training")
    validation = None
    if segment.optional("validation"):
        told = segment.object("validation")
        validation = rows_with_digest(told, trainer, examples, "validation")
    inputs, targets, *weights = rows
    trainer.train(
        inputs,
        targets,
        segment.whole("epochs"),
        validation=validation,
        validation_every=segment.whole("validation_every")
        if segment.optional("validation_every") else 1,
        stop=rules_from(segment, "stop"),
        weights=weights[0] if weights else None,
        progress=progress,
    )
    if segment.optional("position"):
        begin_epoch(trainer, rows, segment.whole("position"))
    if segment.members.get("restored_best"):
        trainer.restore_best()


def rows_with_digest(
    told: Members, trainer: Trainer, examples: Sequence[Sequence[Any]], what: str
) -> Sequence[Any]:
    for rows in examples:
        for data in as_data(trainer, rows):
            if data.digest() == told.text("sha256"):
                return rows
    raise ValueError(
        f"the {told.whole('rows')} {what} rows of its recipe are not among these data "
        f"(SHA-256 {told.text('sha256')})"
    )


def as_data(trainer: Trainer, rows: Sequence[Any]) -> List[Data]:
    """What the trainer makes of them, as training rows and as validation rows; nothing where they
    do not fit the network."""
    try:
        training, validation = training_data(trainer, *rows), validation_data(trainer, tuple(rows))
        return [training] if validation is None else [training, validation]
    except (TypeError, ValueError):
        return []


def begin_epoch(trainer: Trainer, rows: Sequence[Any], position: int) -> None:
    """Train up to this row of an epoch that was broken off, with the reference's own steps."""
    run = trainer.run
    given = python.examples(training_data(trainer, *rows))
    if position > len(given.inputs):
        raise NotRepeatable(
            f"not repeatable: it was broken off after {position} of {len(given.inputs)} rows, its "
            "recipe says"
        )
    if not run.order:
        start_epoch(run, len(given.inputs))
    steps = guarded_train(run, given, epochs=1)
    while run.position < position:
        next(steps)
    steps.close()


def loss_difference(segment: Members, run: Run, epochs_before: int) -> Optional[LossDifference]:
    every, recorded = segment.whole("loss_every"), segment.numbers("losses")
    epochs = segment.whole("epochs")
    found = run.losses[len(run.losses) - epochs :][every - 1 :: every]
    for place, (was, now) in enumerate(zip(recorded, found)):
        if was.hex() != now.hex():
            after = epochs_before + place * every
            return LossDifference(after, after + every, was, now)
    return None


def weight_difference(recorded: Network, found: Network) -> Optional[WeightDifference]:
    for number, layers in enumerate(zip(recorded.layers, found.layers), 1):
        inputs = len(layers[0].weights)
        for place, pair in enumerate(zip(*(parameters([layer]) for layer in layers))):
            for unit, (was, now) in enumerate(zip(*pair), 1):
                if was.hex() != now.hex():
                    of_input = place + 1 if place < inputs else None
                    return WeightDifference(number, of_input, unit, was, now)
    return None
