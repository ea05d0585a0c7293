"""When a training ends, and at what rate it goes on: scikit-learn's rules, after each epoch.

Its loss includes the penalty, which needs the weights.  To look at these after each epoch would
take several times as long as training a small network does.  So it is done after as many epochs as
the rule has to wait in any case: it cannot end a training before `n_iter_no_change` + 1 epochs have
brought nothing.  In between, the penalty is taken to go in a straight line.  Where it is small, and
so is the network, more epochs go by (as many as before, so that there are few looks); if the rule
would have ended the training among them, it goes back, and there again.  So it does where the score
of validation rows, which the engine measures in passing, was the best in between: these weights are
to be kept.  Where there are many rows, so that this would take longer, it looks after each epoch.
"""

import math
import warnings
from typing import Any, List, Optional, Tuple

import numpy as np
from sklearn.base import is_classifier
from sklearn.exceptions import ConvergenceWarning

from ..reference.divergence import DivergedError
from ..reference.elementary import power
from ..reference.guard import Snapshot
from ..trainer import Trainer
from .scores import Spread, accuracy, r2, r2_of, spread_of
from .weights import put_weights, squares, weights_of

NOT_FINITE = (
    "Solver produced non-finite parameter weights. The input data may contain large values and "
    "need to be preprocessed."
)
SMALLEST_RATE = 1e-6
LOOK_AHEAD = 50_000_000  # rows x parameters: some ten milliseconds
FEW_ROWS = 2_000  # up to which an epoch takes less time than a look at all weights
FACTOR = 5.0  # by which the adaptive rate is divided


