"""Learning-rate schedules: large steps first, small ones later.

A schedule says, at the start of each epoch, what the learning rate is; `epoch` counts from 0, the
trainer's first epoch, whatever number of calls the training is spread over.  What a schedule has
seen is kept beside it in a list of numbers (its *state*), as for stopping rules.
"""

from typing import List

from .settings import Settings

State = List[float]


class Schedule(Settings):
    """What a schedule answers unless it says otherwise."""

    def start(self) -> State:
        """The state before the first epoch."""
        return []

    def rate(self, state: State, learning_rate: float, epoch: int) -> float:
        """The rate of an epoch, from the optimizer's own learning rate."""
        return learning_rate

    def after_epoch(self, state: State, loss: float) -> None:
        """Called at the end of each epoch, with the validation loss, or else the epoch loss."""


class Constant(Schedule):
    """The optimizer's learning rate, always."""


SCHEDULES = {schedule.__name__: schedule for schedule in (Constant,)}
