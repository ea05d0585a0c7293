"""The recipes of golden.json: reading them, and training them with an engine.

A recipe's rows are drawn from the Stream of its `data_seed`, u being the next number of the stream:

    inputs       scale · (2u − 1), row by row
    targets      for softmax outputs one 1 in each row, at place ⌊u · outputs⌋; else u, row by row
    weights      2u, one for each row, if the recipe is `weighted`

and the validation rows after them in the same way, without weights.  They are measured after every
epoch, or every `validation_every` epochs where a training says so.
"""

import hashlib
import struct
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Tuple

from .. import own_files
from ..files.document import Members, parsed
from ..files.trainer_settings import rules_from, trainer_from
from ..network import Network
from ..reference.generator import Stream
from ..trainer import Trainer

KIND = "pyref golden digests"
FILE = "selftest/golden.json"

Rows = List[List[float]]


class Digests(NamedTuple):
    """SHA-256 of doubles in big-endian order.

    `parameters` is Network.digest(); `history` covers the losses of all epochs, then the
    validation losses, then the accuracies; `predictions` the outputs for the training inputs, row
    by row.
    """

    parameters: str
    history: str
    predictions: str


class Golden(NamedTuple):
    """What golden.json holds."""

    specification: int
    recipes: List[Members]


def golden() -> Golden:
    text = own_files.contents_of(FILE).decode("utf-8")
    return golden_in(parsed(text, own_files.path_of(FILE), KIND))


def golden_in(members: Members) -> Golden:
    return Golden(members.whole("specification"), members.objects("recipes"))


def expected(recipe: Members) -> Digests:
    return Digests(*[recipe.text(name) for name in Digests._fields])


def rows_of(
    stream: Stream, count: int, sizes: List[int], output: str, scale: float
) -> Tuple[Rows, Rows]:
    inputs = [[scale * (2.0 * stream.random() - 1.0) for _ in range(sizes[0])]
              for _ in range(count)]
    outputs = sizes[-1]
    if output != "softmax":
        return inputs, [[stream.random() for _ in range(outputs)] for _ in range(count)]
    targets = [[0.0] * outputs for _ in range(count)]
    for row in targets:
        row[int(stream.random() * outputs)] = 1.0
    return inputs, targets


class Prepared(NamedTuple):
    """A recipe ready to be trained; `trainer` is None where there is nothing to train."""

    network: Network
    inputs: Rows
    trainer: Optional[Trainer]
    arguments: Dict[str, Any]  # of its method `train`


def prepared(recipe: Members, backend: str) -> Prepared:
    network = network_of(recipe.object("network"))
    stream = Stream(recipe.whole("data_seed"))
    sizes, output = network.sizes, network.layers[-1].activation
    scale, rows = recipe.number("scale"), recipe.whole("rows")
    inputs, targets = rows_of(stream, rows, sizes, output, scale)
    weights = [2.0 * stream.random() for _ in inputs] if recipe.truth("weighted") else None
    validation = None
    if recipe.whole("validation_rows"):
        validation = rows_of(stream, recipe.whole("validation_rows"), sizes, output, scale)
    if not recipe.optional("training"):  # a threshold cannot be trained, but predicts
        return Prepared(network, inputs, None, {})
    told = recipe.object("training")
    seed = None if told.get("seed") is None else told.whole("seed")
    arguments = dict(
        inputs=inputs,
        targets=targets,
        epochs=told.whole("epochs"),
        validation=validation,
        stop=rules_from(told, "stop"),
        weights=weights,
        validation_every=told.whole("validation_every") if told.optional("validation_every") else 1,
    )
    return Prepared(network, inputs, trainer_from(told, network, seed, backend, Trainer), arguments)


def computed(recipe: Members, backend: str) -> Digests:
    """Train the recipe with this engine.

    Raises ArithmeticError where the engine refuses to compute in this process.
    """
    network, inputs, trainer, arguments = prepared(recipe, backend)
    history: List[float] = []
    if trainer is not None:
        trainer.train(**arguments)
        run = trainer.run
        history = run.losses + run.validation_losses + run.validation_accuracies
    outputs = network.predict(inputs, backend=backend)
    return Digests(
        network.digest(), sha256(history), sha256(value for row in outputs for value in row)
    )


def network_of(told: Members) -> Network:
    return Network(
        told.wholes("sizes"),
        hidden=told.texts("hidden"),
        output=told.text("output"),
        initializer=told.text("initializer"),
        biases=told.text("biases") if isinstance(told.get("biases"), str)
        else told.truth("biases"),
        seed=told.whole("seed"),
        precision=told.text("precision") if told.optional("precision") else "double",
    )


def sha256(values: Iterable[float]) -> str:
    numbers = list(values)
    return hashlib.sha256(struct.pack(f">{len(numbers)}d", *numbers)).hexdigest()


def first_difference(found: Digests, wanted: Digests) -> Optional[str]:
    """The first part that differs, or None: a history differs before the weights do."""
    for name in ("history", "parameters", "predictions"):
        if getattr(found, name) != getattr(wanted, name):
            return name
    return None


def with_digests(recipe: Members, digests: Digests) -> Dict[str, Any]:
    """The recipe as the file holds it, with these digests at its end."""
    told = {name: value for name, value in recipe.members.items() if name not in Digests._fields}
    return {**told, **digests._asdict()}
