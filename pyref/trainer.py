"""The trainer that people use: a network, a loss, an optimizer, and where the training stands."""

import copy
import os
import time
from array import array
from typing import Any, Callable, List, Optional, Sequence, Tuple, Union

from .engine import backend as engines
from .engine.rows import Data, balanced, is_row
from .reference.generator import Stream
from .reference.labels import means_labels
from .reference.lbfgs import LBFGS
from .reference.losses import class_of
from .network import (
    Network, checked_loss, checked_threads, refuse_not_finite_parameters, refuse_too_large,
)
from .reference.guard import SPECIFICATION
from .reference.layer import Layer
from .reference.optimizers import OPTIMIZERS, SGD, Optimizer
from .recipe import Recording, note_restored
from .reference.parameters import copy_rows, parameters
from .reference.regularization import Regularization
from .reference.run import Run
from .reference.schedules import SCHEDULES, Constant, Schedule
from .reference.settings import above_zero, below_one, truth, whole, zero_or_more
from .reference.stopping import RULES, Rule

BETWEEN_PROGRESS = 0.05  # seconds
DECIDED = ("network", "seed", "class_weights")  # when a Trainer is made


class History:
    """What happened.

    `loss` has an entry for each finished epoch, `validation_loss` and `validation_accuracy` one for
    each of the `validation_epochs` (from 1): those after which the validation rows were measured.
    `stopped_by` is the sentence of the stopping rule, of the optimizer that found nothing left to do (LBFGS), or
    of the time limit in seconds, that ended the last call of `train`, or None.
    """

    def __init__(self, run: Run, time_limit: Optional[float]) -> None:
        self.loss: List[float] = run.losses
        self.validation_epochs: List[int] = run.validation_epochs
        self.validation_loss: List[float] = run.validation_losses
        self.validation_accuracy: List[float] = run.validation_accuracies
        self.stopped_by: Optional[str] = None
        if run.stopped_by is not None:
            self.stopped_by = run.rules[run.stopped_by].reason()
        elif run.converged is not None and not run.order:  # else the epoch is still to be finished
            self.stopped_by = run.converged
        elif time_limit is not None:
            self.stopped_by = (
                f"the time limit of {time_limit!r} s was reached after epoch {run.epoch}"
            )

    def __repr__(self) -> str:
        last = f", the last loss {self.loss[-1]!r}" if self.loss else ""
        return f"<History of {len(self.loss)} epochs{last}>"


