"""Between scikit-learn's `coefs_` and `intercepts_`, which are arrays, and pyref's networks."""

import math
from typing import Any, Callable, List, Optional, Tuple

import numpy as np

from ..network import Network
from ..reference.initializers import Initializer, Uniform, new_layers

Arrays = List[np.ndarray]


def drawn_network(
    sizes: List[int], hidden: List[str], output: str, seed: int, precision: str
) -> Network:
    """With the weights that scikit-learn draws: evenly, weights and biases of a layer alike.

    An integer `random_state` gives the same numbers as there, since both read the same generator.
    """
    network = plain_network(sizes, hidden, output, seed, precision)
    of_layer = hidden + hidden[-1:] if hidden else [""]
    initializers: List[Initializer] = []
    for inputs, units, activation in zip(sizes, sizes[1:], of_layer):
        limit = math.sqrt((2.0 if activation == "sigmoid" else 6.0) / (inputs + units))
        initializers.append(Uniform(-limit, limit))
    activations = [layer.activation for layer in network.layers]
    network.layers = new_layers(
        sizes, activations, initializers, initializers, network.stream, precision
    )
    return network


def plain_network(
    sizes: List[int], hidden: List[str], output: str, seed: int, precision: str
) -> Network:
    return Network(sizes, hidden, output, initializer="zeros", seed=seed, precision=precision)


def network_of(
    coefs: Arrays, intercepts: Arrays, hidden: List[str], output: str, seed: int
) -> Network:
    """With these weights, in their precision."""
    sizes = [len(coefs[0])] + [coef.shape[1] for coef in coefs]
    precision = "single" if coefs[0].dtype == np.float32 else "double"
    network = plain_network(sizes, hidden, output, seed, precision)
    put_weights(network, coefs, intercepts)
    return network


def put_weights(network: Network, coefs: Arrays, intercepts: Arrays) -> None:
    for layer, coef, intercept in zip(network.layers, coefs, intercepts):
        layer.weights = np.asarray(coef, dtype=float).tolist()
        layer.biases = np.asarray(intercept, dtype=float).tolist()


def weights_of(network: Network) -> Tuple[Arrays, Arrays]:
    dtype = dtype_of(network)
    coefs = [np.array(layer.weights, dtype=dtype) for layer in network.layers]
    return coefs, [np.array(layer.biases, dtype=dtype) for layer in network.layers]


def dtype_of(network: Network) -> Any:
    return np.float32 if network.precision == "single" else np.float64


def squares(network: Network) -> float:
    """Σw² over the weights, without the biases.

    One after the other: np.sum and np.dot add in an order that differs from machine to machine.
    """
    flat = np.concatenate([np.array(layer.weights).ravel() for layer in network.layers])
    return float(np.add.accumulate(flat * flat)[-1])


class Frozen:
    """The function that predicts with some weights, and these: it is made anew for others.

    It goes into no copy and no file.
    """

    def __init__(self) -> None:
        self.made: Optional[Tuple[Arrays, Callable[..., Any]]] = None

    def predictor(
        self, arrays: Arrays, make: Callable[[], Callable[..., Any]]
    ) -> Callable[..., Any]:
        made = self.made
        if made is None or not same_arrays(made[0], arrays):
            self.made = made = ([np.array(array) for array in arrays], make())
        return made[1]

    def __reduce__(self) -> Tuple[Any, ...]:
        return Frozen, ()


def same_arrays(some: Arrays, others: Arrays) -> bool:
    return len(some) == len(others) and all(map(np.array_equal, some, others))
