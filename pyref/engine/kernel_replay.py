"""Where a training in C diverges: the error, and the way back to its last finite epoch.

No copy is kept of every epoch: the lists are as they were when the call of `train` began, and are
renewed every few seconds.  From there the kernel computes once more what was finite, with the same
bits.
"""

from typing import Optional, Sequence

from .._kernel import lib
from ..reference.divergence import DivergedError, first_layer_astray
from ..reference.layer import Layer
from ..rows.data import Data
from ..rows.late import LateRun
from . import pace
from .hooks import Hooks
from .interrupts import Held
from .kernel_training import RECORDS, Training

DIVERGED = (lib.DIVERGED_IN_BATCH, lib.DIVERGED_AFTER_EPOCH)


def diverged(job: Training, status: int) -> DivergedError:
    """The error, worked out by the reference from the weights as they are in C."""
    c, run = job.run, job.state
    lists = iter(job.given(c.parameters))
    layers = [
        Layer(
            [next(lists) for _ in range(shape.inputs)],
            next(lists) if shape.has_biases else None,
            layer.activation,
            layer.precision,
        )
        for shape, layer in zip(job.shapes, run.layers)
    ]
    if status == lib.DIVERGED_IN_BATCH:
        places: Sequence[int] = job.order[c.position : c.position + c.batch_size]
        number = c.position // c.batch_size + 1
        rows = job.data.inputs
    else:
        rows = (job.validation or job.data).inputs
        places = range(rows.count)
        number = (c.training.rows - 1) // c.batch_size + 1
    batch = (rows[place] for place in places)
    return DivergedError(run.epoch + 1, number, first_layer_astray(layers, batch))


def replay(
    run: LateRun,
    data: Data,
    epochs: int,
    validation: Optional[Data],
    hooks: Hooks,
    threads: Optional[int],
    held: Held,
) -> None:
    """Epochs that are known to be finite, from where the lists are.  (Where a progress function has
    changed these meanwhile they may not be: then all stays as it is.)"""
    job = Training(run, data, epochs, validation, min(epochs, RECORDS) or 1, threads)
    slices = pace.Pace(pace.rows_per_slice(run.layers))
    status = lib.PAUSED if epochs else lib.FINISHED
    try:
        while status == lib.PAUSED:
            budget, used = slices.start(job.most_threads(slices.rows))
            status = job.train_slice(budget, used)
            slices.measure(budget - job.run.budget)
            with held.interruptible():
                pass  # Ctrl-C, if it has come
    finally:
        if status in DIVERGED:
            job.go_back()
        elif not job.lists_are_whole:
            hooks.hand_back(job.hand_back)
