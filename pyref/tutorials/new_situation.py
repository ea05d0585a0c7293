"""The same neuron, trained for longer, answers your question.

It is the neuron of the tutorial first-input, after 15,000 iterations.

Asks for three inputs, or takes them as arguments: pyref tutorial new-situation 1 0 0
"""

import math
from typing import List, Sequence

from pyref import SGD, Network, Trainer
from pyref.tutorials.first_input import ROWS, TARGETS
from pyref.tutorials.printing import decimals, first_column, whole


def number(text: str) -> float:
    """The number that a text says; ValueError if it says none, or one that is not finite."""
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"an input must be a number such as 0, 1 or 0.5, not {text!r}") from None
    if not math.isfinite(value):
        raise ValueError(f"an input must be a finite number, not {text!r}")
    return value


def ask() -> List[float]:
    """Ask for three numbers on the terminal."""
    try:
        return [number(input(f"{which} input: ")) for which in ("first", "second", "third")]
    except EOFError:
        print()  # the prompt is still in that line
        raise ValueError("three inputs were asked for, but the text ended before that") from None


def main(arguments: Sequence[str], backend: str) -> None:
    if len(arguments) not in (0, 3):
        raise ValueError(
            "the tutorial new-situation takes three numbers, or none and asks for them, "
            f"but found {len(arguments)}: {' '.join(arguments)}"
        )
    given = [number(text) for text in arguments]
    network = Network([3, 1], output="sigmoid", initializer="uniform", biases=False, seed=1)
    trainer = Trainer(
        network,
        loss="half_squared_error",
        optimizer=SGD(learning_rate=1.0),
        batch_size=None,
        backend=backend,
    )
    print("Examples: (0, 0, 1) → 0, (1, 1, 1) → 1, (1, 0, 1) → 1, (0, 1, 1) → 0.")
    print()
    layer = network.layers[0]
    print(f"weights at the start               {decimals(first_column(layer.weights))}")
    trainer.train(ROWS, TARGETS, epochs=15000)
    print(f"weights after 15,000 iterations    {decimals(first_column(layer.weights))}")
    print()
    situation = given or ask()
    answer = network.predict([situation])[0]
    print(f"answer to {whole(situation)}: {decimals(answer)}")
    print()
    print("Above 0.5, the neuron takes the situation for one whose first input is 1.  It")
    print("has an answer to any three numbers, also to those far from all examples, and")
    print("nothing in the answer tells how far.")
