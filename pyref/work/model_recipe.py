"""The recipe of a model that pyref train wrote, as the options that it followed."""

from typing import Any, Dict, List

from ..files.document import Members
from ..network import Network
from ..reference.initializers import ConstantWeights
from ..tables.layout import REGRESSION
from ..options import defaults


def options_in(network: Network, path: str) -> List[str]:
    """Raises ValueError for a model that no such options would make."""
    recipe = Members(path, "recipe.", network.recipe or {})
    segments = recipe.objects("segments") if recipe.optional("segments") else []
    if len(segments) != 1 or not recipe.optional("planned_epochs"):
        raise ValueError(
            f"{path}: it has no recipe of a single training by pyref train, which could be followed"
        )
    (segment,) = segments
    start = recipe.object("start") if recipe.optional("start") else None
    if start is None or start.optional("model"):
        raise ValueError(f"{path}: its first weights were not drawn, so no options make them")
    words = [
        "--hidden", ",".join(map(str, network.sizes[1:-1])) or "0",
        "--epochs", str(recipe.whole("planned_epochs")),
        "--batch-size", "all" if segment.get("batch_size") is None else segment.get("batch_size"),
        "--initializer", named(start.get("initializer")),
        "--loss", segment.text("loss"),
        "--optimizer", named(segment.get("optimizer")),
        "--schedule", named(segment.get("schedule")),
        "--label-smoothing", segment.number("label_smoothing"),
    ]
    *hidden, output = segment.texts("activations")
    if hidden:
        words += ["--activation", hidden[0]]
    if recipe.text("task") == REGRESSION:
        words += ["--output-activation", output]
    if start.get("biases") is False:
        words.append("--no-biases")
    elif start.get("biases") is not True:
        words += ["--biases", named(start.get("biases"))]
    if network.precision != defaults.PRECISION:
        words += ["--precision", network.precision]
    if not segment.truth("shuffle"):
        words.append("--no-shuffle")
    weights = segment.get("class_weights")
    if weights is not None:
        words += ["--class-weights", weights if isinstance(weights, str) else
                  ",".join(map(repr, weights))]
    for name, value in segment.object("regularization").members.items():
        if name != "name" and value:
            words += ["--" + name.replace("_", "-"), repr(value)]
    validates = segment.optional("validation")
    words += ["--validation", recipe.number("validation") if validates else 0]
    for rule in segment.objects("stop"):
        words += ["--stop", named(rule.members)]
    if not segment.list("stop"):
        words += ["--patience", 0]  # or rules would be the usual ones
    return [str(word) for word in words]


def named(told: Any) -> str:
    """What `settings.describe` gave, as an option takes it.

    >>> named({"name": "SGD", "learning_rate": 0.1, "nesterov": False})
    'SGD:learning_rate=0.1,nesterov=false'
    """
    if isinstance(told, str):
        return told
    settings: Dict[str, Any] = {name: value for name, value in told.items() if name != "name"}
    name = told["name"]
    name = "constant" if name == ConstantWeights.__name__ else name
    text = ",".join(
        f"{setting}={str(value).lower() if isinstance(value, bool) else repr(value)}"
        for setting, value in settings.items() if value is not None
    )
    return f"{name}:{text}" if text else name
