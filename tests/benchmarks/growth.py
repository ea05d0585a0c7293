"""Cost grows with the work: an epoch over more rows, or with more weights, takes as much longer."""

from array import array

import pyref
from pyref import SGD, Network, Trainer

from measuring import medians, nanoseconds, print_row, print_title

WIDTHS = [
    [1, 1], [4, 2, 1], [8, 8, 4], [28, 28, 7], [92, 92, 16], [300, 300, 33], [300, 1000, 100],
    [1000, 900, 111], [1000, 2000, 1000],
]
ROWS = [10, 100, 1000, 10_000, 100_000, 1_000_000]


def epoch_of(sizes, rows):
    """A function that trains on `rows` rows for a number of epochs."""
    inputs = array("d", [0.25, 0.5, 0.75, 1.0]) * (rows * sizes[0] // 4 + 1)
    targets = array("d", [0.0, 1.0]) * (rows * sizes[-1] // 2 + 1)
    del inputs[rows * sizes[0] :], targets[rows * sizes[-1] :]
    network = Network(sizes, output="sigmoid")
    trainer = Trainer(network, optimizer=SGD(0.001), batch_size=32)

    def train(epochs):
        trainer.train(inputs, targets, epochs=epochs)

    return train


def show_growth(options):
    if pyref.backend != "c":
        return
    seconds, rounds = options.seconds, min(3, options.rounds)
    print_title("Growth with the weights: 1,280 rows in batches of 32, shuffled")
    print_row(["network", "weights", "ns/row", "ns/row/weight"], width=15)
    for sizes in WIDTHS:
        weights = sum(a * b for a, b in zip(sizes, sizes[1:]))
        longer = seconds * (1 + weights / 200_000)
        taken = medians({"": epoch_of(sizes, 1280)}, longer, rounds)[""] / 1280
        name = "-".join(map(str, sizes))
        print_row([name, f"{weights:,}", nanoseconds(taken), f"{taken * 1e9 / weights:.3f}"], 15)
    print_title("Growth with the rows: 8-16-4 in batches of 32, shuffled")
    print_row(["rows", "ms/epoch", "ns/row"], width=15)
    for rows in ROWS:
        taken = medians({"": epoch_of([8, 16, 4], rows)}, seconds, rounds)[""]
        print_row([f"{rows:,}", f"{taken * 1e3:,.3f}", nanoseconds(taken / rows)], width=15)
