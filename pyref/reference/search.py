"""L-BFGS in the place of batches: an epoch is one iteration, over all rows.

lbfgs.py knows no rows: it asks for the loss and the gradients *at* some weights, wherever its
search leads.  This file answers from the training rows, and writes where the iteration ends into
the run.  To training.py it looks like the one batch of an epoch.
"""

from copy import deepcopy
from math import isfinite
from typing import Callable, ContextManager, List, Optional, Tuple

from .batch import Examples, batch_gradients
from .divergence import diverged
from .layer import Layer, Rows
from .lbfgs import LBFGS, Point
from .losses import LOSSES, total_weight
from .parameters import copy_rows, parameters
from .regularization import norm, penalties, regularize
from .run import Run


def full_gradients(run: Run, layers: List[Layer], examples: Examples) -> Tuple[float, Rows]:
    """The loss sum and the gradients of all rows, with any weights."""
    return batch_gradients(
        layers, run.loss, run.smoothing, examples, range(len(examples.inputs))
    )


def same_network(a: List[Layer], b: List[Layer]) -> bool:
    """Whether nobody has changed a weight, or an activation, between two iterations."""
    activations = [[layer.activation for layer in layers] for layers in (a, b)]
    return activations[0] == activations[1] and parameters(a) == parameters(b)


def is_finite(point: Point) -> bool:
    """Whether an iteration may begin there.  Straight downhill, the slope is −norm²."""
    return isfinite(point.loss) and isfinite(norm(point.layers, point.gradients))


class Search:
    """`step` takes the place of training.train_batch: an iteration over all rows.

    It begins where the one before has ended (`last`), whose gradients are known; or, if there is
    none or a user has changed weights since, where the network is.
    """

    def __init__(self) -> None:
        self.last: Optional[Point] = None

    def step(
        self, run: Run, examples: Examples, unbroken: Callable[[], ContextManager[None]]
    ) -> None:
        divisor = LOSSES[run.loss].divisor(total_weight(examples.weights), len(examples.targets[0]))

        def point_at(layers: List[Layer]) -> Point:
            loss_sum, gradients = full_gradients(run, layers, examples)
            regularize(run.regularization, layers, gradients)
            loss = loss_sum / divisor + penalties(run.regularization, layers)
            return Point(layers, loss_sum, loss, gradients)

        start = self.last
        if start is None or not same_network(start.layers, run.layers):
            start = point_at(deepcopy(run.layers))
            if not is_finite(start):
                raise diverged(run, start.layers, examples.inputs)
        assert isinstance(run.optimizer, LBFGS)  # guard.py takes this step for no other
        made = run.optimizer.iteration(run.rate, run.memory, run.scalars, start, point_at)
        if not is_finite(made.point):  # now, and not when the next iteration or call begins there
            raise diverged(run, made.point.layers, examples.inputs)

        with unbroken():
            copy_rows(parameters(made.point.layers), parameters(run.layers))
            run.memory, run.scalars, run.converged = made.memory, made.scalars, made.converged
            run.position = len(run.order)
            run.loss_sum = start.loss_sum
        self.last = made.point
