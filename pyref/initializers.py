"""The start values of the weights: random, small, and drawn in a stated order.

Equal weights would give every unit of a layer the same gradient for ever, so they start at random.
The weights of a layer are drawn row by row (input k, then unit j); biases start at 0 and draw
nothing.  How widely to draw depends on the numbers of inputs and units: too wide saturates the
units, too narrow lets the signal fade from layer to layer.
"""

import math
from typing import Callable, Dict, List, NamedTuple

from .generator import Stream


class Uniform(NamedTuple):
    """Weights drawn evenly from [low, high).

    >>> Uniform(-1.0, 1.0).weights(1, 2, Stream(1))  # as the tutorials do: 2·random() − 1
    [[-0.165955990594852, 0.4406489868843162]]
    """

    low: float
    high: float

    def weights(self, inputs: int, units: int, stream: Stream) -> List[List[float]]:
        width = self.high - self.low
        return [[self.low + width * stream.random() for _ in range(units)] for _ in range(inputs)]


def uniform(inputs: int, units: int) -> Uniform:
    """From [−1, 1), whatever the layer's size."""
    return Uniform(-1.0, 1.0)


def glorot_uniform(inputs: int, units: int) -> Uniform:
    """±√(6/(inputs + units)), for tanh and sigmoid (Glorot and Bengio 2010, equation 16)."""
    limit = math.sqrt(6.0 / (inputs + units))
    return Uniform(-limit, limit)


def he_uniform(inputs: int, units: int) -> Uniform:
    """±√(6/inputs), for relu, which loses half of the signal (He et al. 2015, equation 10)."""
    limit = math.sqrt(6.0 / inputs)
    return Uniform(-limit, limit)


INITIALIZERS: Dict[str, Callable[[int, int], Uniform]] = {
    "uniform": uniform,
    "glorot_uniform": glorot_uniform,
    "he_uniform": he_uniform,
}
