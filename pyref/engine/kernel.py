"""The C engine: hands buffers to the kernel and takes them back.

The kernel is called once for each *slice* of training, about 60 ms, so that progress is shown and
Ctrl-C answered.  Parameters are copied into one buffer when a call begins and back into the lists
when it ends, or when a callback is about to look at them.
"""

import threading
import time
from array import array
from copy import deepcopy
from typing import Callable, List, NamedTuple, Optional, Tuple

from ..reference import losses
from .._kernel import ffi, lib
from ..reference.batch import Examples
from ..reference.divergence import DivergedError, first_layer_astray
from ..reference.lbfgs import LBFGS
from ..reference.layer import Layer
from ..reference.parameters import parameters
from ..reference.run import Run, drops, shuffles
from . import python
from .buffers import Buffers, address, code, get_numbers, set_numbers, set_settings, zeros
from .interrupts import Held, held_signals
from .pace import SLICE, Pace, team
from .rows import Data, Table

NAME = "c"

RECORDS = 65536  # epochs that one slice may finish
LONGEST_REPLAY = 5.0  # seconds: see train
TILE = 128  # rows that pass through the layers together
SHORTEST_TILE = 8

DIVERGED = (lib.DIVERGED_IN_BATCH, lib.DIVERGED_AFTER_EPOCH)
INSTRUCTION_SETS = {"plain": lib.PLAIN, "base": lib.BASE, "avx2": lib.AVX2, "avx512": lib.AVX512}

instruction_set = lib.best_instruction_set()  # what every call uses; tests set others


def products(layers: List[Layer]) -> int:
    """Multiplications of one row on its way forward and back."""
    return 3 * sum(len(layer.weights) * layer.units for layer in layers)


def rows_per_slice(layers: List[Layer]) -> int:
    """A first guess, at a billion multiplications a second; slices then measure themselves."""
    return int(SLICE * 1e9 / (products(layers) + 100)) + 1


def tile_length(layers: List[Layer], rows: int) -> int:
    """How many rows pass through the layers together: fewer where that would take too long."""
    return min(rows, TILE, max(SHORTEST_TILE, int(SLICE * 1e10 / products(layers))))


def room(batch_size: int) -> int:
    """The rows that there must be room for at least: the plain loops take whole batches."""
    return batch_size if instruction_set == lib.PLAIN else 0


def predictor(layers: list, threads: Optional[int] = 1) -> Callable[[Table], Table]:
    """A function from rows of inputs to rows of outputs; the parameters are copied once, here."""
    buffers = Buffers(layers, tile_length(layers, TILE), training_too=False)
    outputs = layers[-1].units
    step = rows_per_slice(layers)
    of_one_row = products(layers) // 3
    lock = threading.Lock()  # C works without the GIL, and all calls share these buffers

    def predict(rows: Table) -> Table:
        result = zeros(rows.count * outputs)
        flat = rows.flat()
        inputs, answer = address(flat), address(result)
        run = buffers.run
        with lock:
            for first in range(0, rows.count, step):
                run.training.inputs = inputs + first * rows.width
                run.training.rows = count = min(step, rows.count - first)
                tile = min(count, run.tile_rows)
                run.threads = team(threads, of_one_row, tile, count)
                lib.predict(run, answer + first * outputs, instruction_set)
        return Table(rows.count, outputs, None, result)

    return predict


def evaluate(
    layers: list, loss: str, data: Data, threads: Optional[int] = 1
) -> Tuple[float, float]:
    buffers = Buffers(layers, tile_length(layers, data.count), training_too=False)
    run = buffers.run
    run.loss = code(loss)
    buffers.examples(run.validation, data)
    status = lib.PAUSED
    while status == lib.PAUSED:
        run.budget = rows_per_slice(layers)
        run.threads = team(threads, products(layers) // 3, run.tile_rows,
                           min(run.budget, data.count - run.validated))
        status = lib.evaluate(run, instruction_set)
    divisor = losses.LOSSES[loss].divisor(run.validation.total_weight, data.targets.width)
    return run.validation_loss_sum / divisor, run.correct / data.count


