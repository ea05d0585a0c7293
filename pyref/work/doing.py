"""Doing what a job says: its rows as the loss takes them, and the weights that are kept."""

from typing import Optional, Tuple

from .division import Rows
from .from_options import targets_for
from .job import Job


def rows_for(job: Job) -> Tuple[Rows, Optional[Rows]]:
    """The rows as the loss takes them."""
    network = job.trainer.network
    inputs, targets = job.training
    training = inputs, targets_for(network, targets)
    if job.validation is None:
        return training, None
    return training, (job.validation[0], targets_for(network, job.validation[1]))


def keep_best(job: Job) -> Optional[int]:
    """Put back the best weights where a rule kept them, and note in the recipe what is kept; the
    epoch they are from."""
    trainer = job.trainer
    best_epoch = trainer.run.best_epoch if trainer.restore_best() else None
    job.recipe.update(epochs=trainer.epoch, engine=trainer.backend, kept_epoch=best_epoch)
    return best_epoch
