"""The C engine: hands buffers to the kernel and takes them back.

The kernel is called once for each *slice* of training, about 60 ms, so that progress is shown and
Ctrl-C answered.  Parameters are copied into one buffer when a call begins and back into the lists
when it ends, or when a callback is about to look at them.
"""

import re
import threading
import time
from array import array
from typing import Callable, List, Optional, Tuple

from .. import losses, training
from .._kernel import ffi, lib
from ..network import Layer, parameters
from ..run import Run, drops, shuffles
from ..settings import Settings
from .interrupts import held_while_unbroken
from .rows import Data, Table

NAME = "c"

SLICE = 0.06  # seconds
RECORDS = 65536  # epochs that one slice may finish
TILE = 64  # rows that pass through the layers together

DIVERGED = (lib.DIVERGED_IN_BATCH, lib.DIVERGED_AFTER_EPOCH)
INSTRUCTION_SETS = {"plain": lib.PLAIN, "avx2": lib.AVX2, "avx512": lib.AVX512}

instruction_set = lib.best_instruction_set()  # what every call uses; tests set others


def unusable() -> Optional[str]:
    """Why the kernel must not be used although it was loaded, or None."""
    return None


def code(name: str) -> int:
    """The kernel's number for a name of the reference's tables: TargetLoss is TARGET_LOSS."""
    return getattr(lib, re.sub("(?<=[a-z])(?=[A-Z])", "_", name).upper())


def set_settings(into, settings: Settings) -> None:
    into.kind = code(type(settings).__name__)
    for place, value in enumerate(vars(settings).values()):
        into.settings[place] = value


def set_numbers(into, values: List[float]) -> None:
    for place, value in enumerate(values):
        into[place] = value


def get_numbers(source, values: List[float]) -> None:
    for place in range(len(values)):
        values[place] = source[place]


def zeros(count: int) -> array:
    return array("d", bytes(8 * count))


def flat_copy(lists: List[List[float]]) -> array:
    flat = array("d")
    for row in lists:
        flat.extend(row)
    return flat


def copy_out(flat: array, lists: List[List[float]]) -> None:
    place = 0
    for row in lists:
        row[:] = flat[place : place + len(row)].tolist()
        place += len(row)


class Buffers:
    """A network in C: the parameters in one buffer, and what the forward pass writes to.

    `keep` holds every Python object whose memory C points to.
    """

    def __init__(self, layers: List[Layer], tile_rows: int, training_too: bool) -> None:
        self.layers = layers
        self.keep: list = []
        self.run = ffi.new("Run *")
        self.parameters = flat_copy(parameters(layers))
        count = len(self.parameters)
        run = self.run
        run.parameter_count = count
        run.parameters = self.pointer(self.parameters)
        run.gradients = self.pointer(zeros(count)) if training_too else ffi.NULL
        run.tile_rows = tile_rows
        width = len(layers[0].weights)
        run.tile = self.pointer(zeros(tile_rows * width))
        run.tile_targets = self.pointer(zeros(tile_rows * layers[-1].units))
        run.tile_weights = self.pointer(zeros(tile_rows))
        run.layers = self.owned(ffi.new("Layer[]", len(layers)))
        run.layer_count = len(layers)
        place = 0
        for into, layer in zip(run.layers[0 : len(layers)], layers):
            into.inputs, into.units = width, layer.units
            into.activation = code(layer.activation)
            into.has_biases = layer.biases is not None
            biases_at = place + width * layer.units
            into.weights = run.parameters + place
            into.biases = run.parameters + biases_at
            if training_too:
                into.weight_gradients = run.gradients + place
                into.bias_gradients = run.gradients + biases_at
                into.deltas = self.pointer(zeros(tile_rows * layer.units))
            into.z = self.pointer(zeros(tile_rows * layer.units))
            into.y = self.pointer(zeros(tile_rows * layer.units))
            place = biases_at + (layer.units if layer.biases is not None else 0)
            width = layer.units

    def validate_on(self, data: Data) -> None:
        run = self.run
        run.validation_inputs = self.pointer(data.inputs.flat())
        run.validation_targets = self.pointer(data.targets.flat())
        if data.weights is not None:
            run.validation_weights = self.pointer(data.weights)
        run.validation_rows = data.count
        run.validation_weight = data.total_weight()

    def owned(self, data):
        self.keep.append(data)
        return data

    def pointer(self, buffer, kind: str = "double[]"):
        return self.owned(ffi.from_buffer(kind, buffer))


def rows_per_slice(layers: List[Layer]) -> int:
    """A first guess, at a billion multiplications a second; slices then measure themselves."""
    products = 3 * sum(len(layer.weights) * layer.units for layer in layers)
    return int(SLICE * 1e9 / (products + 100)) + 1


