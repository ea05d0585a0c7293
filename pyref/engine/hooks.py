"""What an engine calls while it trains: a user's functions, and the clock."""

import time
from typing import Any, Callable, Optional

from ..arguments.changed import layers_to_train, refuse_not_finite_parameters
from ..reference.settings import above_zero

BETWEEN_PROGRESS = 0.05  # seconds


class Hooks:
    """`pause` may come at any time, `epoch_end` after each epoch: whether to end the training.

    `wants_epochs` says that somebody looks at the weights there.  `recording` (recipe.Recording) is
    set before the training begins.
    """

    def __init__(
        self,
        trainer,
        callback: Optional[Callable[[Any, int], Any]],
        progress: Optional[Callable[[Any], Any]],
        time_limit: Optional[float],
    ) -> None:
        self.trainer = trainer
        self.callback = callback
        self.progress = progress
        self.recording = None
        self.wants_epochs = callback is not None
        self.next_progress = 0.0
        self.time_limit = None if time_limit is None else above_zero("time_limit", time_limit)
        self.started = time.monotonic()
        self.time_was_over = False

    def pause(self) -> None:
        if self.progress is not None:
            now = time.monotonic()
            if now >= self.next_progress:
                self.next_progress = now + BETWEEN_PROGRESS
                self.trainer._is_whole = False
                try:
                    self.progress(self.trainer)
                finally:
                    self.trainer._is_whole = True

    def epoch_end(self) -> bool:
        if self.callback is not None:
            wants_end = bool(self.recording.during(self.call_back))
            if wants_end:
                return True
        return self.time_is_over()

    def call_back(self) -> Any:
        answer = self.callback(self.trainer, self.trainer.epoch)
        refuse_not_finite_parameters(layers_to_train(self.trainer))
        return answer

    def time_is_over(self) -> bool:
        if self.time_limit is not None:
            self.time_was_over = time.monotonic() - self.started >= self.time_limit
        return self.time_was_over
