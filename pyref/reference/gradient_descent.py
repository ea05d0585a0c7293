"""Gradient descent: how a gradient becomes a step.

The gradient points uphill, so every optimizer steps against it; they differ in how far, and in
what they remember of the steps before.  Each works on one list of parameters at a time, in place,
every parameter by itself (`update`).  What it remembers of a parameter stands in further lists of
the same shape (its *memory*); what it counts once for all parameters in a few numbers (its
*scalars*).  batch.py's `take_step` calls it for one list after the other.  `rate` is the
learning rate of the epoch: the optimizer's own, or what a schedule makes of it.

What a user may set stands at the top of each class.  `momentum = Setting(below_one, 0.0)` says
that a momentum must be a number from 0 to below 1, and is 0.0 unless something else is asked for,
as in SGD(momentum=0.9); the methods read it as `self.momentum`.  All files of this chapter do so.
(The checks, and the class `Settings` that makes it work, stand in settings.py.)

SGD goes the same way everywhere.  The others divide each parameter's gradient by a measure of how
large its gradients have been, so that one rate fits all of them.  Formulas and defaults are those
of torch.optim.  Its `weight_decay`, AdamW's apart, is a penalty on the loss: that is the Trainer's
`l2`, which leaves biases alone.  Optimizers that need all rows at once have a chapter of their own.
"""

from math import sqrt
from typing import Callable, List, Tuple

from .generator import Stream
from .layer import Row, Rows
from .settings import Setting, Settings, above_zero, below_one, truth, zero_or_more


class Optimizer(Settings):
    """What an optimizer answers unless it says otherwise; `update` is each one's own.

    `update(rate, scalars, weights, gradient, …)` changes `weights`, and the lists of the memory,
    which it takes last.  So an optimizer of one's own is a class with a `learning_rate`
    and an `update`:

    >>> class SignDescent(Optimizer):
    ...     "Equal steps, whatever the gradient's size."
    ...     learning_rate = Setting(above_zero, 0.01)
    ...     def update(self, rate, scalars, weights, gradient):
    ...         for place, g in enumerate(gradient):
    ...             weights[place] -= rate * ((g > 0.0) - (g < 0.0))
    >>> weights = [1.0, 2.0, 3.0]
    >>> SignDescent(0.25).update(0.25, [], weights, [0.5, -8.0, 0.0])
    >>> weights
    [0.75, 2.25, 3.0]
    """

    learning_rate: float  # a setting of each
    update: Callable[..., None]  # each one's own
    memory: Tuple[str, ...] = ()  # the names of what it remembers of each parameter
    never_below_zero: Tuple[str, ...] = ()  # those of them that hold squares, or sizes of steps
    follows_rate = True  # whether `rate` means anything to it

    def new_memory(self, parameters: Rows, stream: Stream) -> List[Rows]:
        """The memory before the first step: 0.0 everywhere.  (Some draw it from the stream.)"""
        return [[[0.0] * len(row) for row in parameters] for _ in self.memory]

    def new_scalars(self) -> Row:
        """The scalars before the first step."""
        return []

    def can_remember(self, lists: int, scalars: Row) -> bool:
        """Whether so many lists, and these scalars, can be what it remembers."""
        fit = len(self.memory) <= lists <= self.most_lists()
        return fit and len(scalars) == len(self.new_scalars()) and self.can_have_counted(scalars)

    def most_lists(self) -> int:
        """As many as it may have been made with, before somebody changed its settings."""
        return len(self.memory)

    def can_have_counted(self, scalars: Row) -> bool:
        """Whether as many scalars as it has can be its own."""
        return True

    def begin_step(self, scalars: Row, loss: float) -> None:
        """Called before each step, with the loss of its batch."""


