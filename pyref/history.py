"""What Trainer.train answers."""

from typing import Any, List, Optional

from .reference.run import Run


class History:
    """What happened.

    `loss` has an entry for each finished epoch, `validation_loss` and `validation_accuracy` one for
    each of the `validation_epochs` (from 1), those after which the validation rows were measured.
    `stopped_by` is the sentence of the stopping rule, of the optimizer that found nothing left to
    do (LBFGS), or of the time limit in seconds, that ended the last call of `train`, or None.
    """

    def __init__(self, run: Run, time_limit: Optional[float]) -> None:
        self.loss: List[float] = run.losses
        self.validation_epochs: List[int] = run.validation_epochs
        self.validation_loss: List[float] = run.validation_losses
        self.validation_accuracy: List[float] = run.validation_accuracies
        self.stopped_by: Optional[str] = None
        if run.stopped_by is not None:
            self.stopped_by = run.rules[run.stopped_by].reason()
        elif run.converged is not None and not run.order:  # else the epoch is still to be finished
            self.stopped_by = run.converged
        elif time_limit is not None:
            self.stopped_by = (
                f"the time limit of {time_limit!r} s was reached after epoch {run.epoch}"
            )

    def plot(self, ax: Any = None) -> Any:
        """The learning curves as a figure of matplotlib (`pip install matplotlib`), which
        `matplotlib.pyplot.show` shows: the losses, and where the validation loss was lowest.

        `ax` are axes to draw on instead.  Raises ValueError where no epoch was finished,
        ImportError where there is no matplotlib.
        """
        from .pictures.course import of_history
        from .pictures.curves import curves
        from .pictures.figure import shown_figure

        return shown_figure(curves(of_history(self), with_accuracy=False), ax)

    def _repr_html_(self) -> str:
        """What a notebook shows: the losses, and their course as a drawing."""
        from .display.page import history_page

        return history_page(self)

    def __repr__(self) -> str:
        last = f", the last loss {self.loss[-1]!r}" if self.loss else ""
        return f"<History of {len(self.loss)} epochs{last}>"
