"""Model files: a network, and what belongs to it."""

from typing import Any, Callable, Dict, List, NamedTuple, Optional

from ..arguments.changed import checked_layers, refuse_not_finite_parameters
from ..arguments.loss import checked_loss
from ..arguments.names import check_names, name_counts
from ..arguments.protocols import NetworkLike
from ..recipe import note_edits, unknown
from ..reference.activations import ACTIVATIONS
from ..reference.generator import WORDS, Stream
from ..reference.precision import PRECISIONS
from ..tables.scaling import Scaling
from .atomic import Path
from .document import (
    PLAIN_VERSION, FORMAT_VERSION, Members, read, warn_of_other_specification, write,
)
from .preparation_members import preparation_content, preparation_from
from .recipe_members import HEXADECIMAL, recipe_from, recipe_to_write
from .short_numbers import written

KIND = "pyref model"


def save(network: NetworkLike, path: Path) -> None:
    whole = {"specification": network.specification, **content(network)}
    write(path, KIND, whole, version_of(network))


def load(path: Path, new_network: Callable[..., Any]) -> Any:
    """The network in a file, made by the class `new_network`."""
    members = read(path, KIND)
    specification = warn_of_other_specification(members)
    network = network_from(members, new_network)
    network.specification = specification
    members.refuse_changed()
    return network


def version_of(network: NetworkLike) -> int:
    is_plain = network.precision == "double" and network.class_kind is None
    return PLAIN_VERSION if is_plain else FORMAT_VERSION


def content(network: NetworkLike) -> Dict[str, Any]:
    """What a file says of a network; members that it has not are left out.

    Raises ValueError where a weight or bias is infinite or not a number, and for names that are
    not texts or not as many as the columns.
    """
    refuse_not_finite_parameters(checked_layers(network))
    check_names(network)
    digest, precision = note_edits(network), network.precision
    made: Dict[str, Any] = {
        **({} if precision == "double" else {"precision": precision}),
        "sizes": network.sizes,
        "digest": digest,
        "recipe": recipe_to_write(network.recipe),
    }
    if network.loss is not None:
        made["loss"] = network.loss
    for name in name_counts(network):
        if getattr(network, name) is not None:
            made[name] = list(getattr(network, name))
    if network.class_kind is not None:
        made["class_kind"] = network.class_kind
    if network.preparation is not None:
        made["preparation"] = preparation_content(network.preparation)
    for name in ("input_scaling", "target_scaling"):
        scaling = getattr(network, name)
        if scaling is not None:
            made[name] = {
                "means": list(scaling.means),
                "deviations": list(scaling.deviations),
            }
    made["layers"] = [
        {
            "activation": layer.activation,
            "weights": written(layer.weights, precision),
            "biases": layer.biases and written([layer.biases], precision)[0],
        }
        for layer in network.layers
    ]
    made["seed"] = network.seed
    made["stream"] = stream_content(network.stream)
    return made


def network_from(members: Members, new_network: Callable[..., Any]) -> Any:
    """The network that `content` described; `new_network` is the class."""
    sizes = members.wholes("sizes")
    described = members.objects("layers")
    if not described or len(sizes) != len(described) + 1 or 0 in sizes:
        members.refuse("sizes", f"they do not fit the number of layers, {len(described)}")
    layers = [
        layer_from(layer, inputs, units)
        for layer, inputs, units in zip(described, sizes, sizes[1:])
    ]
    seed = members.whole("seed", 0, 2**32 - 1)
    network = new_network(
        sizes,
        hidden=[layer.activation for layer in layers[:-1]],
        output=layers[-1].activation,
        initializer=[layer.weights for layer in layers],
        biases=[layer.biases or [0.0] * units for layer, units in zip(layers, sizes[1:])],
        seed=seed,
        precision=precision_from(members),
    )
    for made, layer in zip(network.layers, layers):
        if layer.biases is None:
            made.biases = None
    if network.digest() != members.text("digest"):
        members.refuse("digest", "it is not that of the weights: the file was changed or damaged")
    network.stream = stream_from(members, "stream")
    take_meaning(network, members)
    return network


def precision_from(members: Members) -> str:
    if not members.optional("precision"):
        return "double"
    precision = members.text("precision")
    if precision not in PRECISIONS:
        members.refuse("precision", f"{precision!r:.40} is unknown")
    return precision


class ReadLayer(NamedTuple):
    activation: str
    weights: List[List[float]]
    biases: Optional[List[float]]


def layer_from(members: Members, inputs: int, units: int) -> ReadLayer:
    activation = members.text("activation")
    if activation not in ACTIVATIONS:
        members.refuse("activation", f"{activation!r:.40} is unknown")
    weights = members.rows("weights")
    if len(weights) != inputs or any(len(row) != units for row in weights):
        members.refuse("weights", f"{inputs} rows of {units} numbers are needed")
    biases = None if members.get("biases") is None else members.numbers("biases")
    if biases is not None and len(biases) != units:
        members.refuse("biases", f"{units} numbers are needed, not {len(biases)}")
    return ReadLayer(activation, weights, biases)


def take_meaning(network: NetworkLike, members: Members) -> None:
    """What the inputs and outputs stand for, and how they were learned."""
    inputs, *_, outputs = network.sizes
    for name, columns in (("input_scaling", inputs), ("target_scaling", outputs)):
        if members.optional(name):
            setattr(network, name, scaling_from(members.object(name), columns))
    if members.optional("preparation"):
        network.preparation = preparation_from(members.object("preparation"), inputs)
    for name in name_counts(network):
        setattr(network, name, members.members.get(name))
    if members.optional("class_kind"):
        network.class_kind = members.text("class_kind")
    loss = members.text("loss") if members.optional("loss") else None
    try:
        check_names(network)
        network.loss = loss and checked_loss(loss, network.layers[-1].activation)
    except ValueError as error:
        members.refuse_member(str(error))
    recipe = recipe_from(members.object("recipe")) if members.optional("recipe") else unknown()
    network.recipe = recipe


def scaling_from(members: Members, columns: int) -> Scaling:
    means, deviations = members.numbers("means"), members.numbers("deviations")
    for name, numbers in (("means", means), ("deviations", deviations)):
        if len(numbers) != columns:
            members.refuse(name, f"{columns} numbers are needed, not {len(numbers)}")
    if min(deviations) <= 0.0:
        members.refuse("deviations", "numbers above 0 are needed")
    return Scaling(means, deviations)


def stream_content(stream: Stream) -> Dict[str, Any]:
    """The 624 words as one text of eight hexadecimal digits each."""
    *words, position = stream.state()
    return {"position": position, "words": "".join(f"{word:08x}" for word in words)}


def stream_from(members: Members, name: str) -> Stream:
    of_stream = members.object(name)
    text, position = of_stream.text("words"), of_stream.whole("position", 0, WORDS)
    stream = Stream(0)
    if not HEXADECIMAL.issuperset(text):
        of_stream.refuse("words", "hexadecimal digits are needed")
    try:
        words = [int(text[place : place + 8], 16) for place in range(0, len(text), 8)]
        stream.set_state((*words, position))
    except ValueError as error:
        members.refuse(name, f"the generator's state is damaged ({error})")
    return stream
