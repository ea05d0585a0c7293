"""The arguments of Network, and the layers that it begins with."""

from typing import Any, List, Sequence, Union

from ..reference.activations import ACTIVATIONS
from ..reference.generator import Stream
from ..reference.initializers import INITIALIZERS, Initializer, new_layers
from ..reference.layer import Layer, Rows
from ..reference.settings import Setting, one_of, whole
from ..rows.conversion import is_row, table


def checked_sizes(sizes: Sequence[int]) -> List[int]:
    without_order = (str, bytes, dict, set, frozenset)
    if isinstance(sizes, without_order) or not hasattr(sizes, "__iter__"):
        raise ValueError(f"sizes: a list such as [2, 4, 1] is needed, not {sizes!r:.60}")
    checked = [whole(f"sizes[{place}]", size, least=1) for place, size in enumerate(sizes)]
    if len(checked) < 2:
        raise ValueError(f"sizes: at least the inputs and the outputs are needed, not {sizes!r}")
    return checked


def checked_activations(
    hidden: Union[str, Sequence[str]], output: str, hidden_layers: int
) -> List[str]:
    """The name of each layer's activation."""
    if not hasattr(hidden, "__iter__"):
        raise ValueError(f"hidden: a name or a list of names is needed, not {hidden!r:.40}")
    names = [hidden] * hidden_layers if isinstance(hidden, str) else list(hidden)
    if hidden_layers and len(names) != hidden_layers:
        raise ValueError(
            f"hidden: {len(names)} activations found, {hidden_layers} hidden layers need one each"
        )
    if isinstance(hidden, str):
        one_of("hidden", hidden, ACTIVATIONS)
    return [one_of("hidden", name, ACTIVATIONS) for name in names[:hidden_layers]] + [
        one_of("output", output, ACTIVATIONS)
    ]


def as_given(what: str, rows: Any) -> Any:
    return rows


class Given(Initializer):
    """Explicit weights of a layer, or a row of explicit biases: they draw nothing."""

    rows: Rows = Setting(as_given)

    def weights(self, inputs: int, units: int, stream: Stream) -> Rows:
        return self.rows


def first_layers(
    sizes: List[int],
    activations: List[str],
    initializer: Any,
    biases: Any,
    stream: Stream,
    precision: str,
) -> List[Layer]:
    """With the weights that were given, or drawn from the stream; likewise the biases."""
    if isinstance(initializer, (list, tuple)):
        weights = checked_weights(initializer, sizes)
        initializers: List[Initializer] = [Given(rows) for rows in weights]
    else:
        initializers = chosen_initializers("initializer", initializer, sizes)
    if isinstance(biases, (list, tuple)):
        biases = [Given([of_layer]) for of_layer in checked_biases(biases, sizes)]
    elif isinstance(biases, Initializer) or isinstance(biases, str) and biases in INITIALIZERS:
        biases = chosen_initializers("biases", biases, sizes)
    elif not isinstance(biases, bool):
        raise ValueError(
            "biases: True, False or a list for each layer, or an initializer (an object, or one of "
            f"{', '.join(INITIALIZERS)}), not {biases!r:.40}"
        )
    return new_layers(sizes, activations, initializers, biases, stream, precision)


def chosen_initializers(what: str, initializer: Any, sizes: List[int]) -> List[Initializer]:
    """The one that was named, for each layer."""
    if isinstance(initializer, Initializer):
        return [initializer] * (len(sizes) - 1)
    make = INITIALIZERS[one_of(what, initializer, INITIALIZERS)]
    return [make(inputs, units) for inputs, units in zip(sizes, sizes[1:])]


def checked_weights(explicit: Sequence[Any], sizes: List[int]) -> List[List[List[float]]]:
    if len(explicit) != len(sizes) - 1:
        raise ValueError(
            f"initializer: weights of {len(explicit)} layers found, {len(sizes) - 1} are needed"
        )
    weights = []
    for number, (rows, inputs, units) in enumerate(zip(explicit, sizes, sizes[1:]), 1):
        if not (is_row(rows) and len(rows) == inputs) or not all(
            is_row(row) and len(row) == units for row in rows
        ):
            raise ValueError(
                f"initializer: the weights of layer {number} must be {inputs} rows of {units}"
            )
        refuse_truths(f"initializer, layer {number}", rows)
        made = table(f"initializer, layer {number}", rows, units)
        if made.count != inputs:
            raise ValueError(
                f"initializer: {made.count} rows of weights found in layer {number}, {inputs} are "
                "needed"
            )
        weights.append([list(row) for row in made.lists()])
    return weights


def checked_biases(explicit: Sequence[Any], sizes: List[int]) -> List[List[float]]:
    if len(explicit) != len(sizes) - 1:
        raise ValueError(
            f"biases: those of {len(explicit)} layers found, {len(sizes) - 1} are needed"
        )
    biases = []
    for number, (of_layer, units) in enumerate(zip(explicit, sizes[1:]), 1):
        refuse_truths(f"biases, layer {number}", [of_layer])
        biases.append(list(table(f"biases, layer {number}", [of_layer], units).lists()[0]))
    return biases


def refuse_truths(what: str, rows: Sequence[Any]) -> None:
    """True and False count as numbers in Python; as weights they are a mistake."""
    for place, row in enumerate(rows):
        if is_row(row) and bool in set(map(type, row)):
            value = next(value for value in row if isinstance(value, bool))
            raise ValueError(f"{what}, row {place}: {value} found, a number is needed")
