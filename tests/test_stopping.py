"""The stopping rules, on losses that can be worked out by hand."""

import pytest

from conftest import edited
from pyref import (
    ConsecutiveIncreases, Gap, GeneralizationLoss, Network, Patience, ProgressQuotient, SGD,
    TargetLoss, Trainer, TrainingProgress, ValidationPatience
)

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
        (Patience(2, minimum_improvement=0.375), 7),  # 1/32 is: the two after it are not
        (Patience(3, minimum_improvement=1.0), 6),  # ½ is the last that is lower by more than 1
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
        (lambda: GeneralizationLoss(-1), "GeneralizationLoss: threshold: 0 or a number above it"),
        (lambda: ProgressQuotient(1, 0), "ProgressQuotient: strip: a whole number, at least 1"),
        (lambda: ConsecutiveIncreases(0), "ConsecutiveIncreases: strips: a whole number, at least"),
        (lambda: TrainingProgress(0), "TrainingProgress: threshold: a number above 0 is needed"),
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


def stops(rule, losses, validation_losses):
    """The epochs (from 1) after which a rule says stop, if nobody listens to it."""
    state = rule.start()
    pairs = zip(losses, validation_losses)
    return [epoch for epoch, pair in enumerate(pairs, 1) if rule.says_stop(state, *pair)]


NONE = [0.0] * 12  # losses that the rule does not read
EVERY_SECOND = [9.0, 2.0, 9.0, 3.0, 9.0, 2.5, 0.0, 2.75, 0.0, 3.0, 0.0, 3.0, 9.0, 3.25]


@pytest.mark.parametrize(
    "rule, validation_losses, epochs",
    [
        # 0.75 is 50 % above 0.5, but not at the end of a strip; 0.5625 is 12.5 % above, at one.
        (GeneralizationLoss(12.0, strip=2), [1.0, 0.5, 0.75, 0.5625], [4]),
        (GeneralizationLoss(12.5, strip=2), [1.0, 0.5, 0.75, 0.5625], []),
        (GeneralizationLoss(12.0, strip=1), [1.0, 0.5, 0.75, 0.5625], [3, 4]),
        (GeneralizationLoss(12.0, strip=3), [1.0, 0.5, 0.75, 0.5625], [3]),
        # The lowest may lie inside a strip, or be this one.
        (GeneralizationLoss(0.0, strip=2), [4.0, 3.0, 2.0, 2.5, 2.5, 1.0], [4]),
        (GeneralizationLoss(5.0), [1.0, 1.0, 1.0, 1.0, 1.0625] * 2, [5, 10]),
        # Above a lowest of 0 everything is infinitely far, except 0 itself.
        (GeneralizationLoss(1e9, strip=1), [1.0, 0.0, 0.0, 5e-324, 0.0], [4]),
        # Below 0: −1 is half of 2 above −2.
        (GeneralizationLoss(49.0, strip=1), [1.0, -2.0, -1.0], [3]),
        (GeneralizationLoss(50.0, strip=1), [1.0, -2.0, -1.0], []),
        # The ends of the strips are 2, 3, 2.5, 2.75, 3, 3, 3.25.
        (ConsecutiveIncreases(1, 2), EVERY_SECOND, [4, 8, 10, 14]),
        (ConsecutiveIncreases(2, 2), EVERY_SECOND, [10]),
        (ConsecutiveIncreases(3, 2), EVERY_SECOND, []),
        (ConsecutiveIncreases(3, strip=1), [1.0, 2.0, 3.0, 4.0, 5.0, 5.0], [4, 5]),
        (ConsecutiveIncreases(1), [1.0, 1.0, 1.0, 1.0, 2.0] + [3.0] * 5, [10]),
    ],
    ids=repr,
)
def test_generalization_loss_and_consecutive_increases(rule, validation_losses, epochs):
    assert stops(rule, [0.0] * len(validation_losses), validation_losses) == epochs


