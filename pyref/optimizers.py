"""The optimizers: how a gradient becomes a step.

The gradient points uphill, so every optimizer steps against it; they differ in how far, and in
what they remember of the steps before.  Each works on one list of parameters at a time, in place,
every parameter by itself.  What it remembers of a parameter stands in further lists of the same
shape (its *memory*); what it counts once for all parameters in a few numbers (its *scalars*).
`rate` is the learning rate of the epoch: the optimizer's own, or what a schedule makes of it.

Formulas and defaults are those of torch.optim, wherever PyTorch has the optimizer.
"""

from typing import List, Tuple

from .generator import Stream
from .settings import Settings, above_zero, below_one

Row = List[float]
Rows = List[Row]


class Optimizer(Settings):
    """What an optimizer answers unless it says otherwise."""

    memory: Tuple[str, ...] = ()  # the names of what it remembers of each parameter

    def new_memory(self, parameters: Rows, stream: Stream) -> List[Rows]:
        """The memory before the first step: 0.0 everywhere."""
        return [[[0.0] * len(row) for row in parameters] for _ in self.memory]

    def new_scalars(self) -> Row:
        """The scalars before the first step."""
        return []

    def begin_step(self, scalars: Row, loss: float) -> None:
        """Called before each step, with the loss of its batch."""


class SGD(Optimizer):
    """Stochastic gradient descent, plain, with momentum, or with Nesterov's look ahead.

        velocity = momentum · velocity + gradient
        weight   = weight − rate · velocity                            (momentum)
        weight   = weight − rate · (gradient + momentum · velocity)    (Nesterov)

    As torch.optim.SGD without its `dampening`: the velocity is not multiplied by the rate.
    Without momentum there is nothing to remember.

    Raises ValueError for a learning rate that is not above 0, a momentum outside [0, 1), and
    Nesterov's form without momentum.

    >>> weights, velocity = [1.0], [0.0]
    >>> sgd = SGD(learning_rate=0.5, momentum=0.5)
    >>> sgd.update(0.5, [], weights, [1.0], velocity)
    >>> sgd.update(0.5, [], weights, [1.0], velocity)
    >>> weights, velocity
    ([-0.25], [1.5])
    """

    def __init__(
        self, learning_rate: float = 0.001, momentum: float = 0.0, nesterov: bool = False
    ) -> None:
        self.learning_rate = above_zero("SGD: learning_rate", learning_rate)
        self.momentum = below_one("SGD: momentum", momentum)
        self.nesterov = bool(nesterov)
        if self.nesterov and self.momentum == 0.0:
            raise ValueError("SGD: nesterov=True looks ahead along the momentum, which is 0 here")

    @property
    def memory(self) -> Tuple[str, ...]:
        return ("velocity",) if self.momentum else ()

    def update(
        self, rate: float, scalars: Row, weights: Row, gradient: Row, velocity: Row = ()
    ) -> None:
        momentum = self.momentum
        if not momentum:
            weights[:] = [w - rate * g for w, g in zip(weights, gradient)]
            return
        velocity[:] = [momentum * v + g for v, g in zip(velocity, gradient)]
        if self.nesterov:
            weights[:] = [
                w - rate * (g + momentum * v) for w, g, v in zip(weights, gradient, velocity)
            ]
        else:
            weights[:] = [w - rate * v for w, v in zip(weights, velocity)]


OPTIMIZERS = {optimizer.__name__: optimizer for optimizer in (SGD,)}
