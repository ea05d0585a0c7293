"""The trainer that people use, and what it is told.  The loop itself: reference/training.py."""

import copy
import os
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

from .arguments.changed import (
    check_settings, layers_to_train, refuse_not_finite_parameters, shape,
)
from .arguments.labels import learning_names
from .arguments.machine import checked_threads
from .arguments.own_classes import first_own
from .arguments.new_trainer import checked_class_weights, new_run
from .arguments.training_call import check_functions, check_row_count, checked_rules
from .arguments.units import training_data, validation_data
from .engine import backend as engines
from .engine.hooks import Hooks
from .display.progress import Progress
from .engine.one_training import LISTS, UnderWay, being_trained, refuse_in_training
from .history import History
from .network import Network
from .recipe import Recording, note_restored
from .reference.optimizers import Optimizer
from .reference.parameters import copy_rows, parameters
from .reference.regularization import Regularization
from .reference.schedules import Schedule
from .reference.settings import truth, whole
from .reference.stopping import Rule
from .rows.digests import parameters_digest
from .rows.packing import packed_rows
from .rows.precision import TYPECODES, in_precision

DECIDED = ("network", "seed", "class_weights")  # when a Trainer is made


class Trainer:
    """Trains a network.

    `loss` names one of `pyref.reference.losses.LOSSES`; None takes the one that goes with the
    output activation.  `optimizer` is SGD(learning_rate=0.1, momentum=0.9) unless another is given:
    an object, or the name of one with its own default settings, such as "adam" for Adam().
    `batch_size` rows make a step (None: all rows); `shuffle` draws their order afresh for each
    epoch.  `seed` starts the stream that shuffles; None goes on with a copy of the network's own
    stream, as its weights left it.  `backend` is "auto", "python" or "c": the bits are the same.
    `threads` is how many processors the C engine may use (None: all there are).  It is a setting
    of the machine, not of the recipe: the bits are the same, work too small to be divided stays
    on one, and so does the Python engine.  An optimizer, a schedule or a rule of your own, derived
    from pyref.Optimizer, pyref.Schedule or pyref.Rule, trains with the Python engine.  Of all
    these, only `threads` and the settings of the optimizer (`trainer.optimizer.learning_rate =
    0.01`) may be changed later.

    `schedule`, an object or a name such as "reduce_on_plateau", changes the learning rate from
    epoch to epoch.  `l1`, `l2`, `dropout`,
    `input_dropout`, `clip_value` and `clip_norm` are explained in `pyref.reference.regularization`;
    of a batch's gradients, first the penalties (`l1`, `l2`) are added, then `clip_value` bounds
    each, then `clip_norm` all together.
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
        optimizer: Union[None, str, Optimizer] = None,
        batch_size: Optional[int] = 32,
        shuffle: bool = True,
        seed: Optional[int] = None,
        backend: str = "auto",
        threads: Optional[int] = 1,
        *,
        schedule: Union[None, str, Schedule] = None,
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
        regularization = Regularization(l1, l2, dropout, input_dropout, clip_value, clip_norm)
        self.run = new_run(
            network, loss, optimizer, batch_size, shuffle, seed, schedule, regularization,
            label_smoothing,
        )
        self._asked = backend
        self._engine = engines.engine_for(backend, [self.run.optimizer, self.run.schedule])
        self.threads = threads
        self.network = network
        self.seed = None if seed is None else int(seed)
        self.number: Optional[int] = None  # among the trainers in the network's recipe
        self.class_weights = checked_class_weights(class_weights, network, self.loss)
        self.time_limit_reached: Optional[float] = None  # the one that ended the last call
        network.loss = self.loss
        self._shape = shape(network.layers)  # with which it is made

    def __setattr__(self, name: str, value: Any) -> None:
        """Nobody shall believe to have changed what is decided when a Trainer is made."""
        is_made = "_shape" in vars(self)
        if is_made and (name in DECIDED or not hasattr(self, name)):
            raise AttributeError(
                f"Trainer: {name} cannot be set: of a Trainer that is made, only `threads` and the "
                "settings of its optimizer may be changed; make a new one"
            )
        super().__setattr__(name, value)

    @property
    def loss(self) -> str:
        """The name of the loss."""
        return self.run.loss

    @property
    def optimizer(self) -> Optimizer:
        """Its settings may be changed: `trainer.optimizer.learning_rate = 0.01`."""
        return self.run.optimizer

    @property
    def batch_size(self) -> Optional[int]:
        """Rows in a batch, or None: all of them."""
        return self.run.batch_size

    @property
    def epoch(self) -> int:
        """Epochs trained so far."""
        return self.run.epoch

    @property
    def backend(self) -> str:
        """The engine that trains: "python" or "c"."""
        name: str = self._engine.NAME
        return name

    @property
    def threads(self) -> Optional[int]:
        """How many processors the C engine may use; may be changed between calls of `train`."""
        return self._threads

    @threads.setter
    def threads(self, threads: Optional[int]) -> None:
        self._threads = checked_threads(threads)

    @property
    def history(self) -> History:
        """What happened in all calls of `train` so far."""
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
        verbose: bool = False,
    ) -> History:
        """Train for `epochs` more epochs; a further call goes on where this one stopped.

        `inputs` are rows (lists of lists, or a buffer such as array('d') or a NumPy array), and
        `targets` likewise; a flat list will do where a row has one column, and class numbers
        (0, 1, 2 …) where the loss is cross_entropy.  Targets may also be the names of classes:
        texts, truth values, or other whole numbers, as many as there are classes, in a list, an
        array, a Series or a categorical, where the loss is cross_entropy, or binary_cross_entropy
        with one output.  The network learns them as its `class_names` (sorted, or in the order of
        the categorical) unless it has some, and `classify` answers them.
        `validation` is a pair of the same kind as `inputs` and `targets`.
        They are measured after every `validation_every` epochs, counted from the trainer's first;
        rules and the schedule see no others, and the best weights are the best of those that were
        measured.  Prechelt's procedure is validation_every=5 and rules with strips of 5.
        `weights` gives each row a weight of 0 or more in the loss; a third member of `validation`
        does so for its rows.
        `stop` is one stopping rule or several.  `callback(trainer, epoch)` is called at the end
        of each epoch and may end the training by returning something true.  `progress(trainer)`
        is called up to 20 times a second; it sees the history, but not the weights of this
        moment.  `verbose=True` shows on standard error how far the training is: on a terminal and
        in a notebook in one line that changes, elsewhere in a line every so often.  What `Network`
        says of reading and changing these meanwhile holds for all others, too.  `save`,
        `restore_best`, `copy` and `pickle` of a Trainer whose network is in training are refused
        with RuntimeError, but for a callback.
        After `time_limit` seconds, the training ends with the epoch under way; the C engine looks
        at the clock about every 60 ms.  The history says which epoch that was: as many `epochs`
        without the limit give the same network again.

        Ctrl-C raises KeyboardInterrupt with the weights after the last whole batch; training may
        go on from there, with the same bits.  Raises DivergedError where numbers grow beyond all
        floats, and restores the last finite epoch; ValueError or TypeError for data that do not
        fit, and for weights or layers whose shape is changed meanwhile.
        """
        with being_trained(self.network) as under_way:
            return self._train(
                under_way, inputs, targets, epochs, validation, stop, callback, progress, weights,
                time_limit, validation_every, verbose,
            )

    def _train(
        self,
        under_way: UnderWay,
        inputs: Any,
        targets: Any,
        epochs: int,
        validation: Optional[Sequence[Any]],
        stop: Union[Rule, Tuple[Rule, ...], List[Rule]],
        callback: Optional[Callable[["Trainer", int], Any]],
        progress: Optional[Callable[["Trainer"], Any]],
        weights: Any,
        time_limit: Optional[float],
        validation_every: int,
        verbose: bool,
    ) -> History:
        run = self.run
        epochs = whole("epochs", epochs, least=0)
        check_functions(callback=callback, progress=progress)
        rules = checked_rules(stop, validation is not None)
        if first_own(rules):
            self._engine = engines.engine_for(self._asked, rules)
        validation_every = whole("validation_every", validation_every, least=1)
        with LISTS:
            layers = layers_to_train(self)
        with learning_names(self.network, targets, self.loss):
            data = training_data(self, inputs, targets, weights)
            held_out = validation_data(self, validation)
            check_row_count(run, data.count)
            with LISTS:
                numbers = packed_rows(parameters(layers))
                if not run.order:  # an epoch under way, that was broken off, finds out by itself
                    refuse_not_finite_parameters(layers, numbers)
                digest = parameters_digest(in_precision(numbers, TYPECODES[layers[0].precision]))
        shown = None
        if truth("verbose", verbose):
            shown = progress = Progress(self, data.count, epochs, also=progress, stays=True)
        hooks = Hooks(self, callback, progress, time_limit)
        last_epoch = run.epoch + epochs
        run.validation_every = min(validation_every, 2**53)  # a file says no more, nor does C
        with LISTS:
            hooks.recording = Recording(self, data, held_out, rules, digest)
        hooks.under_way, under_way.tell = under_way, hooks.recording.note_digest
        run.layers = layers
        run.follow(rules)
        self.time_limit_reached = None
        try:
            self._engine.train(run, data, epochs, held_out, hooks, self.threads)
        finally:
            with LISTS:
                hooks.recording.note_digest()
            if shown is not None:
                shown.end(self)
        if hooks.time_was_over and run.epoch < last_epoch:
            self.time_limit_reached = hooks.time_limit
        return self.history

    def restore_best(self) -> bool:
        """Put back the weights after the epoch with the lowest validation loss.

        A stopping rule with restore_best does so when it ends a training; this does it after one
        that ended by itself.  False if no such weights were kept.
        """
        with LISTS:
            refuse_in_training(self.network, "restore the best weights of")
            if self.run.best is None:
                return False
            copy_rows(self.run.best, parameters(self.run.layers))
            note_restored(self)
            return True

    def save(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Write a run file: the network and everything that is needed to go on, bit for bit."""
        from .files import run_file

        with LISTS:
            refuse_in_training(self.network, "save")
            check_settings(self)
            own = first_own([self.run.optimizer, self.run.schedule, *self.run.rules])
            if own is not None:
                raise ValueError(
                    f"a run with {own}, a class of your own, cannot be saved: a file holds no "
                    "code. Its network can: trainer.network.save"
                )
            run_file.save(self, path)

    @classmethod
    def load(cls, path: Union[str, "os.PathLike[str]"], backend: str = "auto") -> "Trainer":
        """The trainer in a run file, to go on with either engine."""
        from .files import run_file

        trainer: "Trainer" = run_file.load(path, backend, cls, Network)
        return trainer

    def __copy__(self) -> "Trainer":
        return copy.deepcopy(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Trainer):
            return NotImplemented
        mine, theirs = self.run.__getstate__(), other.run.__getstate__()
        del mine["layers"], theirs["layers"]
        same_settings = self.class_weights == other.class_weights
        return self.network == other.network and same_settings and mine == theirs

    __hash__ = None  # type: ignore[assignment]  # as Python says it of what changes

    def __getstate__(self) -> Dict[str, Any]:
        with LISTS:
            refuse_in_training(self.network, "copy")
            run = copy.copy(self.run)
            run.layers = []  # the network's
            others = {name: value for name, value in vars(self).items() if name != "network"}
            others.update(run=run, _engine=self.backend)
            return {**copy.deepcopy(others), "network": self.network}

    def __setstate__(self, state: Dict[str, Any]) -> None:
        vars(self).update(state)
        self._engine = engines.engine_or_other(state["_engine"])
        if self.backend != state["_engine"]:
            self._asked = "auto"
        self.run.layers = self.network.layers

    def __repr__(self) -> str:
        return (
            f"<Trainer of {self.network!r}: loss={self.loss!r}, optimizer={self.optimizer!r}, "
            f"batch_size={self.batch_size}, epoch {self.epoch}, backend {self.backend!r}, "
            f"threads {self.threads}>"
        )