@pytest.mark.parametrize(
    "rule, losses, epochs",
    [
        # 2 and 1: their mean is 1.5 times their lowest, 500 per mille more; then 1.25 times.
        (TrainingProgress(500.0, strip=2), [2.0, 1.0, 1.0, 1.5], [4]),
        (TrainingProgress(501.0, strip=2), [2.0, 1.0, 1.0, 1.5], [2, 4]),
        (TrainingProgress(250.0, strip=2), [2.0, 1.0, 1.0, 1.5], []),
        # 1000 · (10 / (4 · 1) − 1) = 1500
        (TrainingProgress(1500.0, strip=4), [4.0, 3.0, 2.0, 1.0], []),
        (TrainingProgress(1501.0, strip=4), [4.0, 3.0, 2.0, 1.0], [4]),
        (TrainingProgress(), [2.0, 1.0, 1.0, 1.0, 1.0] + [1.0] * 5, [10]),
        # No progress is 0, at a loss of 0 too; down to 0 it is infinite.
        (TrainingProgress(strip=2), [0.0, 0.0, 0.5, 0.0, 0.0, 0.0], [2, 6]),
        (TrainingProgress(strip=1), [3.0, 2.0, 1.0], [1, 2, 3]),
        (TrainingProgress(500.0, strip=2), [-1.0, -2.0], [2]),  # 0.5 of 2 is 250 per mille
        (TrainingProgress(250.0, strip=2), [-1.0, -2.0], []),
    ],
    ids=repr,
)
def test_training_progress(rule, losses, epochs):
    assert stops(rule, losses, NONE) == epochs


@pytest.mark.parametrize(
    "rule, losses, validation_losses, epochs",
    [
        # GL is 50, P 1500, their quotient 1/30.
        (ProgressQuotient(0.033, strip=4), [4.0, 3.0, 2.0, 1.0], [1.0, 0.5, 0.5, 0.75], [4]),
        (ProgressQuotient(0.034, strip=4), [4.0, 3.0, 2.0, 1.0], [1.0, 0.5, 0.5, 0.75], []),
        # In the second strip P is 500, GL 50 again: a tenth.
        (ProgressQuotient(0.0999, strip=2), [4.0, 2.0, 2.0, 1.0], [1.0, 0.5, 0.5, 0.75], [4]),
        (ProgressQuotient(0.1001, strip=2), [4.0, 2.0, 2.0, 1.0], [1.0, 0.5, 0.5, 0.75], []),
        # Without progress any loss of generalization is too much, none is not.
        (ProgressQuotient(1e9, strip=2), [1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.25], [4]),
        (ProgressQuotient(0.0, strip=2), [1.0, 1.0, 0.0, 0.0], [1.0, 0.5, 0.5, 0.25], []),
        # Progress to a loss of 0 is infinite and forgives everything.
        (ProgressQuotient(0.0, strip=2), [1.0, 0.0], [1.0, 1.5], []),
        (ProgressQuotient(0.0, strip=2), [1.0, 0.0], [0.0, 1.5], []),
    ],
    ids=repr,
)
def test_progress_quotient(rule, losses, validation_losses, epochs):
    assert stops(rule, losses, validation_losses) == epochs


@pytest.mark.parametrize("restore_best", [True, False])
def test_prechelts_rules_restore_the_best_weights(backend, restore_best):
    """w = 2, 1, ½, ¼ lose ½, 0, ⅛, 9/32 against the target 1."""
    trainer = halving(backend)
    rule = ConsecutiveIncreases(1, strip=2, restore_best=restore_best)
    history = train(trainer, rule, target=1.0)
    assert trainer.epoch == 4 and weight(trainer) == (1.0 if restore_best else 0.25)
    assert history.stopped_by == "the validation loss rose in 1 strips of 2 epochs in a row"


