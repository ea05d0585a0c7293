"""A neuron learns four examples, then answers a new question.

Known from articles that do it in nine lines of NumPy.  Their weights are the first draws of NumPy's
generator seeded with 1; pyref's generator gives the same numbers, so all that follows is the same.
"""

from typing import Sequence

from pyref import SGD, Network, Trainer
from pyref.tutorials.printing import decimals, first_column, refuse

ROWS = [[0, 0, 1], [1, 1, 1], [1, 0, 1], [0, 1, 1]]
TARGETS = [[0], [1], [1], [0]]
QUESTION = [1, 0, 0]


def main(arguments: Sequence[str], backend: str) -> None:
    refuse("first-input", arguments)
    network = Network([3, 1], output="sigmoid", initializer="uniform", biases=False, seed=1)
    trainer = Trainer(
        network,
        loss="half_squared_error",
        optimizer=SGD(learning_rate=1.0),
        batch_size=None,
        backend=backend,
    )
    print("Examples: (0, 0, 1) → 0, (1, 1, 1) → 1, (1, 0, 1) → 1, (0, 1, 1) → 0.")
    print("The target is the first input.  Will the neuron find out?")
    print()
    layer = network.layers[0]
    print(f"weights at the start               {decimals(first_column(layer.weights))}")
    print(f"answer to (1, 0, 0)                {decimals(network.predict([QUESTION])[0])}")
    trainer.train(ROWS, TARGETS, epochs=10000)
    print(f"weights after 10,000 iterations    {decimals(first_column(layer.weights))}")
    print(f"answer to (1, 0, 0)                {decimals(network.predict([QUESTION])[0])}")
    print()
    print("The first weight has become large: the first input decides.  The second is")
    print("near 0: that input hardly counts.  The third input is 1 in every example, so")
    print("its weight serves as a bias: it keeps the sum below 0 unless the first input")
    print("lifts it.")
