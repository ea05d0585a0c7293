"""The losses: one number that says how far a network's outputs are from their targets.

Each loss is given for one row (one example), added over its outputs in order; its gradient, the
derivative by each output, stands right under it.  y are the row's outputs, t its targets, and z
the pre-activations that the outputs were made of: lists with a number for each output j.

Several rows together (a *batch*) have the sum of their losses, divided once, by the loss's
*divisor*: the cross-entropy by the number of rows, the others by rows × outputs; only the half
squared error of the old tutorials is not divided at all.  (PyTorch: `reduction="mean"`.)

The two cross-entropies are *fused* with the activation that goes with them: read from the
pre-activation z, the loss stays exact where the output y has rounded to 0 or 1, and the product of
both derivatives shrinks to y − t.  `LOSSES` says which output activations each loss allows.

After the table stand the functions that use it, and what is asked of classes: the answer that
outputs give (`class_of`), and whether it is right.
"""

from typing import Callable, Dict, List, NamedTuple, Sequence, Tuple

from .activations import ACTIVATIONS, largest_of
from .elementary import exp, log, softplus

Row = List[float]


def half_squared_error(y: Row, t: Row) -> float:
    """½·Σ_j (y[j] − t[j])²: its gradient has no factor left, which gives the delta rule."""
    total = 0.0
    for output, target in zip(y, t):
        difference = output - target
        total += difference * difference
    return 0.5 * total


def half_squared_error_gradient(y: Row, t: Row) -> Row:
    return [output - target for output, target in zip(y, t)]


def mean_squared_error(y: Row, t: Row) -> float:
    """Σ_j (y[j] − t[j])²; the mean is taken by the divisor.  (torch.nn.MSELoss)"""
    total = 0.0
    for output, target in zip(y, t):
        difference = output - target
        total += difference * difference
    return total


def mean_squared_error_gradient(y: Row, t: Row) -> Row:
    return [2.0 * (output - target) for output, target in zip(y, t)]


def mean_absolute_error(y: Row, t: Row) -> float:
    """Σ_j |y[j] − t[j]|: far-off targets pull no harder than near ones.  (torch.nn.L1Loss)"""
    total = 0.0
    for output, target in zip(y, t):
        total += abs(output - target)
    return total


def mean_absolute_error_gradient(y: Row, t: Row) -> Row:
    return [
        1.0 if output > target else -1.0 if output < target else 0.0
        for output, target in zip(y, t)
    ]


def huber(y: Row, t: Row) -> float:
    """Σ_j ½d² for d = |y[j] − t[j]| up to 1, and d − ½ beyond: a target far off pulls no harder.

    (Huber 1964; torch.nn.HuberLoss)
    """
    total = 0.0
    for output, target in zip(y, t):
        distance = abs(output - target)
        total += 0.5 * (distance * distance) if distance <= 1.0 else distance - 0.5
    return total


def huber_gradient(y: Row, t: Row) -> Row:
    differences = [output - target for output, target in zip(y, t)]
    return [-1.0 if d < -1.0 else 1.0 if d > 1.0 else d for d in differences]


def poisson(y: Row, t: Row) -> float:
    """Σ_j y[j] − t[j]·log(y[j] + 1e−8), for counts t ≥ 0 whose expected value is y.

    (torch.nn.PoissonNLLLoss(log_input=False), with its ε)
    """
    total = 0.0
    for output, target in zip(y, t):
        total += output - target * log(output + 1e-8)
    return total


def poisson_gradient(y: Row, t: Row) -> Row:
    return [1.0 - target / (output + 1e-8) for output, target in zip(y, t)]


def binary_cross_entropy(z: Row, t: Row) -> float:
    """Σ_j −(t·log y + (1 − t)·log(1 − y)) with y = sigmoid(z), which is softplus(z) − z·t.

    As softplus(z) is max(z, 0) + softplus(−|z|), the large terms can cancel first: a loss as
    small as e^−40 keeps its digits beside z = 40.  Each output is a yes-or-no question of its
    own, 0 ≤ t ≤ 1.  (torch.nn.BCEWithLogitsLoss)
    """
    total = 0.0
    for value, target in zip(z, t):
        above = value if value > 0.0 else 0.0
        total += (above - value * target) + softplus(-abs(value))
    return total


def binary_cross_entropy_gradient(y: Row, t: Row) -> Row:
    """By z, not by y: that would be (y − t)/(y·(1 − y)), and sigmoid's y·(1 − y) cancels."""
    return [output - target for output, target in zip(y, t)]


def cross_entropy(z: Row, t: Row) -> float:
    """Σ_j −t[j]·log y[j] with y = softmax(z); t holds one 1, or probabilities that add up to 1.

    log y[j] = z[j] − m − log Σ_i e^(z[i] − m), with m the largest z.  (torch.nn.CrossEntropyLoss)
    """
    largest = largest_of(z)
    total_power = 0.0
    for value in z:
        total_power += exp(value - largest)
    log_total = log(total_power)
    total = 0.0
    for value, target in zip(z, t):
        if target != 0.0:  # 0·∞ is not a number, and a class that is not asked for costs nothing
            total += target * (log_total - (value - largest))
    return total


