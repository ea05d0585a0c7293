"""A training in the kernel's memory: copied in from a reference Run, and back into it."""

import time
from array import array
from bisect import bisect_right
from typing import List, NamedTuple, Optional

from .._kernel import ffi, lib
from ..reference.generator import Stream
from ..reference.layer import Layer, Rows
from ..reference.lbfgs import LBFGS
from ..reference.run import drops, shuffles
from ..rows.arrays import Floats
from ..rows.data import Data
from ..rows.late import Late, LateRun, rows_of
from . import calls, pace
from .buffers import (
    Buffers, code, copy_stream_in, get_numbers, room, set_numbers, set_settings, zeros,
)
from .calls import CData
from .handing_back import Handed, Spare, fitting_lists
from .kernel_memory import Lists, Pairs
from .one_training import LONGEST_ABSENCE

RECORDS = 65536  # epochs that one slice may finish


class Place(NamedTuple):
    """Where a training.Run stands, apart from its long lists."""

    epoch: int
    position: int
    loss_sum: float
    rate: float
    best_loss: float
    best_epoch: int
    stopped_by: Optional[int]
    scalars: List[float]
    converged: Optional[str]
    schedule_state: List[float]
    rule_states: List[List[float]]

    @classmethod
    def of(cls, run: LateRun) -> "Place":
        return cls(
            run.epoch, run.position, run.loss_sum, run.rate, run.best_loss, run.best_epoch,
            run.stopped_by, list(run.scalars), run.converged, list(run.schedule_state),
            [list(state) for state in run.rule_states],
        )


