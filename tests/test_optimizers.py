"""The optimizers, worked by hand: numbers that a reader can check on paper, or find in papers.

That both engines agree is shown in test_parity, that PyTorch does in test_against_torch.
"""

import inspect
import math

import pytest

import pyref

from pyref import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    IRpropMinus,
    IRpropPlus,
    Network,
    Quickprop,
    RMSprop,
    Rprop,
    RpropMinus,
    RpropPlus,
    TargetLoss,
    Trainer,
)
from pyref.reference.full_batch import quickprop_step
from pyref.reference.generator import Stream
from pyref.reference.lbfgs import LBFGS
from pyref.reference.optimizers import OPTIMIZERS
from pyref.reference.schedules import Constant, Exponential


def walk(optimizer, gradients, start=0.0, rate=None, losses=None):
    """The weight after each step, for a single weight with these gradients."""
    weights = [start]
    memory = [lists[0] for lists in optimizer.new_memory([weights], Stream(1))]
    scalars = optimizer.new_scalars()
    rate = optimizer.learning_rate if rate is None else rate
    places = []
    for gradient, loss in zip(gradients, losses or [0.0] * len(gradients)):
        optimizer.begin_step(scalars, loss)
        optimizer.update(rate, scalars, weights, [gradient], *memory)
        places += weights
    return places


def descend(optimizer, backend, start, target, steps):
    """The weight after each step down the parabola ½(w − target)², whose slope is w − target."""
    network = Network([1, 1], output="identity", initializer=[[[start]]], biases=False)
    trainer = Trainer(
        network, loss="half_squared_error", optimizer=optimizer, batch_size=None, backend=backend
    )
    places = []
    for _ in range(steps):
        trainer.train([1.0], [target], epochs=1)
        places += network.layers[0].weights[0]
    return places


# The examples in the documentation of Keras' RMSprop and SGD: from 10 or 1 down w²/2.


def test_rmsprop_as_keras_documents_it(backend):
    """square = 0.1·10² = 10, so w = 10 − 0.1·10/√10."""
    places = descend(RMSprop(0.1, alpha=0.9, epsilon=1e-7), backend, 10.0, 0.0, steps=1)
    assert places == [pytest.approx(9.683772, abs=1e-6)]


def test_momentum_as_keras_documents_it(backend):
    """The second step is longer than the first: 0.1·(0.9·1 + 0.9) = 0.18."""
    assert descend(SGD(0.1, momentum=0.9), backend, 1.0, 0.0, steps=2) == pytest.approx([0.9, 0.72])


def test_rmsprop_with_momentum_adds_up_quotients():
    """square = 0.25·2² = 1 and again 0.75·1 + 0.25·1² = 1: the quotients are 2/(1 + 1) = 1 and
    1/(1 + 1) = 0.5, the velocities 1 and 0.5·1 + 0.5 = 1."""
    rmsprop = RMSprop(0.5, alpha=0.75, epsilon=1.0, momentum=0.5)
    assert walk(rmsprop, [2.0, 1.0]) == [-0.5, -1.0]


def test_centered_rmsprop_takes_the_mean_out():
    """square = 0.1·100 = 10, average = 0.1·10 = 1: √(10 − 1²) = 3."""
    places = walk(RMSprop(0.3, alpha=0.9, epsilon=1e-300, centered=True), [10.0])
    assert places == pytest.approx([-0.3 * 10.0 / 3.0], rel=1e-14)


def test_centered_rmsprop_survives_a_constant_gradient():
    """The deviation of a constant is 0; rounding may leave square − average² below it."""
    square = average = 0.0
    negative = 0
    for _ in range(200):
        square = 0.5 * square + 0.5 * (1.1 * 1.1)
        average = 0.5 * average + 0.5 * 1.1
        negative += square - average * average < 0.0
    assert negative > 0
    places = walk(RMSprop(0.01, alpha=0.5, epsilon=1.0, centered=True), [1.1] * 200)
    assert places[-1] == pytest.approx(places[-2] - 0.01 * 1.1 / 1.0)


def test_adagrad():
    """total = 9, then 9 + 16 = 25: the quotients are 3/(3 + 3) and 4/(5 + 3)."""
    assert walk(Adagrad(0.5, epsilon=3.0), [3.0, 4.0]) == [-0.25, -0.5]
    started = Adagrad(0.5, epsilon=3.0, initial_accumulator_value=16.0)
    assert walk(started, [3.0]) == [-0.5 * 3.0 / (5.0 + 3.0)]


def test_adam():
    """mean = 0.5·2 = 1 and square = 0.25·4 = 1; corrected by 1 − 0.5 and 1 − 0.75 they are 2 and 4:
    the step is 2/(√4 + 2).  A constant gradient gives the same values, and step, ever after."""
    places = walk(Adam(1.0, beta1=0.5, beta2=0.75, epsilon=2.0), [2.0, 2.0, 2.0])
    assert places[0] == -0.5
    assert places == pytest.approx([-0.5, -1.0, -1.5], rel=1e-15)


