"""The start values of the weights: random, small, and drawn in a stated order.

Equal weights would give every unit of a layer the same gradient for ever, so they start at random.
How widely to draw depends on the numbers of inputs and units: with large weights the units answer
with the ends of their range, where they have no slope to learn by; with small ones the signal
fades from layer to layer.  `new_layers`, at the end, makes the layers that a training starts with.

A `Stream` gives the random numbers, the same ones for the same seed: `random()` draws evenly from
[0, 1), `normal()` from the bell curve.  generator.py, in the last chapter, tells how.

The order of draws: layer by layer the weights, row by row (input k, then unit j).  Biases start at
0 and draw nothing, unless they are given an initializer too, or that of the weights has `biases` of
its own: those of a layer are drawn after its weights, unit by unit.

"Glorot", "He" and "LeCun" are variances (mean squares): 2/(inputs + units), 2/inputs and 1/inputs.
An even draw from ±limit has the variance limit²/3.  Keras knows them under the same names, PyTorch
the first two as "xavier" and "kaiming".  Unlike Keras', the normal deviates here are not truncated.
"""

import math
from typing import Callable, Dict, List, Union

from .elementary import power
from .generator import Stream
from .layer import Layer, Row, Rows
from .precision import PRECISIONS
from .settings import Setting, Settings, number, zero_or_more


class Initializer(Settings):
    """An initializer also has `weights(inputs, units, stream)`, which draws those of a layer."""

    weights: Callable[[int, int, Stream], Rows]

    def biases(self, inputs: int, units: int, stream: Stream) -> Row:
        """Those of a layer whose weights it drew, if they are given no initializer."""
        return [0.0] * units

    def drawn_biases(self, inputs: int, units: int, stream: Stream) -> Row:
        """Those of a layer whose biases it was given to: a bias is the weight of one more input,
        which is always 1."""
        return self.weights(1, units, stream)[0]


class ConstantWeights(Initializer):
    """The same value everywhere.  All units of a layer stay equal: for tests and comparisons."""

    value = Setting(number)

    def weights(self, inputs: int, units: int, stream: Stream) -> Rows:
        return [[self.value] * units for _ in range(inputs)]


class Uniform(Initializer):
    """Weights drawn evenly from [low, high).

    >>> Uniform(-1.0, 1.0).weights(1, 2, Stream(1))  # as the tutorials do: 2·random() − 1
    [[-0.165955990594852, 0.4406489868843162]]
    """

    low = Setting(number)
    high = Setting(number)

    def check(self) -> None:
        if not 0.0 <= self.high - self.low < math.inf:
            raise ValueError(
                f"Uniform: high: at least the low of {self.low!r} is needed, not {self.high!r}"
            )

    def weights(self, inputs: int, units: int, stream: Stream) -> Rows:
        low, width, random = self.low, self.high - self.low, stream.random
        return [[low + width * random() for _ in range(units)] for _ in range(inputs)]


class Normal(Initializer):
    """Normal deviates with this mean and standard deviation (`Stream.normal`)."""

    mean = Setting(number)
    deviation = Setting(zero_or_more)

    def weights(self, inputs: int, units: int, stream: Stream) -> Rows:
        return [
            [self.mean + self.deviation * stream.normal() for _ in range(units)]
            for _ in range(inputs)
        ]


class NguyenWidrow(Initializer):
    """Units that share the range of the inputs among them, for tanh (Nguyen and Widrow 1990).

    For inputs from −1 to 1, a unit's slope lies in a piece of that range.  With
    β = 0.7·units^(1/inputs), each unit's weights are drawn evenly from [−1, 1) and then scaled to
    a vector of length β; its bias is drawn evenly from [−β, β).  (The paper does so in the hidden
    layer of a network with one; here every layer is treated alike.)
    """

    def length(self, inputs: int, units: int) -> float:
        return 0.7 * power(float(units), 1.0 / inputs)

    def weights(self, inputs: int, units: int, stream: Stream) -> Rows:
        drawn = Uniform(-1.0, 1.0).weights(inputs, units, stream)
        squares = [0.0] * units
        for row in drawn:
            squares = [s + w * w for s, w in zip(squares, row)]
        # A unit whose draws were all 0.0 keeps them.
        lengths = [math.sqrt(s) if s > 0.0 else 1.0 for s in squares]
        beta = self.length(inputs, units)
        return [[beta * w / length for w, length in zip(row, lengths)] for row in drawn]

    def biases(self, inputs: int, units: int, stream: Stream) -> Row:
        beta = self.length(inputs, units)
        return Uniform(-beta, beta).weights(1, units, stream)[0]

    drawn_biases = biases


