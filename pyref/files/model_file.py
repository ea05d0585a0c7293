"""Model files: a network, and what belongs to it."""

from typing import Any, Dict

from ..data.scaling import Scaling
from ..generator import Stream
from ..losses import LOSSES
from ..model import Network
from ..network import Layer
from .atomic import Path
from .document import Members, ModelFileError, read, warn_of_other_specification, write

KIND = "pyref model"


def save(network: Network, path: Path) -> None:
    write(path, KIND, content(network))


def load(path: Path) -> Network:
    members = read(path, KIND)
    warn_of_other_specification(members)
    return network_from(members)


def content(network: Network) -> Dict[str, Any]:
    """What a file says of a network; members that it has not are left out."""
    made: Dict[str, Any] = {"sizes": network.sizes, "digest": network.digest()}
    for name in ("recipe", "loss", "input_names", "target_names", "class_names"):
        if getattr(network, name) is not None:
            made[name] = getattr(network, name)
    for name in ("input_scaling", "target_scaling"):
        scaling = getattr(network, name)
        if scaling is not None:
            made[name] = {
                "means": list(scaling.means),
                "deviations": list(scaling.deviations),
            }
    made["layers"] = [
        {"activation": layer.activation, "weights": layer.weights, "biases": layer.biases}
        for layer in network.layers
    ]
    made["seed"] = network.seed
    made["stream"] = stream_content(network.stream)
    return made


def network_from(members: Members) -> Network:
    """The network that `content` described."""
    sizes = [int(size) for size in members.numbers("sizes")]
    layers = members.objects("layers")
    activations = [layer.text("activation") for layer in layers]
    biases = [layer.numbers("biases") if layer.optional("biases") else None for layer in layers]
    try:
        network = Network(
            sizes,
            hidden=activations[:-1],
            output=activations[-1] if activations else "",
            initializer=[layer.rows("weights") for layer in layers],
            biases=[b or [0.0] * units for b, units in zip(biases, sizes[1:])],
            seed=members.whole("seed"),
        )
    except ModelFileError:
        raise
    except ValueError as error:
        raise ModelFileError(f"{members.path}: {error}; the file is damaged") from None
    for layer, of_layer in zip(network.layers, biases):
        if of_layer is None:
            layer.biases = None
    if network.digest() != members.text("digest"):
        members.refuse("digest", "it is not that of the weights: the file was changed or damaged")
    network.stream = stream_from(members, "stream")
    for name in ("input_scaling", "target_scaling"):
        if members.optional(name):
            setattr(network, name, scaling_from(members.object(name)))
    for name in ("input_names", "target_names", "class_names"):
        if members.optional(name):
            setattr(network, name, members.texts(name))
    if members.optional("loss"):
        network.loss = members.text("loss")
        if network.loss not in LOSSES:
            members.refuse("loss", f"{network.loss!r} is unknown")
    if members.optional("recipe"):
        network.recipe = members.object("recipe").members
    return network


def scaling_from(members: Members) -> Scaling:
    means, deviations = members.numbers("means"), members.numbers("deviations")
    if len(means) != len(deviations) or min(deviations, default=1.0) <= 0.0:
        members.refuse("deviations", "as many numbers above 0 as there are means are needed")
    return Scaling(means, deviations)


def stream_content(stream: Stream) -> Dict[str, Any]:
    """The 624 words as one text of eight hexadecimal digits each."""
    *words, position = stream.state()
    return {"position": position, "words": "".join(f"{word:08x}" for word in words)}


def stream_from(members: Members, name: str) -> Stream:
    of_stream = members.object(name)
    text = of_stream.text("words")
    stream = Stream(0)
    try:
        words = [int(text[place : place + 8], 16) for place in range(0, len(text), 8)]
        stream.set_state((*words, of_stream.whole("position")))
    except (ValueError, TypeError) as error:
        members.refuse(name, f"the generator's state is damaged ({error})")
    return stream