@pytest.mark.parametrize("gradient", [1e-6, 1.0, -1e6])
def test_adams_first_step_is_as_long_as_the_rate(gradient):
    """(Kingma and Ba 2015, section 2.1: steps are invariant to the scale of the gradients.)"""
    (place,) = walk(Adam(0.001, epsilon=1e-20), [gradient])
    assert place == pytest.approx(-math.copysign(0.001, gradient), rel=1e-12)


def test_adam_w_decays_first_and_apart():
    """4·(1 − 0.5·0.25) = 3.5, then Adam's step, 0.5·2/(√4 + 2) = 0.25."""
    adam_w = AdamW(0.5, beta1=0.5, beta2=0.75, epsilon=2.0, weight_decay=0.25)
    assert walk(adam_w, [2.0], start=4.0) == [3.25]
    assert walk(AdamW(0.5, weight_decay=0.0), [2.0, -1.0]) == walk(Adam(0.5), [2.0, -1.0])


def test_rprop():
    """Steps 1 and 2; the sign changes: rest, with 2·0.5 = 1; no change from 0, so 1; then 2."""
    rprop = Rprop(1.0, eta_minus=0.5, eta_plus=2.0)
    assert walk(rprop, [5.0, 0.1, -7.0, -3.0, -4.0, 0.0]) == [-1.0, -3.0, -3.0, -2.0, 0.0, 0.0]


def test_rprop_keeps_its_steps_between_the_limits():
    rprop = Rprop(1.0, eta_minus=0.5, eta_plus=2.0, smallest_step=0.75, largest_step=3.0)
    assert walk(rprop, [1.0] * 4) == [-1.0, -3.0, -6.0, -9.0]
    assert walk(rprop, [1.0, -1.0, -1.0]) == [-1.0, -1.0, -0.25]


def test_irprop_minus_rests_after_a_change_of_sign(backend):
    """From 1 a step of 3 to −2, across the valley; rest; a step of 1.5 back to −0.5."""
    places = descend(IRpropMinus(3.0, 3.0), backend, start=1.0, target=0.0, steps=3)
    assert places == [-2.0, -2.0, -0.5]


def test_irprop_plus_goes_back_where_the_loss_grew(backend):
    """From 1 to −2 the loss grew from ½ to 2: back to 1, and on by 1.5."""
    places = descend(IRpropPlus(3.0, 3.0), backend, start=1.0, target=0.0, steps=3)
    assert places == [-2.0, 1.0, -0.5]


def test_irprop_plus_stays_where_the_loss_fell(backend):
    """From 1 by 1.5 to −0.5 the loss fell from ½ to ⅛: rest there, and back by 0.75."""
    places = descend(IRpropPlus(1.5, 1.5), backend, start=1.0, target=0.0, steps=3)
    assert places == [-0.5, -0.5, 0.25]


def test_irprop_plus_needs_both_signs():
    """The loss grows all the time, but only the third gradient has another sign."""
    irprop = IRpropPlus(1.0, 1.0, eta_plus=2.0)
    places = walk(irprop, [1.0, 1.0, -1.0, -1.0], losses=[1.0, 2.0, 3.0, 4.0])
    assert places == [-1.0, -3.0, -1.0, 0.0]


def test_rprop_minus_comes_back_at_once(backend):
    """From 1 a step of 3 to −2, across the valley, and 1.5 back to −0.5; the sign is the same as
    before: 1.8 to 1.3, across again, and 0.9 back."""
    places = descend(RpropMinus(3.0, 3.0), backend, start=1.0, target=0.0, steps=4)
    assert places == [-2.0, -0.5, pytest.approx(1.3), pytest.approx(0.4)]


def test_rprop_minus_remembers_every_gradient():
    """Two changes of sign in a row halve the step twice: 4, 2, 1; then no change, and 2."""
    assert walk(RpropMinus(4.0, 4.0, 0.5, 2.0), [1.0, -1.0, 1.0, 1.0]) == [-4.0, -2.0, -3.0, -5.0]


def test_rprop_plus_takes_the_step_back(backend):
    """From 1 a step of 1.5 to −0.5, where the loss is lower, and back to 1 all the same; then by
    0.75, which iRprop+ makes from −0.5 on; 0.25 is on this side: on by 0.9 to −0.65, and back."""
    places = descend(RpropPlus(1.5, 1.5), backend, start=1.0, target=0.0, steps=5)
    assert places == [-0.5, 1.0, 0.25, pytest.approx(-0.65), pytest.approx(0.25)]


