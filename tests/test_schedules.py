"""The learning-rate schedules: rates worked out by hand, and what trainings make of them."""

import math

import pytest

from pyref import (
    SGD, Constant, Cosine, Exponential, InverseScaling, Network, ReduceOnPlateau, Step, Trainer
)
from pyref.reference.schedules import SCHEDULES

ROOT_HALF = math.sqrt(0.5)


def rates_of(schedule, learning_rate, losses):
    """The rates of one epoch more than there are losses."""
    state, rates = schedule.start(), []
    for epoch, loss in enumerate(losses):
        rates.append(schedule.rate(state, learning_rate, epoch))
        schedule.after_epoch(state, loss)
    return [*rates, schedule.rate(state, learning_rate, len(losses))]


@pytest.mark.parametrize(
    "schedule, rates",
    [
        (Constant(), [1.0, 1.0, 1.0, 1.0]),
        (Step(3, factor=0.5), [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125]),
        (Step(1, factor=2.0), [1.0, 2.0, 4.0, 8.0]),
        (Exponential(0.25), [1.0, 2.0**-2, 2.0**-4, 2.0**-6, 2.0**-8]),
        (Exponential(1.0), [1.0, 1.0, 1.0]),
        (InverseScaling(0.0), [1.0, 1.0, 1.0]),
        (Cosine(2), [1.0, 0.5, 0.0, 0.0]),
        (Cosine(2, lowest=0.25), [1.0, 0.625, 0.25, 0.25]),
        (Cosine(5, warmup=3), [0.25, 0.5, 0.75, 1.0, 0.5, 0.0, 0.0]),
        (Cosine(1), [1.0, 0.0]),
    ],
    ids=repr,
)
def test_rates_that_doubles_hold_exactly(schedule, rates):
    assert rates_of(schedule, 1.0, [0.5] * (len(rates) - 1)) == rates
    assert rates_of(schedule, 2.0, [0.5] * (len(rates) - 1))[0] == 2.0 * rates[0]


@pytest.mark.parametrize(
    "schedule, rates",
    [
        (Step(2), [0.3, 0.3, 0.03, 0.03, 0.003]),
        (Exponential(0.9), [0.3 * 0.9**epoch for epoch in range(40)]),
        (InverseScaling(), [0.3 / math.sqrt(epoch) for epoch in range(1, 400)]),
        (InverseScaling(2.0), [0.3, 0.3 / 4.0, 0.3 / 9.0, 0.3 / 16.0]),
        (Cosine(4), [0.3, 0.15 * (1.0 + ROOT_HALF), 0.15, 0.15 * (1.0 - ROOT_HALF), 0.0]),
        (
            Cosine(100, lowest=0.1),
            [0.1 + 0.1 * (1.0 + math.cos(math.pi * epoch / 100)) for epoch in range(101)] + [0.1],
        ),
        (Cosine(9, 0.1, warmup=5), [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.2 + 0.1 * ROOT_HALF, 0.2]),
    ],
    ids=repr,
)
def test_rates_to_the_last_digits(schedule, rates):
    assert rates_of(schedule, 0.3, [0.5] * (len(rates) - 1)) == pytest.approx(rates, rel=1e-13)


