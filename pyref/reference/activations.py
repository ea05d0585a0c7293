"""The activations: what a layer makes of its pre-activations.

A neuron first adds up its weighted inputs (the pre-activation z), then bends the sum (the
activation y).  Without the bend a stack of layers would be no more than one layer.  neuron.py bent
with the sigmoid alone; here are the others.  Each function stands with its derivative (its slope)
right under it.  The derivative receives both z and y, since for many functions y is all it takes:
sigmoid's is y·(1 − y).

Most activations work on each neuron (*unit*) by itself.  Softmax does not: it makes the units of
a layer, which stand side by side and read the same inputs, compete.  So the table at the end,
`ACTIVATIONS`, speaks of whole rows (one row = one training example's values in a layer):

    outputs(z)           the row of activations
    deltas(errors, z, y) the row of deltas: the loss's derivative by each z, where
                         errors[j] is its derivative by y[j]   (the chain rule; not the
                         target − output of a Perceptron, but a slope, of the other sign)

`elementary` computes e^x (exp), e^x − 1 (expm1) and tanh(x) = (e^x − e^−x)/(e^x + e^−x) in pyref's
own way, which the last chapter explains.
"""

from typing import Callable, Dict, List, NamedTuple

from . import elementary

Row = List[float]


def identity(z: float) -> float:
    """y = z: no bend at all, for outputs that are any number (regression)."""
    return z


def identity_derivative(z: float, y: float) -> float:
    return 1.0


def threshold(z: float) -> float:
    """y = 1 where z ≥ 0, else 0: the McCulloch–Pitts unit.

    Its slope is 0 everywhere, so no step can be learned through it: a network with a threshold
    can predict, but a `Trainer` refuses it.
    """
    return 1.0 if z >= 0.0 else 0.0


def threshold_derivative(z: float, y: float) -> float:
    return 0.0


sigmoid = elementary.sigmoid  # y = 1/(1 + e^−z), between 0 and 1


def sigmoid_derivative(z: float, y: float) -> float:
    return y * (1.0 - y)


tanh = elementary.tanh  # between −1 and 1


def tanh_derivative(z: float, y: float) -> float:
    return 1.0 - y * y


def relu(z: float) -> float:
    """y = max(z, 0), the rectified linear unit (Nair and Hinton 2010)."""
    return 0.0 if z <= 0.0 else z


def relu_derivative(z: float, y: float) -> float:
    return 0.0 if z <= 0.0 else 1.0


def leaky_relu(z: float) -> float:
    """z above 0, 0.01·z below: no unit loses its slope for good (Maas, Hannun and Ng 2013)."""
    return 0.01 * z if z < 0.0 else z


def leaky_relu_derivative(z: float, y: float) -> float:
    return 0.01 if z < 0.0 else 1.0


def elu(z: float) -> float:
    """z above 0, e^z − 1 below: smooth, and −1 far below (Clevert et al. 2015, α = 1)."""
    return elementary.expm1(z) if z < 0.0 else z


def elu_derivative(z: float, y: float) -> float:
    return y + 1.0 if z < 0.0 else 1.0


# y = log(1 + e^z), a relu with a round corner.  PyTorch's is z itself above 20, 2e-9 away.
softplus = elementary.softplus


def softplus_derivative(z: float, y: float) -> float:
    return elementary.sigmoid(z)


def softsign(z: float) -> float:
    """z/(1 + |z|), between −1 and 1 like tanh, but slower to saturate (Elliott 1993)."""
    return z / (1.0 + abs(z))


def softsign_derivative(z: float, y: float) -> float:
    root = 1.0 / (1.0 + abs(z))
    return root * root


def silu(z: float) -> float:
    """z·sigmoid(z), also called swish (Elfwing, Uchibe and Doya 2017)."""
    return z * elementary.sigmoid(z)


def silu_derivative(z: float, y: float) -> float:
    s = elementary.sigmoid(z)
    return s + y * (1.0 - s)


