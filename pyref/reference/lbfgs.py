"""L-BFGS: the curvature of the loss, guessed from the last steps, and a line search each time.

L-BFGS (limited-memory BFGS) is for full batches, where the loss is one fixed function of the
weights, and for people who want its minimum exactly.  A parabola's lowest point lies slope ÷
curvature away.  With one weight, the curvature can be seen from two points: by how much the slope
changes between them, divided by their distance.  L-BFGS does this in as many dimensions as there
are weights.  It remembers the last steps and how each of them changed the gradient; together they
say how the loss curves, and where the bottom of the valley must be if it goes on curving so.
Then it looks along that direction until the loss really falls (line_search.py).

One epoch is one *iteration*: a direction and the search along it.  Mostly one evaluation of all
rows is enough for it, because the gradients where it ends are those where the next one begins.
"""

from math import inf, isfinite
from typing import Callable, List, NamedTuple, Optional

from .gradient_descent import Optimizer
from .layer import Layer, Row, Rows
from .line_search import Trial, strong_wolfe
from .parameters import dot, plus, times
from .regularization import absolute_sum
from .settings import Setting, above_zero, whole_from_1, zero_or_more


class Point(NamedTuple):
    """A network that was tried, and what was found there."""

    layers: List[Layer]
    loss_sum: float  # of the rows
    loss: float  # what is minimised: divided, and with the penalties
    gradients: Rows  # of what is minimised


class Iteration(NamedTuple):
    """What an iteration leads to; `converged` says why there is nothing left to do, or is None."""

    point: Point
    memory: List[Rows]
    scalars: Row
    converged: Optional[str]


def largest(rows: Rows) -> float:
    """The largest absolute value."""
    result = 0.0
    for row in rows:
        for value in row:
            if abs(value) > result:
                result = abs(value)
    return result


def moved(layers: List[Layer], step: float, direction: Rows) -> List[Layer]:
    """Other layers, whose parameters are step · direction away from these."""
    result = []
    first = 0
    for layer in layers:
        after = first + len(layer.weights)
        weights = plus(layers, layer.weights, step, direction[first:after])
        biases = None
        if layer.biases is not None:
            biases, = plus(layers, [layer.biases], step, direction[after : after + 1])
            after += 1
        result.append(Layer(weights, biases, layer.activation, layer.precision))
        first = after
    return result


def search_direction(
    layers: List[Layer], memory: List[Rows], scalars: Row, gradients: Rows
) -> Rows:
    """−H·gradients, where H is the inverse of the curvature that the memory speaks of.

    With one weight and one remembered step it is −gradient · s/y: s the step, y the change of the
    gradient along it.  For more, the two loops of Nocedal and Wright 2006, algorithm 7.4.  Without
    memory, H is 1: straight downhill.
    """
    pairs = list(zip(memory[0::2], memory[1::2], scalars))
    q = times(layers, -1.0, gradients)
    alphas = []
    for s, y, sy in reversed(pairs):
        alphas.append(dot(layers, s, q) / sy)
        q = plus(layers, q, -alphas[-1], y)
    if pairs:
        _, y, sy = pairs[-1]
        q = times(layers, sy / dot(layers, y, y), q)
    for (s, y, sy), alpha in zip(pairs, reversed(alphas)):
        beta = dot(layers, y, q) / sy
        q = plus(layers, q, alpha - beta, s)
    return q