@pytest.mark.parametrize(
    "schedule, losses, rates",
    [
        # 9.5 and 9.2 are not below 10 by more than a tenth; the first 9.1 falls into the cooldown;
        # 8.0 is below, 7.9 and 7.8 are not below 8.0 by enough.
        (
            ReduceOnPlateau(0.5, patience=1, threshold=0.1, cooldown=1),
            [10.0, 9.5, 9.2, 9.1, 9.1, 8.0, 7.9, 7.8],
            [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25],
        ),
        # The same without a cooldown: the two 9.1 are enough for a reduction.
        (
            ReduceOnPlateau(0.5, patience=1, threshold=0.1),
            [10.0, 9.5, 9.2, 9.1, 9.1, 8.0, 7.9, 7.8],
            [1.0, 1.0, 1.0, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125],
        ),
        # With no patience every epoch without a fall reduces; with no threshold any fall counts.
        (
            ReduceOnPlateau(0.5, patience=0, threshold=0.0),
            [4.0, 4.0, 3.999, 5.0, 3.999],
            [1.0, 1.0, 0.5, 0.5, 0.25, 0.125],
        ),
        (
            ReduceOnPlateau(0.25, patience=0, lowest=0.125),
            [4.0, 4.0, 4.0, 4.0],
            [1.0, 1.0, 0.25, 0.125, 0.125],
        ),
        # An epoch without a measurement is one without a fall, but nothing is decided after it.
        (
            ReduceOnPlateau(0.5, patience=1),
            [4.0, None, None, 4.0, None, 3.0, None, None, None],
            [1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
        ),
        (ReduceOnPlateau(), [1.0] * 12, [1.0] * 12 + [0.1]),
    ],
    ids=str,
)
def test_reduce_on_plateau(schedule, losses, rates):
    assert rates_of(schedule, 1.0, losses) == rates


def halving(backend, schedule, rate=0.5):
    """One weight, which starts at 4 and loses `rate` of itself in an epoch."""
    network = Network([1, 1], output="identity", initializer=[[[4.0]]], biases=False)
    return Trainer(network, "half_squared_error", SGD(rate), backend=backend, schedule=schedule)


def test_a_training_takes_its_steps_at_the_scheduled_rates(backend):
    trainer = halving(backend, Exponential(0.5))
    trainer.train([1.0], [0.0], epochs=3)
    assert trainer.network.layers[0].weights == [[4.0 * 0.5 * 0.75 * 0.875]]
    assert trainer.run.rate == 0.125 and trainer.optimizer.learning_rate == 0.5


def test_a_rate_of_zero_leaves_the_weights_alone(backend):
    trainer = halving(backend, Cosine(1))
    history = trainer.train([1.0], [0.0], epochs=4)
    assert history.loss == [8.0, 2.0, 2.0, 2.0]


def test_reduce_on_plateau_reads_the_validation_loss_where_there_is_one(backend):
    """The weight leaves 4, the validation target: that loss rises while the epoch loss falls."""
    plateau = ReduceOnPlateau(0.5, patience=0)
    for validation, rate in [(None, 0.5), (([1.0], [4.0]), 0.5 * 0.5**2)]:
        trainer = halving(backend, plateau)
        trainer.train([1.0], [0.0], epochs=4, validation=validation)
        assert trainer.run.rate == rate


TELLING = [
    Constant(), Step(3), Exponential(0.8), InverseScaling(0.7), Cosine(9, 0.01, warmup=3),
    ReduceOnPlateau(0.5, patience=1, threshold=0.1, cooldown=1, lowest=0.01),
]


def test_every_schedule_is_told_below():
    assert {type(schedule) for schedule in TELLING} == set(SCHEDULES.values())


@pytest.mark.parametrize("schedule", TELLING, ids=repr)
@pytest.mark.parametrize("first", [1, 4, 7])
def test_epochs_may_be_spread_over_calls_and_files(backend, tmp_path, schedule, first):
    inputs = [[math.cos(i), math.sin(3.0 * i)] for i in range(12)]
    targets = [i % 2 for i in range(12)]

    def new():
        return Trainer(Network([2, 3, 1]), optimizer=SGD(0.9, 0.5), batch_size=5,
                       backend=backend, schedule=schedule)

    whole, parts = new(), new()
    whole.train(inputs, targets, epochs=12)
    parts.train(inputs, targets, epochs=first)
    parts.save(tmp_path / "run.json")
    parts = Trainer.load(tmp_path / "run.json")
    for _ in range(first, 12):
        parts.train(inputs, targets, epochs=1)
    assert parts == whole and parts.run.rate == whole.run.rate
    assert parts.run.schedule_state == whole.run.schedule_state
    assert (whole.run.rate == 0.9) == isinstance(schedule, Constant)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: Step(0), "Step: every: a whole number, at least 1, is needed, not 0"),
        (lambda: Step(2, 0.0), "Step: factor: a number above 0 is needed, not 0.0"),
        (lambda: Exponential(-1), "Exponential: factor: a number above 0 is needed, not -1"),
        (lambda: InverseScaling(-0.5), "InverseScaling: power: 0 or a number above it"),
        (lambda: Cosine(0), "Cosine: epochs: a whole number, at least 1, is needed, not 0"),
        (lambda: Cosine(5, -1.0), "Cosine: lowest: 0 or a number above it is needed, not -1.0"),
        (lambda: Cosine(5, warmup=5), "Cosine: warmup: fewer than the 5 epochs .* not 5"),
        (lambda: ReduceOnPlateau(1.0), "factor: a number from 0 to below 1 is needed, not 1.0"),
        (lambda: ReduceOnPlateau(0.0), "ReduceOnPlateau: factor: a number above 0 is needed"),
        (lambda: ReduceOnPlateau(patience=-1), "patience: a whole number, at least 0, is needed"),
        (lambda: ReduceOnPlateau(threshold=1), "threshold: a number from 0 to below 1"),
        (lambda: ReduceOnPlateau(cooldown=0.5), "cooldown: a whole number, at least 0, is needed"),
        (lambda: ReduceOnPlateau(lowest="a"), "ReduceOnPlateau: lowest: a finite number is needed"),
    ],
)
def test_settings_are_checked(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_trainer_takes_schedules_only():
    with pytest.raises(TypeError, match="schedule: one of .* is needed, .*not 0.5"):
        Trainer(Network([1, 1]), schedule=0.5)