class Place(NamedTuple):
    """Where a training.Run stands, apart from its long lists."""

    epoch: int
    position: int
    loss_sum: float
    rate: float
    best_loss: float
    best_epoch: int
    scalars: List[float]
    schedule_state: List[float]
    rule_states: List[List[float]]

    @classmethod
    def of(cls, run: Run) -> "Place":
        values = {name: getattr(run, name) for name in cls._fields}
        for name in ("scalars", "schedule_state"):
            values[name] = list(values[name])
        return cls(**{**values, "rule_states": [list(state) for state in run.rule_states]})


class Training(Buffers):
    """A training.Run in C, for one call of `train`."""

    def __init__(
        self,
        run: Run,
        data: Data,
        epochs: int,
        validation: Optional[Data],
        records: int,
        threads: Optional[int] = 1,
    ) -> None:
        batch_size = min(run.batch_size or data.count, data.count)
        together = batch_size if validation is None else max(batch_size, SHORTEST_TILE)
        tile = tile_length(run.layers, together)
        most = team(threads, products(run.layers), tile, data.count * epochs)
        super().__init__(run.layers, tile, True, most, room(batch_size))
        self.state = run
        self.data, self.validation = data, validation
        self.threads = threads
        c = self.run
        count = c.parameter_count
        c.memory_count = len(run.memory)
        wanted = [(c, "memory", count * len(run.memory))]
        if any(rule.restore_best for rule in run.rules):
            wanted.append((c, "best", count))
        for place, layer in enumerate(self.c_layers):
            rate = run.regularization.dropout if place else run.regularization.input_dropout
            layer.drop_rate = rate
            if rate:
                kept = bytearray(batch_size * layer.inputs)
                layer.kept = self.pointer(kept, "uint8_t")
                if place:
                    wanted.append((layer, "x", self.tile(layer.inputs)))
        self.allocate(wanted)
        for place, lists in enumerate(run.memory):
            self.take(lists, c.memory + place * count)
        set_numbers(c.scalars, run.scalars)
        if c.best != ffi.NULL and run.best is not None:
            self.take(run.best, c.best)

        c.loss = code(run.loss)
        c.smoothing = run.smoothing
        set_settings(c.optimizer, run.optimizer)
        set_settings(c.schedule, run.schedule)
        set_numbers(c.schedule_state, run.schedule_state)
        c.rate = run.rate
        for name, value in vars(run.regularization).items():
            setattr(c.regularization, name, value or 0.0)
        c.batch_size = batch_size
        c.shuffle = run.shuffle
        if shuffles(run, data.count) or drops(run):
            copy_stream_in(run.stream, c.stream)

        self.examples(c.training, data)
        if validation is not None:
            self.examples(c.validation, validation)

        self.order = array("q", run.order or bytes(8 * data.count))
        c.order = self.pointer(self.order, "int64_t")
        c.under_way = bool(run.order)
        c.epoch, c.position, c.loss_sum = run.epoch, run.position, run.loss_sum

        c.rules = self.owned(ffi.new("Rule[]", len(run.rules)))
        c.rule_count = len(run.rules)
        c.stopped_by = -1
        c.best_loss, c.best_epoch = run.best_loss, run.best_epoch
        for into, rule, state in zip(c.rules[0 : len(run.rules)], run.rules, run.rule_states):
            set_settings(into.settings, rule)
            into.restore_best = rule.restore_best
            set_numbers(into.state, state)

        c.epochs_left = min(epochs, 2**62)  # nobody will live to see the difference
        self.records = records
        self.losses, self.validation_losses, self.accuracies = (zeros(records) for _ in range(3))
        self.validation_epochs = array("q", bytes(8 * records))
        c.losses = self.pointer(self.losses)
        c.validation_every = run.validation_every
        c.validation_epochs = self.pointer(self.validation_epochs, "int64_t")
        c.validation_losses = self.pointer(self.validation_losses)
        c.validation_accuracies = self.pointer(self.accuracies)
        c.record_capacity = records
        self.note_place()

    def most_threads(self, rows: int) -> int:
        """For a slice of so many rows at most."""
        c = self.run
        ahead = c.training.rows * min(c.epochs_left, c.record_capacity)
        return team(self.threads, products(self.layers), c.tile_rows, min(rows, ahead))

    def train_slice(self, budget: int, threads: int = 1) -> int:
        self.lists_are_whole = False
        self.run.budget = budget
        self.run.threads = threads
        status = lib.train(self.run, instruction_set)
        self.take_records()
        return status

    def take_records(self) -> None:
        """Where the training stands, without the weights."""
        c, run = self.run, self.state
        run.losses.extend(self.losses[: c.recorded])
        run.validation_epochs.extend(self.validation_epochs[: c.validations])
        run.validation_losses.extend(self.validation_losses[: c.validations])
        run.validation_accuracies.extend(self.accuracies[: c.validations])
        c.recorded = c.validations = 0
        run.epoch, run.position, run.loss_sum, run.rate = c.epoch, c.position, c.loss_sum, c.rate
        run.best_loss, run.best_epoch = c.best_loss, c.best_epoch
        run.stopped_by = c.stopped_by if c.stopped_by >= 0 else None
        get_numbers(c.scalars, run.scalars)
        get_numbers(c.schedule_state, run.schedule_state)
        for state, rule in zip(run.rule_states, c.rules[0 : len(run.rules)]):
            get_numbers(rule.state, state)

    def hand_back(self) -> None:
        """Everything, into the lists that are the truth."""
        run, c = self.state, self.run
        began = time.perf_counter()
        self.give(c.parameters, parameters(run.layers))
        for place, lists in enumerate(run.memory):
            self.give(c.memory + place * c.parameter_count, lists)
        if c.best != ffi.NULL and run.best_epoch:
            run.best = [list(row) for row in parameters(run.layers)]
            self.give(c.best, run.best)
        if shuffles(run, c.training.rows) or drops(run):
            # A batch that was broken off is drawn again from where it began.
            begun = c.batch_done > 0 and drops(run)
            copy_stream_out(c.batch_stream if begun else c.stream, run.stream)
        run.order = self.order.tolist() if c.under_way else []
        self.note_place()
        self.wait = max(LONGEST_REPLAY, 50.0 * (self.handed_back - began))

    def note_place(self) -> None:
        """The lists and the run are as the kernel has them."""
        self.lists_are_whole = True
        self.place = Place.of(self.state)
        self.handed_back = time.perf_counter()
        self.wait = LONGEST_REPLAY

    def end_slices_with_epochs(self, wished: bool) -> None:
        """Have `train` pause at the next end of an epoch."""
        self.run.record_capacity = 1 if wished else self.records

    def take_in(self) -> None:
        """What a callback may have changed."""
        self.set_network(self.state.layers)
        set_settings(self.run.optimizer, self.state.optimizer)

    def diverged(self, status: int) -> DivergedError:
        """The error, worked out by the reference from the weights as they are in C."""
        c, run = self.run, self.state
        layers = deepcopy(run.layers)
        self.give(c.parameters, parameters(layers))
        if status == lib.DIVERGED_IN_BATCH:
            places = self.order[c.position : c.position + c.batch_size]
            number = c.position // c.batch_size + 1
            rows = self.data.inputs
        else:
            rows = (self.validation or self.data).inputs
            places = range(rows.count)
            number = (c.training.rows - 1) // c.batch_size + 1
        batch = (rows[place] for place in places)
        return DivergedError(
            run.epoch + 1, number, first_layer_astray(layers, batch)
        )

    def go_back(self) -> int:
        """To where the lists are; returns how many epochs were finished since."""
        run = self.state
        finished = run.epoch - self.place.epoch
        del run.losses[len(run.losses) - finished :]
        while run.validation_epochs and run.validation_epochs[-1] > self.place.epoch:
            for history in (
                run.validation_epochs, run.validation_losses, run.validation_accuracies
            ):
                del history[-1]
        for name, value in self.place._asdict().items():
            setattr(run, name, value)
        return finished


