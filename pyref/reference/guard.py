"""The whole of a training: the loop of training.py, with a way back where it diverges.

`guarded_train` is `training.train` with two things settled: which step it takes (a batch's, or
for L-BFGS that of search.py), and what is left where numbers have grown beyond all floats, or where
memory has run out in the midst of a step: the network and the run as they were at the end of the
epoch before, or when the call began.

Nothing else decides a bit: what a Trainer does to the numbers of a network is this function, or
gives the same bits.
"""

from contextlib import nullcontext
from typing import Generator, Optional

from .batch import Examples
from .divergence import DivergedError
from .lbfgs import LBFGS
from .parameters import copy_rows, parameters
from .run import Run, drops, shuffles
from .search import Search
from .training import Unbroken, train, train_batch

# The number of the numerical specification: of all files in this folder.  A change of any bit of
# any result is a new number.
SPECIFICATION = 1


class Snapshot:
    """A copy of what a training changes, to go back to."""

    def __init__(self, run: Run, rows: int) -> None:
        self.parameters = [list(row) for row in parameters(run.layers)]
        self.memory = [[list(row) for row in lists] for lists in run.memory]
        self.scalars = list(run.scalars)
        self.stream = run.stream.state() if shuffles(run, rows) or drops(run) else None
        self.place = (list(run.order), run.position, run.loss_sum, run.rate, run.converged)
        self.epoch, self.measured = run.epoch, len(run.validation_epochs)
        self.schedule_state = list(run.schedule_state)
        self.rule_states = [list(state) for state in run.rule_states]
        self.stopped_by = run.stopped_by
        self.best = (run.best_loss, run.best_epoch, run.best)

    def restore(self, run: Run) -> None:
        copy_rows(self.parameters, parameters(run.layers))
        run.memory, run.scalars = self.memory, self.scalars
        if self.stream is not None:
            run.stream.set_state(self.stream)
        run.order, run.position, run.loss_sum, run.rate, run.converged = self.place
        run.epoch = self.epoch
        del run.losses[self.epoch :]
        for history in (run.validation_epochs, run.validation_losses, run.validation_accuracies):
            del history[self.measured :]
        run.schedule_state, run.rule_states = self.schedule_state, self.rule_states
        run.stopped_by = self.stopped_by
        run.best_loss, run.best_epoch, run.best = self.best


def guarded_train(
    run: Run,
    examples: Examples,
    epochs: int,
    held_out: Optional[Examples] = None,
    unbroken: Unbroken = nullcontext,
) -> Generator[bool, None, None]:
    """training.train with whatever optimizer the run has; its arguments are explained there.

    Raises DivergedError where a number grows beyond all floats, and goes back to the last finite
    epoch.
    """
    rows = len(examples.inputs)
    step = Search().step if isinstance(run.optimizer, LBFGS) else train_batch
    last_finite = Snapshot(run, rows)
    try:
        for epoch_ended in train(run, examples, epochs, held_out, unbroken, step):
            yield epoch_ended
            if epoch_ended:
                last_finite = Snapshot(run, rows)  # after the pause: a callback may edit weights
    except (DivergedError, MemoryError):
        last_finite.restore(run)
        raise
