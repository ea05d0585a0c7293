"""The network that people use: the layers of network.py, and what one does with them."""

import copy
import functools
import os
import sys
from array import array
from contextlib import contextmanager
from itertools import compress
from numbers import Real
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Set, Union

from .reference import losses
from . import recipe
from .reference.activations import ACTIVATIONS
from .tables.scaling import Scaling
from .engine import backend as engines
from .engine.rows import Data, Table, is_row, row_weights, table, targets_table
from .reference.generator import Stream
from .reference.initializers import INITIALIZERS, Initializer, new_layers
from .reference.labels import label_names, means_labels, said_yes
from .reference.settings import one_of, whole
from .reference.guard import SPECIFICATION
from .reference.layer import Layer
from .reference.parameters import all_finite, parameters


NATURAL_LOSS = {"sigmoid": "binary_cross_entropy", "softmax": "cross_entropy"}
BYTES_PER_PARAMETER = 44  # measured; of a float in a list, 32 would be the least


class Evaluation(NamedTuple):
    """What `Network.evaluate` answers: the loss, and the part of rows whose class is right.

    The class is that of the largest output, and of the largest target; of a single one, whether it
    is at least 0.5.  So the accuracy means nothing for a regression, and little where a network is
    multi-label: it asks for one label of each row, the likeliest.
    """

    loss: float
    accuracy: float