class Trainer:
    """Trains a network.

    `loss` names one of `pyref.reference.losses.LOSSES`; None takes the one that goes with the output
    activation.  `optimizer` is SGD(learning_rate=0.1, momentum=0.9) unless another is given.
    `batch_size` rows make a step (None: all rows); `shuffle` draws their order afresh for each
    epoch.  `seed` starts the stream that shuffles; None goes on with a copy of the network's own
    stream, as its weights left it.  `backend` is "auto", "python" or "c": the bits are the same.
    `threads` is how many processors the C engine may use (None: all there are).  It is a setting
    of the machine, not of the recipe: the bits are the same, work too small to be divided stays
    on one, and so does the Python engine.  Of all these, only `threads` and the settings of the
    optimizer (`trainer.optimizer.learning_rate = 0.01`) may be changed later.

    `schedule` changes the learning rate from epoch to epoch.  `l1`, `l2`, `dropout`,
    `input_dropout`, `clip_value` and `clip_norm` are explained in `pyref.reference.regularization`.
    `label_smoothing` spreads that part of each target over all classes (cross_entropy; training
    rows only).  `class_weights` weighs each row by its class: a number for each class, or
    "balanced", which gives every class the same say.  Each alone does what PyTorch's
    CrossEntropyLoss does.  Together they differ from it: here a row is weighed as a whole, so that
    a weight of 2 is the same as that row twice; PyTorch weighs each class's share of a smoothed
    target by the weight of that class.

    Raises ValueError for unknown names, for a loss that the output activation does not allow, and
    for a network with a threshold, which has no slope to learn by.

    >>> from pyref import Network, Trainer, SGD
    >>> network = Network([2, 4, 1], hidden="tanh", output="sigmoid", seed=1)
    >>> trainer = Trainer(network, optimizer=SGD(learning_rate=0.5, momentum=0.9), batch_size=4)
    >>> history = trainer.train([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], epochs=300)
    >>> network.classify([[0, 0], [0, 1], [1, 0], [1, 1]])
    [0, 1, 1, 0]
    """

    def __init__(
        self,
        network: Network,
        loss: Optional[str] = None,
        optimizer: Optional[Optimizer] = None,
        batch_size: Optional[int] = 32,
        shuffle: bool = True,
        seed: Optional[int] = None,
        backend: str = "auto",
        threads: Optional[int] = 1,
        *,
        schedule: Optional[Schedule] = None,
        l1: float = 0.0,
        l2: float = 0.0,
        dropout: float = 0.0,
        input_dropout: float = 0.0,
        clip_value: Optional[float] = None,
        clip_norm: Optional[float] = None,
        label_smoothing: float = 0.0,
        class_weights: Union[None, str, Sequence[float]] = None,
    ) -> None:
        if not isinstance(network, Network):
            raise TypeError(f"network: a pyref.Network is needed, not {network!r:.40}")
        if network.specification != SPECIFICATION:
            raise ValueError(
                f"network: it was trained by numerical specification {network.specification}, "
                f"this pyref computes by {SPECIFICATION}: it can predict, but its training cannot "
                "go on here"
            )
        loss = network.natural_loss() if loss is None else loss
        check_trainable(network.checked_layers(), loss)
        if optimizer is None:
            optimizer = SGD(learning_rate=0.1, momentum=0.9)
        if type(optimizer) not in OPTIMIZERS.values():
            raise TypeError(f"optimizer: one such as SGD() is needed, not {optimizer!r:.40}")
        if schedule is not None and type(schedule) not in SCHEDULES.values():
            raise TypeError(
                f"schedule: one of {', '.join(SCHEDULES)} is needed, such as Step(10), "
                f"not {schedule!r:.40}"
            )
        if schedule is not None and schedule != Constant() and not optimizer.follows_rate:
            raise ValueError(
                f"schedule: {type(optimizer).__name__} has steps of its own and follows no "
                f"learning rate: {schedule!r} would change nothing"
            )
        regularization = Regularization(l1, l2, dropout, input_dropout, clip_value, clip_norm)
        if isinstance(optimizer, LBFGS):
            check_one_function(schedule, regularization)
        if batch_size is not None:
            batch_size = whole("batch_size", batch_size, least=1)
        smoothing = below_one("label_smoothing", label_smoothing)
        if smoothing and loss != "cross_entropy":
            raise ValueError(f"label_smoothing belongs to cross_entropy, the loss is {loss}")
        refuse_too_large(network.sizes, copies=2 + len(optimizer.memory))  # and the gradients
        self._engine = engines.engine(backend)
        self.threads = threads
        self.network = network
        stream = network.stream.copy() if seed is None else Stream(seed)
        self.seed = None if seed is None else int(seed)
        self.number: Optional[int] = None  # among the trainers in the network's recipe
        self.class_weights = checked_class_weights(class_weights, network, loss)
        self.time_limit_reached: Optional[float] = None  # the one that ended the last call
        self.run = Run(
            network.layers,
            loss,
            optimizer,
            batch_size,
            truth("shuffle", shuffle),
            stream,
            Constant() if schedule is None else schedule,
            regularization,
            smoothing,
        )
        self._shape = shape(network.layers)
        self._is_whole = True  # False while a progress function looks on
        network.loss = loss

    def __setattr__(self, name: str, value: Any) -> None:
        """Nobody shall believe to have changed what is decided when a Trainer is made."""
        is_made = "_is_whole" in vars(self)
        if is_made and (name in DECIDED or not hasattr(self, name)):
            raise AttributeError(
                f"Trainer: {name} cannot be set: of a Trainer that is made, only `threads` and the "
                "settings of its optimizer may be changed; make a new one"
            )
        super().__setattr__(name, value)

    @property
    def loss(self) -> str:
        return self.run.loss

    @property
    def optimizer(self) -> Optimizer:
        return self.run.optimizer

    @property
    def batch_size(self) -> Optional[int]:
        return self.run.batch_size

    @property
    def epoch(self) -> int:
        """Epochs trained so far."""
        return self.run.epoch

    @property
    def backend(self) -> str:
        """The engine that trains: "python" or "c"."""
        return self._engine.NAME

    @property
    def threads(self) -> Optional[int]:
        """How many processors the C engine may use; may be changed between calls of `train`."""
        return self._threads

    @threads.setter
    def threads(self, threads: Optional[int]) -> None:
        self._threads = checked_threads(threads)

    @property
    def history(self) -> History:
        return History(self.run, self.time_limit_reached)

    def train(
        self,
        inputs: Any,
        targets: Any,
        epochs: int = 100,
        validation: Optional[Sequence[Any]] = None,
        stop: Union[Rule, Tuple[Rule, ...], List[Rule]] = (),
        callback: Optional[Callable[["Trainer", int], Any]] = None,
        progress: Optional[Callable[["Trainer"], Any]] = None,
        weights: Any = None,
        time_limit: Optional[float] = None,
        validation_every: int = 1,
    ) -> History:
        """Train for `epochs` more epochs; a further call goes on where this one stopped.

        `inputs` are rows (lists of lists, or a buffer such as array('d') or a NumPy array), and
        `targets` likewise; a flat list will do where a row has one column, and class numbers
        (0, 1, 2 …) where the loss is cross_entropy.  `validation` is a pair of the same kind.
        They are measured after every `validation_every` epochs, counted from the trainer's first;
        rules and the schedule see no others, and the best weights are the best of those that were
        measured.  Prechelt's procedure is validation_every=5 and rules with strips of 5.
        `weights` gives each row a weight of 0 or more in the loss; a third member of `validation`
        does so for its rows.
        `stop` is one stopping rule or several.  `callback(trainer, epoch)` is called at the end
        of each epoch and may end the training by returning something true.  `progress(trainer)`
        is called up to 20 times a second; it sees the history, but not the weights of this
        moment.
        After `time_limit` seconds, the training ends with the epoch under way; the C engine looks
        at the clock about every 60 ms.  The history says which epoch that was: as many `epochs`
        without the limit give the same network again.

        Ctrl-C raises KeyboardInterrupt with the weights after the last whole batch; training may
        go on from there, with the same bits.  Raises DivergedError where numbers grow beyond all
        floats, and restores the last finite epoch; ValueError or TypeError for data that do not
        fit.
        """
        run, network = self.run, self.network
        epochs = whole("epochs", epochs, least=0)
        for name, function in (("callback", callback), ("progress", progress)):
            if not (function is None or callable(function)):
                raise TypeError(f"{name}: a function is needed, not {function!r:.40}")
        rules = checked_rules(stop, validation is not None)
        validation_every = whole("validation_every", validation_every, least=1)
        layers = self._checked_layers()
        if not run.order:  # an epoch under way, that was broken off, finds out by itself
            refuse_not_finite_parameters(layers)
        data = self._data(inputs, targets, weights)
        held_out = None
        if validation is not None:
            if not isinstance(validation, (tuple, list)) or len(validation) not in (2, 3):
                raise TypeError("validation: a pair (inputs, targets) is needed, or also weights")
            held_out = network.scaled_data(*validation[:2], run.loss, *validation[2:])
        if run.order and len(run.order) != data.count:
            raise ValueError(
                f"an epoch over {len(run.order)} rows is under way, but {data.count} rows were "
                "given: go on with the same data, or make a new Trainer"
            )
        if isinstance(self.optimizer, LBFGS) and (self.batch_size or data.count) < data.count:
            raise ValueError(
                f"batch_size: LBFGS needs all {data.count} rows at once, not {self.batch_size}: "
                "make a Trainer with batch_size=None"
            )
        hooks = Hooks(self, callback, progress, time_limit)
        last_epoch = run.epoch + epochs
        with network.being_trained():
            run.validation_every = validation_every
            recording = hooks.recording = Recording(self, data, held_out, rules)
            run.layers = layers
            run.follow(rules)
            self.time_limit_reached = None
            try:
                self._engine.train(run, data, epochs, held_out, hooks, self.threads)
            finally:
                recording.update()
        if hooks.time_was_over and run.epoch < last_epoch:
            self.time_limit_reached = hooks.time_limit
        return self.history

    def restore_best(self) -> bool:
        """Put back the weights after the epoch with the lowest validation loss.

        A stopping rule with restore_best does so when it ends a training; this does it after one
        that ended by itself.  False if no such weights were kept.
        """
        if self.run.best is None:
            return False
        copy_rows(self.run.best, parameters(self.run.layers))
        note_restored(self)
        return True

    def save(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Write a run file: the network and everything that is needed to go on, bit for bit."""
        from .files import run_file

        self._refuse_a_part()
        self._check_settings()
        run_file.save(self, path)

    @classmethod
    def load(cls, path: Union[str, "os.PathLike[str]"], backend: str = "auto") -> "Trainer":
        """The trainer in a run file, to go on with either engine."""
        from .files import run_file

        return run_file.load(path, backend)

    def _refuse_a_part(self) -> None:
        if not self._is_whole:
            raise RuntimeError(
                "a progress function sees no weights: save or copy a Trainer in a callback, "
                "at the end of an epoch"
            )

    def _checked_layers(self) -> List[Layer]:
        """The network's layers, after a look at what a user may have changed since the last."""
        layers = self.network.checked_layers()
        check_trainable(layers, self.loss)
        self._check_settings()
        if shape(layers) != self._shape:
            raise ValueError(
                "the network has other layers than when this Trainer was made: make a new one"
            )
        if len(self.optimizer.memory) > len(self.run.memory):
            raise ValueError(
                f"optimizer: {self.optimizer!r} remembers more than when this Trainer was made: "
                "make a new one"
            )
        return layers

    def _check_settings(self) -> None:
        """Each was checked when it was set; whether they go together is another question."""
        self.run.optimizer.check()
        self.run.schedule.check()

    def _data(self, inputs: Any, targets: Any, weights: Any) -> Data:
        """The training rows; a row's weight is its own times that of its class."""
        data = self.network.scaled_data(inputs, targets, self.run.loss, weights)
        if self.class_weights is None:
            return data
        classes = [class_of(row) for row in data.targets.lists()]
        of_class = self.class_weights
        if of_class == "balanced":
            of_class = balanced(classes, max(2, data.targets.width))
        own = data.weights or [1.0] * data.count
        return data._replace(
            weights=array("d", [weight * of_class[c] for weight, c in zip(own, classes)])
        )

    def __copy__(self) -> "Trainer":
        return copy.deepcopy(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Trainer):
            return NotImplemented
        mine, theirs = vars(self.run).copy(), vars(other.run).copy()
        del mine["layers"], theirs["layers"]
        same_settings = self.class_weights == other.class_weights
        return self.network == other.network and same_settings and mine == theirs

    __hash__ = None

    def __getstate__(self) -> dict:
        self._refuse_a_part()
        return {**vars(self), "_engine": self.backend}

    def __setstate__(self, state: dict) -> None:
        vars(self).update(state)
        self._engine = engines.engine_or_other(state["_engine"])

    def __repr__(self) -> str:
        return (
            f"<Trainer of {self.network!r}: loss={self.loss!r}, optimizer={self.optimizer!r}, "
            f"batch_size={self.batch_size}, epoch {self.epoch}, backend {self.backend!r}, "
            f"threads {self.threads}>"
        )


def shape(layers: List[Layer]) -> List[int]:
    return [len(row) for row in parameters(layers)]


def check_trainable(layers: List[Layer], loss: str) -> None:
    checked_loss(loss, layers[-1].activation)
    for number, layer in enumerate(layers, 1):
        if layer.activation == "threshold":
            raise ValueError(
                f"layer {number} has the threshold activation, whose slope is 0 everywhere: "
                "backpropagation cannot train it (pyref.reference.neuron's perceptron rule can)"
            )


def check_one_function(schedule: Optional[Schedule], regularization: Regularization) -> None:
    """A line search compares losses, so they must be values of one function of the weights."""
    for name in ("dropout", "input_dropout", "clip_value", "clip_norm"):
        if getattr(regularization, name):
            raise ValueError(
                f"{name}: LBFGS needs the true gradients of one function, without dropout and "
                "clipping; penalties (l1, l2) are part of that function"
            )
    if schedule not in (None, Constant()):
        raise ValueError(
            f"schedule: LBFGS finds the length of each step by itself, {schedule!r} cannot help it"
        )


def checked_rules(stop: Any, with_validation: bool) -> List[Rule]:
    rules = list(stop) if isinstance(stop, (list, tuple)) else [stop]
    for rule in rules:
        if type(rule) not in RULES.values():
            raise TypeError(
                f"stop: one or several of {', '.join(RULES)} are needed, not {rule!r:.40}; "
                "a condition of your own can be a callback"
            )
        if rule.needs_validation and not with_validation:
            raise ValueError(f"stop: {rule!r} needs validation rows")
    return rules


def checked_class_weights(
    weights: Any, network: Network, loss: str
) -> Union[None, str, List[float]]:
    outputs = network.sizes[-1]
    if weights is not None and means_labels(loss, outputs, network.class_names):
        raise ValueError(
            f"class_weights: the {outputs} outputs are yes-or-no questions, so a row has no one "
            "class to weigh it by; give class_names to the network if they are classes, or weights "
            "to the rows in train"
        )
    if weights is None or isinstance(weights, str) and weights == "balanced":
        return weights
    classes = max(2, outputs)
    if not is_row(weights) or len(weights) != classes:
        raise ValueError(
            f'class_weights: "balanced" or a list of {classes} numbers, one for each class, '
            f"is needed, not {weights!r:.60}"
        )
    return [zero_or_more(f"class_weights[{place}]", w) for place, w in enumerate(weights)]


class Hooks:
    """What an engine calls while it trains."""

    def __init__(self, trainer: Trainer, callback, progress, time_limit) -> None:
        self.trainer = trainer
        self.callback = callback
        self.progress = progress
        self.recording: Optional[Recording] = None
        self.wants_epochs = callback is not None
        self.next_progress = 0.0
        self.time_limit = None if time_limit is None else above_zero("time_limit", time_limit)
        self.started = time.monotonic()
        self.time_was_over = False

    def pause(self) -> None:
        if self.progress is not None:
            now = time.monotonic()
            if now >= self.next_progress:
                self.next_progress = now + BETWEEN_PROGRESS
                self.trainer._is_whole = False
                try:
                    self.progress(self.trainer)
                finally:
                    self.trainer._is_whole = True

    def epoch_end(self) -> bool:
        if self.callback is not None:
            wants_end = bool(self.recording.during(self.call_back))
            if wants_end:
                return True
        return self.time_is_over()

    def call_back(self) -> Any:
        answer = self.callback(self.trainer, self.trainer.epoch)
        refuse_not_finite_parameters(self.trainer._checked_layers())
        return answer

    def time_is_over(self) -> bool:
        if self.time_limit is not None:
            self.time_was_over = time.monotonic() - self.started >= self.time_limit
        return self.time_was_over
