"""The network that people use.  How it computes stands in reference/network.py."""

import copy
import functools
import os
from array import array
from itertools import compress
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple, Union, overload

from . import recipe
from .arguments.changed import checked_layers, copied, refuse_not_finite_parameters
from .arguments.loss import loss_of, wanted_loss
from .arguments.machine import checked_threads, refuse_too_large
from .arguments.names import check_names
from .arguments.new_network import checked_activations, checked_sizes, first_layers
from .arguments.units import answer, scaled_data, scaled_inputs
from .engine import backend as engines
from .engine.one_training import LISTS, UnderWay, layers_now
from .reference.generator import Stream
from .reference.guard import SPECIFICATION
from .reference.labels import label_names, means_labels, said_yes
from .reference.losses import class_of
from .reference.parameters import parameters
from .reference.precision import PRECISIONS
from .reference.settings import one_of
from .rows.arrays import Floats
from .rows.class_names import as_given
from .rows.data import Table
from .rows.digests import parameters_digest
from .rows.forms import answers_in_the_form_of
from .rows.packing import packed_rows
from .rows.precision import TYPECODES, in_precision
from .tables.preparation import Preparation
from .tables.scaling import Scaling


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
    `pyref.reference.initializers`, such as "glorot_uniform" or `Uniform(low, high)`, or explicit
    weights, a list of rows (input k, unit j) for each layer.  `biases` is True (they start at 0.0),
    False, an initializer of their own (those of a layer are drawn after its weights), or explicit,
    a list for each layer.

    `precision` "single" keeps all numbers of the network and of its training in 24 binary digits
    instead of 53 (IEEE 754 binary32 and binary64): the C engine needs half the memory, and on large
    layers half the time.  Results differ from those of "double" from about the seventh digit on;
    they are the same bits in both engines and everywhere, as those are.

    `layers[i].weights[k][j]`, `.biases[j]` and `.activation` may be read and changed at any time
    between two calls of `Trainer.train`, and in a callback.  So may the names, lists of texts or
    None: `input_names`, `target_names`, and `class_names` where the outputs stand for classes (they
    are learned from targets that are texts, truth values, or whole numbers other than 0, 1, 2 …:
    `class_kind` says "boolean" or "integer" then, and `classify` answers such).
    `input_scaling` and `target_scaling` (pyref.tables.scaling, or None) lead from the user's units
    to those of the layers: `pyref train` sets them, and `preparation`, by which `predict` and the
    rest take the columns of a table as they were written: lists of rows of numbers, texts and None,
    or a table of pandas or polars.  (A flat buffer of doubles, which can hold no words, is taken
    for rows that are prepared already.)  `sizes`, `parameter_count` and `recipe`, which tells how
    the network was trained, are there to be read.

    While a Trainer trains the network, all methods may be called from everywhere: a callback, a
    progress function, another thread.  They see the weights that were handed back last: those at
    the beginning of `train`, those of the epoch that a callback looks at, and every few seconds
    those at the end of an epoch.  A copy, or a file, is the whole network of that moment, its
    recipe included.  What is written into the lists then, elsewhere than in a callback, is written
    over; lists that no longer have the shape that they had end the training with a ValueError, and
    the trainer stands where it handed back last.

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
        precision: str = "double",
    ) -> None:
        sizes = checked_sizes(sizes)
        activations = checked_activations(hidden, output, len(sizes) - 2)
        self._precision = one_of("precision", precision, PRECISIONS)
        self.stream = Stream(seed)
        self.seed = int(seed)
        refuse_too_large(sizes, copies=1)
        self.layers = first_layers(
            sizes, activations, initializer, biases, self.stream, precision
        )
        if precision == "single":
            refuse_not_finite_parameters(self.layers)

        self.loss: Optional[str] = None  # that of the last Trainer that was made for it
        self.preparation: Optional[Preparation] = None  # from a table's columns to inputs
        self.input_scaling: Optional[Scaling] = None  # from the user's units to the layers'
        self.target_scaling: Optional[Scaling] = None
        self.class_names: Optional[List[str]] = None
        self.class_kind: Optional[str] = None  # what `classify` makes of the names
        self.input_names: Optional[List[str]] = None
        self.target_names: Optional[List[str]] = None
        self.recipe = recipe.beginning(initializer, biases)
        self.specification = SPECIFICATION  # the numerical one that it was trained by
        self._under_way: Optional[UnderWay] = None  # the training

    @property
    def sizes(self) -> List[int]:
        """The number of inputs, of each hidden layer's units, and of outputs."""
        return [len(self.layers[0].weights)] + [layer.units for layer in self.layers]

    @property
    def parameter_count(self) -> int:
        """How many weights and biases all layers have."""
        return sum(len(row) for row in parameters(self.layers))

    @property
    def recipe(self) -> Dict[str, Any]:
        """How it was made and trained: a dictionary of what JSON can hold."""
        with LISTS:
            if self._under_way is not None:
                self._under_way.tell()
            told: Dict[str, Any] = vars(self)["recipe"]
        return told

    @recipe.setter
    def recipe(self, told: Dict[str, Any]) -> None:
        vars(self)["recipe"] = told

    @property
    def precision(self) -> str:
        """"double" or "single"; `to` makes a network of the other one."""
        return self._precision

    @property
    def is_multi_label(self) -> bool:
        """Whether each output answers a yes-or-no question of its own, so that a row may have
        several labels, or none.

        So it is with several outputs whose loss is binary_cross_entropy: that of the last Trainer
        that was made for the network, or else the one that goes with sigmoid outputs.  Where
        `class_names` are given, the outputs stand for classes, of which exactly one is right.
        """
        return means_labels(loss_of(self), self.sizes[-1], self.class_names)

    @overload
    def predict(
        self,
        inputs: "Union[array[Any], memoryview[Any]]",
        backend: str = "auto",
        threads: Optional[int] = 1,
    ) -> Floats: ...

    @overload
    def predict(
        self,
        inputs: Union[List[Any], Tuple[Any, ...]],
        backend: str = "auto",
        threads: Optional[int] = 1,
    ) -> List[List[float]]: ...

    @overload
    def predict(self, inputs: Any, backend: str = "auto", threads: Optional[int] = 1) -> Any: ...

    def predict(
        self, inputs: Any, backend: str = "auto", threads: Optional[int] = 1
    ) -> Any:
        """The outputs for rows of inputs, in the form of these.

        Lists for lists, one flat array('d') for a flat buffer; a two-dimensional array of float64
        for one of NumPy (rows, outputs); for a table of pandas or polars another, whose columns
        have the names of the classes or the targets (else numbers, from "0"), with the same index.
        A network of single precision reads arrays of such numbers (array('f'), float32) where they
        are, and answers in such.

        `threads` is explained in `Trainer`.
        """
        rows, outputs = self._outputs(inputs, backend, threads)
        return answer(self, inputs, rows, outputs)

    def predictor(
        self, backend: str = "auto", threads: Optional[int] = 1
    ) -> Callable[[Any], Any]:
        """A function like `predict` of a frozen copy of the network, for many quick calls."""
        frozen = copy.copy(self)
        engine = engines.engine(backend)
        predict = engine.predictor(frozen.layers, checked_threads(threads))
        predicted = functools.partial(frozen._predicted, predict)
        if engine.row_predictor is None or not frozen._is_plain():
            return predicted
        predict_row = engine.row_predictor(frozen.layers)

        def quickly(inputs: Any) -> Any:
            in_list = type(inputs) is list and len(inputs) == 1 and type(inputs[0]) is list
            row = inputs[0] if in_list else inputs if type(inputs) is array else None
            outputs = predict_row(row)
            if outputs is None:
                return predicted(inputs)
            return [outputs] if in_list else outputs

        return quickly

    @overload
    def classify(
        self,
        inputs: "Union[List[Any], Tuple[Any, ...], array[Any], memoryview[Any]]",
        backend: str = "auto",
        threads: Optional[int] = 1,
    ) -> List[Any]: ...

    @overload
    def classify(self, inputs: Any, backend: str = "auto", threads: Optional[int] = 1) -> Any: ...

    def classify(
        self, inputs: Any, backend: str = "auto", threads: Optional[int] = 1
    ) -> Any:
        """The class of each row: its name, or its number where the classes have no names.

        A list; for a two-dimensional array of NumPy an array, for a table of pandas or polars a
        Series with the index of the rows and, where there is one target, its name.

        The class is that of the largest output (the first of equals); one output decides between
        class 0 and class 1, from 0.5 on.  Where `is_multi_label`, the answer for each row is the
        list of its labels, those of all outputs from 0.5 on: their `target_names`, or the numbers
        of the outputs.  (For an array of NumPy, too, it is a list of these lists.)
        """
        _, outputs = self._outputs(inputs, backend, threads)
        check_names(self)
        if self.is_multi_label:
            names = label_names(self.target_names, self.sizes[-1])
            answers: List[Any] = [list(compress(names, said_yes(row))) for row in outputs.lists()]
        else:
            answers = [class_of(row) for row in outputs.lists()]
            if self.class_names is not None:
                names = as_given(self.class_names, self.class_kind)
                answers = [names[place] for place in answers]
        name = self.target_names[0] if self.target_names and len(self.target_names) == 1 else None
        return answers_in_the_form_of(inputs, answers, name)

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
        engine, layers = engines.engine(backend), layers_now(self)
        loss = wanted_loss(self, loss)
        data = scaled_data(self, inputs, targets, loss)
        return Evaluation(*engine.evaluate(layers, loss, data, checked_threads(threads)))

    def plot(
        self, what: str = "network", inputs: Any = None, targets: Any = None, ax: Any = None
    ) -> Any:
        """A figure of matplotlib (`pip install matplotlib`), which `matplotlib.pyplot.show` shows.

        `what` is "network" (its units, and the weights as lines), "weights" (as colours), "curves"
        (the losses of the trainings in its recipe), or, for two inputs, "regions" (what it answers
        all over them), with rows or without; and of rows with targets "confusion" (of classes or
        labels), "calibration" (of probabilities) or "residuals" (of a regression).  `ax` are axes
        to draw on instead, where the picture has one panel.

        Raises ValueError where there is no such picture of this network, ImportError where there is
        no matplotlib.
        """
        from .pictures.figure import shown_figure
        from .pictures.of_network import picture_of

        return shown_figure(picture_of(self, what, inputs, targets), ax)

    def to(self, precision: str) -> "Network":
        """A copy that keeps its numbers in this precision, "double" or "single".

        Raises ValueError where a weight or bias is beyond the largest number of single precision.
        """
        made = copy.copy(self)
        if one_of("precision", precision, PRECISIONS) != self.precision:
            made._precision = precision
            refuse_not_finite_parameters(checked_layers(made))
            recipe.note_converted(made)
        return made

    def digest(self) -> str:
        """SHA-256 of all parameters: layer by layer, weights, then biases, as big-endian numbers of
        the network's precision."""
        with LISTS:
            numbers = packed_rows(parameters(checked_layers(self)))
        return parameters_digest(in_precision(numbers, TYPECODES[self.precision]))

    def save(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Write the network to a JSON file, which keeps every bit."""
        from .files import model_file

        with LISTS:
            model_file.save(self, path)

    @classmethod
    def load(cls, path: Union[str, "os.PathLike[str]"]) -> "Network":
        """The network in a file; raises ModelFileError where it is damaged or too new."""
        from .files import model_file

        network: "Network" = model_file.load(path, cls)
        return network

    def _outputs(
        self, inputs: Any, backend: str, threads: Optional[int]
    ) -> Tuple[Table, Table]:
        """Rows of inputs, and what the layers make of them, in the layers' units."""
        engine, layers = engines.engine(backend), layers_now(self)
        rows = scaled_inputs(self, inputs)
        predict = engine.predictor(layers, checked_threads(threads), rows.count)
        return rows, predict(rows)

    def _predicted(self, engine_predictor: Callable[[Table], Table], inputs: Any) -> Any:
        """From the user's units and back to them."""
        rows = scaled_inputs(self, inputs)
        return answer(self, inputs, rows, engine_predictor(rows))

    def _is_plain(self) -> bool:
        """Whether what users hand over is what the layers take, and likewise what comes out."""
        scaled = self.input_scaling is not None or self.target_scaling is not None
        return self.preparation is None and not scaled

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Network):
            return NotImplemented
        return self._description() == other._description() and self.digest() == other.digest()

    __hash__ = None  # type: ignore[assignment]  # as Python says it of what changes

    def _description(self) -> Tuple[Any, ...]:
        """All but the parameters' values."""
        return (
            self.sizes,
            self.precision,
            [(layer.activation, layer.biases is not None) for layer in self.layers],
            self.preparation,
            self.input_scaling,
            self.target_scaling,
            *(names and list(names) for names in (
                self.class_names, self.input_names, self.target_names,
            )),
            self.class_kind,
        )

    def __copy__(self) -> "Network":
        return copy.deepcopy(self)

    def __deepcopy__(self, memo: Dict[int, Any]) -> "Network":
        made = type(self).__new__(type(self))
        memo[id(self)] = made
        vars(made).update(self.__getstate__())
        return made

    def __getstate__(self) -> Dict[str, Any]:
        """A copy of everything, which is not in training, by whomever it is made."""
        with LISTS:
            others = {
                name: getattr(self, name) for name in vars(self)
                if name not in ("layers", "_under_way")
            }
            layers = copied(checked_layers(self))
            return {**copy.deepcopy(others), "layers": layers, "_under_way": None}

    def _repr_html_(self) -> str:
        """What a notebook shows: a table of the layers."""
        from .display.page import network_page

        return network_page(self)

    def __repr__(self) -> str:
        hidden = [layer.activation for layer in self.layers[:-1]]
        activations = f"hidden={hidden!r}, " if hidden else ""
        precision = "" if self.precision == "double" else f"precision={self.precision!r}, "
        return (
            f"<Network {self.sizes} {activations}output={self.layers[-1].activation!r}, "
            f"{precision}{self.parameter_count} parameters>"
        )