def test_rprop_plus_shortens_a_step_once_for_each_change_of_sign():
    """Steps of 4; back, with 2; the sign changes once more: still 2; then 4."""
    assert walk(RpropPlus(4.0, 4.0, 0.5, 2.0), [1.0, -1.0, 1.0, 1.0]) == [-4.0, 0.0, -2.0, -6.0]


@pytest.mark.parametrize("kind", [RpropMinus, RpropPlus, IRpropMinus, IRpropPlus])
def test_first_steps_are_drawn_in_canonical_order(kind):
    """After the weights, from the same stream; one value instead of a range draws nothing."""
    network = Network([2, 2, 1], seed=7)
    trainer = Trainer(network, optimizer=kind(0.05, 0.2))
    stream = network.stream.copy()
    expected = [
        [0.05 + (0.2 - 0.05) * stream.random() for _ in range(n)] for n in [2, 2, 2, 1, 1, 1]
    ]
    before, step = trainer.run.memory
    assert step == expected
    assert all(0.05 <= s < 0.2 for row in step for s in row)
    assert before == [[0.0] * len(row) for row in expected]
    assert trainer.run.stream == stream

    trainer = Trainer(network, optimizer=kind(0.1, 0.1))
    assert trainer.run.memory[1] == [[0.1] * len(row) for row in expected]
    assert trainer.run.stream == network.stream


def test_quickprop():
    """Fahlman's program, case by case, with a rate of 0.5 and the growth 1.75.

    slope  4: no last step                                     0.5·4           = 2
    slope  2: 2/(4 − 2) = 1 of the last step, and the slope's  0.5·2 + 1·2     = 3
    slope  3: the slope grew, as far as allowed, and           0.5·3 + 1.75·3  = 6.75
    slope −1: crossed: −1/(3 + 1) of the last step          −0.25·6.75         = −1.6875
    slope  0: at rest                                                           0
    slope −2: no last step                                    −0.5·2           = −1
    slope −1: −1/(−2 + 1) = 1 of the last step                −0.5·1 − 1       = −1.5
    """
    steps = [2.0, 3.0, 6.75, -1.6875, 0.0, -1.0, -1.5]
    places = walk(Quickprop(0.5), [-4.0, -2.0, -3.0, 1.0, 0.0, 2.0, 1.0])
    assert places == [sum(steps[:count]) for count in range(1, 8)]


def test_quickprop_finds_the_lowest_point_of_a_parabola(backend):
    """From 0 by 1.25·4 to 5, across the lowest point at 4; the next jump lands on it."""
    assert descend(Quickprop(1.25), backend, start=0.0, target=4.0, steps=3) == [5.0, 4.0, 4.0]


def test_quickprop_never_divides_by_zero():
    smallest = 5e-324  # 1.75/2.75 of it rounds to itself
    assert quickprop_step(0.5, 1.75, 1.75 / 2.75, 1.0, smallest, smallest) == 1.75
    assert quickprop_step(0.5, 1.75, 1.75 / 2.75, -1.0, 0.0, 0.0) == -1.75


def test_quickprop_learns_the_encoder_as_fast_as_fahlman_says():
    """10-5-10, until every output is on its target's side of 0.4 and 0.6: he reports about 22
    epochs on average, and 129 for plain backpropagation at its best."""
    rows = [[float(i == j) for j in range(10)] for i in range(10)]
    epochs = 0
    for seed in range(10):
        network = Network([10, 5, 10], hidden="sigmoid", initializer="uniform", seed=seed)
        trainer = Trainer(network, optimizer=Quickprop(0.5), batch_size=None)
        while not all(
            abs(y - t) < 0.4 for r, o in zip(rows, network.predict(rows)) for y, t in zip(o, r)
        ):
            trainer.train(rows, rows, epochs=1)
        epochs += trainer.epoch
    assert 10 < epochs / 10 < 44


RPROP_FAMILY = [Rprop, RpropMinus, RpropPlus, IRpropMinus, IRpropPlus]
FOLLOWERS = [SGD, RMSprop, Adagrad, Adam, AdamW, Quickprop]


@pytest.mark.parametrize("kind", RPROP_FAMILY)
def test_the_rprop_family_refuses_schedules(kind):
    """Its steps are its own, whatever the rate."""
    network = Network([1, 1])
    with pytest.raises(ValueError, match=f"schedule: {kind.__name__} has steps of its own"):
        Trainer(network, optimizer=kind(), schedule=Exponential(0.9))
    Trainer(network, optimizer=kind(), schedule=Constant())
    assert walk(kind(), [1.0, 2.0], rate=0.0) == walk(kind(), [1.0, 2.0]) != [0.0, 0.0]


@pytest.mark.parametrize("kind", FOLLOWERS)
def test_the_others_follow_the_rate(kind):
    Trainer(Network([1, 1]), optimizer=kind(), schedule=Exponential(0.9))
    assert walk(kind(), [1.0], rate=0.0) == [0.0]
    assert walk(kind(), [1.0], rate=2.0) == [pytest.approx(2.0 * walk(kind(), [1.0], rate=1.0)[0])]


