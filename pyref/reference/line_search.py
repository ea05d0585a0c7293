"""Line search: how far to go along a direction.

Every optimizer so far takes its step and hopes.  With all rows in one batch, the loss is a
function of the weights that can be asked again: this file tries several steps in one direction,
and looks what each leads to.  It knows no network, only that function: lbfgs.py, the next file,
has the network and the direction.

A step that is too short wastes the direction, one that is too long may climb the other side of the
valley.  The strong Wolfe conditions rule out both.  With φ(t) the loss after the step t, they are

    φ(t) ≤ φ(0) + C1·t·φ′(0)        the loss falls by a fair part of what the slope promised, and
    |φ′(t)| ≤ C2·|φ′(0)|            the slope that is left (φ′ is the derivative) is small.

The search first goes farther until some such step must lie behind it, between two steps that form
a *bracket* (Nocedal and Wright 2006, algorithm 3.5); then it narrows the bracket until it has found
one (algorithm 3.6, *zoom*).  The next step to try is where a cubic through two steps has its
minimum (their equation 3.59).  Constants, safeguards and the order of the checks are those of
torch.optim.LBFGS with line_search_fn="strong_wolfe"; they come from Schmidt's minFunc.
"""

from math import inf, sqrt
from typing import Any, Callable, List, NamedTuple

C1 = 1e-4
C2 = 0.9
TRIALS = 25  # steps to try after the first


class Trial(NamedTuple):
    """A step that was tried: φ(step), φ′(step), and whatever else the caller found there."""

    step: float
    loss: float
    slope: float
    found: Any


def cubic_minimum(a: Trial, b: Trial, lowest: float, highest: float) -> float:
    """Where the cubic with the losses and slopes of two trials has its minimum.

    At most `highest` and at least `lowest`; halfway between them where there is no minimum, or
    where the numbers are too large to say.

    >>> cubic_minimum(Trial(0.0, 1.0, -2.0, None), Trial(3.0, 4.0, 4.0, None), 0.0, 3.0)  # (t − 1)²
    1.0
    """
    if a.step > b.step:
        a, b = b, a
    width = b.step - a.step
    if width > 0.0:
        d1 = a.slope + b.slope - 3.0 * (a.loss - b.loss) / (a.step - b.step)
        square = d1 * d1 - a.slope * b.slope
        if 0.0 <= square < inf:
            d2 = sqrt(square)
            above = b.slope + d2 - d1
            below = b.slope - a.slope + 2.0 * d2
            if below != 0.0:
                return min(max(b.step - width * (above / below), lowest), highest)
            if above != 0.0:  # a straight line, which goes down for ever
                return highest if above < 0.0 else lowest
    return (lowest + highest) / 2.0


def fell_too_little(trial: Trial, start: Trial) -> bool:
    return trial.loss > start.loss + C1 * trial.step * start.slope


def is_flat(trial: Trial, start: Trial) -> bool:
    return abs(trial.slope) <= -C2 * start.slope


def place_of_lower(bracket: List[Trial]) -> int:
    return 0 if bracket[0].loss <= bracket[1].loss else 1


def strong_wolfe(
    trial_at: Callable[[float], Trial], start: Trial, step: float, narrowest: float
) -> Trial:
    """A step that meets the strong Wolfe conditions, or the best one that was tried.

    `start` is the trial of step 0.0, with a slope below 0; `step` is the first to try.  A bracket
    narrower than `narrowest` is not searched any further.  A trial that has gone beyond all floats
    must have the loss inf: the search then keeps to shorter steps.

    >>> def trial_at(t):
    ...     return Trial(t, (t - 3.0) * (t - 3.0), 2.0 * (t - 3.0), None)
    >>> strong_wolfe(trial_at, trial_at(0.0), 8.0, 1e-9).step  # φ(8) > φ(0)
    3.0
    """
    before, trial = start, trial_at(step)
    for tried in range(TRIALS):
        if fell_too_little(trial, start) or (tried > 1 and trial.loss >= before.loss):
            break
        if is_flat(trial, start):
            return trial
        if trial.slope >= 0.0:
            break
        shortest = trial.step + 0.01 * (trial.step - before.step)
        farther = cubic_minimum(before, trial, shortest, 10.0 * trial.step)
        before, trial = trial, trial_at(farther)
    else:
        both = [start, trial]
        return both[place_of_lower(both)]
    return zoom(trial_at, start, [before, trial], TRIALS - tried, narrowest)


def zoom(
    trial_at: Callable[[float], Trial],
    start: Trial,
    bracket: List[Trial],
    trials: int,
    narrowest: float,
) -> Trial:
    """Narrow the bracket until a trial meets the conditions; else its end with the lower loss."""
    low = place_of_lower(bracket)
    was_close = False  # whether the step before was close to an end of its bracket
    for _ in range(trials):
        first, last = sorted((bracket[0].step, bracket[1].step))
        if last - first < narrowest:
            break
        step = cubic_minimum(bracket[0], bracket[1], first, last)
        margin = 0.1 * (last - first)
        is_close = min(last - step, step - first) < margin
        if is_close and (was_close or step <= first or step >= last):
            # Small gains twice, or none at all: a tenth of the bracket away from that end.
            step = last - margin if last - step < step - first else first + margin
            is_close = False
        was_close = is_close

        trial = trial_at(step)
        if fell_too_little(trial, start) or trial.loss >= bracket[low].loss:
            bracket[1 - low] = trial
            low = place_of_lower(bracket)
            continue
        if is_flat(trial, start):
            return trial
        if trial.slope * (bracket[1 - low].step - bracket[low].step) >= 0.0:
            bracket[1 - low] = bracket[low]
        bracket[low] = trial
    return bracket[low]
