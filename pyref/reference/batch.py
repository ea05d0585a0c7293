"""A batch of rows: how wrong the network is about them, and how to change that.

The way forward and the way back (network.py) meet the loss (losses.py) here.  A `Run` (run.py)
holds all that belongs to a training; of it only the layers, the optimizer and the rate matter here.
`batch_gradients` is what training asks for each batch: forward, loss, output deltas, backward;
`take_step` is what it does with them.  `evaluate` only looks, row by row, and changes nothing.
"""

from typing import List, NamedTuple, Optional, Sequence, Tuple

from .layer import Layer, Row, Rows
from .losses import LOSSES, is_correct, output_deltas, row_loss, smoothed, total_weight
from .network import backward, forward
from .parameters import parameters, round_rows
from .run import Run


class Examples(NamedTuple):
    """Inputs and targets, row for row, and how much each row weighs in the loss: mostly 1.0.

    The rows are `rounded`, as all numbers that are kept.
    """

    inputs: Rows
    targets: Rows
    weights: Row


def batch_gradients(
    layers: List[Layer],
    loss: str,
    smoothing: float,
    examples: Examples,
    batch: Sequence[int],
    kept: Sequence[Optional[Rows]] = (),
    loss_sum: float = 0.0,
) -> Tuple[float, Rows]:
    """The sum of the rows' losses, and the gradients of all parameters.

    The losses are added to `loss_sum`, what the batches before have come to: one running sum.

    `batch` says which rows of the examples, in which order.  The gradients are those of the
    batch's loss, divided as the loss divides.  `smoothing` is explained under `losses.smoothed`;
    0.0 leaves the targets as they are.  `kept` belongs to dropout, as in network.py.
    """
    rounded = layers[-1].rounded
    rows = [examples.inputs[place] for place in batch]
    targets = [examples.targets[place] for place in batch]
    row_weights = [examples.weights[place] for place in batch]
    if smoothing:
        targets = [rounded(smoothed(t, smoothing)) for t in targets]

    passed = forward(layers, rows, kept)
    outputs = list(zip(passed.z[-1], passed.y[-1], targets, row_weights))
    for z, y, t, weight in outputs:
        loss_sum += row_loss(loss, z, y, t) * weight

    activation = layers[-1].activation
    divisor = LOSSES[loss].divisor(total_weight(row_weights), len(targets[0]))
    deltas = [
        rounded(output_deltas(loss, activation, z, y, t, weight, divisor))
        for z, y, t, weight in outputs
    ]
    return loss_sum, backward(layers, passed, deltas)


def take_step(run: Run, gradients: Rows, batch_loss: float) -> None:
    """Change every parameter, in place, as the optimizer says.

    Its `memory` and its `scalars` are what it has kept of the steps before; gradient_descent.py
    explains them.  Plain gradient descent keeps nothing.
    """
    run.optimizer.begin_step(run.scalars, batch_loss)
    for place, (values, gradient) in enumerate(zip(parameters(run.layers), gradients)):
        memory = [lists[place] for lists in run.memory]
        run.optimizer.update(run.rate, run.scalars, values, gradient, *memory)
        round_rows(run.layers, [values, *memory])


def evaluate(layers: List[Layer], loss: str, examples: Examples) -> Tuple[float, float]:
    """The loss over all rows, and the accuracy: the part of them whose class is right."""
    loss_sum = 0.0
    correct = 0
    for row, t, weight in zip(*examples):
        passed = forward(layers, [row])
        z, y = passed.z[-1][0], passed.y[-1][0]
        loss_sum += row_loss(loss, z, y, t) * weight
        correct += is_correct(y, t)
    divisor = LOSSES[loss].divisor(total_weight(examples.weights), len(examples.targets[0]))
    return loss_sum / divisor, correct / len(examples.inputs)