def predictor(layers: list) -> Callable[[Table], Table]:
    """A function from rows of inputs to rows of outputs; the parameters are copied once, here."""
    buffers = Buffers(layers, TILE, training_too=False)
    outputs = layers[-1].units
    step = rows_per_slice(layers)
    lock = threading.Lock()  # C works without the GIL, and all calls share these buffers

    def predict(rows: Table) -> Table:
        result = zeros(rows.count * outputs)
        inputs = ffi.from_buffer("double[]", rows.flat())
        answer = ffi.from_buffer("double[]", result)
        run = buffers.run
        with lock:
            for first in range(0, rows.count, step):
                run.inputs = inputs + first * rows.width
                run.rows = min(step, rows.count - first)
                lib.predict(run, answer + first * outputs, instruction_set)
        return Table(rows.count, outputs, None, result)

    return predict


def evaluate(layers: list, loss: str, data: Data) -> Tuple[float, float]:
    buffers = Buffers(layers, min(TILE, data.count), training_too=False)
    run = buffers.run
    run.loss = code(loss)
    buffers.validate_on(data)
    status = lib.PAUSED
    while status == lib.PAUSED:
        run.budget = rows_per_slice(layers)
        status = lib.evaluate(run, instruction_set)
    divisor = losses.LOSSES[loss].divisor(run.validation_weight, data.targets.width)
    return run.validation_loss_sum / divisor, run.correct / data.count


class Training(Buffers):
    """A training.Run in C, for one call of `train`."""

    def __init__(
        self,
        run: Run,
        data: Data,
        epochs: int,
        validation: Optional[Data],
        records: int,
    ) -> None:
        batch_size = min(run.batch_size or data.count, data.count)
        super().__init__(run.layers, min(TILE, batch_size), training_too=True)
        self.state = run
        self.lists_are_whole = True  # False while C is ahead of them
        self.data, self.validation = data, validation
        c = self.run
        count = c.parameter_count
        self.memory = flat_copy([row for lists in run.memory for row in lists])
        self.saved_parameters, self.saved_memory = zeros(count), zeros(len(self.memory))
        c.memory = self.pointer(self.memory)
        c.memory_count = len(run.memory)
        set_numbers(c.scalars, run.scalars)
        c.saved_parameters = self.pointer(self.saved_parameters)
        c.saved_memory = self.pointer(self.saved_memory)
        self.best = None
        if any(rule.restore_best for rule in run.rules):
            self.best = zeros(count)
            if run.best is not None:
                self.best = flat_copy(run.best)
            c.best = self.pointer(self.best)

        c.loss = code(run.loss)
        c.smoothing = run.smoothing
        set_settings(c.optimizer, run.optimizer)
        set_settings(c.schedule, run.schedule)
        set_numbers(c.schedule_state, run.schedule_state)
        c.rate = run.rate
        for name, value in vars(run.regularization).items():
            setattr(c.regularization, name, value or 0.0)
        for place, layer in enumerate(c.layers[0 : c.layer_count]):
            rate = run.regularization.dropout if place else run.regularization.input_dropout
            layer.drop_rate = rate
            if rate:
                kept = bytearray(batch_size * layer.inputs)
                layer.kept = self.pointer(kept, "uint8_t[]")
                layer.x = self.pointer(zeros(c.tile_rows * layer.inputs))
        c.batch_size = batch_size
        c.shuffle = run.shuffle
        copy_stream_in(run.stream, c.stream)

        c.inputs = self.pointer(data.inputs.flat())
        c.targets = self.pointer(data.targets.flat())
        if data.weights is not None:
            c.weights = self.pointer(data.weights)
        c.rows = data.count
        c.total_weight = data.total_weight()
        if validation is not None:
            self.validate_on(validation)

        self.order = array("q", run.order or bytes(8 * data.count))
        c.order = self.pointer(self.order, "int64_t[]")
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

        c.epochs_left = epochs
        self.losses, self.validation_losses, self.accuracies = (zeros(records) for _ in range(3))
        c.losses = self.pointer(self.losses)
        c.validation_losses = self.pointer(self.validation_losses)
        c.validation_accuracies = self.pointer(self.accuracies)
        c.record_capacity = records

    def train_slice(self, budget: int) -> int:
        self.lists_are_whole = False
        self.run.budget = budget
        status = lib.train(self.run, instruction_set)
        self.take_records()
        return status

    def take_records(self) -> None:
        """Where the training stands, without the weights."""
        c, run = self.run, self.state
        run.losses.extend(self.losses[: c.recorded])
        if self.validation is not None:
            run.validation_losses.extend(self.validation_losses[: c.recorded])
            run.validation_accuracies.extend(self.accuracies[: c.recorded])
        c.recorded = 0
        run.epoch, run.position, run.loss_sum, run.rate = c.epoch, c.position, c.loss_sum, c.rate
        run.best_loss, run.best_epoch = c.best_loss, c.best_epoch
        run.stopped_by = c.stopped_by if c.stopped_by >= 0 else None
        get_numbers(c.scalars, run.scalars)
        get_numbers(c.schedule_state, run.schedule_state)
        for state, rule in zip(run.rule_states, c.rules[0 : len(run.rules)]):
            get_numbers(rule.state, state)

    def hand_back(self) -> None:
        """Everything, into the lists that are the truth."""
        run = self.state
        copy_out(self.parameters, parameters(run.layers))
        copy_out(self.memory, [row for lists in run.memory for row in lists])
        if self.best is not None and run.best_epoch:
            run.best = [list(row) for row in parameters(run.layers)]
            copy_out(self.best, run.best)
        # A batch that was broken off is drawn again from where it began.
        begun = self.run.batch_done > 0 and drops(run)
        copy_stream_out(self.run.batch_stream if begun else self.run.stream, run.stream)
        run.order = self.order.tolist() if self.run.under_way else []
        self.lists_are_whole = True


    def take_in(self) -> None:
        """What a callback may have changed."""
        changed = flat_copy(parameters(self.state.layers))
        ffi.memmove(self.run.parameters, changed, 8 * len(changed))
        for into, layer in zip(self.run.layers[0 : self.run.layer_count], self.state.layers):
            into.activation = code(layer.activation)
        set_settings(self.run.optimizer, self.state.optimizer)

    def go_back(self) -> None:
        """To what the epoch under way found, after a divergence."""
        c, run = self.run, self.state
        ffi.memmove(c.parameters, self.saved_parameters, 8 * len(self.parameters))
        ffi.memmove(c.memory, self.saved_memory, 8 * len(self.memory))
        if shuffles(run, c.rows) or drops(run):
            c.stream = c.saved_stream
        c.batch_done = 0
        get_numbers(c.saved_scalars, run.scalars)
        c.under_way = c.saved_under_way
        run.position, run.loss_sum = c.saved_position, c.saved_loss_sum
        self.hand_back()

    def diverged(self, status: int) -> training.DivergedError:
        """The error, worked out by the reference from the weights as they are."""
        c, run = self.run, self.state
        if status == lib.DIVERGED_IN_BATCH:
            places = run.order[c.position : c.position + c.batch_size]
            number = c.position // c.batch_size + 1
            rows = self.data.inputs
        else:
            rows = (self.validation or self.data).inputs
            places = range(rows.count)
            number = (c.rows - 1) // c.batch_size + 1
        flat, width = rows.flat(), rows.width
        batch = (list(flat[place * width : (place + 1) * width]) for place in places)
        return training.DivergedError(
            run.epoch + 1, number, training.first_layer_astray(run.layers, batch)
        )


