"""Add an optimizer of your own.

Lion (Chen and others 2023, "Symbolic discovery of optimization algorithms") remembers a momentum,
as SGD can, but takes only the sign of it for the step.  Without weight decay:

    direction = beta1 · momentum + (1 − beta1) · gradient
    weight    = weight − rate · sign(direction)          sign(0) is 0
    momentum  = beta2 · momentum + (1 − beta2) · gradient

Write the class `Lion`, derived from pyref.Optimizer.  `memory` names the lists that are kept for
each list of weights; they begin with zeros and are handed to `update` after the gradient.  `update`
changes weights and momentum in place.  Compute in the order of the formulas, left to right: weights
are compared bit by bit after 1, 2 and 30 epochs.
"""

from typing import Any, Dict, List

from pyref.exercises.comparing import same
from pyref.exercises.work import Work, Wrong
from pyref.reference.parameters import parameters

CHAPTER = "gradient_descent"

START = '''\
from pyref import Optimizer
from pyref.reference.settings import Setting, above_zero, below_one


class Lion(Optimizer):
    learning_rate = Setting(above_zero, 0.01)
    beta1 = Setting(below_one, 0.9)
    beta2 = Setting(below_one, 0.99)
    memory = ("momentum",)

    def update(self, rate, scalars, weights, gradient, momentum):
        for place, g in enumerate(gradient):
            weights[place] -= rate * g
'''

HINTS = (
    "The README's SignDescent has the sign: (d > 0.0) - (d < 0.0) is 1, 0 or -1.",
    "direction is computed from the momentum as it was; only then does the momentum change, and "
    "with the other beta: self.beta2 * momentum[place] + (1.0 - self.beta2) * g.",
)

SOLUTION = '''\
from pyref import Optimizer
from pyref.reference.settings import Setting, above_zero, below_one


class Lion(Optimizer):
    learning_rate = Setting(above_zero, 0.01)
    beta1 = Setting(below_one, 0.9)
    beta2 = Setting(below_one, 0.99)
    memory = ("momentum",)

    def update(self, rate, scalars, weights, gradient, momentum):
        for place, g in enumerate(gradient):
            m = momentum[place]
            direction = self.beta1 * m + (1.0 - self.beta1) * g
            weights[place] -= rate * ((direction > 0.0) - (direction < 0.0))
            momentum[place] = self.beta2 * m + (1.0 - self.beta2) * g
'''

INPUTS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
TARGETS = [[0.0], [1.0], [1.0], [0.0]]


def trained(optimizer: Any, epochs: int) -> List[List[float]]:
    from pyref import Network, Trainer

    network = Network([2, 3, 1], hidden="tanh", output="sigmoid", seed=1)
    trainer = Trainer(network, optimizer=optimizer, batch_size=2, backend="python")
    trainer.train(INPUTS, TARGETS, epochs=epochs)
    return parameters(list(network.layers))


def right() -> Any:
    names: Dict[str, Any] = {"__name__": "solution"}
    exec(SOLUTION, names)
    return names["Lion"]


def check(work: Work) -> str:
    from pyref import Optimizer

    kind = work.get("Lion", type, "it is to be a class derived from pyref.Optimizer")
    if not issubclass(kind, Optimizer):
        raise Wrong("Lion is to be derived from pyref.Optimizer")
    for settings in ({}, {"beta1": 0.5, "beta2": 0.75}):
        for epochs in (1, 2, 30):
            expected = trained(right()(**settings), epochs)
            said = "".join(f", {name} {value}" for name, value in settings.items())
            after = f"after {epochs} epoch{'s' * (epochs > 1)}{said}: parameters"
            same(after, expected, trained(kind(**settings), epochs))
    return "after 30 epochs all weights are right to the last bit"
