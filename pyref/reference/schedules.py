"""Learning-rate schedules: large steps first, small ones later.

An optimizer has one learning rate; a schedule makes another of it for each epoch.  training.py
asks for it at the start of an epoch (`rate`), and tells the loss at the end (`after_epoch`).
`epoch` counts from 0, the trainer's first epoch, whatever number of calls the training is spread
over.  A schedule never changes; what it has seen is kept beside it, in a list of numbers (its
*state*, which each class explains), so that a training can be saved and gone on with.

Where PyTorch or scikit-learn has the schedule, the rates are theirs, up to rounding.
"""

from typing import List, Optional

from .elementary import cos_pi, power
from .settings import (
    Setting, Settings, above_zero, below_one, between_zero_and_one, is_count, whole_from_0,
    whole_from_1, zero_or_more,
)

State = List[float]


class Schedule(Settings):
    """What a schedule answers unless it says otherwise."""

    def start(self) -> State:
        """The state before the first epoch."""
        return []

    def can_have_seen(self, state: State) -> bool:
        """Whether a list as long as that of `start` can be its state: files are asked this."""
        return True

    def rate(self, state: State, learning_rate: float, epoch: int) -> float:
        """The rate of an epoch, from the optimizer's own learning rate."""
        return learning_rate

    def after_epoch(self, state: State, loss: Optional[float]) -> None:
        """Called at the end of each epoch with the validation loss, or, where there are no
        validation rows, the epoch loss.  None says that it was not measured after this epoch."""


class Constant(Schedule):
    """The optimizer's learning rate, always."""


class Step(Schedule):
    """Multiply the rate by `factor` after `every` epochs, and again after as many.

    (torch.optim.lr_scheduler.StepLR.)  The state is the product of the factors so far, and the
    epochs since the last of them.

    >>> schedule, rates = Step(2, factor=0.5), []
    >>> state = schedule.start()
    >>> for epoch in range(5):
    ...     rates.append(schedule.rate(state, 0.8, epoch))
    ...     schedule.after_epoch(state, loss=1.0)
    >>> rates
    [0.8, 0.8, 0.4, 0.4, 0.2]
    """

    every = Setting(whole_from_1)
    factor = Setting(above_zero, 0.1)

    def start(self) -> State:
        return [1.0, 0.0]

    def can_have_seen(self, state: State) -> bool:
        return state[0] >= 0.0 and is_count(state[1]) and state[1] < self.every

    def rate(self, state: State, learning_rate: float, epoch: int) -> float:
        return learning_rate * state[0]

    def after_epoch(self, state: State, loss: Optional[float]) -> None:
        state[1] += 1.0
        if state[1] >= self.every:
            state[0] *= self.factor
            state[1] = 0.0


class Exponential(Schedule):
    """Multiply the rate by `factor` after each epoch: learning_rate · factor^epoch.

    (torch.optim.lr_scheduler.ExponentialLR.)  The state is the product of the factors so far.
    """

    factor = Setting(above_zero)

    def start(self) -> State:
        return [1.0]

    def can_have_seen(self, state: State) -> bool:
        return state[0] >= 0.0

    def rate(self, state: State, learning_rate: float, epoch: int) -> float:
        return learning_rate * state[0]

    def after_epoch(self, state: State, loss: Optional[float]) -> None:
        state[0] *= self.factor


class InverseScaling(Schedule):
    """learning_rate / (epoch + 1)^power.

    The "invscaling" of scikit-learn's MLPClassifier, which counts rows instead of epochs.
    """

    power = Setting(zero_or_more, 0.5)

    def rate(self, state: State, learning_rate: float, epoch: int) -> float:
        return learning_rate / power(epoch + 1.0, self.power)


class Cosine(Schedule):
    """Down half a cosine wave, from the learning rate to `lowest` within `epochs` epochs.

        lowest + (learning_rate − lowest) · ½ · (1 + cos(π · epoch / epochs))

    and `lowest` afterwards (Loshchilov and Hutter 2017, equation 5, without restarts;
    torch.optim.lr_scheduler.CosineAnnealingLR).  The first `warmup` of the epochs climb there
    instead, in equal steps from 0 (excluded) to the learning rate (the epoch after them has it),
    and the wave takes the others.
    """

    epochs = Setting(whole_from_1)
    lowest = Setting(zero_or_more, 0.0)
    warmup = Setting(whole_from_0, 0)

    def check(self) -> None:
        if self.warmup >= self.epochs:
            raise ValueError(
                f"Cosine: warmup: fewer than the {self.epochs} epochs of the schedule are needed, "
                f"not {self.warmup}"
            )

    def rate(self, state: State, learning_rate: float, epoch: int) -> float:
        if epoch < self.warmup:
            return learning_rate * ((epoch + 1.0) / (self.warmup + 1.0))
        if epoch >= self.epochs:
            return self.lowest
        t = (epoch - self.warmup) / (self.epochs - self.warmup)
        return self.lowest + (learning_rate - self.lowest) * (0.5 * (1.0 + cos_pi(t)))


class ReduceOnPlateau(Schedule):
    """Multiply the rate by `factor` when the loss has not fallen for more than `patience` epochs.

    The loss is the validation loss, or the epoch loss where there are no validation rows.  It has
    fallen when it is below the lowest so far by more than `threshold` of it.  For `cooldown`
    epochs after a reduction none are counted.  An epoch without a measurement counts as one
    without a fall; the rate is reduced after one with a measurement.  It never goes below `lowest`.
    (torch.optim.lr_scheduler.ReduceLROnPlateau, mode "min", threshold_mode "rel", eps 0.)

    The state: the product of the factors so far, the lowest loss, the epochs without a fall, and
    how many are left of the cooldown.
    """

    factor = Setting(between_zero_and_one, 0.1)
    patience = Setting(whole_from_0, 10)
    threshold = Setting(below_one, 1e-4)
    cooldown = Setting(whole_from_0, 0)
    lowest = Setting(zero_or_more, 0.0)

    def start(self) -> State:
        return [1.0, float("inf"), 0.0, 0.0]

    def can_have_seen(self, state: State) -> bool:
        product, lowest, without_fall, left = state
        waiting = is_count(without_fall) and 0.0 <= left <= float(self.cooldown)
        return 0.0 <= product <= 1.0 and lowest > float("-inf") and waiting

    def rate(self, state: State, learning_rate: float, epoch: int) -> float:
        rate = learning_rate * state[0]
        return rate if rate > self.lowest else self.lowest

    def after_epoch(self, state: State, loss: Optional[float]) -> None:
        if loss is not None and loss < state[1] * (1.0 - self.threshold):
            state[1] = loss
            state[2] = 0.0
        else:
            state[2] += 1.0
        if state[3] > 0.0:
            state[3] -= 1.0
            state[2] = 0.0
        if loss is not None and state[2] > self.patience:
            state[0] *= self.factor
            state[2] = 0.0
            state[3] = float(self.cooldown)


SCHEDULES = {
    schedule.__name__: schedule
    for schedule in (Constant, Step, Exponential, InverseScaling, Cosine, ReduceOnPlateau)
}
