"""Add in the order that the bits are made of.

Every addition of floats is rounded, so the order in which numbers are added is part of the result.
First find three numbers `A`, `B` and `C` for which (A + B) + C is not A + (B + C).

Then write `pre_activation(bias, inputs, weights)`, which gives, to the last bit, what a unit of
pyref computes: it starts at the bias and adds each input times its weight, in their order.  The
check tries 300 units, with up to 12 inputs.
"""

from typing import List

from pyref.exercises.comparing import same
from pyref.exercises.work import Work, Wrong
from pyref.reference.generator import Stream
from pyref.reference.neuron import weighted_sum

CHAPTER = "layer"

START = '''\
A, B, C = 1.0, 2.0, 3.0


def pre_activation(bias, inputs, weights):
    return sum(value * weight for value, weight in zip(inputs, weights)) + bias
'''

HINTS = (
    "Try 0.1, 0.2 and 0.3; or a very large number, its negative, and 1.0.",
    "Python's sum() starts at 0, so the bias comes last; and since Python 3.12 it adds more "
    "exactly than its additions one by one, which is other bits again.  Write the loop.",
)

SOLUTION = '''\
A, B, C = 0.1, 0.2, 0.3


def pre_activation(bias, inputs, weights):
    total = bias
    for value, weight in zip(inputs, weights):
        total += value * weight
    return total
'''

UNITS = 300


def check(work: Work) -> str:
    a, b, c = (float(work.get(name, (int, float), "a number"))
               for name in "ABC")
    if (a + b) + c == a + (b + c):
        raise Wrong(f"(A + B) + C and A + (B + C) are both {(a + b) + c!r}")
    if not (a + b) + c - (a + (b + c)) < float("inf"):
        raise Wrong("A, B and C are to be finite, and their sums, too")
    function = work.function("pre_activation", "a function of bias, inputs and weights")
    stream = Stream(1)

    def numbers(count: int) -> List[float]:
        return [2.0 * stream.random() - 1.0 for _ in range(count)]

    for place in range(UNITS):
        inputs, weights, (bias,) = numbers(place % 12 + 1), numbers(place % 12 + 1), numbers(1)
        found = function(bias, list(inputs), list(weights))
        call = f"pre_activation of {len(inputs)} inputs (unit {place})"
        same(call, weighted_sum(inputs, weights, bias), found)
    return f"{UNITS} sums are right to the last bit"
