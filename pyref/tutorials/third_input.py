"""A sigmoid neuron learns three examples in 10,000 iterations.

The neuron has three inputs and no bias.  pyref/reference/neuron.py explains what it computes and
how it learns; here it is a `Network` without hidden layers.
"""

from typing import Sequence

from pyref import SGD, Network, Trainer
from pyref.tutorials.printing import decimals, first_column, refuse

ROWS = [[0, 1, 1], [1, 0, 0], [1, 0, 1]]
TARGETS = [[1], [0], [1]]


def main(arguments: Sequence[str], backend: str) -> None:
    refuse("third-input", arguments)
    network = Network([3, 1], output="sigmoid", initializer="uniform", biases=False, seed=1)
    trainer = Trainer(
        network,
        loss="half_squared_error",
        optimizer=SGD(learning_rate=1.0),
        batch_size=None,
        backend=backend,
    )
    print("Examples: (0, 1, 1) → 1, (1, 0, 0) → 0, (1, 0, 1) → 1.")
    print("The target is the third input.  What does the neuron answer to (1, 0, 1)?")
    print()
    print(f"before training            {decimals(network.predict([[1, 0, 1]])[0])}")
    for iterations in (10, 100, 10000):
        trainer.train(ROWS, TARGETS, epochs=iterations - trainer.epoch)
        answer = decimals(network.predict([[1, 0, 1]])[0])
        print(f"after {iterations:6,} iterations    {answer}")
    print()
    print(f"The weights are now {decimals(first_column(network.layers[0].weights))}.")
    print("The answer comes closer and closer to 1, but ever more slowly: the delta rule")
    print("multiplies the error by the sigmoid's slope, o·(1 − o), and both shrink as the")
    print("output o nears its target.")