def zeros(inputs: int, units: int) -> ConstantWeights:
    return ConstantWeights(0.0)


def uniform(inputs: int, units: int) -> Uniform:
    """From [−1, 1), whatever the layer's size."""
    return Uniform(-1.0, 1.0)


def normal(inputs: int, units: int) -> Normal:
    """The standard normal distribution, whatever the layer's size."""
    return Normal(0.0, 1.0)


def glorot_uniform(inputs: int, units: int) -> Uniform:
    """±√(6/(inputs + units)), for tanh and sigmoid (Glorot and Bengio 2010, equation 16)."""
    limit = math.sqrt(6.0 / (inputs + units))
    return Uniform(-limit, limit)


def glorot_normal(inputs: int, units: int) -> Normal:
    """The deviation √(2/(inputs + units)) (Glorot and Bengio 2010, equation 12)."""
    return Normal(0.0, math.sqrt(2.0 / (inputs + units)))


def he_uniform(inputs: int, units: int) -> Uniform:
    """±√(6/inputs), for relu, which loses half of the signal (He et al. 2015, equation 10)."""
    limit = math.sqrt(6.0 / inputs)
    return Uniform(-limit, limit)


def he_normal(inputs: int, units: int) -> Normal:
    """The deviation √(2/inputs) (He et al. 2015, equation 10)."""
    return Normal(0.0, math.sqrt(2.0 / inputs))


def lecun_uniform(inputs: int, units: int) -> Uniform:
    """±√(3/inputs), for tanh (LeCun et al. 1998, "Efficient BackProp", equation 16)."""
    limit = math.sqrt(3.0 / inputs)
    return Uniform(-limit, limit)


def lecun_normal(inputs: int, units: int) -> Normal:
    """The deviation √(1/inputs) (LeCun et al. 1998; Klambauer et al. 2017 for their selu)."""
    return Normal(0.0, math.sqrt(1.0 / inputs))


def nguyen_widrow(inputs: int, units: int) -> NguyenWidrow:
    return NguyenWidrow()


# Those that a user, or a recipe, makes by their settings.
WITH_SETTINGS = (ConstantWeights, Uniform, Normal, NguyenWidrow)

INITIALIZERS: Dict[str, Callable[[int, int], Initializer]] = {
    "zeros": zeros,
    "uniform": uniform,
    "normal": normal,
    "glorot_uniform": glorot_uniform,
    "glorot_normal": glorot_normal,
    "he_uniform": he_uniform,
    "he_normal": he_normal,
    "lecun_uniform": lecun_uniform,
    "lecun_normal": lecun_normal,
    "nguyen_widrow": nguyen_widrow,
}


def new_layers(
    sizes: List[int],
    activations: List[str],
    initializers: List[Initializer],
    biases: Union[bool, List[Initializer]],
    stream: Stream,
    precision: str = "double",
) -> List[Layer]:
    """Layers with drawn weights: sizes [2, 4, 1] make 2 inputs, 4 hidden units and 1 output.

    `biases` says whether there are any, or has an initializer for those of each layer.
    """
    rounded = PRECISIONS[precision].rounded
    layers = []
    for place, (inputs, units) in enumerate(zip(sizes, sizes[1:])):
        weights = initializers[place].weights(inputs, units, stream)
        of_units = None
        if biases is True:
            of_units = initializers[place].biases(inputs, units, stream)
        elif biases:
            of_units = biases[place].drawn_biases(inputs, units, stream)
        of_units = None if of_units is None else rounded(of_units)
        weights = [rounded(row) for row in weights]
        layers.append(Layer(weights, of_units, activations[place], precision))
    return layers
