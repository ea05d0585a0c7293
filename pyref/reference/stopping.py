"""Stopping rules: when to end a training before its last epoch.

Training too long wastes time and, worse, learns the training rows by heart: the network gets
better at them, and worse at others.  To notice, some rows are kept aside for *validation*: they
are not learned, but their loss is computed: after each epoch, or after every few (a Trainer's
`validation_every`).  A rule is asked at the end of each epoch, with the loss of the training rows
and that of the validation rows, which is None where there are none or where it was not computed
after this epoch.  Like a schedule, a rule never changes; what it has seen is kept beside it in a
list of numbers, its *state*.

The last four rules are Prechelt's ("Early Stopping – But When?", 1998, and PROBEN1, 1994).  They
cut the epochs into strips of, say, 5 (`strip`), decide at the ends of these, and compare with the
lowest validation loss of all that were computed; so are the weights that are put back.  Prechelt's
own procedure computes it at the ends of strips and nowhere else: validation_every=5 with strips of
5.  With a validation after each epoch, as PyTorch and Keras have it, a single lucky epoch in the
midst of a strip is the lowest for good, and trainings whose loss swings at first, such as Rprop's,
can end in their first strips.
"""

from math import isnan
from typing import Callable, List, Optional

from .settings import (
    Setting, Settings, above_zero, is_count, number, truth, whole_from_1, zero_or_more,
)

State = List[float]


class Rule(Settings):
    """A stopping rule also has `says_stop`, and `reason`, which tells people why it did."""

    says_stop: Callable[[State, float, Optional[float]], bool]
    reason: Callable[[], str]
    needs_validation = False
    restore_best = False  # whether to end with the weights of the lowest validation loss

    def start(self) -> State:
        """The state before the first epoch."""
        return []

    def can_have_seen(self, state: State) -> bool:
        """Whether a list as long as that of `start` can be its state: files are asked this."""
        return True


def is_loss(value: float) -> bool:
    """Whether it can be a loss, a sum of losses, or the lowest one where there is none so far."""
    return not isnan(value)  # a sum may have gone beyond all floats, on either side


def is_within(state: State, strip: int) -> bool:
    """Whether `state` begins with a number of epochs in the strip under way."""
    return is_count(state[0]) and state[0] < strip


def waited_too_long(
    state: State, loss: float, minimum_improvement: float, epochs: int
) -> bool:
    """`state` is the best loss so far and the epochs that have passed since."""
    if loss < state[0] - minimum_improvement:
        state[0] = loss
        state[1] = 0.0
    else:
        state[1] += 1.0
    return state[1] >= epochs


class TargetLoss(Rule):
    """Stop when the epoch loss is at most `loss`."""

    loss = Setting(number)

    def says_stop(
        self, state: State, loss: float, validation_loss: Optional[float]
    ) -> bool:
        return loss <= self.loss

    def reason(self) -> str:
        return f"the loss reached {self.loss!r}"


class Patience(Rule):
    """Stop when the epoch loss has not improved for `epochs` epochs in a row.

    To improve is to be lower than the best loss before by more than `minimum_improvement`.
    """

    epochs = Setting(whole_from_1)
    minimum_improvement = Setting(zero_or_more, 0.0)

    def start(self) -> State:
        return [float("inf"), 0.0]

    def can_have_seen(self, state: State) -> bool:
        return is_loss(state[0]) and is_count(state[1])

    def says_stop(
        self, state: State, loss: float, validation_loss: Optional[float]
    ) -> bool:
        return waited_too_long(state, loss, self.minimum_improvement, self.epochs)

    def reason(self) -> str:
        return f"the loss has not improved for {self.epochs} epochs"


class ValidationPatience(Rule):
    """Stop when the validation loss has not improved for `epochs` epochs in a row.

    To improve is what it is for Patience.  Epochs without a validation count as epochs in which it
    has not; the training ends after one with.  With `restore_best`, the weights go back to those
    after the epoch with the lowest validation loss.  ("Early stopping"; Prechelt 1998 compares such
    rules.)
    """

    epochs = Setting(whole_from_1)
    minimum_improvement = Setting(zero_or_more, 0.0)
    restore_best = Setting(truth, True)
    needs_validation = True

    def start(self) -> State:
        return [float("inf"), 0.0]

    def can_have_seen(self, state: State) -> bool:
        return is_loss(state[0]) and is_count(state[1])

    def says_stop(
        self, state: State, loss: float, validation_loss: Optional[float]
    ) -> bool:
        if validation_loss is None:
            state[1] += 1.0
            return False
        return waited_too_long(state, validation_loss, self.minimum_improvement, self.epochs)

    def reason(self) -> str:
        return f"the validation loss has not improved for {self.epochs} epochs"


class Gap(Rule):
    """Stop when training and validation loss have come within `gap` of each other."""

    gap = Setting(zero_or_more)
    needs_validation = True

    def says_stop(
        self, state: State, loss: float, validation_loss: Optional[float]
    ) -> bool:
        return validation_loss is not None and abs(validation_loss - loss) <= self.gap

    def reason(self) -> str:
        return f"the training and the validation loss came within {self.gap!r} of each other"


def ratio(numerator: float, denominator: float) -> float:
    """The quotient; by 0, it is 0 where the numerator is 0 too, and else infinite.

    A denominator below 0, which only the poisson loss knows, counts by its size.
    """
    if denominator == 0.0:
        return 0.0 if numerator == 0.0 else float("inf")
    return numerator / abs(denominator)