def copy_stream_in(stream, into) -> None:
    *words, into.position = stream.state()
    into.words = words


def copy_stream_out(source, stream) -> None:
    stream.set_state((*source.words, source.position))


class Gradients(Buffers):
    """What L-BFGS asks for: the loss sum and the gradients of all rows, wherever it looks."""

    def __init__(self, run: Run, data: Data, hooks, threads: Optional[int]) -> None:
        tile = tile_length(run.layers, data.count)
        most = team(threads, products(run.layers), tile, data.count)
        super().__init__(run.layers, tile, True, most, room(data.count))
        self.threads = threads
        self.run.loss = code(run.loss)
        self.run.smoothing = run.smoothing
        self.examples(self.run.training, data)
        self.pace = Pace(rows_per_slice(run.layers))
        self.hooks = hooks

    def of(self, run: Run, layers: List[Layer], examples) -> Tuple[float, List[List[float]]]:
        """search.full_gradients, in slices."""
        c = self.run
        self.set_network(layers)
        status = lib.PAUSED
        while status == lib.PAUSED:
            rows = min(self.pace.rows, c.training.rows)
            most = team(self.threads, products(layers), c.tile_rows, rows)
            budget, c.threads = self.pace.start(most)
            c.budget = budget
            status = lib.full_gradients(c, instruction_set)
            self.pace.measure(budget - c.budget)
            self.hooks.pause()
        gradients = [list(row) for row in parameters(layers)]
        self.give(c.gradients, gradients)
        return c.batch_loss_sum, gradients


