"""Optimizers for full batches: they compare the gradient with that of the step before.

They are called as those of gradient_descent.py are, and remember more.  From one gradient alone it
cannot be told how far to go.  From two it can be guessed: did the last step cross a valley, and how
fast does the slope change?  Both questions need gradients of the same loss, so these optimizers
are meant for `batch_size=None`; between small batches a gradient changes its sign by chance.  Each
parameter is treated by itself, as if it were the only one.

Rprop and its kin give every parameter a step of its own, and read nothing but the gradient's
sign: learning rates, and their schedules, mean nothing to them.  They differ in what follows a
change of sign, which says that the last step was too long.  In the names of Igel and Hüsken (2003):

    RpropMinus   go on from there, the other way, by the shorter step
    RpropPlus    take the last step back
    IRpropMinus  rest for one step (`Rprop` does too)
    IRpropPlus   take the last step back if the loss grew, else rest for one step

The first two are the classic ones, of 1994 and 1993.
"""

from math import isnan
from typing import List, Tuple

from .generator import Stream
from .gradient_descent import Optimizer
from .layer import Row, Rows
from .settings import Setting, above_zero, zero_or_more


class Rprop(Optimizer):
    """Resilient backpropagation (Riedmiller and Braun 1993), in the form of torch.optim.Rprop.

        agreement = gradient · gradient before
        step   = step · eta_plus   where agreement > 0: go on, and faster
                 step · eta_minus  where agreement < 0: a valley was crossed
        weight = weight − step · (the gradient's sign)

    where step stays between `smallest_step` and `largest_step`.  When its gradient has changed its
    sign, a parameter rests for one step, and the gradient is remembered as 0.  Every step starts
    at `learning_rate`.  (PyTorch's `etas` and `step_sizes` have names of their own here.)

    Raises ValueError unless 0 < eta_minus < 1 < eta_plus and smallest_step ≤ first step ≤
    largest_step.

    >>> rprop, weights, before, step = Rprop(0.5), [2.0], [0.0], [0.5]
    >>> for gradient in ([3.0], [1.0], [-1.0], [-1.0]):
    ...     rprop.update(0.5, [], weights, gradient, before, step)
    ...     print(weights, step)
    [1.5] [0.5]
    [0.9] [0.6]
    [0.9] [0.3]
    [1.2] [0.3]
    """

    learning_rate = Setting(above_zero, 0.01)
    eta_minus = Setting(above_zero, 0.5)
    eta_plus = Setting(above_zero, 1.2)
    smallest_step = Setting(zero_or_more, 1e-6)
    largest_step = Setting(above_zero, 50.0)
    memory = ("gradient_before", "step")
    never_below_zero = ("step",)
    first_steps: Tuple[str, ...] = ("learning_rate",)
    rests = True  # for one step, where the gradient has changed its sign
    follows_rate = False

    def check(self) -> None:
        name = type(self).__name__
        if not self.eta_minus < 1.0 < self.eta_plus:
            raise ValueError(
                f"{name}: 0 < eta_minus < 1 < eta_plus is needed, "
                f"not eta_minus={self.eta_minus!r} and eta_plus={self.eta_plus!r}"
            )
        for setting in self.first_steps:
            step = getattr(self, setting)
            if not self.smallest_step <= step <= self.largest_step:
                raise ValueError(
                    f"{name}: {setting}: a first step from smallest_step={self.smallest_step!r} "
                    f"to largest_step={self.largest_step!r} is needed, not {step!r}"
                )

    def new_memory(self, parameters: Rows, stream: Stream) -> List[Rows]:
        before = [[0.0] * len(row) for row in parameters]
        return [before, [[self.learning_rate] * len(row) for row in parameters]]

    def update(
        self, rate: float, scalars: Row, weights: Row, gradient: Row, before: Row, step: Row
    ) -> None:
        faster, slower = self.eta_plus, self.eta_minus
        smallest, largest = self.smallest_step, self.largest_step
        agreement = [g * b for g, b in zip(gradient, before)]
        factor = [faster if a > 0.0 else slower if a < 0.0 else 1.0 for a in agreement]
        step[:] = [s * f for s, f in zip(step, factor)]
        step[:] = [smallest if s < smallest else largest if s > largest else s for s in step]
        before[:] = gradient
        if self.rests:
            before[:] = [0.0 if a < 0.0 else g for g, a in zip(gradient, agreement)]
        weights[:] = [
            w - s if b > 0.0 else w + s if b < 0.0 else w
            for w, s, b in zip(weights, step, before)
        ]


class IRpropMinus(Rprop):
    """iRprop− (Igel and Hüsken 2003), with first steps that are drawn.

    The rule is that of Rprop: to rest after a change of sign is what Igel and Hüsken added to
    RpropMinus, and PyTorch took over.  The paper starts every step at the same value; here the
    first steps are drawn evenly from [first_step_low, first_step_high), parameter by parameter in
    canonical order; a range of one value draws nothing.  To draw them is Proben1's idea (Prechelt
    1994; this is one of its two ranges), whose rule was a classic one.  Steps may shrink without
    limit, as they may in both papers.  Raises ValueError as Rprop does, and where first_step_low is
    above first_step_high.
    """

    first_step_low = Setting(above_zero, 0.05)
    first_step_high = Setting(above_zero, 0.2)
    eta_minus = Setting(above_zero, 0.5)
    eta_plus = Setting(above_zero, 1.2)
    smallest_step = Setting(zero_or_more, 0.0)
    largest_step = Setting(above_zero, 50.0)
    first_steps = ("first_step_low", "first_step_high")

    def check(self) -> None:
        super().check()
        if self.first_step_low > self.first_step_high:
            raise ValueError(
                f"{type(self).__name__}: first_step_low={self.first_step_low!r} is above "
                f"first_step_high={self.first_step_high!r}"
            )

    @property
    def learning_rate(self) -> float:  # type: ignore[override]  # no setting here
        """What schedules are told; nothing follows from it."""
        return self.first_step_low

    def new_memory(self, parameters: Rows, stream: Stream) -> List[Rows]:
        low, width = self.first_step_low, self.first_step_high - self.first_step_low
        before = [[0.0] * len(row) for row in parameters]
        if width == 0.0:
            return [before, [[low] * len(row) for row in parameters]]
        return [before, [[low + width * stream.random() for _ in row] for row in parameters]]


