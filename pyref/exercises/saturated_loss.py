"""Keep a loss from drowning where its output saturates.

The binary cross-entropy of an output y = sigmoid(z) and a target t is

    −(t·log y + (1 − t)·log(1 − y))

Computed so, it breaks down where y has rounded to 1: 1 − y is 0, and has no logarithm.  For z a
little smaller it is a number, but one of few right digits.

First find `ROUNDS_TO_ONE`, the smallest whole number z for which sigmoid(z) is 1.0 to the last bit.

Then write `loss(z, t)`, of the pre-activation instead of the output, such that it holds for all z
from −1000 to 1000 and for targets 0 and 1.  elementary.py has `softplus(z)`, which is log(1 + e^z),
and takes any z.  Mind what cancels: for z = 40 and t = 1 the loss is e^−40, about 4e−18, and not 0.
"""

from pyref.exercises.comparing import same
from pyref.exercises.work import Work, Wrong
from pyref.reference.elementary import sigmoid
from pyref.reference.losses import binary_cross_entropy

CHAPTER = "losses"

START = '''\
from pyref.reference.elementary import log, sigmoid, softplus

ROUNDS_TO_ONE = 0


def loss(z, t):
    y = sigmoid(z)
    return -(t * log(y) + (1.0 - t) * log(1.0 - y))
'''

HINTS = (
    "A loop over z = 0, 1, 2 … with sigmoid(z) == 1.0 finds the number.",
    "log sigmoid(z) = −softplus(−z), and log(1 − sigmoid(z)) = −softplus(z).",
    "softplus(z) − z·t is right on paper, and for z = 40, t = 1 it is 40 − 40 in floats.  Either "
    "keep the two cases apart, or see how binary_cross_entropy in losses.py lets the large terms "
    "cancel first.",
)

SOLUTION = '''\
from pyref.reference.elementary import softplus

ROUNDS_TO_ONE = 37


def loss(z, t):
    return t * softplus(-z) + (1.0 - t) * softplus(z)
'''


def check(work: Work) -> str:
    said = work.get("ROUNDS_TO_ONE", int, "a whole number")
    if sigmoid(float(said)) != 1.0:
        raise Wrong(f"ROUNDS_TO_ONE = {said}: sigmoid({said}) is {sigmoid(float(said))!r}, and not "
                    "1.0 yet")
    if sigmoid(float(said - 1)) == 1.0:
        raise Wrong(f"ROUNDS_TO_ONE = {said}: sigmoid({said - 1}) is 1.0, too")
    loss = work.function("loss", "it is to be a function of z and t")
    for size in (0.0, 40.0, 1000.0):
        for z in (size, -size):
            for t in (0.0, 1.0):
                same(f"loss({z}, {t})", binary_cross_entropy([z], [t]), loss(z, t))
    return "the loss holds from −1000 to 1000, to the last bit"
