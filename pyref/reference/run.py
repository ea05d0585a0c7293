"""Where a training stands: all that decides how it goes on.

training.py needed a part of a `Run`; here is the whole.  Nothing that a training remembers from
one batch to the next is kept anywhere else.  So it may be put aside after any batch, saved, and
gone on with elsewhere, in Python or in C, to the same bits as if it had never paused.
"""

from copy import copy
from typing import List, Optional

from .generator import Stream
from .layer import Layer, Rows
from .optimizers import Optimizer
from .parameters import parameters, round_rows
from .regularization import Regularization
from .schedules import Schedule
from .stopping import Rule


class Run:
    """What was asked for, and how far it has come.

    `batch_size` None is the full batch; `smoothing` is that of cross_entropy's targets
    (`losses.smoothed`).
    """

    def __init__(
        self,
        layers: List[Layer],
        loss: str,
        optimizer: Optimizer,
        batch_size: Optional[int],
        shuffle: bool,
        stream: Stream,
        schedule: Schedule,
        regularization: Regularization,
        smoothing: float,
    ) -> None:
        self.layers = layers
        self.loss = loss
        self.optimizer = optimizer
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.stream = stream
        self.schedule = schedule
        self.regularization = regularization
        self.smoothing = smoothing

        # What the optimizer and the schedule have kept of the batches and epochs before.
        self.memory = optimizer.new_memory(parameters(layers), stream)
        for lists in self.memory:
            round_rows(layers, lists)
        self.scalars = optimizer.new_scalars()
        self.schedule_state = schedule.start()
        self.rate = optimizer.learning_rate  # of the epoch under way

        # The place in the training.
        self.epoch = 0  # epochs finished
        self.order: List[int] = []  # the rows of the epoch under way; empty between epochs
        self.position = 0  # how many of them the weights have learned from
        self.loss_sum = 0.0  # the sum of their losses

        # What has been written down: a number for each finished epoch, and for each of those after
        # which the validation rows were measured.
        self.losses: List[float] = []
        self.validation_every = 1  # epochs
        self.validation_epochs: List[int] = []
        self.validation_losses: List[float] = []
        self.validation_accuracies: List[float] = []

        # When to stop: the rules, and what each of them has seen.
        self.rules: List[Rule] = []
        self.rule_states: List[List[float]] = []
        self.stopped_by: Optional[int] = None  # the place of the rule that ended the training
        self.converged: Optional[str] = None  # why the optimizer has nothing left to do
        self.best_loss = float("inf")  # the lowest validation loss,
        self.best_epoch = 0  # the epoch that had it,
        self.best: Optional[Rows] = None  # and its parameters, if a rule may put them back

    def follow(self, rules: List[Rule]) -> None:
        """Take these stopping rules; the same ones as before go on with what they have seen."""
        if rules != self.rules or self.stopped_by is not None:
            self.rules = [copy(rule) for rule in rules]  # the caller may change theirs
            self.rule_states = [rule.start() for rule in rules]
            self.stopped_by = None
            self.best_loss, self.best_epoch, self.best = float("inf"), 0, None


def batch_length(run: Run) -> int:
    """The rows of a batch; the last one of an epoch may have fewer."""
    return min(run.batch_size or len(run.order), len(run.order))


def shuffles(run: Run, rows: int) -> bool:
    """Whether epochs draw an order of rows.  A batch of all rows has no use for one."""
    return run.shuffle and run.batch_size is not None and run.batch_size < rows


def drops(run: Run) -> bool:
    """Whether batches draw units to drop."""
    return run.regularization.dropout > 0.0 or run.regularization.input_dropout > 0.0
