"""The C engine: hands buffers to the kernel and takes them back.

The kernel is called once for each *slice* of training, about 60 ms, so that progress is shown and
Ctrl-C answered.  Parameters are copied into one buffer when a call begins and back into the lists
when it ends, or when a callback is about to look at them.
"""

import time
from typing import Callable, List, Optional, Tuple

from .._kernel import lib
from ..reference import losses
from ..reference.layer import Layer
from ..rows.data import Data, Table
from ..rows.late import LateRun
from ..rows.precision import in_precision
from . import calls, pace
from .buffers import Buffers, address, code, zeros
from .hooks import Hooks
from .interrupts import held_signals
from .kernel_replay import DIVERGED, diverged, replay
from .kernel_row import row_predictor as row_predictor
from .kernel_training import RECORDS, Training

NAME = "c"


def predictor(
    layers: List[Layer], threads: Optional[int] = 1, most_rows: Optional[int] = None
) -> Callable[[Table], Table]:
    """A function from rows of inputs to rows of outputs; the parameters are copied once, here.

    `most_rows` is how many there will be at most in a call, if that is known.
    """
    tile_rows = pace.tile_length(layers, most_rows or pace.TILE)
    outputs = layers[-1].units
    step = pace.rows_per_slice(layers)
    of_one_row = pace.products(layers) // 3
    most = pace.team(threads, of_one_row, tile_rows, most_rows or step)
    if most == 1:
        tile_rows = min(tile_rows, pace.near_rows(layers))
    step += -step % tile_rows  # whole tiles
    first_buffers = Buffers(layers, tile_rows, False, most)
    # C works without the GIL: each call has buffers of its own.  There is no lock: in the child of
    # a fork nobody would ever open one that another thread held.
    idle = [first_buffers]

    def predict(rows: Table) -> Table:
        result = zeros(rows.count * outputs, first_buffers.typecode)
        flat = in_precision(rows.flat(), first_buffers.typecode)
        inputs, answer = (address(numbers, first_buffers.kind) for numbers in (flat, result))
        try:
            buffers = idle.pop()
        except IndexError:
            buffers = Buffers(layers, tile_rows, False, most, shared=first_buffers)
        run, training = buffers.run, buffers.run.training
        for first in range(0, rows.count, step):
            training.inputs = inputs + first * rows.width
            training.rows = count = min(step, rows.count - first)
            if most > 1:
                tile = min(count, run.tile_rows)
                run.threads = min(most, pace.team(threads, of_one_row, tile, count))
            calls.predict(run, answer + first * outputs)
        idle.append(buffers)
        return Table(rows.count, outputs, None, result)

    return predict


def evaluate(
    layers: List[Layer], loss: str, data: Data, threads: Optional[int] = 1
) -> Tuple[float, float]:
    tile_rows = pace.tile_length(layers, data.count)
    of_one_row = pace.products(layers) // 3
    most = pace.team(threads, of_one_row, tile_rows, data.count)
    buffers = Buffers(layers, tile_rows, False, most)
    run = buffers.run
    run.loss = code(loss)
    buffers.examples(run.validation, data)
    status = lib.PAUSED
    while status == lib.PAUSED:
        run.budget = pace.rows_per_slice(layers)
        rows = min(run.budget, data.count - run.validated)
        run.threads = min(most, pace.team(threads, of_one_row, tile_rows, rows))
        status = calls.evaluate(run)
    divisor = losses.LOSSES[loss].divisor(run.validation.total_weight, data.targets.width)
    return run.validation_loss_sum / divisor, run.correct / data.count


def train(
    run: LateRun,
    data: Data,
    epochs: int,
    validation: Optional[Data],
    hooks: Hooks,
    threads: Optional[int] = 1,
) -> None:
    """Train, calling hooks.pause() between slices and hooks.epoch_end() after each epoch.

    Without a callback, which needs the weights after each epoch, a slice spans many epochs.

    A training that diverges goes back to its last finite epoch: kernel_replay tells how.
    """
    if epochs == 0:
        return
    records = 1 if hooks.wants_epochs else min(epochs, RECORDS)
    job = Training(run, data, epochs, validation, records, threads, hooks.wants_epochs)
    slices = pace.Pace(pace.rows_per_slice(run.layers))
    status = lib.PAUSED
    with held_signals() as held:
        try:
            while status == lib.PAUSED:
                finished = run.epoch
                budget, used = slices.start(job.most_threads(slices.rows))
                is_late = time.perf_counter() > job.handed_back + job.wait
                job.end_slices_with_epochs(is_late)
                status = job.train_slice(budget, used)
                slices.measure(budget - job.run.budget)
                if status in DIVERGED:
                    break
                with held.interruptible():
                    hooks.pause()
                epoch_ended = hooks.wants_epochs and run.epoch > finished
                renews = is_late and run.epoch > finished
                if epoch_ended or renews or status in (lib.FINISHED, lib.STOPPED):
                    hooks.hand_back(job.hand_back)
                with held.interruptible():
                    wants_end = epoch_ended and hooks.epoch_end()
                if wants_end:
                    break
                if epoch_ended and hooks.may_be_changed:
                    job.take_in(hooks.layers())
                if epoch_ended and hooks.settings_changed:
                    job.take_settings()
                if status == lib.PAUSED and hooks.time_is_over():
                    if not job.run.under_way:
                        break
                    job.run.epochs_left = 1
        finally:
            if status not in DIVERGED and not job.lists_are_whole:
                hooks.hand_back(job.hand_back)  # a callback's last edits stay
        if status in DIVERGED:
            error = diverged(job, status)
            epochs = job.go_back()
            del job
            replay(run, data, epochs, validation, hooks, threads, held)
            raise error
