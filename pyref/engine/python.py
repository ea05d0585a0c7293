"""The Python engine: the reference itself, served with what users hand over."""

import time
from typing import Callable, List, Optional, Tuple

from ..arguments.changed import copied
from ..reference import batch, network
from ..reference.guard import Snapshot, guarded_train
from ..reference.layer import Layer
from ..reference.parameters import parameters
from ..reference.run import Run
from ..rows.data import Data, Table
from .arithmetic import check_arithmetic
from .handing_back import Spare, fitting_lists, lengths_of, shapes_of
from .hooks import Hooks
from .interrupts import held_signals
from .one_training import LONGEST_ABSENCE

NAME = "python"

row_predictor = None  # see kernel_row.py: here nothing is quicker than `predictor`


def examples(data: Data) -> batch.Examples:
    weights = [1.0] * data.count if data.weights is None else data.weights.tolist()
    return batch.Examples(data.inputs.lists(), data.targets.lists(), weights)


def predictor(
    layers: List[Layer], threads: Optional[int] = 1, most_rows: Optional[int] = None
) -> Callable[[Table], Table]:
    """A function from rows of inputs to rows of outputs.  Here one thread does everything."""

    def predict(rows: Table) -> Table:
        check_arithmetic()
        outputs = [network.predict(layers, [row])[0] for row in rows.lists()]
        return Table(rows.count, layers[-1].units, outputs, None)

    return predict


def evaluate(
    layers: List[Layer], loss: str, data: Data, threads: Optional[int] = 1
) -> Tuple[float, float]:
    check_arithmetic()
    return batch.evaluate(layers, loss, examples(data))


class Apart:
    """A training on lists of its own, which are copied into the network's now and then."""

    def __init__(self, run: Run, rows: int) -> None:
        self.run, self.rows = run, rows
        self.shapes = shapes_of(run.layers)
        self.take_in(run.layers)

    def take_in(self, layers: List[Layer]) -> None:
        self.run.layers = self.own = copied(layers)
        self.last = Snapshot(self.run, self.rows)
        self.lists_are_whole = True
        self.handed_back = time.perf_counter()

    def go_on(self, changed: Optional[List[Layer]]) -> None:
        """After handing back: with the layers that a callback may have changed, or its own."""
        if changed is None:
            self.run.layers = self.own
        else:
            self.take_in(changed)

    def hand_back(self, layers: List[Layer]) -> None:
        """All or nothing: else the run goes back to where the network's lists are."""
        self.lists_are_whole = True
        try:
            lists, values = fitting_lists(layers, self.shapes), parameters(self.own)
            last, spare = Snapshot(self.run, self.rows), Spare(lengths_of(self.shapes))
        except BaseException:
            self.last.restore(self.run)
            raise
        finally:
            self.run.layers = layers
        spare.fill(lists, values)
        self.last, self.handed_back = last, time.perf_counter()

    def is_late(self) -> bool:
        return time.perf_counter() > self.handed_back + LONGEST_ABSENCE


def train(
    run: Run,
    data: Data,
    epochs: int,
    validation: Optional[Data],
    hooks: Hooks,
    threads: Optional[int] = 1,
) -> None:
    """Train, calling hooks.pause() after each batch and hooks.epoch_end() after each epoch."""
    check_arithmetic()
    given = examples(data)
    held_out = None if validation is None else examples(validation)
    apart = Apart(run, data.count)
    with held_signals() as held:
        try:
            steps = guarded_train(run, given, epochs, held_out, held.unbroken)
            wants_end = False
            while not wants_end:
                apart.lists_are_whole = False
                with held.interruptible():
                    epoch_ended = next(steps, None)
                    if epoch_ended is None:
                        break
                    hooks.pause()
                if epoch_ended and (hooks.wants_epochs or apart.is_late()):
                    hooks.hand_back(apart.hand_back)
                if epoch_ended:
                    with held.interruptible():
                        wants_end = hooks.epoch_end()
                    if apart.lists_are_whole:
                        apart.go_on(hooks.layers() if hooks.wants_epochs else None)
        finally:
            if apart.lists_are_whole:
                run.layers = hooks.trainer.network.layers
            else:
                hooks.hand_back(apart.hand_back)