class Network:
    """A feed-forward network of dense layers.

    `sizes` counts the inputs, the units of each hidden layer and the outputs.  `hidden` names the
    activation of the hidden layers (a list: one for each), `output` that of the last; the names are
    those of `pyref.reference.activations.ACTIVATIONS`.
    `initializer` draws the weights from the stream of `seed` (0 … 2³²−1): a name or an object of
    `pyref.reference.initializers`, such as "glorot_uniform" or `Uniform(low, high)`, or explicit weights, a
    list of rows (input k, unit j) for each layer.  `biases` is True (they start at 0.0), False, or
    explicit, a list for each layer.

    `layers[i].weights[k][j]`, `.biases[j]` and `.activation` may be read and changed at any time.
    So may the names, lists of texts or None: `input_names`, `target_names`, and `class_names` where
    the outputs stand for classes.  `input_scaling` and `target_scaling` (pyref.tables.scaling, or
    None) lead from the user's units to those of the layers: `pyref train` sets them.  `sizes`,
    `parameter_count` and `recipe`, which tells how the network was trained, are there to be read.

    Raises ValueError for sizes, names and shapes that do not fit, MemoryError for sizes that do
    not fit this machine.

    >>> from pyref import Network
    >>> network = Network([3, 1], output="sigmoid", initializer="uniform", biases=False)
    >>> [round(weights[0], 8) for weights in network.layers[0].weights]
    [-0.16595599, 0.44064899, -0.99977125]
    >>> network.predict([[1, 0, 0]])
    [[0.4586059628835744]]
    """

    def __init__(
        self,
        sizes: Sequence[int],
        hidden: Union[str, Sequence[str]] = "tanh",
        output: str = "sigmoid",
        initializer: Any = "glorot_uniform",
        biases: Any = True,
        seed: int = 1,
    ) -> None:
        sizes = checked_sizes(sizes)
        activations = checked_activations(hidden, output, len(sizes) - 2)
        self.stream = Stream(seed)
        self.seed = int(seed)
        refuse_too_large(sizes, copies=1)
        if isinstance(initializer, (list, tuple)):
            self.layers = [
                Layer(weights, [0.0] * units if biases else None, activation)
                for weights, units, activation in zip(
                    checked_weights(initializer, sizes), sizes[1:], activations
                )
            ]
        else:
            self.layers = new_layers(
                sizes,
                activations,
                [
                    chosen_initializer(initializer, inputs, units)
                    for inputs, units in zip(sizes, sizes[1:])
                ],
                biases is True,
                self.stream,
            )
        if isinstance(biases, (list, tuple)):
            for layer, of_layer in zip(self.layers, checked_biases(biases, sizes)):
                layer.biases = of_layer
        elif not isinstance(biases, bool):
            raise ValueError(f"biases: True, False or a list for each layer, not {biases!r:.40}")

        self.loss: Optional[str] = None  # that of the last Trainer that was made for it
        self.input_scaling: Optional[Scaling] = None  # from the user's units to the layers'
        self.target_scaling: Optional[Scaling] = None
        self.class_names: Optional[List[str]] = None
        self.input_names: Optional[List[str]] = None
        self.target_names: Optional[List[str]] = None
        self.recipe = recipe.beginning(initializer, biases)
        self.specification = SPECIFICATION  # the numerical one that it was trained by
        self.in_training = False

    @property
    def sizes(self) -> List[int]:
        return [len(self.layers[0].weights)] + [layer.units for layer in self.layers]

    @property
    def parameter_count(self) -> int:
        return sum(len(row) for row in parameters(self.layers))

    def natural_loss(self) -> str:
        """The loss that goes with the output activation."""
        return NATURAL_LOSS.get(self.layers[-1].activation, "mean_squared_error")

    @property
    def is_multi_label(self) -> bool:
        """Whether each output answers a yes-or-no question of its own, so that a row may have
        several labels, or none.

        So it is with several outputs whose loss is binary_cross_entropy: that of the last Trainer
        that was made for the network, or else the one that goes with sigmoid outputs.  Where
        `class_names` are given, the outputs stand for classes, of which exactly one is right.
        """
        return means_labels(self.loss or self.natural_loss(), self.sizes[-1], self.class_names)

    def predict(
        self, inputs: Any, backend: str = "auto", threads: Optional[int] = 1
    ) -> Any:
        """The outputs for rows of inputs: lists for lists, one flat array('d') for buffers.

        `threads` is explained in `Trainer`.
        """
        return self.predicted(self.engine_predictor(backend, threads), inputs)

    def predictor(
        self, backend: str = "auto", threads: Optional[int] = 1
    ) -> Callable[[Any], Any]:
        """A function like `predict` of a frozen copy of the network, for many quick calls."""
        frozen = copy.copy(self)
        return functools.partial(frozen.predicted, frozen.engine_predictor(backend, threads))

    def classify(
        self, inputs: Any, backend: str = "auto", threads: Optional[int] = 1
    ) -> list:
        """The class of each row: its name, or its number where the classes have no names.

        The class is that of the largest output (the first of equals); one output decides between
        class 0 and class 1, from 0.5 on.  Where `is_multi_label`, the answer for each row is the
        list of its labels, those of all outputs from 0.5 on: their `target_names`, or the numbers
        of the outputs.
        """
        self.check_names()
        outputs = self.engine_predictor(backend, threads)(self.scaled_inputs(inputs))
        if self.is_multi_label:
            names = label_names(self.target_names, self.sizes[-1])
            return [list(compress(names, said_yes(row))) for row in outputs.lists()]
        places = [losses.class_of(row) for row in outputs.lists()]
        if self.class_names is None:
            return places
        return [self.class_names[place] for place in places]

    def engine_predictor(
        self, backend: str, threads: Optional[int] = 1
    ) -> Callable[[Table], Table]:
        return engines.engine(backend).predictor(self.checked_layers(), checked_threads(threads))

    def predicted(self, engine_predictor: Callable[[Table], Table], inputs: Any) -> Any:
        """From the user's units and back to them."""
        rows = self.scaled_inputs(inputs)
        outputs = engine_predictor(rows)
        if self.target_scaling is not None:
            outputs = [self.target_scaling.inverse(row) for row in outputs.lists()]
            outputs = Table(len(outputs), len(outputs[0]), outputs, None)
        return outputs.flat() if rows.from_buffer else outputs.lists()

    def evaluate(
        self,
        inputs: Any,
        targets: Any,
        loss: Optional[str] = None,
        backend: str = "auto",
        threads: Optional[int] = 1,
    ) -> Evaluation:
        """The loss over all rows and the accuracy.

        The default loss is that of the last Trainer that was made for the network, or else the one
        that goes with its output activation.  Where targets are scaled, so is the loss.
        """
        loss = checked_loss(loss or self.loss or self.natural_loss(), self.layers[-1].activation)
        layers = self.checked_layers()
        data = self.scaled_data(inputs, targets, loss)
        threads = checked_threads(threads)
        return Evaluation(*engines.engine(backend).evaluate(layers, loss, data, threads))

    def digest(self) -> str:
        """SHA-256 of all parameters: big-endian doubles, layer by layer, weights, then biases."""
        import hashlib  # which loads a library of cryptography: a tenth of what pyref takes

        numbers = array("d")
        for row in parameters(self.checked_layers()):
            numbers.fromlist(row)
        if sys.byteorder == "little":
            numbers.byteswap()
        return hashlib.sha256(numbers).hexdigest()

    def save(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Write the network to a JSON file, which keeps every bit."""
        from .files import model_file

        model_file.save(self, path)

    @classmethod
    def load(cls, path: Union[str, "os.PathLike[str]"]) -> "Network":
        """The network in a file; raises ModelFileError where it is damaged or too new."""
        from .files import model_file

        return model_file.load(path)

    def scaled_inputs(self, inputs: Any) -> Table:
        """Rows of inputs, checked, in the units that the layers compute in."""
        columns = getattr(inputs, "columns", None)  # of a table of pandas or polars
        if columns is not None and self.input_names is not None:
            if list(columns) != list(self.input_names):
                raise ValueError(
                    f"inputs: the columns are {', '.join(map(str, columns))}; the network learned "
                    f"from {', '.join(self.input_names)}, in this order"
                )
        rows = table("inputs", inputs, len(self.layers[0].weights))
        return rows if self.input_scaling is None else scaled(rows, self.input_scaling)

    def scaled_data(self, inputs: Any, targets: Any, loss: str, weights: Any = None) -> Data:
        """Inputs and targets, row for row, likewise."""
        rows = self.scaled_inputs(inputs)
        wanted = targets_table(targets, self.sizes[-1], loss, rows.count)
        if self.target_scaling is not None:
            wanted = scaled(wanted, self.target_scaling)
        return Data(rows, wanted, row_weights(weights, rows.count))

    def checked_layers(self) -> List[Layer]:
        """The layers, after a look at what a user may have changed."""
        first = self.layers[0].weights
        width = len(first) if is_row(first) else 0
        for number, layer in enumerate(self.layers, 1):
            rows = layer.weights if is_row(layer.weights) else ()
            units = len(rows[0]) if len(rows) and is_row(rows[0]) else 0
            if not units or len(rows) != width or not all(
                is_row(row) and len(row) == units for row in rows
            ):
                raise ValueError(
                    f"layer {number}: the weights are no longer {width or 'a list of'} rows of "
                    f"{units or 'as many'} numbers"
                )
            if not (layer.biases is None or is_row(layer.biases) and len(layer.biases) == units):
                raise ValueError(f"layer {number}: the biases are no longer {units} numbers")
            one_of(f"layer {number}: activation", layer.activation, ACTIVATIONS)
            if type(layer.weights) is not list:
                layer.weights = list(layer.weights)
            layer.weights[:] = [as_floats(f"layer {number}", row) for row in layer.weights]
            if layer.biases is not None:
                layer.biases = as_floats(f"layer {number}", layer.biases)
            width = units
        return self.layers

    def check_names(self) -> None:
        """Raises ValueError where they are not what they may be."""
        for name, counts in self.name_counts().items():
            names = getattr(self, name)
            if names is None:
                continue
            if not is_row(names) or not all(isinstance(each, str) for each in names):
                raise ValueError(f"{name}: a list of texts or None is needed, not {names!r:.60}")
            if len(names) not in counts:
                wanted = " or ".join(map(str, sorted(counts)))
                raise ValueError(f"{name}: {wanted} names are needed, not {len(names)}")
            if len(set(names)) < len(names):
                twice = next(each for each in names if list(names).count(each) > 1)
                raise ValueError(f"{name}: {twice!r} is there twice")

    def name_counts(self) -> Dict[str, Set[int]]:
        """How many names there may be; classes are all in one column of targets."""
        inputs, *_, outputs = self.sizes
        return {
            "input_names": {inputs},
            "target_names": {1, outputs},
            "class_names": {max(2, outputs)},
        }

    @contextmanager
    def being_trained(self):
        """Two trainings of one network at the same time would spoil each other."""
        if self.in_training:
            raise RuntimeError(
                "this network is being trained at the moment, which has to end first: a callback "
                "cannot train it, nor can another thread"
            )
        self.in_training = True
        try:
            yield
        finally:
            self.in_training = False

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Network):
            return NotImplemented
        return self.description() == other.description() and self.digest() == other.digest()

    __hash__ = None

    def description(self) -> tuple:
        """All but the parameters' values."""
        return (
            self.sizes,
            [(layer.activation, layer.biases is not None) for layer in self.layers],
            self.input_scaling,
            self.target_scaling,
            *(names and list(names) for names in (
                self.class_names, self.input_names, self.target_names,
            )),
        )

    def __copy__(self) -> "Network":
        return copy.deepcopy(self)

    def __getstate__(self) -> dict:
        return {**vars(self), "in_training": False}  # a copy made by a callback is not

    def __repr__(self) -> str:
        hidden = [layer.activation for layer in self.layers[:-1]]
        activations = f"hidden={hidden!r}, " if hidden else ""
        return (
            f"<Network {self.sizes} {activations}output={self.layers[-1].activation!r}, "
            f"{self.parameter_count} parameters>"
        )


def refuse_not_finite_parameters(layers: List[Layer]) -> None:
    for number, layer in enumerate(layers, 1):
        if not all_finite(parameters([layer])):
            raise ValueError(f"layer {number}: a weight or bias is infinite or not a number")


def as_floats(what: str, values: Sequence[float]) -> List[float]:
    """`values` itself if it is a list of floats, else a list of floats made of it."""
    if type(values) is list and set(map(type, values)) == {float}:
        return values
    for value in values:
        if not isinstance(value, Real):
            raise ValueError(f"{what}: {value!r:.40} found among the weights and biases")
    return [float(value) for value in values]


def scaled(rows: Table, scaling: Scaling) -> Table:
    if rows.from_buffer:
        return Table(rows.count, rows.width, None, scaling.transform_flat(rows.flat()))
    lists = [scaling.transform(row) for row in rows.lists()]
    return Table(rows.count, rows.width, lists, None)


def checked_sizes(sizes: Sequence[int]) -> List[int]:
    if isinstance(sizes, (str, bytes)) or not hasattr(sizes, "__iter__"):
        raise ValueError(f"sizes: a list such as [2, 4, 1] is needed, not {sizes!r}")
    checked = [whole(f"sizes[{place}]", size, least=1) for place, size in enumerate(sizes)]
    if len(checked) < 2:
        raise ValueError(f"sizes: at least the inputs and the outputs are needed, not {sizes!r}")
    return checked


def checked_activations(
    hidden: Union[str, Sequence[str]], output: str, hidden_layers: int
) -> List[str]:
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


def checked_loss(loss: str, output: str) -> str:
    one_of("loss", loss, losses.LOSSES)
    allowed = losses.LOSSES[loss].outputs
    if output not in allowed:
        raise ValueError(
            f"loss {loss!r} cannot be used with output activation {output!r}; "
            f"it goes with {', '.join(allowed)}"
        )
    return loss


def checked_threads(threads: Optional[int]) -> Optional[int]:
    return None if threads is None else whole("threads", threads, least=1)


def chosen_initializer(initializer: Any, inputs: int, units: int) -> Any:
    if isinstance(initializer, Initializer):
        return initializer
    return INITIALIZERS[one_of("initializer", initializer, INITIALIZERS)](inputs, units)


def checked_weights(explicit: Sequence, sizes: List[int]) -> List[List[List[float]]]:
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
        made = table(f"initializer, layer {number}", rows, units)
        weights.append([list(row) for row in made.lists()])
    return weights


def checked_biases(explicit: Sequence, sizes: List[int]) -> List[List[float]]:
    if len(explicit) != len(sizes) - 1:
        raise ValueError(
            f"biases: those of {len(explicit)} layers found, {len(sizes) - 1} are needed"
        )
    return [
        list(table(f"biases, layer {number}", [of_layer], units).lists()[0])
        for number, (of_layer, units) in enumerate(zip(explicit, sizes[1:]), 1)
    ]


def refuse_too_large(sizes: List[int], copies: int) -> None:
    """Before any work begins."""
    count = sum((inputs + 1) * units for inputs, units in zip(sizes, sizes[1:]))
    needed = count * BYTES_PER_PARAMETER * copies
    try:
        available = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not on Windows
        available = 2**62
    if needed > available:
        raise MemoryError(
            f"sizes {sizes} make {count:,} parameters, which need about {needed // 10**9:,} GB "
            f"here; this machine has {available // 10**9:,} GB"
        )