class Training(Buffers):
    """A training.Run in C, for one call of `train`."""

    def __init__(
        self,
        run: LateRun,
        data: Data,
        epochs: int,
        validation: Optional[Data],
        records: int,
        threads: Optional[int] = 1,
        watched: bool = False,
    ) -> None:
        """`watched`: whether somebody will ask if what was handed back still stands."""
        batch_size = min(run.batch_size or data.count, data.count)
        together = batch_size if validation is None else max(batch_size, pace.SHORTEST_TILE)
        tile = pace.tile_length(run.layers, together)
        self.of_one_row = pace.products(run.layers)
        most = pace.team(threads, self.of_one_row, tile, data.count * epochs)
        super().__init__(run.layers, tile, True, most, room(batch_size))
        self.state = run
        self.data, self.validation = data, validation
        self.threads = threads
        c = self.run
        count = c.parameter_count
        wanted = []
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
        self.memory = (Pairs if isinstance(run.optimizer, LBFGS) else Lists)(self, run)
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
        self.copies: Optional[Rows] = [[]] * len(self.lengths) if watched else None
        self.spare: Optional[Spare] = None
        self.losses, self.validation_losses, self.accuracies = (zeros(records) for _ in range(3))
        self.validation_epochs = array("q", bytes(8 * records))
        c.losses = self.pointer(self.losses)
        c.validation_every = run.validation_every
        c.validation_epochs = self.pointer(self.validation_epochs, "int64_t")
        c.validation_losses = self.pointer(self.validation_losses)
        c.validation_accuracies = self.pointer(self.accuracies)
        c.record_capacity = records
        self.note_place(Place.of(run), self.flat(c.parameters))

    def most_threads(self, rows: int) -> int:
        """For a slice of so many rows at most."""
        c = self.run
        if self.most == 1:
            return 1
        ahead = c.training.rows * min(c.epochs_left, c.record_capacity)
        wished = pace.team(self.threads, self.of_one_row, c.tile_rows, min(rows, ahead))
        return min(self.most, wished)  # those that there is room for

    def train_slice(self, budget: int, threads: int = 1) -> int:
        self.lists_are_whole = False
        self.run.budget = budget
        self.run.threads = threads
        self.memory.before_slice()
        status = calls.train(self.run)
        try:
            self.take_records()
        except BaseException:
            self.go_back()
            raise
        return status

    def take_records(self) -> None:
        """Where the training stands, without the weights."""
        c, run = self.run, self.state
        run.losses.extend(self.losses[: c.recorded])
        if c.validations:
            run.validation_epochs.extend(self.validation_epochs[: c.validations])
            run.validation_losses.extend(self.validation_losses[: c.validations])
            run.validation_accuracies.extend(self.accuracies[: c.validations])
        c.recorded = c.validations = 0
        run.epoch, run.position, run.loss_sum, run.rate = c.epoch, c.position, c.loss_sum, c.rate
        run.best_loss, run.best_epoch = c.best_loss, c.best_epoch
        run.stopped_by = c.stopped_by if c.stopped_by >= 0 else None
        self.memory.after_slice()
        get_numbers(c.schedule_state, run.schedule_state)
        for state, rule in zip(run.rule_states, c.rules[0 : len(run.rules)]):
            get_numbers(rule.state, state)

    def hand_back(self, layers: List[Layer]) -> Handed:
        """The weights into the lists that are the truth, and to the run what belongs to them; or
        nothing, and the run goes back to where the lists are."""
        run, c = self.state, self.run
        began = time.perf_counter()
        try:
            lists, flat = fitting_lists(layers, self.shapes), self.flat(c.parameters)
            holds_whole = lib.holds_whole(ffi.from_buffer(flat), self.count, c.is_single)
            handed = Handed(layers, lists, self.copies, flat, bool(holds_whole))
            late = {"memory": self.memory.given()}
            if c.best != ffi.NULL and run.best_epoch:
                late["best"] = Late(rows_of, self.flat(c.best), self.lengths)
            if shuffles(run, c.training.rows) or drops(run):
                # A batch that was broken off is drawn again from where it began.
                begun = c.batch_done > 0 and drops(run)
                stream = c.batch_stream if begun else c.stream
                late["stream"] = Late(stream_at, bytes(ffi.buffer(ffi.addressof(stream))))
            order = self.order.tolist() if c.under_way else []
            place, self.spare = Place.of(run), self.spare or Spare(self.lengths)
            self.spare.write(lists, flat, self.before, self.copies)
        except BaseException:
            self.go_back()
            raise
        run.layers, run.order = layers, order
        for name, value in late.items():
            setattr(run, name, value)
        self.note_place(place, flat)
        self.wait = max(LONGEST_ABSENCE, 50.0 * (self.handed_back - began))
        return handed

    def go_back(self) -> int:
        """To where the lists are; returns how many epochs were finished since."""
        run, epoch = self.state, self.place.epoch
        del run.losses[epoch:]
        kept = bisect_right(run.validation_epochs, epoch)
        for history in (run.validation_epochs, run.validation_losses, run.validation_accuracies):
            del history[kept:]
        for name, value in self.place._asdict().items():
            setattr(run, name, value)
        self.lists_are_whole = True
        finished: int = self.run.epoch
        return finished - epoch

    def note_place(self, place: Place, flat: Floats) -> None:
        """The lists and the run are as the kernel has them."""
        self.lists_are_whole = True
        self.place, self.before = place, flat
        self.handed_back = time.perf_counter()
        self.wait = LONGEST_ABSENCE

    def end_slices_with_epochs(self, wished: bool) -> None:
        """Have `train` pause at the next end of an epoch."""
        self.run.record_capacity = 1 if wished else self.records

    def take_settings(self) -> None:
        """Of the optimizer, which a callback has changed."""
        set_settings(self.run.optimizer, self.state.optimizer)

    def take_in(self, layers: List[Layer]) -> None:
        """Weights and activations that a callback may have changed."""
        activations = [layer.activation for layer in self.c_layers]
        self.state.layers = layers
        self.set_network(layers)
        self.before = self.flat(self.run.parameters)
        if activations != [layer.activation for layer in self.c_layers]:
            self.run.search.is_known = False


def copy_stream_out(source: CData, stream: Stream) -> None:
    stream.set_state((*source.words, source.position))


def stream_at(kept: bytes) -> Stream:
    """A new one, where the kernel's was of which these are the bytes."""
    stream = Stream(0)
    copy_stream_out(ffi.cast("Stream *", ffi.from_buffer(kept)), stream)
    return stream
