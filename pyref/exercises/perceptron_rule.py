"""Write the learning rule of 1958.

A perceptron fires (1) where bias + weighted sum of the inputs is at least 0, else it answers 0.
After each example it learns from its error, which is target − answer: each weight moves by the
error times its input, and the bias by the error.

Write `learn`, which takes the weights, the bias, the inputs and the target of one example, and
returns the new weights, as a list, and the new bias.  The check goes through examples of AND, of
OR and of the majority of three inputs, and compares after each of them.
"""

from itertools import product
from typing import Callable, Dict, Sequence, Tuple

from pyref.exercises.comparing import same
from pyref.exercises.work import Work, Wrong, shortly
from pyref.reference.neuron import Perceptron

CHAPTER = "neuron"

START = '''\
def learn(weights, bias, inputs, target):
    """The new weights and the new bias, after one example."""
    answer = 0
    error = target - answer
    return weights, bias
'''

HINTS = (
    "First the answer: add the bias and each input times its weight, and look whether the sum is "
    "at least 0.",
    "new weight k = weights[k] + error * inputs[k]; new bias = bias + error.  Where the answer was "
    "right the error is 0, and nothing moves.",
)

SOLUTION = '''\
def learn(weights, bias, inputs, target):
    """The new weights and the new bias, after one example."""
    total = bias
    for value, weight in zip(inputs, weights):
        total += value * weight
    answer = 1 if total >= 0.0 else 0
    error = target - answer
    return [weight + error * value for value, weight in zip(inputs, weights)], bias + error
'''

TARGETS: Dict[str, Tuple[int, Callable[[Sequence[int]], int]]] = {
    "AND": (2, min),
    "OR": (2, max),
    "majority": (3, lambda row: int(sum(row) > 1)),
}


def check(work: Work) -> str:
    learn = work.function("learn", "it is to be a function of weights, bias, inputs and target")
    steps = 0
    for name, (inputs, target_of) in TARGETS.items():
        perceptron = Perceptron(inputs)
        for _ in range(8):
            for row in product((0, 1), repeat=inputs):
                before, bias = list(perceptron.weights), perceptron.bias
                target = target_of(row)
                perceptron.learn(row, target)
                where = f"{name}, learn({before}, {bias}, {list(row)}, {target})"
                found = learn(list(before), bias, list(row), target)
                if not isinstance(found, (tuple, list)) or len(found) != 2:
                    raise Wrong(f"{where}: expected new weights and a new bias, found "
                                f"{shortly(found)}")
                same(f"{where}: weights", perceptron.weights, found[0])
                same(f"{where}: bias", perceptron.bias, found[1])
                steps += 1
    return f"{steps} steps that are those of Perceptron in pyref/reference/neuron.py"