def test_no_optimizer_is_left_out():
    assert set(RPROP_FAMILY + FOLLOWERS) == set(OPTIMIZERS.values()) - {LBFGS}


@pytest.mark.parametrize(
    "optimizer",
    [
        SGD(0.5, 0.9), RMSprop(), RMSprop(0.003, momentum=0.9, centered=True), Adagrad(0.1),
        Adam(0.05), AdamW(0.05), Rprop(), RpropMinus(), RpropPlus(), IRpropMinus(), IRpropPlus(),
        Quickprop(0.5),
    ],
    ids=repr,
)
def test_everyone_learns_xor(optimizer):
    inputs, targets = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    network = Network([2, 4, 1], seed=1)
    trainer = Trainer(network, optimizer=optimizer, batch_size=None)
    trainer.train(inputs, targets, epochs=2000, stop=TargetLoss(0.01))
    assert trainer.history.stopped_by is not None
    assert network.classify(inputs) == targets


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: SGD(0.0), "SGD: learning_rate: a number above 0"),
        (lambda: RMSprop(-1.0), "RMSprop: learning_rate: a number above 0"),
        (lambda: RMSprop(alpha=1.0), "RMSprop: alpha: a number from 0 to below 1"),
        (lambda: RMSprop(epsilon=0.0), "RMSprop: epsilon: a number above 0"),
        (lambda: RMSprop(momentum=-0.1), "RMSprop: momentum: a number from 0"),
        (lambda: Adagrad(math.nan), "Adagrad: learning_rate: a finite number"),
        (lambda: Adagrad(epsilon=0), "Adagrad: epsilon: a number above 0"),
        (lambda: Adagrad(initial_accumulator_value=-1), "Adagrad: initial_accumulator_value: 0 or"),
        (lambda: Adam("fast"), "Adam: learning_rate: a finite number is needed, not 'fast'"),
        (lambda: Adam(beta1=1.0), "Adam: beta1: a number from 0 to below 1"),
        (lambda: Adam(beta2=-0.5), "Adam: beta2: a number from 0 to below 1"),
        (lambda: Adam(epsilon=-1e-8), "Adam: epsilon: a number above 0"),
        (lambda: AdamW(beta1=2), "AdamW: beta1: a number from 0 to below 1"),
        (lambda: AdamW(weight_decay=-0.1), "AdamW: weight_decay: 0 or a number above it"),
        (lambda: Rprop(eta_minus=1.0), "Rprop: 0 < eta_minus < 1 < eta_plus is needed"),
        (lambda: Rprop(eta_plus=1.0), "Rprop: 0 < eta_minus < 1 < eta_plus is needed"),
        (lambda: Rprop(100.0), "Rprop: learning_rate: a first step .* not 100.0"),
        (lambda: Rprop(0.1, smallest_step=0.2), "Rprop: learning_rate: a first step .* not 0.1"),
        (lambda: Rprop(smallest_step=-1.0), "Rprop: smallest_step: 0 or a number above it"),
        (lambda: IRpropMinus(0.0), "IRpropMinus: first_step_low: a number above 0"),
        (lambda: IRpropMinus(0.3), "IRpropMinus: first_step_low=0.3 is above first_step_high=0.2"),
        (lambda: RpropMinus(0.3), "RpropMinus: first_step_low=0.3 is above first_step_high=0.2"),
        (lambda: RpropPlus(eta_plus=1), "RpropPlus: 0 < eta_minus < 1 < eta_plus is needed"),
        (lambda: IRpropPlus(first_step_high=60), "IRpropPlus: first_step_high: a first step"),
        (lambda: IRpropPlus(eta_minus=0), "IRpropPlus: eta_minus: a number above 0"),
        (lambda: Quickprop(0.0), "Quickprop: learning_rate: a number above 0"),
        (lambda: Quickprop(maximum_growth=0.0), "Quickprop: maximum_growth: a number above 0"),
    ],
)
def test_bad_settings(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: SGD(0.1, learning_rate=0.2), "SGD: learning_rate is given twice"),
        (lambda: SGD(rate=0.1), "SGD: rate: the settings are learning_rate, momentum, nesterov"),
        (lambda: SGD(1, 0, 0, 0), "SGD: 4 values: the settings are learning_rate"),
        (lambda: pyref.Step(), "Step: every is needed"),
    ],
)
def test_settings_that_are_not_there(make, message):
    with pytest.raises(TypeError, match=message):
        make()


def test_help_shows_the_settings():
    assert str(inspect.signature(pyref.Step)) == "(every, factor=0.1)"
    assert str(inspect.signature(pyref.AdamW)) == (
        "(learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-08, weight_decay=0.01)"
    )
