"""What an engine calls while it trains: a user's functions, and the clock."""

import time
from typing import Any, Callable, List, Optional

from ..arguments.changed import (
    check_optimizer, layers_to_train, refuse_not_finite_parameters,
)
from ..arguments.protocols import TrainerLike
from ..recipe import Recording
from ..reference.layer import Layer
from ..reference.settings import above_zero
from .handing_back import Handed
from .one_training import LISTS, UnderWay

Callback = Callable[[Any, int], Any]

BETWEEN_PROGRESS = 0.05  # seconds


class Hooks:
    """`pause` may come at any time, `epoch_end` after each epoch: whether to end the training.

    `wants_epochs` says that somebody looks at the weights there.  `recording` (recipe.Recording)
    and `under_way` (one_training.UnderWay) are set before the training begins.
    """

    recording: Recording
    under_way: UnderWay

    def __init__(
        self,
        trainer: TrainerLike,
        callback: Optional[Callback],
        progress: Optional[Callable[[Any], Any]],
        time_limit: Optional[float],
    ) -> None:
        self.trainer = trainer
        self.callback = callback
        self.progress = progress
        self.handed: Optional[Handed] = None  # what stands in the lists, if the engine says so
        self.may_be_changed = self.settings_changed = True  # by the last callback
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
                self.progress(self.trainer)

    def hand_back(self, into: Callable[[List[Layer]], Optional[Handed]]) -> None:
        """`into` copies a training into the network's layers; whoever else reads these sees all of
        it, with the recipe that belongs to it, or nothing."""
        with LISTS:
            self.handed = into(self.trainer.network.layers)
            self.recording.update(None if self.handed is None else self.handed.digest)

    def epoch_end(self) -> bool:
        if self.callback is not None:
            answer = self.call_back(self.callback)
            if self.may_be_changed or self.settings_changed:
                self.recording.note_callback(self.may_be_changed)
            if answer:
                return True
        return self.time_is_over()

    def call_back(self, callback: Callback) -> Any:
        self.under_way.at_epoch_end = True
        try:
            answer = callback(self.trainer, self.trainer.epoch)
        finally:
            self.under_way.at_epoch_end = False
        with LISTS:
            layers = self.trainer.network.layers
            self.may_be_changed = self.handed is None or not self.handed.still_stands(layers)
            if self.may_be_changed:
                refuse_not_finite_parameters(self.layers())
            self.settings_changed = self.recording.settings_changed()
            if self.settings_changed:
                check_optimizer(self.trainer)
        return answer

    def layers(self) -> List[Layer]:
        """The network's, to go on with; ValueError where this training cannot."""
        with LISTS:
            return layers_to_train(self.trainer)

    def time_is_over(self) -> bool:
        if self.time_limit is not None:
            self.time_was_over = time.monotonic() - self.started >= self.time_limit
        return self.time_was_over
