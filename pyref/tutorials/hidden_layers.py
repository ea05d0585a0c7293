"""How training changes with one, two and three hidden layers.

The data of the tutorial xor.  Each hidden layer has four sigmoid neurons.
"""

from typing import Sequence

from pyref import SGD, Network, Trainer
from pyref.tutorials.printing import decimals, first_column, refuse
from pyref.tutorials.xor import ROWS, TARGETS

SHOWN = [1, 100, 300, 1000, 1500, 2000, 3000, 5000]  # iterations


def new_network(hidden_layers: int) -> Network:
    sizes = [3] + [4] * hidden_layers + [1]
    return Network(
        sizes, hidden="sigmoid", output="sigmoid", initializer="uniform", biases=False, seed=1
    )


def new_trainer(network: Network, backend: str) -> Trainer:
    return Trainer(
        network,
        loss="half_squared_error",
        optimizer=SGD(learning_rate=1.0),
        batch_size=None,
        backend=backend,
    )


def largest_move(before: Sequence[Sequence[float]], after: Sequence[Sequence[float]]) -> float:
    """How far the weight has moved that has moved farthest."""
    return max(abs(b - a) for old, new in zip(before, after) for a, b in zip(old, new))


def main(arguments: Sequence[str], backend: str) -> None:
    refuse("hidden-layers", arguments)
    networks = [new_network(hidden_layers) for hidden_layers in (1, 2, 3)]
    moves, histories = [], []
    for network in networks:
        trainer = new_trainer(network, backend)
        before = [list(row) for row in network.layers[0].weights]
        trainer.train(ROWS, TARGETS, epochs=100)
        moves.append(largest_move(before, network.layers[0].weights))
        histories.append(trainer.train(ROWS, TARGETS, epochs=SHOWN[-1] - 100))
    print("The examples of the tutorial xor.  The loss is ½·(output − target)², summed over")
    print("the four; answering 0.5 to each makes it 0.5.")
    print()
    print("hidden layers            one        two      three")
    for iteration in SHOWN:
        losses = [history.loss[iteration - 1] for history in histories]
        print("iteration {:5,}    {:9.6f}  {:9.6f}  {:9.6f}".format(iteration, *losses))
    print()
    print("The outputs at the end, for targets 0 1 1 0:")
    print()
    for name, network in zip(("one", "two", "three"), networks):
        print(f"{name:5}    {decimals(first_column(network.predict(ROWS)))}")
    print()
    print("How far a weight of the first layer has moved after 100 iterations, at most:")
    print()
    print("first layer        {:9.6f}  {:9.6f}  {:9.6f}".format(*moves))
    print()
    print("The error comes down to the first layer through all the layers above it.  Each")
    print("multiplies it by its weights and by a slope of at most ¼, so below many layers")
    print("little of it arrives.  The deeper the network, the longer it stays on the")
    print("plateau where it answers 0.5 to everything and nothing seems to happen.  Once")
    print("it is off, the loss falls faster, and here it ends lower.")