@pytest.mark.parametrize(
    "rule, epochs",
    [
        # Against the target ½ the validation loss is 9/8, ⅛, 0, 1/32, 9/128, 49/512 …
        (GeneralizationLoss(5.0, strip=4), 4),
        # The training loss falls to a quarter in each epoch: P is 1000 · (21/3 − 1) = 6000.
        (ProgressQuotient(1.0, strip=3), 6),  # the lowest is 0: the quotient is infinite
        (ConsecutiveIncreases(2, strip=3), 9),
        (TrainingProgress(6001.0, strip=3, restore_best=True), 3),
    ],
    ids=repr,
)
@pytest.mark.parametrize("first", [1, 2, 3])
def test_strips_go_on_over_calls_and_files(backend, tmp_path, rule, epochs, first):
    trainer = halving(backend)
    train(trainer, rule, epochs=first, target=0.5)
    for _ in range(first, 12):
        if trainer.history.stopped_by is None:
            trainer.save(tmp_path / "run.json")
            trainer = Trainer.load(tmp_path / "run.json")
            train(trainer, rule, epochs=1, target=0.5)
    assert trainer.epoch == epochs and weight(trainer) == 0.5
    whole = halving(backend)
    train(whole, rule, target=0.5)
    assert whole == trainer


@pytest.mark.parametrize(
    "rule, every, epochs, measured, restored",
    [
        # Against the target ½ the validation loss is 9/8, ⅛, 0, 1/32, 9/128, 49/512 …  The 0 after
        # epoch 3 is not seen where epochs are measured two by two.
        (ValidationPatience(2), 1, 5, [1, 2, 3, 4, 5], 0.5),
        (ValidationPatience(2), 2, 6, [2, 4, 6], 0.25),
        (ValidationPatience(3), 2, 8, [2, 4, 6, 8], 0.25),  # at 7 it would end, but does not look
        (ValidationPatience(1), 4, 8, [4, 8], 0.25),
        (Gap(0.5), 3, 3, [3], 0.5),  # ½ and 0
        (Gap(0.0625), 5, 5, [5], 0.125),  # 1/32 and 9/128
        (GeneralizationLoss(5.0, strip=3), 2, 6, [2, 4, 6], 0.25),  # at 3 it has nothing to look at
        (GeneralizationLoss(5.0, strip=3), 3, 6, [3, 6], 0.5),
        (ProgressQuotient(0.01, strip=3), 2, 6, [2, 4, 6], 0.25),
        (ConsecutiveIncreases(1, strip=2), 4, 8, [4, 8], 0.25),
        (TrainingProgress(6001.0, strip=3, restore_best=True), 2, 3, [2], 1.0),
        (TrainingProgress(6001.0, strip=3, restore_best=True), 10, 3, [], 0.5),  # none to restore
    ],
    ids=repr,
)
@pytest.mark.parametrize("pause", [0, 1, 2])
def test_rules_see_only_what_was_measured(
    backend, tmp_path, rule, every, epochs, measured, restored, pause
):
    trainer = halving(backend)
    if pause:
        train(trainer, rule, epochs=pause, target=0.5, validation_every=every)
        trainer.save(tmp_path / "run.json")
        trainer = Trainer.load(tmp_path / "run.json")
    history = train(trainer, rule, target=0.5, validation_every=every)
    assert (trainer.epoch, history.validation_epochs) == (epochs, measured)
    assert len(history.loss) == epochs and weight(trainer) == restored
    of_epoch = [0.5 * (START / 2**epoch - 0.5) ** 2 for epoch in measured]
    assert history.validation_loss == of_epoch
    assert len(history.validation_accuracy) == len(measured)


@pytest.mark.parametrize("every", [0, -1, 2.5, True, "2", None])
def test_validation_every_is_a_whole_number(every):
    with pytest.raises(ValueError, match="validation_every: a whole number, at least 1, is needed"):
        train(halving("python"), (), validation_every=every)


