"""A model in words: its layers, names and scaling, and its recipe."""

from typing import Any, Dict, List, Optional

from ...arguments.task import classes_of, targets_of, task_of
from ...arguments.loss import natural_loss
from ...network import Network
from ...reference.layer import Layer
from ...tables.layout import LABELS, REGRESSION
from ...tables.scaling import Scaling
from .recipe import Lines, recipe_in_words, why_not_repeatable
from .words import amount, listing

MOST_COLUMNS = 20


def model_in_words(network: Network, path: str) -> Lines:
    """Raises ModelFileError, which names the file, for a recipe that is none."""
    precision = "" if network.precision == "double" else f" of {network.precision} precision"
    yield "model", f"{path}: {amount(network.parameter_count, 'parameter')}{precision}"
    yield from layer_lines(network)
    task, classes = task_of(network), classes_of(network)
    if task != REGRESSION:
        names = targets_of(network) if task == LABELS else classes or []
        title = "labels" if task == LABELS else "classes"
        yield title, f"{len(names)}: {listing(names, MOST_COLUMNS)}"
    inputs = network.sizes[0]
    yield from scaling_lines("inputs", inputs, network.input_names, network.input_scaling)
    if task != LABELS:  # whose names stand above
        targets = network.sizes[-1] if classes is None else 1
        yield from scaling_lines("target", targets, network.target_names, network.target_scaling)
    yield "loss", network.loss or f"{natural_loss(network)} (not trained yet)"
    yield from recipe_in_words(network, path)
    yield "SHA-256", network.digest()


def model_object(network: Network, path: str) -> Dict[str, Any]:
    """The same, as members."""
    reason = why_not_repeatable(network)
    return {
        "model": path,
        "parameters": network.parameter_count,
        "sizes": network.sizes,
        "layers": [
            {
                "inputs": len(layer.weights), "units": layer.units,
                "activation": layer.activation, "biases": layer.biases is not None,
                "parameters": parameters_of(layer),
            }
            for layer in network.layers
        ],
        "task": task_of(network),
        "class_names": classes_of(network),
        "input_names": network.input_names,
        "target_names": network.target_names,
        **{
            name: scaling and {
                "means": list(scaling.means), "deviations": list(scaling.deviations),
            }
            for name, scaling in (("input_scaling", network.input_scaling),
                                  ("target_scaling", network.target_scaling))
        },
        "loss": network.loss,
        "recipe": network.recipe,
        "repeatable": reason is None,
        "why_not": reason,
        "digest": network.digest(),
    }


def parameters_of(layer: Layer) -> int:
    return (len(layer.weights) + (layer.biases is not None)) * layer.units


def layer_lines(network: Network) -> Lines:
    title = "layers"
    for number, layer in enumerate(network.layers, 1):
        inputs = len(layer.weights)
        biases = "" if layer.biases is not None else ", no biases"
        yield title, (
            f"{number}: {inputs} → {layer.units}, {layer.activation}{biases}, "
            f"{amount(parameters_of(layer), 'parameter')}"
        )
        title = ""


def scaling_lines(
    title: str, columns: int, names: Optional[List[str]], scaling: Optional[Scaling]
) -> Lines:
    """The columns, and the mean and deviation that each is scaled by."""
    names = names or [str(number) for number in range(1, columns + 1)]
    for place, name in enumerate(names[:MOST_COLUMNS]):
        text = name
        if scaling is not None:
            text += f": mean {scaling.means[place]:.6g}, deviation {scaling.deviations[place]:.6g}"
        yield title, text
        title = ""
    if len(names) > MOST_COLUMNS:
        yield "", f"… ({len(names)} in all)"
