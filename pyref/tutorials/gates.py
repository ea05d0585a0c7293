"""Units of 1943 as AND, OR, NOT, NAND, NOR; XOR takes several.

Runs on the units of pyref/reference/neuron.py, which are the reference's alone: there is no engine
to choose.
"""

from typing import Callable, List, Sequence

from pyref.reference.neuron import McCullochPittsUnit
from pyref.tutorials.printing import refuse

PAIRS = [[0, 0], [0, 1], [1, 0], [1, 1]]

# Each gate is one unit: its weights and its threshold.
AND = McCullochPittsUnit([1, 1], 2)
OR = McCullochPittsUnit([1, 1], 1)
NOT = McCullochPittsUnit([-1], 0)
NAND = McCullochPittsUnit([-1, -1], -1)
NOR = McCullochPittsUnit([-1, -1], 0)


def xor(inputs: Sequence[int]) -> int:
    """Three units in two layers: the inputs are not both silent, and not both active."""
    return AND.output([OR.output(inputs), NAND.output(inputs)])


def table(output: Callable[[Sequence[int]], int], rows: Sequence[Sequence[int]]) -> str:
    """A truth table on one line: 00 → 0   01 → 1 …"""
    texts = ["".join(str(bit) for bit in row) for row in rows]
    return "   ".join(f"{text} → {output(row)}" for text, row in zip(texts, rows))


def units_tried_as_xor() -> List[bool]:
    """Every unit with whole weights and threshold from −5 to 5: is it an XOR?"""
    whole = range(-5, 6)
    units = [McCullochPittsUnit([a, b], t) for a in whole for b in whole for t in whole]
    return [[unit.output(pair) for pair in PAIRS] == [0, 1, 1, 0] for unit in units]


def main(arguments: Sequence[str], backend: str) -> None:
    refuse("gates", arguments)
    print("A McCulloch–Pitts unit fires (1) when its weighted sum reaches its threshold.")
    print("Somebody chose these weights and thresholds; nothing is learned here.")
    print()
    print("      weights   threshold   inputs → output")
    gates = [("AND", AND, PAIRS), ("OR", OR, PAIRS), ("NOT", NOT, [[0], [1]])]
    gates += [("NAND", NAND, PAIRS), ("NOR", NOR, PAIRS)]
    for name, unit, rows in gates:
        weights = " ".join(f"{weight:2}" for weight in unit.weights)
        print(f"{name:4}  {weights:7}   {unit.threshold:9}   {table(unit.output, rows)}")
    print()
    print("XOR, one or the other but not both, is the AND of OR and NAND:")
    print()
    print(f"XOR   three units           {table(xor, PAIRS)}")
    print()
    print("One unit cannot do it.  To be silent for 00 it needs a threshold above 0.  To")
    print("fire for 10 and for 01, each of its weights must reach that threshold; then for")
    print("11 their sum is beyond it and the unit fires, where XOR is silent.")
    tried = units_tried_as_xor()
    print(f"Among {len(tried):,} units with whole numbers from −5 to 5: {tried.count(True)}.")
