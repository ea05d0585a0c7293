"""Build XOR from units of 1943.

A McCulloch–Pitts unit fires (its answer is 1) when the weighted sum of its inputs reaches its
threshold; else it answers 0.  One such unit can be an AND or an OR, but no choice of weights and
threshold makes it an XOR, which fires if exactly one of its two inputs is 1.  Several can do it.

Choose units in two layers.  Each of the hidden ones reads the two inputs; the output unit reads the
answers of the hidden ones, in their order.  Its answers to 00, 01, 10 and 11 are to be 0, 1, 1, 0.

You may have as many hidden units as you like; the fewest are two.
"""

from typing import Any

from pyref.exercises.work import Work, Wrong, shortly
from pyref.reference.neuron import McCullochPittsUnit

CHAPTER = "neuron"

START = '''\
# Each unit: its weights, one for each number that it reads, and its threshold.

HIDDEN = [
    ([1, 1], 2),  # fires for 11: an AND
    ([1, 1], 2),
]
OUTPUT = ([1, 1], 2)  # reads the answers of the units in HIDDEN
'''

HINTS = (
    "XOR is: one or the other, but not both.  Which two gates does the sentence name?",
    "One hidden unit is an OR ([1, 1], threshold 1), the other fires unless both inputs are 1: its "
    "weights are negative, and so is its threshold.  The output unit is an AND.",
)

SOLUTION = '''\
HIDDEN = [
    ([1, 1], 1),  # OR: at least one input is 1
    ([-1, -1], -1),  # NAND: not both are; with both the sum is -2, which is below -1
]
OUTPUT = ([1, 1], 2)  # AND
'''

UNIT = "a unit is a list of weights and a threshold, such as ([1, 1], 2)"


def unit(name: str, value: Any, inputs: int) -> McCullochPittsUnit:
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise Wrong(f"{name} is {shortly(value)}: {UNIT}")
    weights, threshold = value
    if not isinstance(weights, (tuple, list)) or len(weights) != inputs:
        raise Wrong(f"{name} reads {inputs} numbers and needs as many weights, not "
                    f"{shortly(weights)}")
    if not all(isinstance(number, (int, float)) for number in (*weights, threshold)):
        raise Wrong(f"{name} is {shortly(value)}: weights and threshold are numbers")
    return McCullochPittsUnit(weights, threshold)


def check(work: Work) -> str:
    hidden = work.get("HIDDEN", list, f"a list of units; {UNIT}")
    units = [unit(f"HIDDEN[{place}]", value, 2) for place, value in enumerate(hidden)]
    output = unit("OUTPUT", work.get("OUTPUT", object, UNIT), len(units))
    for inputs, wanted in (([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 0)):
        answers = [each.output(inputs) for each in units]
        found = output.output(answers)
        if found != wanted:
            raise Wrong(f"inputs {inputs}: the hidden units answer {answers}, and to that the "
                        f"output unit answers {found}; XOR is {wanted}")
    return "the answers to 00, 01, 10, 11 are 0, 1, 1, 0"
