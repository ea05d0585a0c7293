"""Stopping rules: when to end a training before its last epoch.

Training too long wastes time and, worse, learns the training rows by heart.  A rule is asked at
the end of each epoch, with the epoch loss and, where there are validation rows, their loss.  A
rule never changes; what it has seen is kept beside it in a list of numbers (its *state*), so that
a training can be saved and gone on with at any epoch.
"""

from typing import List

from .settings import Settings, number, whole, zero_or_more

State = List[float]


class Rule(Settings):
    """A stopping rule also has `says_stop` and `reason`, the sentence that tells people why."""

    needs_validation = False
    restore_best = False  # whether to end with the weights of the lowest validation loss

    def start(self) -> State:
        """The state before the first epoch."""
        return []


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

    def __init__(self, loss: float) -> None:
        self.loss = number("TargetLoss: loss", loss)

    def says_stop(self, state: State, loss: float, validation_loss: float) -> bool:
        return loss <= self.loss

    def reason(self) -> str:
        return f"the loss reached {self.loss!r}"


class Patience(Rule):
    """Stop when the epoch loss has not improved for `epochs` epochs in a row.

    To improve is to be lower than the best loss before by more than `minimum_improvement`.
    """

    def __init__(self, epochs: int, minimum_improvement: float = 0.0) -> None:
        self.epochs = whole("Patience: epochs", epochs, least=1)
        self.minimum_improvement = zero_or_more(
            "Patience: minimum_improvement", minimum_improvement
        )

    def start(self) -> State:
        return [float("inf"), 0.0]

    def says_stop(self, state: State, loss: float, validation_loss: float) -> bool:
        return waited_too_long(state, loss, self.minimum_improvement, self.epochs)

    def reason(self) -> str:
        return f"the loss has not improved for {self.epochs} epochs"


class ValidationPatience(Rule):
    """Stop when the validation loss has not improved for `epochs` epochs in a row.

    With `restore_best`, the weights go back to those after the epoch with the lowest validation
    loss.  ("Early stopping"; Prechelt 1998 compares such rules.)
    """

    needs_validation = True

    def __init__(
        self, epochs: int, minimum_improvement: float = 0.0, restore_best: bool = True
    ) -> None:
        self.epochs = whole("ValidationPatience: epochs", epochs, least=1)
        self.minimum_improvement = zero_or_more(
            "ValidationPatience: minimum_improvement", minimum_improvement
        )
        self.restore_best = bool(restore_best)

    def start(self) -> State:
        return [float("inf"), 0.0]

    def says_stop(self, state: State, loss: float, validation_loss: float) -> bool:
        return waited_too_long(state, validation_loss, self.minimum_improvement, self.epochs)

    def reason(self) -> str:
        return f"the validation loss has not improved for {self.epochs} epochs"


class Gap(Rule):
    """Stop when training and validation loss have come within `gap` of each other."""

    needs_validation = True

    def __init__(self, gap: float) -> None:
        self.gap = zero_or_more("Gap: gap", gap)

    def says_stop(self, state: State, loss: float, validation_loss: float) -> bool:
        return abs(validation_loss - loss) <= self.gap

    def reason(self) -> str:
        return f"the training and the validation loss came within {self.gap!r} of each other"


RULES = {rule.__name__: rule for rule in (TargetLoss, Patience, ValidationPatience, Gap)}
