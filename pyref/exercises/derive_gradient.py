"""Derive a gradient, and have it checked in fractions.

pyref has no activation of this kind: y = z/(1 + z²), a bump to the right of 0 and a dent to the
left, which falls off on both sides.

Derive its slope, dy/dz, and write it as `slope(z)`.  Then take a unit with this activation, whose
output should be the target t, and the loss C = ½·(y − t)².  How does C move when the pre-activation
z moves?  Write dC/dz as `delta(z, t)`.

Use + − × ÷ and powers only.  The check calls your functions with fractions, which are never
rounded: any right form of the formulas is right, and a wrong one shows.  Where one is wrong it also
says what a difference quotient gives, which is how to check a gradient without knowing it.
"""

from typing import Any

from pyref.exercises.exact import Exact, shown
from pyref.exercises.work import Work, Wrong

CHAPTER = "activations"

START = '''\
def activation(z):
    return z / (1 + z * z)


def slope(z):
    """dy/dz of the activation."""
    return 1


def delta(z, t):
    """dC/dz of the loss C = (y - t)**2 / 2, where y = activation(z)."""
    return activation(z) - t
'''

HINTS = (
    "The quotient rule: (u/v)′ = (u′·v − u·v′)/v², with u = z and v = 1 + z².",
    "u′ = 1 and v′ = 2z, so the slope is (1 + z² − 2z²)/(1 + z²)².",
    "The chain rule: dC/dz = dC/dy · dy/dz, and dC/dy = y − t.  It is what `output_deltas` in "
    "losses.py does.",
)

SOLUTION = '''\
def activation(z):
    return z / (1 + z * z)


def slope(z):
    """dy/dz of the activation."""
    return (1 - z * z) / (1 + z * z) ** 2


def delta(z, t):
    """dC/dz of the loss C = (y - t)**2 / 2, where y = activation(z)."""
    return (activation(z) - t) * slope(z)
'''

PLACES = ((0, 1), (1, 1), (-1, 1), (1, 2), (-3, 1), (7, 3))  # numerators and denominators
STEP = 1000  # so much less than 1


def activation(z: Exact) -> Exact:
    return z / (1 + z * z)


def loss(z: Exact, t: Exact) -> Exact:
    return (activation(z) - t) * (activation(z) - t) / 2


def right_slope(z: Exact) -> Exact:
    return (1 - z * z) / ((1 + z * z) * (1 + z * z))


def compare(call: str, expected: Exact, found: Any, quotient: Exact) -> None:
    if isinstance(found, (int, float, Exact)) and expected == found:
        return
    if isinstance(found, float):
        raise Wrong(f"{call}: found {found!r}, which was rounded: + − × ÷ and whole powers keep "
                    "fractions exact, functions of math do not")
    raise Wrong(f"{call}: expected {shown(expected)}, found {shown(found)}; the difference "
                f"quotient over z ± {shown(Exact(1) / STEP)} is {float(quotient):.6g}")


def check(work: Work) -> str:
    slope = work.function("slope", "it is to be dy/dz, a function of z")
    delta = work.function("delta", "it is to be dC/dz, a function of z and t")
    places, step = [Exact(above) / below for above, below in PLACES], Exact(1) / STEP
    for z in places:
        quotient = (activation(z + step) - activation(z - step)) / (2 * step)
        compare(f"slope({z})", right_slope(z), slope(z), quotient)
    for z in places:
        for t in (Exact(0), Exact(1), Exact(-1) / 4):
            expected = (activation(z) - t) * right_slope(z)
            quotient = (loss(z + step, t) - loss(z - step, t)) / (2 * step)
            compare(f"delta({z}, {t})", expected, delta(z, t), quotient)
    return f"slope and delta are exact at {len(PLACES)} places"
