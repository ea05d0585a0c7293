"""Break the symmetry of equal weights.

Two hidden units that start with equal weights compute the same, so they get equal gradients, take
equal steps, and are equal for ever, to the last bit.  Two such units are no more than one, and one
cannot be an XOR.

The file has the weights at the start of a network of 2 inputs, 2 hidden tanh units and a sigmoid
output, in pyref's form: weights[k][j] leads from input k to unit j, and biases start at 0.  Change
ONE number, such that 300 epochs of training make it an XOR.  Not every change that makes the units
differ is enough: some lead to a place where training gets stuck.
"""

from typing import Any, List, Tuple

from pyref.exercises.work import Work, Wrong, shortly

CHAPTER = "initializers"

START = '''\
FIRST = [
    [0.5, 0.5],  # from input 0 to the hidden units 0 and 1
    [0.5, 0.5],  # from input 1
]
SECOND = [
    [0.5],  # from hidden unit 0 to the output
    [0.5],
]
'''

HINTS = (
    "pyref exercise break-symmetry --check says what became of the two units.  Equal still?",
    "A weight of another sign in FIRST makes a unit compare its inputs; that gets stuck here.  Try "
    "another size, or a sign in SECOND, where one hidden unit then speaks against the other.",
)

SOLUTION = '''\
FIRST = [
    [0.5, 0.5],  # from input 0 to the hidden units 0 and 1
    [0.5, 0.5],  # from input 1
]
SECOND = [
    [-0.5],  # from hidden unit 0 to the output: the errors of the two now have different signs
    [0.5],
]
'''

INPUTS = [[0, 0], [0, 1], [1, 0], [1, 1]]
TARGETS = [0, 1, 1, 0]
EPOCHS = 300


def numbers(name: str, value: Any, rows: int, columns: int) -> List[List[float]]:
    if not isinstance(value, list) or len(value) != rows or not all(
        isinstance(row, list) and len(row) == columns
        and all(isinstance(number, (int, float)) and abs(number) < 1e6 for number in row)
        for row in value
    ):
        raise Wrong(f"{name} is {shortly(value)}: {rows} lists of {columns} numbers are needed")
    return [[float(number) for number in row] for row in value]


def trained(first: List[List[float]], second: List[List[float]]) -> Tuple[Any, float]:
    from pyref import SGD, Network, Trainer

    network = Network([2, 2, 1], hidden="tanh", output="sigmoid", initializer=[first, second])
    trainer = Trainer(network, optimizer=SGD(learning_rate=0.5, momentum=0.9), batch_size=None)
    history = trainer.train(INPUTS, TARGETS, epochs=EPOCHS)
    return network, history.loss[-1]


def check(work: Work) -> str:
    first = numbers("FIRST", work.get("FIRST", list, "two lists of two numbers"), 2, 2)
    second = numbers("SECOND", work.get("SECOND", list, "two lists of one number"), 2, 1)
    flat = [number for row in first + second for number in row]
    changed = len(flat) - flat.count(0.5)
    if changed > 1:
        raise Wrong(f"{changed} numbers are not 0.5 any more; change one")
    network, loss = trained(first, second)
    answers = network.classify(INPUTS)
    if answers != TARGETS:
        (a, b), (c, d) = network.layers[0].weights
        still = " and still the same to the last bit" if (a, c) == (b, d) else ""
        raise Wrong(f"after {EPOCHS} epochs it answers {answers} to {INPUTS}, and the loss is "
                    f"{loss:.3f}; the hidden units have the weights ({a:.3f}, {c:.3f}) and "
                    f"({b:.3f}, {d:.3f}){still}")
    return f"after {EPOCHS} epochs it is an XOR, and the loss is {loss:.4f}"
