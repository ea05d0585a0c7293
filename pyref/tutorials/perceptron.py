"""A unit of 1958 learns AND from its mistakes, but never XOR.

Runs on the `Perceptron` of pyref/reference/neuron.py, which is the reference's alone: there is no
engine to choose.
"""

from typing import Sequence

from pyref.reference.neuron import Perceptron
from pyref.tutorials.printing import refuse, whole

ROWS = [[0, 0], [0, 1], [1, 0], [1, 1]]
AND = [0, 0, 0, 1]
XOR = [0, 1, 1, 0]


def replay(targets: Sequence[int], epochs: int) -> Perceptron:
    """Train a new perceptron, printing a line for each epoch, until it makes no mistake."""
    perceptron = Perceptron(inputs=2)
    print("epoch   mistakes   weights    bias")
    for epoch in range(1, epochs + 1):
        mistakes = perceptron.train(ROWS, targets, epochs=1)[0]
        print(f"{epoch:5}   {mistakes:8}   {whole(perceptron.weights):9}  {perceptron.bias:4g}")
        if mistakes == 0:
            break
    return perceptron


def main(arguments: Sequence[str], backend: str) -> None:
    refuse("perceptron", arguments)
    print("A perceptron fires if bias + weighted sum ≥ 0.  It starts with zeros.  After")
    print("each example every weight moves by error · input and the bias by the error,")
    print("which is target − output: 0 for a right answer.")
    print()
    print("AND (0 0 0 1 for 00 01 10 11):")
    print()
    learned = replay(AND, epochs=20)
    first, second = learned.weights
    print()
    print("An epoch without a mistake: it has converged, as it must in the end when a")
    print("straight line separates the 1s from the 0s.  For inputs a and b, this one")
    print(f"fires if {first:g}·a + {second:g}·b ≥ {-learned.bias:g}.")
    print()
    print("XOR (0 1 1 0):")
    print()
    replay(XOR, epochs=8)
    print()
    print("The mistakes do not end.  Weights and bias come back to where they have been,")
    print("so this goes round for ever: no straight line separates (0, 1) and (1, 0) from")
    print("(0, 0) and (1, 1).  Minsky and Papert showed in Perceptrons (1969) how much is")
    print("out of reach for one such unit.  The way out is a hidden layer: see the")
    print("tutorial xor.")
