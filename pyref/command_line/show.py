"""pyref show: what is in a model file, in words."""

from ..tables.layout import LABELS, REGRESSION
from ..tables.scaling import Scaling
from ..network import Network
from .inputs import model_in
from .model_data import classes_of, targets_of, task_of
from .recipe_in_words import recipe_in_words
from .words import amount, listing, titled

DESCRIPTION = """\
Describe a model: its layers, classes or labels, scaling and digest, and how it was made: the data,
the optimizer, all that was asked for, what was then done, and whether it can be repeated."""

MOST_COLUMNS = 20


def add_parser(commands) -> None:
    parser = commands.add_parser(
        "show",
        help="what is in a model file",
        description=DESCRIPTION,
    )
    parser.set_defaults(run=run)
    parser.add_argument("model", metavar="MODEL", help="file that pyref train wrote")


def run(options) -> int:
    network = model_in(options.model)
    recipe = list(recipe_in_words(network, options.model))  # what is wrong with it is said first
    print(titled("model", f"{options.model}: {amount(network.parameter_count, 'parameter')}"))
    show_layers(network)
    task, classes = task_of(network), classes_of(network)
    if task != REGRESSION:
        names = targets_of(network) if task == LABELS else classes
        title = "labels" if task == LABELS else "classes"
        print(titled(title, f"{len(names)}: {listing(names, MOST_COLUMNS)}"))
    show_scaling("inputs", network.sizes[0], network.input_names, network.input_scaling)
    if task != LABELS:  # whose names stand above
        targets = network.sizes[-1] if classes is None else 1
        show_scaling("target", targets, network.target_names, network.target_scaling)
    print(titled("loss", network.loss or f"{network.natural_loss()} (not trained yet)"))
    for title, text in recipe:
        print(titled(title, text))
    print(titled("weights", f"SHA-256 {network.digest()}"))
    return 0


def show_layers(network: Network) -> None:
    title = "layers"
    for number, layer in enumerate(network.layers, 1):
        inputs = len(layer.weights)
        count = (inputs + (layer.biases is not None)) * layer.units
        biases = "" if layer.biases is not None else ", no biases"
        print(
            titled(
                title,
                f"{number}: {inputs} → {layer.units}, {layer.activation}{biases}, "
                f"{amount(count, 'parameter')}",
            )
        )
        title = ""


def show_scaling(title: str, columns: int, names, scaling: Scaling) -> None:
    """The columns, and the mean and deviation that each is scaled by."""
    names = names or [str(number) for number in range(1, columns + 1)]
    for place, name in enumerate(names[:MOST_COLUMNS]):
        text = name
        if scaling is not None:
            text += f": mean {scaling.means[place]:.6g}, deviation {scaling.deviations[place]:.6g}"
        print(titled(title, text))
        title = ""
    if len(names) > MOST_COLUMNS:
        print(titled("", f"… ({len(names)} in all)"))