def gelu_gate(z: float) -> float:
    """sigmoid(2·√(2/π)·(z + 0.044715·z³)), near the normal distribution's Φ(z).

    The first number below is 2·√(2/π).  Beyond z = ±40 the result is 0 or 1 to the last bit, and
    the cube of a larger z might overflow.
    """
    near = -40.0 if z < -40.0 else 40.0 if z > 40.0 else z
    return elementary.sigmoid(1.5957691216057308 * (near + 0.044715 * (near * near * near)))


def gelu(z: float) -> float:
    """z·Φ(z), in the tanh form of Hendrycks and Gimpel 2016 (torch.nn.GELU("tanh")).

    z·sigmoid(2u) is ½·z·(1 + tanh u), and keeps the tail that 1 + tanh u loses.
    """
    return z * gelu_gate(z)


def gelu_derivative(z: float, y: float) -> float:
    """The gate plus z times the gate's slope; 0.134145 is 3·0.044715, from the cube."""
    near = -40.0 if z < -40.0 else 40.0 if z > 40.0 else z
    gate = gelu_gate(z)
    return gate + y * (1.0 - gate) * (1.5957691216057308 * (1.0 + 0.134145 * (near * near)))


exp = elementary.exp  # y = e^z, above 0: the expected value of a count (a log link)


def exp_derivative(z: float, y: float) -> float:
    return y


def largest_of(row: Row) -> float:
    largest = row[0]
    for value in row:
        if value > largest:
            largest = value
    return largest


def softmax(z: Row) -> Row:
    """y[j] = e^z[j] / Σ_i e^z[i]: positive, adding up to 1, so they read as probabilities.

    Subtracting the largest z first changes nothing in exact arithmetic and keeps exp from
    overflowing.

    >>> softmax([1000.0, 1000.0])
    [0.5, 0.5]
    """
    largest = largest_of(z)
    powers = [elementary.exp(v - largest) for v in z]
    total = 0.0
    for power in powers:
        total += power
    return [power / total for power in powers]


def softmax_deltas(errors: Row, z: Row, y: Row) -> Row:
    """delta[j] = y[j]·(errors[j] − Σ_i errors[i]·y[i]): every output depends on every z."""
    mean_error = 0.0
    for error, output in zip(errors, y):
        mean_error += error * output
    return [output * (error - mean_error) for error, output in zip(errors, y)]


class Activation(NamedTuple):
    outputs: Callable[[Row], Row]
    deltas: Callable[[Row, Row, Row], Row]


def unit_by_unit(
    function: Callable[[float], float], derivative: Callable[[float, float], float]
) -> Activation:
    """The activation that applies `function` to each unit by itself."""

    def outputs(z: Row) -> Row:
        return [function(value) for value in z]

    def deltas(errors: Row, z: Row, y: Row) -> Row:
        return [e * derivative(value, output) for e, value, output in zip(errors, z, y)]

    return Activation(outputs, deltas)


ACTIVATIONS: Dict[str, Activation] = {
    "identity": unit_by_unit(identity, identity_derivative),
    "threshold": unit_by_unit(threshold, threshold_derivative),
    "sigmoid": unit_by_unit(sigmoid, sigmoid_derivative),
    "tanh": unit_by_unit(tanh, tanh_derivative),
    "relu": unit_by_unit(relu, relu_derivative),
    "leaky_relu": unit_by_unit(leaky_relu, leaky_relu_derivative),
    "elu": unit_by_unit(elu, elu_derivative),
    "softplus": unit_by_unit(softplus, softplus_derivative),
    "softsign": unit_by_unit(softsign, softsign_derivative),
    "silu": unit_by_unit(silu, silu_derivative),
    "gelu": unit_by_unit(gelu, gelu_derivative),
    "exp": unit_by_unit(exp, exp_derivative),
    "softmax": Activation(softmax, softmax_deltas),
}
