"""A training step that was worked out by hand and published: anybody can check it on paper."""

from typing import Tuple

from ..network import Network
from ..reference.batch import Examples
from ..reference.gradient_descent import SGD
from ..reference.run import Run
from ..trainer import Trainer

MAZUR = """\
M. Mazur, "A Step by Step Backpropagation Example" (2015), \
mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example. His w1, w2 lead to h1, w3, w4 to \
h2, w5, w6 to o1, w7, w8 to o2. He leaves the biases as they are; here they learn, too, which \
changes nothing else of this step, but the loss after it."""


def example() -> Tuple[Run, Examples]:
    """Before its first step.  weights[k][j], so that w2 stands under w1."""
    w1, w2, w3, w4, w5, w6, w7, w8 = 0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55
    network = Network(
        [2, 2, 2],
        hidden="sigmoid",
        output="sigmoid",
        initializer=[[[w1, w3], [w2, w4]], [[w5, w7], [w6, w8]]],
        biases=[[0.35, 0.35], [0.60, 0.60]],
    )
    trainer = Trainer(
        network, loss="half_squared_error", optimizer=SGD(0.5), batch_size=None, backend="python"
    )
    return trainer.run, Examples([[0.05, 0.10]], [[0.01, 0.99]], [1.0])