def copy_stream_in(stream, into) -> None:
    *words, into.position = stream.state()
    into.words = words


def copy_stream_out(source, stream) -> None:
    stream.set_state((*source.words, source.position))


class Pace:
    """How many rows make a slice: guessed at first, then measured."""

    def __init__(self, layers: List[Layer]) -> None:
        self.rows = rows_per_slice(layers)
        self.started = time.perf_counter()

    def start(self) -> int:
        self.started = time.perf_counter()
        return self.rows

    def measure(self, rows: int) -> None:
        """After a slice in which `rows` rows passed through the layers."""
        seconds = time.perf_counter() - self.started
        if rows:
            fitting = rows * SLICE / max(seconds, 1e-6)
            self.rows = int(min(max(fitting, self.rows / 8), self.rows * 8)) + 1


def train(run: Run, data: Data, epochs: int, validation: Optional[Data], hooks) -> None:
    """Train, calling hooks.pause() between slices and hooks.epoch_end() after each epoch.

    Without a callback, which needs the weights after each epoch, a slice spans many epochs.
    """
    if epochs == 0:
        return
    records = 1 if hooks.wants_epochs else min(epochs, RECORDS)
    job = Training(run, data, epochs, validation, records)
    pace = Pace(run.layers)
    status = lib.PAUSED
    with held_while_unbroken() as unbroken:
        try:
            while status == lib.PAUSED:
                finished = run.epoch
                budget = pace.start()
                with unbroken():
                    status = job.train_slice(budget)
                    epoch_ended = hooks.wants_epochs and run.epoch > finished
                    if status != lib.PAUSED or epoch_ended:
                        job.hand_back()
                pace.measure(budget - job.run.budget)
                if status in DIVERGED:
                    raise job.diverged(status)
                hooks.pause()
                if epoch_ended:
                    if hooks.epoch_end():
                        break
                    job.take_in()
        finally:
            with unbroken():
                if status in DIVERGED:
                    job.go_back()
                elif not job.lists_are_whole:  # a callback's last edits stay
                    job.hand_back()