class SGD(Optimizer):
    """Stochastic gradient descent, plain, with momentum, or with Nesterov's look ahead.

        velocity = momentum · velocity + gradient
        weight   = weight − rate · velocity                            (momentum)
        weight   = weight − rate · (gradient + momentum · velocity)    (Nesterov)

    As torch.optim.SGD without its `dampening`: the velocity is not multiplied by the rate.
    Without momentum there is nothing to remember.

    Raises ValueError for a learning rate that is not above 0, a momentum outside [0, 1), and
    Nesterov's form without momentum.

    >>> weights, velocity = [1.0], [0.0]
    >>> sgd = SGD(learning_rate=0.5, momentum=0.5)
    >>> sgd.update(0.5, [], weights, [1.0], velocity)
    >>> sgd.update(0.5, [], weights, [1.0], velocity)
    >>> weights, velocity
    ([-0.25], [1.5])
    """

    learning_rate = Setting(above_zero, 0.001)
    momentum = Setting(below_one, 0.0)
    nesterov = Setting(truth, False)

    def check(self) -> None:  # called when all settings are there: whether they go together
        if self.nesterov and self.momentum == 0.0:
            raise ValueError("SGD: nesterov=True looks ahead along the momentum, which is 0 here")

    @property
    def memory(self) -> Tuple[str, ...]:  # type: ignore[override]  # as the settings are
        return ("velocity",) if self.momentum else ()

    def most_lists(self) -> int:
        return 1

    def update(
        self, rate: float, scalars: Row, weights: Row, gradient: Row, *memory: Row
    ) -> None:
        momentum = self.momentum
        if not momentum:
            weights[:] = [w - rate * g for w, g in zip(weights, gradient)]
            return
        (velocity,) = memory
        velocity[:] = [momentum * v + g for v, g in zip(velocity, gradient)]
        if self.nesterov:
            weights[:] = [
                w - rate * (g + momentum * v) for w, g, v in zip(weights, gradient, velocity)
            ]
        else:
            weights[:] = [w - rate * v for w, v in zip(weights, velocity)]


class RMSprop(Optimizer):
    """The gradient over its root mean square of late (Tieleman and Hinton 2012, lecture 6.5).

        square = alpha · square + (1 − alpha) · gradient²
        weight = weight − rate · gradient / (√square + epsilon)

    `centered` takes the mean out first: √(square − average²) is the gradient's deviation, with
    average = alpha · average + (1 − alpha) · gradient.  With `momentum`, the quotients are added
    up to a velocity, as SGD adds up gradients, and the step is rate · velocity.

    As torch.optim.RMSprop; but where rounding leaves square − average² below 0, which is NaN in
    PyTorch, it counts as 0.  Raises ValueError for a learning rate or an epsilon that is not above
    0, and for alpha or momentum outside [0, 1).
    """

    learning_rate = Setting(above_zero, 0.01)
    alpha = Setting(below_one, 0.99)
    epsilon = Setting(above_zero, 1e-8)
    momentum = Setting(below_one, 0.0)
    centered = Setting(truth, False)
    never_below_zero = ("square",)

    @property
    def memory(self) -> Tuple[str, ...]:  # type: ignore[override]  # as the settings are
        average = ("average",) if self.centered else ()
        velocity = ("velocity",) if self.momentum else ()
        return ("square",) + average + velocity

    def most_lists(self) -> int:
        return 3

    def update(
        self, rate: float, scalars: Row, weights: Row, gradient: Row, square: Row, *others: Row
    ) -> None:
        alpha, rest, epsilon, momentum = self.alpha, 1.0 - self.alpha, self.epsilon, self.momentum
        square[:] = [alpha * s + rest * (g * g) for s, g in zip(square, gradient)]
        spread = square
        if self.centered:
            average, others = others[0], others[1:]
            average[:] = [alpha * a + rest * g for a, g in zip(average, gradient)]
            spread = [s - a * a for s, a in zip(square, average)]
            spread = [s if s > 0.0 else 0.0 for s in spread]
        quotients = [g / (sqrt(s) + epsilon) for g, s in zip(gradient, spread)]
        if momentum:
            velocity = others[0]
            velocity[:] = [momentum * v + q for v, q in zip(velocity, quotients)]
            quotients = velocity
        weights[:] = [w - rate * q for w, q in zip(weights, quotients)]