def test_a_run_file_without_validation_epochs_measured_every_epoch(tmp_path):
    """Such were the first ones."""
    trainer = halving("python")
    trainer.train([1.0], [0.0], epochs=1)
    train(trainer, (), epochs=2)
    trainer.save(tmp_path / "run.json")
    with edited(tmp_path / "run.json") as document:
        del document["training"]["validation_epochs"], document["training"]["validation_every"]
    assert Trainer.load(tmp_path / "run.json").history.validation_epochs == [2, 3]


def test_training_progress_needs_validation_rows_only_to_restore(backend):
    trainer = halving(backend)
    with pytest.raises(ValueError, match="needs validation rows"):
        trainer.train([1.0], [0.0], stop=TrainingProgress(restore_best=True))
    with pytest.raises(ValueError, match="needs validation rows"):
        trainer.train([1.0], [0.0], stop=GeneralizationLoss(5))
    history = trainer.train([1.0], [0.0], epochs=30, stop=TrainingProgress(1501.0, strip=2))
    assert trainer.epoch == 2  # 8 and 2: 1000 · (10/4 − 1)
    assert history.stopped_by == "the progress in 2 epochs was below 1501.0 per mille"


@pytest.fixture
def short_slices(backend, monkeypatch):
    """A call of the kernel returns after 100 rows, not after 60 ms."""
    if backend == "c":
        from pyref.engine import pace

        monkeypatch.setattr(pace, "rows_per_slice", lambda layers: 100)


def test_a_time_limit_ends_the_training_after_the_epoch_under_way(backend, short_slices):
    trainer = halving(backend, rate=0.001)
    history = train(trainer, (), epochs=10**9, time_limit=1e-6)
    assert 1 <= trainer.epoch < 10**9 and trainer.run.order == []
    sentence = f"the time limit of 1e-06 s was reached after epoch {trainer.epoch}"
    assert history.stopped_by == sentence
    again = halving(backend, rate=0.001)
    assert train(again, (), epochs=trainer.epoch).stopped_by is None
    assert again == trainer


def test_a_time_limit_holds_inside_a_long_epoch(backend, short_slices):
    """Three epochs of many batches: the limit passes in the first, which is finished."""
    rows = [1.0] * 2000
    trainer = halving(backend, rate=0.001)
    trainer.run.batch_size = 1
    history = trainer.train(rows, [0.0] * len(rows), epochs=3, time_limit=1e-6)
    assert trainer.epoch == len(history.loss) == 1
    assert history.stopped_by == "the time limit of 1e-06 s was reached after epoch 1"


def test_a_time_limit_that_is_not_reached_is_not_named(backend):
    trainer = halving(backend)
    assert train(trainer, (), epochs=3, time_limit=1000).stopped_by is None
    assert train(trainer, (), epochs=1, time_limit=1e-6).stopped_by is None  # it was the last
    history = train(trainer, TargetLoss(9.0), epochs=3, time_limit=1e-6)
    assert history.stopped_by == "the loss reached 9.0"
    assert trainer.epoch == 5


def test_a_callback_and_a_time_limit(backend):
    seen = []
    history = train(halving(backend), (), epochs=3, time_limit=1e-6,
                    callback=lambda trainer, epoch: seen.append(epoch))
    assert seen == [1] and "after epoch 1" in history.stopped_by


def test_a_reached_time_limit_is_in_the_run_file_until_the_next_call(
    backend, short_slices, tmp_path
):
    trainer = halving(backend, rate=0.001)
    sentence = train(trainer, (), epochs=10**9, time_limit=1e-6).stopped_by
    trainer.save(tmp_path / "run.json")
    loaded = Trainer.load(tmp_path / "run.json")
    assert loaded.history.stopped_by == sentence is not None
    assert train(loaded, (), epochs=1).stopped_by is None


@pytest.mark.parametrize("limit", [0, -1.0, float("nan"), "soon"])
def test_a_time_limit_is_a_number_of_seconds(limit):
    with pytest.raises(ValueError, match="time_limit: "):
        train(halving("python"), (), time_limit=limit)
