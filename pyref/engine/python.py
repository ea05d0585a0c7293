"""The Python engine: the reference itself, served with what users hand over."""

from typing import Callable, Optional, Tuple

from ..reference import batch, network
from ..reference.guard import guarded_train
from ..reference.run import Run
from ..rows.data import Data, Table
from .arithmetic import check_arithmetic
from .hooks import Hooks
from .interrupts import held_signals

NAME = "python"


def examples(data: Data) -> batch.Examples:
    weights = [1.0] * data.count if data.weights is None else data.weights.tolist()
    return batch.Examples(data.inputs.lists(), data.targets.lists(), weights)


def predictor(layers: list, threads: Optional[int] = 1) -> Callable[[Table], Table]:
    """A function from rows of inputs to rows of outputs.  Here one thread does everything."""

    def predict(rows: Table) -> Table:
        check_arithmetic()
        outputs = [network.predict(layers, [row])[0] for row in rows.lists()]
        return Table(rows.count, layers[-1].units, outputs, None)

    return predict


def evaluate(
    layers: list, loss: str, data: Data, threads: Optional[int] = 1
) -> Tuple[float, float]:
    check_arithmetic()
    return batch.evaluate(layers, loss, examples(data))


def train(
    run: Run,
    data: Data,
    epochs: int,
    validation: Optional[Data],
    hooks: Hooks,
    threads: Optional[int] = 1,
) -> None:
    held_out = None if validation is None else examples(validation)
    train_by_reference(run, examples(data), epochs, held_out, hooks)


def train_by_reference(
    run: Run,
    given: batch.Examples,
    epochs: int,
    held_out: Optional[batch.Examples],
    hooks: Hooks,
    **faster: Callable,
) -> None:
    """Train, calling hooks.pause() after each batch and hooks.epoch_end() after each epoch.

    `faster` are functions for guarded_train to use in place of its own.
    """
    check_arithmetic()
    with held_signals() as held, held.interruptible():
        for epoch_ended in guarded_train(run, given, epochs, held_out, held.unbroken, **faster):
            hooks.pause()
            if epoch_ended and hooks.epoch_end():
                return