class Adagrad(Optimizer):
    """The gradient over the root of all its squares so far (Duchi, Hazan and Singer 2011).

        total  = total + gradient²
        weight = weight − rate · gradient / (√total + epsilon)

    What a gradient is multiplied with only ever gets smaller, the sooner the larger the gradients.
    `total` starts at `initial_accumulator_value`.  As torch.optim.Adagrad; its `lr_decay` is a
    matter for a schedule.  Raises ValueError for a learning rate or an epsilon that is not above 0,
    and for an initial value below 0.
    """

    learning_rate = Setting(above_zero, 0.01)
    epsilon = Setting(above_zero, 1e-10)
    initial_accumulator_value = Setting(zero_or_more, 0.0)
    memory = never_below_zero = ("total",)

    def new_memory(self, parameters: Rows, stream: Stream) -> List[Rows]:
        return [[[self.initial_accumulator_value] * len(row) for row in parameters]]

    def update(
        self, rate: float, scalars: Row, weights: Row, gradient: Row, total: Row
    ) -> None:
        epsilon = self.epsilon
        total[:] = [s + g * g for s, g in zip(total, gradient)]
        weights[:] = [
            w - rate * (g / (sqrt(s) + epsilon)) for w, g, s in zip(weights, gradient, total)
        ]


class Adam(Optimizer):
    """Momentum over root mean square, both corrected for their start at 0 (Kingma and Ba 2015).

        mean   = beta1 · mean + (1 − beta1) · gradient
        square = beta2 · square + (1 − beta2) · gradient²
        weight = weight − rate · mean/(1 − beta1^t) / (√(square/(1 − beta2^t)) + epsilon)

    in step t = 1, 2, 3 …; the scalars are beta1^t and beta2^t, kept as running products.  As
    torch.optim.Adam without `amsgrad`.  Raises ValueError for a learning rate or an epsilon that
    is not above 0, and for betas outside [0, 1).
    """

    learning_rate = Setting(above_zero, 0.001)
    beta1 = Setting(below_one, 0.9)
    beta2 = Setting(below_one, 0.999)
    epsilon = Setting(above_zero, 1e-8)
    memory = ("mean", "square")
    never_below_zero = ("square",)

    def new_scalars(self) -> Row:
        return [1.0, 1.0]

    def can_have_counted(self, scalars: Row) -> bool:
        return all(0.0 <= power <= 1.0 for power in scalars)

    def begin_step(self, scalars: Row, loss: float) -> None:
        scalars[0] = scalars[0] * self.beta1
        scalars[1] = scalars[1] * self.beta2

    def update(
        self, rate: float, scalars: Row, weights: Row, gradient: Row, mean: Row, square: Row
    ) -> None:
        beta1, rest1, beta2, rest2 = self.beta1, 1.0 - self.beta1, self.beta2, 1.0 - self.beta2
        epsilon = self.epsilon
        step = rate / (1.0 - scalars[0])
        scale = 1.0 / sqrt(1.0 - scalars[1])
        mean[:] = [beta1 * m + rest1 * g for m, g in zip(mean, gradient)]
        square[:] = [beta2 * s + rest2 * (g * g) for s, g in zip(square, gradient)]
        weights[:] = [
            w - step * (m / (sqrt(s) * scale + epsilon)) for w, m, s in zip(weights, mean, square)
        ]


class AdamW(Adam):
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019).

        weight = weight · (1 − rate · weight_decay), and then Adam's step

    The decay does not pass through Adam's quotient, as a penalty would.  As torch.optim.AdamW,
    which decays all parameters, the biases too.  Raises ValueError as Adam does, and for a
    weight decay below 0.
    """

    weight_decay = Setting(zero_or_more, 0.01)

    def update(
        self, rate: float, scalars: Row, weights: Row, gradient: Row, mean: Row, square: Row
    ) -> None:
        kept = 1.0 - rate * self.weight_decay
        weights[:] = [w * kept for w in weights]
        super().update(rate, scalars, weights, gradient, mean, square)
