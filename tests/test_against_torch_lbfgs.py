"""PyTorch's L-BFGS takes the same way: the steps of its line search, and 20 iterations.

After that rounding errors have grown, and it counts which loss is reached.  Where PyTorch is not
installed these tests skip, as those of test_against_torch.
"""

import math
import random

import pytest

from test_against_torch import CRITERIA, Peer, data, new_trainer, tensor, torch
from pyref import LBFGS
from pyref.reference.line_search import TRIALS, Trial, strong_wolfe
from pyref.reference.parameters import parameters

from torch.optim.lbfgs import _strong_wolfe

ITERATIONS, NEAR = 20, 1e-9


def parabola_with_waves(a, b, c, k):
    return (
        lambda t: a * (t - b) * (t - b) / (1.0 + 0.1 * t * t) + c * math.sin(k * t),
        lambda t: 2.0 * a * (t - b) / (1.0 + 0.1 * t * t)
        - 0.2 * a * (t - b) * (t - b) * t / (1.0 + 0.1 * t * t) ** 2 + c * k * math.cos(k * t),
    )


def valley_far_away(a, b, c, k):
    return (
        lambda t: -a * t / (t * t + k) + 0.01 * t,
        lambda t: -a / (t * t + k) + 2.0 * a * t * t / (t * t + k) ** 2 + 0.01,
    )


def kink(a, b, c, k):
    return lambda t: abs(t - a) + 1e-3 * t * t, lambda t: math.copysign(1.0, t - a) + 2e-3 * t


def exponential(a, b, c, k):
    return (
        lambda t: math.exp(min(k * t, 300.0)) - 50.0 * a * t,
        lambda t: k * math.exp(min(k * t, 300.0)) - 50.0 * a,
    )


@pytest.mark.parametrize("kind", [parabola_with_waves, valley_far_away, kink, exponential])
@pytest.mark.filterwarnings("ignore:Converting a tensor")
def test_line_searches_try_the_same_steps(kind):
    most = 0
    for case in range(150):
        draw = random.Random(case)
        value, slope = kind(
            draw.uniform(0.1, 5.0), draw.uniform(-3.0, 3.0), draw.uniform(0.0, 3.0),
            draw.uniform(0.2, 6.0),
        )
        first, direction = 10.0 ** draw.uniform(-6.0, 2.0), -slope(0.0)
        ours, theirs = [], []

        def trial_at(t):
            ours.append(t)
            return Trial(t, value(t * direction), slope(t * direction) * direction, None)

        def evaluate(x, t, d):
            theirs.append(float(t))
            return value(float(t) * direction), tensor([slope(float(t) * direction)])

        start = Trial(0.0, value(0.0), slope(0.0) * direction, None)
        found = strong_wolfe(trial_at, start, first, 1e-9 / abs(direction))
        _, _, step, _ = _strong_wolfe(
            evaluate, None, tensor(first), tensor([direction]), value(0.0), tensor([slope(0.0)]),
            tensor(slope(0.0) * direction), max_ls=TRIALS,
        )
        if any(map(math.isnan, theirs)):  # it has given up
            continue
        assert ours == pytest.approx(theirs, rel=NEAR, abs=NEAR)
        assert found.step == pytest.approx(float(step), rel=NEAR, abs=NEAR)
        most = max(most, len(ours))
    assert most > 5, "nothing but easy cases"