class LBFGS(Optimizer):
    """L-BFGS with a strong-Wolfe line search (Nocedal and Wright 2006, algorithm 7.5).

    `history_size` pairs of lists are remembered: a step s and the change y of the gradients along
    it, with s·y as their scalar.  The first step to try is `learning_rate` times the direction,
    or, as long as nothing is remembered, learning_rate · min(1, 1 / Σ|gradient|) times.

    Training ends when no gradient is above `tolerance_gradient`, or `tolerance_change` is not
    exceeded: by the slope along a direction, by what an iteration has moved any parameter, or by
    what it has moved the loss.  For a minimum to the last digits set the latter to 0.

    As torch.optim.LBFGS with line_search_fn="strong_wolfe", one of its iterations each epoch, and
    25 further trials in each search.  (They differ where PyTorch gives up: a trial that goes beyond
    all floats is followed by a shorter one here.)

    It needs the full batch: `batch_size=None`, no dropout, no clipping, no schedule.

    Raises ValueError for a learning rate that is not above 0, a history of less than 1, and
    tolerances below 0.

    >>> from pyref import LBFGS, Network, Trainer
    >>> trainer = Trainer(Network([1, 1], output="identity"), optimizer=LBFGS(), batch_size=None)
    >>> history = trainer.train([0.0, 1.0, 2.0], [1.0, 3.0, 5.0])
    >>> len(history.loss), history.stopped_by
    (5, 'along the direction of search the slope is within 1e-09')
    >>> [round(trainer.network.predict([[x]])[0][0], 4) for x in (0.0, 1.0, 10.0)]
    [1.0, 3.0, 21.0]
    """

    learning_rate = Setting(above_zero, 1.0)
    history_size = Setting(whole_from_1, 100)
    tolerance_gradient = Setting(zero_or_more, 1e-7)
    tolerance_change = Setting(zero_or_more, 1e-9)

    def can_remember(self, lists: int, scalars: Row) -> bool:
        fit = lists == 2 * len(scalars) <= 2 * self.history_size
        return fit and all(sy > 0.0 for sy in scalars)

    def fits(self, layers: List[Layer], memory: List[Rows], scalars: Row) -> bool:
        """Whether the scalars are the products of these lists: what it divides by is above 0."""
        pairs = zip(memory[0::2], memory[1::2], scalars)
        return all(dot(layers, s, y) == sy and dot(layers, y, y) > 0.0 for s, y, sy in pairs)

    def iteration(
        self,
        rate: float,
        memory: List[Rows],
        scalars: Row,
        start: Point,
        point_at: Callable[[List[Layer]], Point],
    ) -> Iteration:
        """One iteration from `start`; `point_at` evaluates all rows with other layers."""
        if largest(start.gradients) <= self.tolerance_gradient:
            return Iteration(start, memory, scalars, self.vanished())
        layers = start.layers
        direction = search_direction(layers, memory, scalars, start.gradients)
        slope = dot(layers, start.gradients, direction)
        if not -inf < slope < -self.tolerance_change:
            return Iteration(start, memory, scalars, self.too_level())

        def trial_at(step: float) -> Trial:
            point = point_at(moved(layers, step, direction))
            slope = dot(layers, point.gradients, direction)
            beyond = not isfinite(point.loss) or not isfinite(slope)
            return Trial(step, inf if beyond else point.loss, slope, point)

        if not memory:
            rate = min(1.0, 1.0 / absolute_sum(layers, start.gradients)) * rate
        narrowest = self.tolerance_change / largest(direction)
        best = strong_wolfe(trial_at, Trial(0.0, start.loss, slope, start), rate, narrowest)

        s = times(layers, best.step, direction)
        y = plus(layers, best.found.gradients, -1.0, start.gradients)
        sy = dot(layers, s, y)
        # Else the loss does not curve upwards there, or so little that y·y is no float above 0.
        if sy > 1e-10 and dot(layers, y, y) > 0.0:
            memory = (memory + [s, y])[-2 * self.history_size :]
            scalars = (scalars + [sy])[-self.history_size :]
        return Iteration(best.found, memory, scalars, self.why_converged(start, best.found, s))

    def why_converged(self, start: Point, end: Point, s: Rows) -> Optional[str]:
        if largest(end.gradients) <= self.tolerance_gradient:
            return self.vanished()
        if largest(s) <= self.tolerance_change:
            return self.nothing_moved()
        if abs(end.loss - start.loss) < self.tolerance_change:
            return self.loss_unchanged()
        return None

    def too_level(self) -> str:
        return f"along the direction of search the slope is within {self.tolerance_change!r}"

    def vanished(self) -> str:
        return f"the gradient vanished: no part of it is above {self.tolerance_gradient!r}"

    def nothing_moved(self) -> str:
        return f"no parameter moved by more than {self.tolerance_change!r}"

    def loss_unchanged(self) -> str:
        return f"the loss changed by less than {self.tolerance_change!r}"
