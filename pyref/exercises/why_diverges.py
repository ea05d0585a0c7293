"""Find out why a training diverges.

One weight w and no bias learn that the target is twice the input, from the inputs 10, 20 and 30,
by the mean squared error and plain gradient descent over all rows.  With the learning rate 0.01 the
weight swings to and fro, ever wider, until the loss is beyond all floats: pyref stops with a
DivergedError.  With 0.001 it learns in a few epochs.  Where is the border, and what sets it?

The error of the weight, w − 2, is multiplied in each epoch by a factor that depends on the inputs
and on the rate alone.  Write `factor(inputs, rate)`; what it is for rates above the border tells
why.  Then write `largest_rate(inputs)`, the border itself: below it the factor is between −1 and 1.

Use + − × ÷ only: as in derive-gradient, the check calls both with fractions.
"""

from typing import Any, List

from pyref.exercises.exact import Exact, shown
from pyref.exercises.work import Work, Wrong

CHAPTER = "divergence"

START = '''\
def factor(inputs, rate):
    """What w - 2 is multiplied with in an epoch."""
    return 1 - rate


def largest_rate(inputs):
    """Where training begins to diverge."""
    return 1
'''

HINTS = (
    "The loss is C = Σ(w·x − 2·x)²/n, over the n inputs x.  Its slope by w is 2·(w − 2)·Σx²/n.",
    "A step: w − 2 becomes (w − 2) − rate·slope.  Take w − 2 out of the brackets.",
    "factor = 1 − 2·rate·Σx²/n.  It falls as the rate grows; the border is where it is −1.",
    "So inputs ten times as large need a rate that is a hundred times as small: this is why pyref "
    "train scales its inputs.",
)

SOLUTION = '''\
def mean_square(inputs):
    total = 0
    for x in inputs:
        total += x * x
    return total / len(inputs)


def factor(inputs, rate):
    """What w - 2 is multiplied with in an epoch."""
    return 1 - 2 * rate * mean_square(inputs)


def largest_rate(inputs):
    """Where training begins to diverge."""
    return 1 / mean_square(inputs)
'''

INPUTS = [10, 20, 30]
CASES = [INPUTS, [1], [1, -1, 2, 5], [3, 3, 3]]


def mean_square(inputs: List[int]) -> Exact:
    total = Exact(0)
    for x in inputs:
        total = total + x * x
    return total / len(inputs)


def compare(call: str, expected: Exact, found: Any) -> None:
    if not (isinstance(found, (int, float, Exact)) and expected == found):
        raise Wrong(f"{call}: expected {shown(expected)}, found {shown(found)}")


def check(work: Work) -> str:
    factor = work.function("factor", "a function of inputs and rate")
    largest_rate = work.function("largest_rate", "a function of inputs")
    for inputs in CASES:
        exact = [Exact(x) for x in inputs]
        for rate in (Exact(1) / 100, Exact(1) / 1000, Exact(2)):
            expected = 1 - 2 * rate * mean_square(inputs)
            compare(f"factor({inputs}, {shown(rate)})", expected, factor(list(exact), rate))
    for inputs in CASES:
        exact = [Exact(x) for x in inputs]
        compare(f"largest_rate({inputs})", 1 / mean_square(inputs), largest_rate(list(exact)))
    border = float(largest_rate([Exact(x) for x in INPUTS]))
    return (f"the border is {border:.6f}: {ends(0.99 * border)} by 0.99 times this rate, and "
            f"{ends(1.5 * border)} by 1.5 times")


def ends(rate: float) -> str:
    """How a training with this rate ends, in words."""
    from pyref import SGD, DivergedError, Network, Trainer

    network = Network([1, 1], output="identity", initializer=[[[0.0]]], biases=False)
    trainer = Trainer(network, loss="mean_squared_error", optimizer=SGD(learning_rate=rate),
                      batch_size=None)
    try:
        history = trainer.train([[x] for x in INPUTS], [[2 * x] for x in INPUTS], epochs=1000)
    except DivergedError:
        return f"training diverges after {trainer.epoch} epochs"
    return f"the loss falls from {history.loss[0]:.0f} to {history.loss[-1]:.1g}"