def minimise(
    run: Run,
    data: Data,
    epochs: int,
    validation: Optional[Data],
    hooks,
    threads: Optional[int],
) -> None:
    """The reference's own epochs of L-BFGS, with what they need of all rows computed here."""

    def evaluate_here(layers: List[Layer], loss: str, held_out) -> Tuple[float, float]:
        return evaluate(layers, loss, validation, threads)

    python.train_by_reference(
        run,
        rows_of(data),
        epochs,
        None if validation is None else rows_of(validation),
        hooks,
        gradients_of=Gradients(run, data, hooks, threads).of,
        evaluate=evaluate_here,
    )


def rows_of(data: Data) -> Examples:
    weights = [1.0] * data.count if data.weights is None else data.weights
    return Examples(data.inputs, data.targets, weights)


def train(
    run: Run,
    data: Data,
    epochs: int,
    validation: Optional[Data],
    hooks,
    threads: Optional[int] = 1,
) -> None:
    """Train, calling hooks.pause() between slices and hooks.epoch_end() after each epoch.

    Without a callback, which needs the weights after each epoch, a slice spans many epochs.

    A training that diverges goes back to its last finite epoch.  No copy is kept of every epoch:
    the lists are as they were when the call began, and are renewed every few seconds.  From there
    the kernel computes once more what was finite, with the same bits.
    """
    if epochs == 0:
        return
    if isinstance(run.optimizer, LBFGS):
        minimise(run, data, epochs, validation, hooks, threads)
        return
    records = 1 if hooks.wants_epochs else min(epochs, RECORDS)
    job = Training(run, data, epochs, validation, records, threads)
    pace = Pace(rows_per_slice(run.layers))
    status = lib.PAUSED
    with held_signals() as held:
        try:
            while status == lib.PAUSED:
                finished = run.epoch
                budget, used = pace.start(job.most_threads(pace.rows))
                is_late = time.perf_counter() > job.handed_back + job.wait
                job.end_slices_with_epochs(is_late)
                status = job.train_slice(budget, used)
                epoch_ended = hooks.wants_epochs and run.epoch > finished
                renews = is_late and run.epoch > finished
                if epoch_ended or renews or status in (lib.FINISHED, lib.STOPPED):
                    job.hand_back()
                pace.measure(budget - job.run.budget)
                if status in DIVERGED:
                    break
                with held.interruptible():
                    hooks.pause()
                    wants_end = epoch_ended and hooks.epoch_end()
                if wants_end:
                    break
                if epoch_ended:
                    job.take_in()
                if status == lib.PAUSED and hooks.time_is_over():
                    if not job.run.under_way:
                        break
                    job.run.epochs_left = 1
        finally:
            if status not in DIVERGED and not job.lists_are_whole:
                job.hand_back()  # a callback's last edits stay
        if status in DIVERGED:
            error = job.diverged(status)
            epochs = job.go_back()
            del job
            replay(run, data, epochs, validation, threads, held)
            raise error


def replay(
    run: Run,
    data: Data,
    epochs: int,
    validation: Optional[Data],
    threads: Optional[int],
    held: Held,
) -> None:
    """Epochs that are known to be finite, from where the lists are."""
    job = Training(run, data, epochs, validation, min(epochs, RECORDS) or 1, threads)
    pace = Pace(rows_per_slice(run.layers))
    status = lib.PAUSED if epochs else lib.FINISHED
    try:
        while status == lib.PAUSED:
            budget, used = pace.start(job.most_threads(pace.rows))
            status = job.train_slice(budget, used)
            pace.measure(budget - job.run.budget)
            with held.interruptible():
                pass  # Ctrl-C, if it has come
    finally:
        if not job.lists_are_whole:
            job.hand_back()
