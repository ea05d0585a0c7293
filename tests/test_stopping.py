"""The stopping rules, on losses that can be worked out by hand."""

import pytest

from pyref import Gap, Network, Patience, SGD, TargetLoss, Trainer, ValidationPatience

# One weight w, input 1, target 0, half squared error, learning rate ½: each epoch reports ½w² and
# halves w.  The validation row has the target −1, so its loss is ½(w + 1)² after the epoch.
START = 4.0
LOSSES = [8.0, 2.0, 0.5, 0.125, 0.03125]
VALIDATION = [4.5, 2.0, 1.125, 0.78125]  # for w = 2, 1, ½, ¼


def halving(backend, start=START, rate=0.5):
    network = Network([1, 1], output="identity", initializer=[[[start]]], biases=False)
    return Trainer(network, "half_squared_error", SGD(rate), batch_size=None, backend=backend)


def train(trainer, stop, epochs=50, target=-1.0, **more):
    return trainer.train([1.0], [0.0], epochs, validation=([1.0], [target]), stop=stop, **more)


def weight(trainer):
    return trainer.network.layers[0].weights[0][0]


def test_the_losses_are_those_worked_out_by_hand(backend):
    history = train(halving(backend), stop=(), epochs=5)
    assert history.loss == LOSSES
    assert history.validation_loss[:4] == VALIDATION


@pytest.mark.parametrize("loss, epochs", [(8.0, 1), (7.9, 2), (0.5, 3), (0.49, 4)])
def test_target_loss_is_reached_from_above(backend, loss, epochs):
    trainer = halving(backend)
    history = train(trainer, TargetLoss(loss))
    assert trainer.epoch == epochs and weight(trainer) == START / 2**epochs
    assert history.stopped_by == f"the loss reached {loss}"


@pytest.mark.parametrize(
    "rule, epochs",
    [
        (Patience(1, minimum_improvement=0.375), 4),  # 8, 2, ½; ⅛ is lower by 0.375, not by more
        (Patience(1, minimum_improvement=0.374), 5),
        (Patience(2, minimum_improvement=0.375), 5),  # ⅛ and 1/32 against ½: 0.469 is enough ...
        (Patience(3, minimum_improvement=1.0), 5),  # best 2: then ½ improves; ⅛, 1/32, 1/128 do not
        (Patience(1, minimum_improvement=100.0), 2),
        (Patience(3, minimum_improvement=100.0), 4),
    ],
)
def test_patience_counts_epochs_without_enough_improvement(backend, rule, epochs):
    trainer = halving(backend)
    history = train(trainer, rule)
    assert trainer.epoch == epochs
    assert history.stopped_by == f"the loss has not improved for {rule.epochs} epochs"


def test_patience_waits_for_improvement_over_the_best(backend):
    """At rate 2 the weight changes its sign for ever: every loss is the same."""
    trainer = halving(backend, rate=2.0)
    train(trainer, Patience(4))
    assert trainer.epoch == 5 and abs(weight(trainer)) == START


@pytest.mark.parametrize("restore_best", [True, False])
def test_validation_patience_restores_the_best_weights(backend, restore_best):
    """The target 1 lies on the way: w = 2, 1, ½, ¼ lose ½, 0, ⅛, 9/32."""
    trainer = halving(backend)
    rule = ValidationPatience(2, restore_best=restore_best)
    history = train(trainer, rule, target=1.0)
    assert history.validation_loss == [0.5, 0.0, 0.125, 0.28125]
    assert weight(trainer) == (1.0 if restore_best else 0.25)
    assert trainer.run.best_epoch == 2 and trainer.epoch == 4
    assert history.stopped_by == "the validation loss has not improved for 2 epochs"


def test_best_weights_are_kept_for_a_training_that_ends_by_itself(backend):
    trainer = halving(backend)
    history = train(trainer, ValidationPatience(9), epochs=5, target=1.0)
    assert history.stopped_by is None and weight(trainer) == START / 32
    assert trainer.restore_best() and weight(trainer) == 1.0
    without = halving(backend)
    train(without, stop=(), epochs=5, target=1.0)
    assert not without.restore_best() and weight(without) == START / 32


@pytest.mark.parametrize("gap, epochs", [(3.5, 1), (0.6, 2), (0.625, 2), (0.0, 2)])
def test_gap_closes_from_either_side(backend, gap, epochs):
    """Losses 8, 2, ½; validation 4.5, 2.0: the distance is 3.5, then 0."""
    trainer = halving(backend)
    train(trainer, Gap(gap))
    assert trainer.epoch == epochs


def test_the_first_rule_that_says_stop_is_named(backend):
    trainer = halving(backend)
    history = train(trainer, (Gap(0.0), TargetLoss(2.0), Patience(1, 100.0)))
    assert trainer.epoch == 2 and "within 0.0" in history.stopped_by


def test_rules_go_on_over_calls_and_start_anew_after_a_stop(backend):
    rule = Patience(3, minimum_improvement=100.0)
    trainer = halving(backend)
    for expected in (1, 2, 3, 4):  # the first call gives the best loss, three more wait
        history = train(trainer, rule, epochs=1)
        assert trainer.epoch == expected
        assert (history.stopped_by is not None) == (expected == 4)
    assert train(trainer, rule).stopped_by is not None and trainer.epoch == 8
    train(trainer, TargetLoss(1e9))
    assert trainer.epoch == 9


def test_a_callback_is_called_for_the_last_epoch_too(backend):
    seen = []
    train(halving(backend), TargetLoss(2.0), callback=lambda trainer, epoch: seen.append(epoch))
    assert seen == [1, 2]


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: TargetLoss("low"), "TargetLoss: loss: a finite number is needed, not 'low'"),
        (lambda: TargetLoss(float("nan")), "TargetLoss: loss: a finite number"),
        (lambda: Patience(0), "Patience: epochs: a whole number, at least 1, is needed, not 0"),
        (lambda: Patience(2.0), "Patience: epochs: .* not 2.0"),
        (lambda: Patience(2, -0.1), "Patience: minimum_improvement: 0 or a number above it"),
        (lambda: ValidationPatience(True), "ValidationPatience: epochs: .* not True"),
        (lambda: Gap(-1), "Gap: gap: 0 or a number above it is needed, not -1"),
        (lambda: SGD(0.0), "SGD: learning_rate: a number above 0 is needed, not 0.0"),
        (lambda: SGD(0.1, 1.0), "SGD: momentum: a number from 0 to below 1 is needed, not 1.0"),
        (lambda: SGD(0.1, nesterov=True), "SGD: nesterov=True looks ahead along the momentum"),
    ],
)
def test_settings_are_checked(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_settings_with_equal_arguments_are_equal():
    assert Patience(3) == Patience(3, 0.0) != Patience(4)
    assert Patience(3) != ValidationPatience(3) and hash(Gap(1)) == hash(Gap(1.0))
    assert repr(Patience(3)) == "Patience(epochs=3, minimum_improvement=0.0)"
