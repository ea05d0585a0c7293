"""The course of a training as a table: a row for each epoch."""

import csv
import io
from typing import Iterator, Optional, Sequence

from ..arguments.task import task_of
from ..tables.layout import CLASSIFICATION
from ..trainer import Trainer


def history_table(trainer: Trainer) -> str:
    """As CSV: the epoch, the learning rate in it, the loss; and, where there are validation rows,
    their loss and, for classes, the part of right answers, empty for epochs after which they were
    not measured.  Numbers have all their bits."""
    run = trainer.run
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    with_accuracy = task_of(trainer.network) == CLASSIFICATION
    names = ["epoch", "rate", "loss"]
    if run.validation_epochs:
        names += ["validation_loss"] + ["validation_accuracy"] * with_accuracy
    writer.writerow(names)
    measured = dict(zip(
        run.validation_epochs, zip(run.validation_losses, run.validation_accuracies)
    ))
    validation = [measured.get(epoch, (None, None)) for epoch in range(1, len(run.losses) + 1)]
    watched: Sequence[Optional[float]] = run.losses
    if measured:
        watched = [loss for loss, _ in validation]
    for epoch, (rate, loss) in enumerate(zip(rates(trainer, watched), run.losses)):
        row = [epoch + 1, repr(rate), repr(loss)]
        row += ["" if value is None else repr(value) for value in validation[epoch]]
        writer.writerow(row[: len(names)])
    return text.getvalue()


def rates(trainer: Trainer, watched: Sequence[Optional[float]]) -> Iterator[float]:
    """Those of the epochs, from the first on, as the schedule gave them: it is asked once more,
    and told again what it was told."""
    schedule, learning_rate = trainer.run.schedule, trainer.optimizer.learning_rate
    state = schedule.start()
    for epoch, loss in enumerate(watched):
        yield schedule.rate(state, learning_rate, epoch)
        schedule.after_epoch(state, loss)