class RpropMinus(IRpropMinus):
    """RPROP without weight backtracking (Riedmiller 1994): no rest after a change of sign.

    Every parameter moves in every step, the way that its gradient says; one that has crossed a
    valley comes back by the shorter step.  Settings, first steps and errors are those of
    IRpropMinus.

    >>> rprop, weights, before, step = RpropMinus(), [2.0], [0.0], [0.5]
    >>> for gradient in ([3.0], [-1.0], [-1.0]):
    ...     rprop.update(0.0, [], weights, gradient, before, step)
    ...     print(weights, step)
    [1.5] [0.5]
    [1.75] [0.25]
    [2.05] [0.3]
    """

    rests = False


def take_back(weights: Row, gradient: Row, before: Row, step: Row) -> None:
    """The weights whose gradient has changed its sign go to where they were before that."""
    weights[:] = [
        (w + s if b > 0.0 else w - s) if g * b < 0.0 else w
        for w, s, g, b in zip(weights, step, gradient, before)
    ]


class RpropPlus(IRpropMinus):
    """RPROP with weight backtracking (Riedmiller and Braun 1993): a step too far is taken back.

    When its gradient has changed its sign, a parameter goes back to where it came from.  There the
    sign changes once more, which is no reason to shorten the step again: the gradient is
    remembered as 0, and the next step, the shorter one, is as long as it is.  Settings, first steps
    and errors are those of IRpropMinus.

    >>> rprop, weights, before, step = RpropPlus(), [2.0], [0.0], [0.5]
    >>> for gradient in ([3.0], [-1.0], [3.0]):
    ...     rprop.update(0.0, [], weights, gradient, before, step)
    ...     print(weights, step)
    [1.5] [0.5]
    [2.0] [0.25]
    [1.75] [0.25]
    """

    def update(
        self, rate: float, scalars: Row, weights: Row, gradient: Row, before: Row, step: Row
    ) -> None:
        take_back(weights, gradient, before, step)
        super().update(rate, scalars, weights, gradient, before, step)


class IRpropPlus(IRpropMinus):
    """iRprop+ (Igel and Hüsken 2003): RpropPlus that takes back only a step that did harm.

    Where the gradient's sign changed *and* the loss grew, the parameter goes back to where it
    came from; where the loss fell, the crossed valley is left behind.  The loss is that of the
    batch, without penalties; the scalars hold it and whether it grew.
    """

    def new_scalars(self) -> Row:
        return [0.0, 0.0]

    def can_have_counted(self, scalars: Row) -> bool:
        return not isnan(scalars[0]) and scalars[1] in (0.0, 1.0)

    def begin_step(self, scalars: Row, loss: float) -> None:
        scalars[1] = 1.0 if loss > scalars[0] else 0.0
        scalars[0] = loss

    def update(
        self, rate: float, scalars: Row, weights: Row, gradient: Row, before: Row, step: Row
    ) -> None:
        if scalars[1] != 0.0:  # before the first step too, but there is no sign to change then
            take_back(weights, gradient, before, step)
        super().update(rate, scalars, weights, gradient, before, step)


def quickprop_step(
    rate: float, growth: float, shrink: float, step: float, slope: float, before: float
) -> float:
    """The next step of one parameter after `step`; its slopes now and before point downhill."""
    if step == 0.0:
        return rate * slope
    ahead, ahead_before = (slope, before) if step > 0.0 else (-slope, -before)
    change = ahead_before - ahead
    if ahead > shrink * ahead_before or change == 0.0:
        factor = growth
    else:
        factor = ahead / change
    return (rate * slope if ahead > 0.0 else 0.0) + factor * step


class Quickprop(Optimizer):
    """Each parameter jumps to where its slope would be 0 on a parabola (Fahlman 1988).

        slope = −gradient
        step  = step · slope/(slope before − slope)                  the parabola's lowest point
                step · maximum_growth     where that is farther, or uphill
                + rate · slope            where the slope still leads the way of the last step
        weight = weight + step

    "Farther" is slope > maximum_growth/(1 + maximum_growth) · slope before, along the last step.
    Where there was no last step, the step is rate · slope.  This is Fahlman's program with its
    mode switch threshold of 0, where its momentum has no effect.  His other tricks are not part
    of it: weight decay is the penalty `l2`, rates are not divided by the fan-in, and slopes come
    from the true derivatives.  The division is guarded: slopes too near to differ count as
    "farther".

    Raises ValueError for settings that are not above 0.
    """

    learning_rate = Setting(above_zero, 0.1)
    maximum_growth = Setting(above_zero, 1.75)
    memory = ("slope_before", "step")

    def update(
        self, rate: float, scalars: Row, weights: Row, gradient: Row, before: Row, step: Row
    ) -> None:
        growth = self.maximum_growth
        shrink = growth / (1.0 + growth)
        slope = [-g for g in gradient]
        step[:] = [
            quickprop_step(rate, growth, shrink, s, now, b)
            for s, now, b in zip(step, slope, before)
        ]
        before[:] = slope
        weights[:] = [w + s for w, s in zip(weights, step)]