def cross_entropy_gradient(y: Row, t: Row) -> Row:
    """By z, not by y: what activations.softmax_deltas makes of −t/y is y − t."""
    return [output - target for output, target in zip(y, t)]


# The divisors.  `rows` is the number of rows, or the sum of their weights where some count more
# than others.


def undivided(rows: float, outputs: int) -> float:
    return 1.0


def per_row(rows: float, outputs: int) -> float:
    return rows


def per_output(rows: float, outputs: int) -> float:
    return rows * outputs


class Loss(NamedTuple):
    """A line of the table.

    `of_row`, whose docstring has the formula, reads the outputs y, or, where the loss is `fused`,
    the pre-activations z.
    """

    of_row: Callable[[Row, Row], float]
    gradient: Callable[[Row, Row], Row]
    divisor: Callable[[float, int], float]
    fused: bool
    outputs: Tuple[str, ...]  # the output activations it may be used with


SLOPED = tuple(name for name in ACTIVATIONS if name != "threshold")  # it has no slope to follow
POSITIVE = ("softplus", "relu", "sigmoid", "exp")

LOSSES: Dict[str, Loss] = {
    "half_squared_error": Loss(
        half_squared_error, half_squared_error_gradient, undivided, False, SLOPED
    ),
    "mean_squared_error": Loss(
        mean_squared_error, mean_squared_error_gradient, per_output, False, SLOPED
    ),
    "mean_absolute_error": Loss(
        mean_absolute_error, mean_absolute_error_gradient, per_output, False, SLOPED
    ),
    "huber": Loss(huber, huber_gradient, per_output, False, SLOPED),
    "poisson": Loss(poisson, poisson_gradient, per_output, False, POSITIVE),
    "binary_cross_entropy": Loss(
        binary_cross_entropy, binary_cross_entropy_gradient, per_output, True, ("sigmoid",)
    ),
    "cross_entropy": Loss(cross_entropy, cross_entropy_gradient, per_row, True, ("softmax",)),
}


def total_weight(weights: Sequence[float]) -> float:
    """The sum of the rows' weights, for the divisor; 1.0 where they weigh nothing at all."""
    total = 0.0
    for weight in weights:
        total += weight
    return total if total != 0.0 else 1.0


def row_loss(loss: str, z: Row, y: Row, t: Row) -> float:
    """The loss of one row, before the division."""
    chosen = LOSSES[loss]
    return chosen.of_row(z if chosen.fused else y, t)


def output_deltas(
    loss: str, activation: str, z: Row, y: Row, t: Row, weight: float, divisor: float
) -> Row:
    """The loss's derivative by each output unit's pre-activation: where the way back begins.

    Where the loss is not fused, the chain rule takes the gradient back through the activation.
    Then it is multiplied by the row's weight, which says how much the row counts (mostly 1.0), and
    divided by the batch's divisor.

    >>> output_deltas("half_squared_error", "identity", [0.75], [0.75], [1.0], 1.0, 1.0)
    [-0.25]
    """
    chosen = LOSSES[loss]
    deltas = chosen.gradient(y, t)
    if not chosen.fused:
        deltas = ACTIVATIONS[activation].deltas(deltas, z, y)
    return [delta * weight / divisor for delta in deltas]


def smoothed(t: Row, smoothing: float) -> Row:
    """Label smoothing: a part of each target is spread evenly over all classes.

    It keeps the weights from growing for ever in pursuit of outputs of exactly 1 (Szegedy et al.
    2016; torch.nn.CrossEntropyLoss(label_smoothing=…)).  Where rows are weighted, the whole loss
    of a row takes the row's one weight, as if it stood there so many times; PyTorch weighs every
    term −t[j]·log y[j] of a smoothed target by the weight of class j.

    >>> smoothed([0.0, 1.0], 0.5)
    [0.25, 0.75]
    """
    share = smoothing / len(t)
    return [target * (1.0 - smoothing) + share for target in t]


def class_of(outputs: Sequence[float]) -> int:
    """The place of the largest output, the first of equals; of one output, whether it is ≥ 0.5.

    >>> class_of([0.1, 0.45, 0.45]), class_of([0.5]), class_of([0.49])
    (1, 1, 0)
    """
    if len(outputs) == 1:
        return 1 if outputs[0] >= 0.5 else 0
    best = 0
    for place, output in enumerate(outputs):
        if output > outputs[best]:
            best = place
    return best


def is_correct(y: Row, t: Row) -> bool:
    """Whether outputs and targets name the same class: what `accuracy` counts."""
    return class_of(y) == class_of(t)