def strip_ends(state: State, strip: int) -> bool:
    """`state` begins with the number of epochs in the strip under way; this adds one."""
    state[0] += 1.0
    if state[0] < strip:
        return False
    state[0] = 0.0
    return True


def add_to_strip(state: State, loss: float) -> None:
    """`state` goes on with the sum and the lowest of the strip's training losses."""
    if state[0] == 0.0:
        state[1] = loss
        state[2] = loss
        return
    state[1] += loss
    if loss < state[2]:
        state[2] = loss


def training_progress(state: State, strip: int) -> float:
    """P: by how many per mille the strip's mean training loss is above its lowest."""
    lowest = strip * state[2]
    return 1000.0 * ratio(state[1] - lowest, lowest)


def generalization_loss(validation_loss: float, lowest: float) -> float:
    """GL: by how many per cent the validation loss is above its lowest so far."""
    return 100.0 * ratio(validation_loss - lowest, lowest)


class GeneralizationLoss(Rule):
    """Stop when the validation loss is more than `threshold` per cent above its lowest (GL).

    It is asked at the end of every `strip` epochs.  With `restore_best`, the weights go back to
    those after the epoch with the lowest validation loss.
    """

    threshold = Setting(zero_or_more)
    strip = Setting(whole_from_1, 5)
    restore_best = Setting(truth, True)
    needs_validation = True

    def start(self) -> State:
        return [0.0, float("inf")]

    def can_have_seen(self, state: State) -> bool:
        return is_within(state, self.strip) and is_loss(state[1])

    def says_stop(
        self, state: State, loss: float, validation_loss: Optional[float]
    ) -> bool:
        if validation_loss is not None and validation_loss < state[1]:
            state[1] = validation_loss
        if not strip_ends(state, self.strip) or validation_loss is None:
            return False
        return generalization_loss(validation_loss, state[1]) > self.threshold

    def reason(self) -> str:
        return f"the validation loss is more than {self.threshold!r} % above its lowest"


class ProgressQuotient(Rule):
    """Stop when GL is more than `threshold` times the training's progress (PQ).

    While the training loss still falls fast, a rise of the validation loss may be repaired.
    Progress is by how many per mille the mean training loss of the last `strip` epochs is above
    their lowest; `strip` and `restore_best` are those of GeneralizationLoss.
    """

    threshold = Setting(zero_or_more)
    strip = Setting(whole_from_1, 5)
    restore_best = Setting(truth, True)
    needs_validation = True

    def start(self) -> State:
        return [0.0, 0.0, 0.0, float("inf")]

    def can_have_seen(self, state: State) -> bool:
        return is_within(state, self.strip) and all(map(is_loss, state[1:]))

    def says_stop(
        self, state: State, loss: float, validation_loss: Optional[float]
    ) -> bool:
        add_to_strip(state, loss)
        if validation_loss is not None and validation_loss < state[3]:
            state[3] = validation_loss
        if not strip_ends(state, self.strip) or validation_loss is None:
            return False
        lost = generalization_loss(validation_loss, state[3])
        return ratio(lost, training_progress(state, self.strip)) > self.threshold

    def reason(self) -> str:
        return (
            "the validation loss rose while the training made little progress "
            f"(threshold {self.threshold!r})"
        )


class ConsecutiveIncreases(Rule):
    """Stop when the validation loss was higher at the ends of `strips` strips in a row (UP).

    Higher, that is, than at the end of the strip before.  `strip` and `restore_best` are those of
    GeneralizationLoss.
    """

    strips = Setting(whole_from_1)
    strip = Setting(whole_from_1, 5)
    restore_best = Setting(truth, True)
    needs_validation = True

    def start(self) -> State:
        return [0.0, float("inf"), 0.0]

    def can_have_seen(self, state: State) -> bool:
        return is_within(state, self.strip) and is_loss(state[1]) and is_count(state[2])

    def says_stop(
        self, state: State, loss: float, validation_loss: Optional[float]
    ) -> bool:
        if not strip_ends(state, self.strip) or validation_loss is None:
            return False
        state[2] = state[2] + 1.0 if validation_loss > state[1] else 0.0
        state[1] = validation_loss
        return state[2] >= self.strips

    def reason(self) -> str:
        return f"the validation loss rose in {self.strips} strips of {self.strip} epochs in a row"


class TrainingProgress(Rule):
    """Stop when the training's progress over a strip is less than `threshold` per mille (P_k).

    The rule that Prechelt adds to any of the others, none of which is sure to end a training.
    Progress is that of ProgressQuotient.  With `restore_best`, it needs validation rows too.
    """

    threshold = Setting(above_zero, 0.1)
    strip = Setting(whole_from_1, 5)
    restore_best = Setting(truth, False)

    @property
    def needs_validation(self) -> bool:  # type: ignore[override]  # as the setting is
        return self.restore_best

    def start(self) -> State:
        return [0.0, 0.0, 0.0]

    def can_have_seen(self, state: State) -> bool:
        return is_within(state, self.strip) and all(map(is_loss, state[1:]))

    def says_stop(
        self, state: State, loss: float, validation_loss: Optional[float]
    ) -> bool:
        add_to_strip(state, loss)
        if not strip_ends(state, self.strip):
            return False
        return training_progress(state, self.strip) < self.threshold

    def reason(self) -> str:
        return f"the progress in {self.strip} epochs was below {self.threshold!r} per mille"


RULES = {
    rule.__name__: rule
    for rule in (
        TargetLoss,
        Patience,
        ValidationPatience,
        Gap,
        GeneralizationLoss,
        ProgressQuotient,
        ConsecutiveIncreases,
        TrainingProgress,
    )
}
