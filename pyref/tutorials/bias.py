"""A bias for each training row, by mistake, and one for all.

Takes --iterations N, how long to train; 10,000 iterations without it.  The listing itself goes on
to 1,000,000, which takes a second with the C engine and two minutes without it:

    pyref tutorial bias --iterations 1000000

Percentages are printed with ten decimals.  Those that were published with the listing have eight:
they are cut off there, not rounded.
"""

from typing import List, Sequence

from pyref import SGD, Network, Trainer
from pyref.tutorials.printing import decimals, first_column, whole
from pyref.tutorials.third_input import ROWS, TARGETS

QUESTION = [1, 0, 1]
FIRST_BIAS = 0.001  # what every bias starts at
TEST_BIAS = 0.01  # what the listing puts in place of a bias when it asks


def start_weights() -> List[List[float]]:
    """The weights that the listing draws with seed 1, as rows of one column."""
    network = Network([3, 1], output="sigmoid", initializer="uniform", biases=False, seed=1)
    return network.layers[0].weights


def new_trainer(network: Network, backend: str) -> Trainer:
    return Trainer(
        network,
        loss="half_squared_error",
        optimizer=SGD(learning_rate=0.98),
        batch_size=None,
        backend=backend,
    )


def accuracy(weights: List[List[float]], bias: float) -> float:
    """What the listing calls accuracy: 100 · the output for (1, 0, 1)."""
    network = Network([3, 1], output="sigmoid", initializer=[weights], biases=[[bias]])
    return 100.0 * network.predict([QUESTION])[0][0]


def steps(iterations: int) -> List[int]:
    """When to report: every 1,000 up to 10,000, every 10,000 up to 100,000, and so on; the end."""
    reports: List[int] = []
    step = 1000
    while step < iterations:
        reports.extend(range(step, min(10 * step, iterations), step))
        step *= 10
    return reports + [iterations]


def one_bias_per_row(iterations: int, backend: str) -> None:
    """The listing as printed.

    Its bias is a column of as many numbers as there are training rows, added to the column of sums,
    and each number learns from its own row.  That is a network without a bias whose rows have three
    more inputs, one for each row: 1 in this row, 0 in the others.
    """
    rows = [row + [1 if place == own else 0 for place in range(3)] for own, row in enumerate(ROWS)]
    start = start_weights() + [[FIRST_BIAS] for _ in ROWS]
    network = Network([6, 1], output="sigmoid", initializer=[start], biases=False)
    trainer = new_trainer(network, backend)
    for iteration in steps(iterations):
        trainer.train(rows, TARGETS, epochs=iteration - trainer.epoch)
        percent = accuracy(network.layers[0].weights[:3], TEST_BIAS)
        print(f"{iteration:9,} iterations: {percent:.10f} %")
    weights = first_column(network.layers[0].weights)
    print(f"weights {decimals(weights[:3])}")
    for row, bias in zip(ROWS, weights[3:]):
        print(f"bias of row {whole(row)}: {decimals([bias])}")


def one_shared_bias(iterations: int, backend: str) -> None:
    """As it should be: one bias, learned from all rows and used in the answer."""
    network = Network(
        [3, 1], output="sigmoid", initializer=[start_weights()], biases=[[FIRST_BIAS]]
    )
    trainer = new_trainer(network, backend)
    layer = network.layers[0]
    for iteration in steps(iterations):
        trainer.train(ROWS, TARGETS, epochs=iteration - trainer.epoch)
        [bias] = layer.biases or []
        print(f"{iteration:9,} iterations: {accuracy(layer.weights, bias):.10f} %")
    weights, biases = first_column(layer.weights), layer.biases or []
    print(f"weights {decimals(weights)}, bias {decimals(biases)}")


def iterations_from(arguments: Sequence[str]) -> int:
    if not arguments:
        return 10000
    if len(arguments) != 2 or arguments[0] != "--iterations":
        raise ValueError(
            f"the tutorial bias takes --iterations N or nothing, but found: {' '.join(arguments)}"
        )
    text = arguments[1]
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"--iterations must be a whole number of at least 1, not {text!r}")
    return int(text)


def main(arguments: Sequence[str], backend: str) -> None:
    iterations = iterations_from(arguments)
    print("Examples: (0, 1, 1) → 1, (1, 0, 0) → 0, (1, 0, 1) → 1.  The learning rate is")
    print("0.98 and every bias starts at 0.001.  The percentage, which the article calls")
    print("accuracy, is 100 · the output for (1, 0, 1).")
    print()
    print("The listing as printed, with a bias for each training row:")
    print()
    one_bias_per_row(iterations, backend)
    print()
    print("These three numbers are not a bias of the neuron.  Each belongs to one training")
    print("row and learns that row by heart, so the weights are left with less to learn.")
    print("A question has no row: the listing asks it with a bias of 0.01, and what the")
    print("three have learned is lost.  So it takes 1,000,000 iterations to come to")
    print("96.15466658 % (--iterations 1000000 replays them all).")
    print()
    print("With one shared bias, as it should be:")
    print()
    one_shared_bias(iterations, backend)
    print()
    print("Weights and bias were trained together, and answer together.")
