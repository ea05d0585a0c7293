"""The course of a training: the losses from epoch to epoch, from its history or from the recipe
that its model keeps."""

from math import ceil
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

EpochValues = List[Tuple[int, float]]  # epochs, from 1, and what was measured after them

MOST_POINTS = 500  # of a line: more would show no more


class Course(NamedTuple):
    """`best`: the first epoch with the lowest validation loss, and this loss."""

    losses: EpochValues
    validation: EpochValues
    accuracies: EpochValues  # of the validation rows

    @property
    def best(self) -> Optional[Tuple[int, float]]:
        return min(self.validation, key=lambda point: point[1]) if self.validation else None


def of_history(history: Any) -> Course:
    epochs = history.validation_epochs
    return Course(
        list(enumerate(history.loss, 1)), list(zip(epochs, history.validation_loss)),
        list(zip(epochs, history.validation_accuracy)),
    )


def of_segments(segments: List[Dict[str, Any]]) -> Course:
    """Those of a recipe, one behind the other.  The epochs of each segment's validation are counted
    from the first one of its trainer, which may have begun in a segment before."""
    made = Course([], [], [])
    done = 0
    began: Dict[int, int] = {}
    for segment in segments:
        before = began.setdefault(segment["trainer"], done)
        every = segment["loss_every"]
        made.losses.extend(
            (done + place * every, loss) for place, loss in enumerate(segment["losses"], 1)
        )
        measured = [before + epoch for epoch in segment.get("validation_epochs", [])]
        made.validation.extend(zip(measured, segment.get("validation_losses", [])))
        made.accuracies.extend(zip(measured, segment.get("validation_accuracies", [])))
        done += segment["epochs"]
    return made


def thinned(points: EpochValues) -> EpochValues:
    """The last one of every so many, the first, and the last.

    >>> thinned([(1, 0.5), (2, 0.25)])
    [(1, 0.5), (2, 0.25)]
    """
    every = ceil(len(points) / MOST_POINTS)
    return points[:1] + points[every - 1 :: every] + points[-1:] if every > 1 else points
