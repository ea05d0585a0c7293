"""One neuron ends at 0.5 everywhere; a hidden layer solves XOR.

The target is 1 if exactly one of the first two inputs is 1.  The third input is always 1: its
weight serves as the bias.
"""

from typing import Sequence

from pyref import SGD, Network, Trainer
from pyref.tutorials.printing import decimals, first_column, refuse

ROWS = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
TARGETS = [[0], [1], [1], [0]]


def trained(sizes: Sequence[int], backend: str) -> Network:
    """A network of these sizes after 10,000 iterations, all its units sigmoids."""
    network = Network(
        sizes, hidden="sigmoid", output="sigmoid", initializer="uniform", biases=False, seed=1
    )
    trainer = Trainer(
        network,
        loss="half_squared_error",
        optimizer=SGD(learning_rate=1.0),
        batch_size=None,
        backend=backend,
    )
    trainer.train(ROWS, TARGETS, epochs=10000)
    return network


def main(arguments: Sequence[str], backend: str) -> None:
    refuse("xor", arguments)
    print("Examples: (0, 0, 1) → 0, (0, 1, 1) → 1, (1, 0, 1) → 1, (1, 1, 1) → 0.")
    print("The outputs for them after 10,000 iterations:")
    print()
    neuron = trained([3, 1], backend)
    print(f"one neuron                 {decimals(first_column(neuron.predict(ROWS)))}")
    layered = trained([3, 4, 1], backend)
    print(f"four hidden neurons        {decimals(first_column(layered.predict(ROWS)))}")
    print()
    print(f"The single neuron's weights are {decimals(first_column(neuron.layers[0].weights))}.")
    print("Where an input is 1, as many examples want the output higher as want it lower;")
    print("the same where it is 0.  So the best that one weighted sum can do is to use no")
    print("input at all and answer 0.5.")
    print()
    print("Hidden neurons draw one line each through the square of the first two inputs,")
    print("and the output neuron combines them, as AND combines OR and NAND in the")
    print("tutorial gates.  The outputs of the four:")
    print()
    first_layer = layered.layers[0].weights
    hidden = Network([3, 4], output="sigmoid", initializer=[first_layer], biases=False)
    for row, outputs in zip(ROWS, hidden.predict(ROWS)):
        print(f"{row[0]} {row[1]}    " + "  ".join(f"{output:.3f}" for output in outputs))