@pytest.mark.filterwarnings("ignore:Converting a tensor")
def test_line_searches_decide_the_same_whatever_they_find():
    """Losses around the first condition's limit, some of them equal; slopes of every size."""
    lengths = set()
    for case in range(1000):
        draw = random.Random(case)
        losses = [draw.choice([-2e-4, -1e-4, -5e-5, -1e-5, 0.0, 1.0]) for _ in range(TRIALS + 1)]
        slopes = [draw.choice([-2.0, -1.5, -1.0, -0.95, -0.5, 0.95, 3.0]) for _ in losses]
        ours, theirs = [], []

        def trial_at(t):
            ours.append(t)
            return Trial(t, losses[len(ours) - 1], slopes[len(ours) - 1], None)

        def evaluate(x, t, d):
            theirs.append(float(t))
            return losses[len(theirs) - 1], tensor([slopes[len(theirs) - 1]])

        found = strong_wolfe(trial_at, Trial(0.0, 0.0, -1.0, None), 1.0, 1e-9)
        _, _, step, _ = _strong_wolfe(
            evaluate, None, tensor(1.0), tensor([1.0]), 0.0, tensor([-1.0]), tensor(-1.0),
            max_ls=TRIALS,
        )
        if any(map(math.isnan, theirs)):  # it has given up
            continue
        assert ours == pytest.approx(theirs, rel=NEAR)
        assert found.step == pytest.approx(float(step), rel=NEAR)
        lengths.add(len(ours))
    assert lengths >= set(range(1, 12)), "nothing but easy cases"


PROBLEMS = [
    ("mean_squared_error", LBFGS(), {}),
    ("mean_squared_error", LBFGS(0.5, 3), {"l2": 0.01}),
    ("cross_entropy", LBFGS(), {}),
    ("cross_entropy", LBFGS(history_size=7), {"l2": 0.001, "l1": 0.0005}),
]


class Both:
    """The same problem here and there."""

    def __init__(self, loss, optimizer, settings, **limits):
        self.inputs, self.targets = data(loss)
        self.trainer = new_trainer(loss, optimizer, None, **settings)
        self.peer = Peer(self.trainer.network)
        self.criterion, self.settings = CRITERIA[loss], settings
        self.optimizer = torch.optim.LBFGS(
            self.peer.tensors,
            optimizer.learning_rate,
            history_size=optimizer.history_size,
            tolerance_grad=optimizer.tolerance_gradient,
            tolerance_change=optimizer.tolerance_change,
            line_search_fn="strong_wolfe",
            **limits,
        )

    def objective(self):
        self.optimizer.zero_grad()
        loss = self.criterion(self.peer.outputs(self.inputs), self.targets)
        for weights in self.peer.tensors[0::2]:
            loss = loss + 0.5 * self.settings.get("l2", 0.0) * (weights * weights).sum()
            loss = loss + self.settings.get("l1", 0.0) * weights.abs().sum()
        loss.backward()
        return loss

    def train(self, epochs):
        self.trainer.train(self.inputs.tolist(), self.targets.tolist(), epochs)

    def ours(self):
        return tensor([value for row in parameters(self.trainer.run.layers) for value in row])

    def distance(self):
        theirs = self.peer.flat()
        return float((self.ours() - theirs).norm() / theirs.norm())


@pytest.mark.parametrize("problem", PROBLEMS, ids=repr)
def test_the_first_iterations_one_by_one(problem):
    both = Both(*problem, max_iter=1, max_eval=1 + TRIALS)
    for iteration in range(ITERATIONS):
        both.optimizer.step(both.objective)
        both.train(1)
        assert both.distance() < NEAR, iteration


@pytest.mark.parametrize("problem", PROBLEMS, ids=repr)
def test_the_first_iterations_at_a_stretch(problem):
    both = Both(*problem, max_iter=ITERATIONS, max_eval=ITERATIONS * TRIALS)
    both.optimizer.step(both.objective)
    both.train(ITERATIONS)
    assert both.trainer.epoch == ITERATIONS and both.distance() < NEAR


@pytest.mark.parametrize("problem", PROBLEMS, ids=repr)
def test_the_loss_that_is_reached(problem):
    both = Both(*problem, max_iter=100, max_eval=100 * TRIALS)
    both.optimizer.step(both.objective)
    both.train(100)
    theirs = both.objective().item()
    with torch.no_grad():
        torch.nn.utils.vector_to_parameters(both.ours(), both.peer.tensors)
    assert both.objective().item() == pytest.approx(theirs, rel=1e-6)
    assert both.trainer.epoch == both.optimizer.state[both.peer.tensors[0]]["n_iter"]
    assert (both.trainer.history.stopped_by is None) == (both.trainer.epoch == 100)