class Progress:
    """Of one call of fit or partial_fit; what outlasts it stands in the estimator's attributes."""

    def __init__(
        self, estimator: Any, trainer: Trainer, rows: Any, held_out: Any, penalty: float,
        batches: int,
    ) -> None:
        """`penalty` is what the loss of a batch of one row would have of Σw²/2."""
        self.estimator, self.trainer = estimator, trainer
        self.task = estimator._task()
        self.rows, self.held_out = rows, held_out
        self.targets = estimator._targets(rows.y)
        self.penalty = penalty * batches / len(rows.X)  # of an epoch, with the weights that its
        self.on_the_way = (batches - 1) / (2 * batches)  # batches begin with: these, on average
        self.constant = estimator._constant(rows)
        self.sgd = estimator.solver == "sgd"
        self.best = weights_of(trainer.network) if held_out is not None else None
        self.best_at = 0  # after how many epochs of those that were looked at last
        self.validation, self.spread = self.to_be_measured()
        self.stopped = False
        self.parameters = trainer.network.parameter_count

    def train(self, epochs: int) -> None:
        """At most so many; `stopped` says whether something has ended it."""
        estimator = self.estimator
        estimator.n_iter_ = 0
        before = self.squares()
        while estimator.n_iter_ < epochs and not self.stopped:
            count = min(self.patience(before), epochs - estimator.n_iter_)
            start = Snapshot(self.trainer.run, len(self.rows.X)) if count > 1 else None
            losses, scores, error = self.go(count)
            after = self.squares()
            end = self.note_all(losses, scores, before, after)
            decided = estimator._no_improvement_count > estimator.n_iter_no_change
            passed_by = end < len(losses) or 0 < self.best_at < end
            if start is not None and (passed_by or decided and error is not None):
                start.restore(self.trainer.run)
                error = self.go_again(end) or (None if decided else error)
                after = self.squares()
            elif self.best_at:
                self.best = weights_of(self.trainer.network)
            before = after
            if decided:
                self.end_or_slow_down()
            if error is not None:
                self.stopped = True
                self.give_up(error)

    def go(self, epochs: int) -> Tuple[List[float], List[float], Optional[BaseException]]:
        """Their losses, their scores if the engine has measured these, and what has ended them too
        early."""
        run = self.trainer.run
        done, measured = len(run.losses), len(run.validation_losses)
        error = None
        try:
            self.trainer.train(
                self.rows.X, self.targets, epochs=epochs, weights=self.rows.weights,
                validation=self.validation,
            )
        except (DivergedError, KeyboardInterrupt) as ended:
            error = ended
        scores = []
        if self.validation is not None and self.spread is None:
            scores = run.validation_accuracies[measured:]
        elif self.validation is not None and self.spread is not None:
            spread = self.spread
            scores = [r2_of(loss, spread) for loss in run.validation_losses[measured:]]
        return run.losses[done:], scores, error

    def go_again(self, epochs: int) -> Optional[BaseException]:
        """The same way, with a stop at the best weights."""
        for part in (self.best_at, epochs - self.best_at):
            if part:
                _, _, error = self.go(part)
                if error is not None:
                    return error
            if part == self.best_at and part:
                self.best = weights_of(self.trainer.network)
        return None

    def note_all(
        self, losses: List[float], scores: List[float], before: float, after: float
    ) -> int:
        """Until something is decided; how many that are."""
        estimator, self.best_at = self.estimator, 0
        for place, loss in enumerate(losses):
            between = (place + self.on_the_way) / len(losses)
            score = None
            if self.held_out is not None:
                score = scores[place] if scores else self.score()
            if self.note(loss, before + (after - before) * between, score):
                self.best_at = place + 1
            if estimator._no_improvement_count > estimator.n_iter_no_change:
                return place + 1
        return len(losses)

    def to_be_measured(self) -> Tuple[Optional[Tuple[Any, ...]], Optional[Spread]]:
        """The validation rows as pyref.Trainer takes them, where the engine's measures of them
        tell the score: which part is right, or, of one number, how much of its spread is left."""
        held_out = self.held_out
        if held_out is None:
            return None, None
        targets = self.estimator._targets(held_out.y)
        if not is_classifier(self.estimator):
            if self.estimator.n_outputs_ > 1 or self.task.loss != "mean_squared_error":
                return None, None
            weights = () if held_out.weights is None else (held_out.weights,)
            return (held_out.X, targets, *weights), spread_of(held_out.y, held_out.weights)
        if held_out.weights is not None or (
            self.estimator.n_outputs_ > 1 and self.task.output != "softmax"
        ):
            return None, None
        return (held_out.X, targets), None

    def squares(self) -> float:
        return squares(self.trainer.network) if self.penalty else 0.0

    def patience(self, sum_of_squares: float) -> int:
        """How many epochs to go before a look."""
        estimator = self.estimator
        if self.sgd and estimator.learning_rate == "invscaling":
            return 1
        rows = len(self.rows.X)
        if self.held_out is not None and (self.validation is None or rows > FEW_ROWS):
            return 1
        left = estimator.n_iter_no_change + 1 - estimator._no_improvement_count
        if left == math.inf:
            most: int = estimator.max_iter
            return most
        ahead = 0
        if not estimator._no_improvement_count and self.penalty * sum_of_squares < estimator.tol:
            ahead = min(estimator.n_iter_, LOOK_AHEAD // (rows * self.parameters))
        return max(1, int(left), ahead)

    def note(self, loss: float, sum_of_squares: float, score: Optional[float]) -> bool:
        """An epoch is over; whether its score is the best."""
        estimator = self.estimator
        loss = self.task.reported * loss + 0.5 * self.penalty * sum_of_squares + self.constant
        estimator.n_iter_ += 1
        estimator.t_ += len(self.rows.X)
        estimator.loss_ = loss
        estimator.loss_curve_.append(loss)
        if estimator.verbose:
            print(f"Iteration {estimator.n_iter_}, loss = {loss:.8f}")
        is_best = False
        if score is not None:
            is_best = self.note_score(score)
        else:
            self.count(loss > estimator.best_loss_ - estimator.tol)
            estimator.best_loss_ = min(estimator.best_loss_, loss)
        if self.sgd and estimator.learning_rate == "invscaling":
            self.set_rate(
                estimator.learning_rate_init / power(estimator.t_ + 1.0, estimator.power_t)
            )
        return is_best

    def count(self, in_vain: bool) -> None:
        estimator = self.estimator
        estimator._no_improvement_count = estimator._no_improvement_count + 1 if in_vain else 0

    def score(self) -> float:
        """That of the validation rows, as `estimator.score` computes it."""
        outputs = self.trainer.network.predict(self.held_out.X, self.estimator.backend)
        if not is_classifier(self.estimator):
            return r2(self.held_out.y, outputs, self.held_out.weights)
        wanted, found = self.held_out.y, outputs > 0.5
        if self.task.output == "softmax":
            wanted, found = wanted.argmax(axis=1), outputs.argmax(axis=1)
        return accuracy(wanted, found, self.held_out.weights)

    def note_score(self, score: float) -> bool:
        estimator = self.estimator
        estimator.validation_scores_.append(score)
        if estimator.verbose:
            print(f"Validation score: {score:f}")
        self.count(score < estimator.best_validation_score_ + estimator.tol)
        is_best: bool = score > estimator.best_validation_score_
        if is_best:
            estimator.best_validation_score_ = score
        return is_best

    def set_rate(self, rate: float) -> None:
        self.estimator._rate = rate
        self.trainer.optimizer.learning_rate = rate / self.task.scale

    def end_or_slow_down(self) -> None:
        estimator = self.estimator
        what = "Training loss" if self.held_out is None else "Validation score"
        said = (
            f"{what} did not improve more than tol={estimator.tol:f} for "
            f"{estimator.n_iter_no_change} consecutive epochs."
        )
        if not self.sgd or estimator.learning_rate != "adaptive":
            self.stopped, then = True, "Stopping."
        elif estimator._rate <= SMALLEST_RATE:
            self.stopped, then = True, "Learning rate too small. Stopping."
        else:
            self.set_rate(estimator._rate / FACTOR)
            estimator._no_improvement_count = 0
            then = f"Setting learning rate to {estimator._rate:f}"
        if estimator.verbose:
            print(said, then)

    def give_up(self, error: BaseException) -> None:
        """Numbers have grown beyond all floats: with validation rows, there is a best to go to."""
        estimator = self.estimator
        if isinstance(error, KeyboardInterrupt):
            warnings.warn("Training interrupted by user.")
            estimator._trainer = None  # which stands in the midst of an epoch, with these rows
            return
        if self.held_out is None:
            raise ValueError(NOT_FINITE) from error
        estimator.n_iter_ += 1
        estimator.loss_ = np.nan
        estimator.loss_curve_.append(np.nan)
        estimator.validation_scores_.append(np.nan)
        warnings.warn(f"{error}; the best weights so far are kept", ConvergenceWarning)

    def restore_best(self) -> None:
        assert self.best is not None  # there were validation rows
        put_weights(self.trainer.network, *self.best)
