"""What an optimizer remembers, in the kernel's memory: a few lists, or the pairs of L-BFGS.

Both kinds are copied in from a run when they are made.  `given` is what its `memory` becomes.
"""

import gc
from contextlib import contextmanager
from typing import Callable, Dict, Iterator, List
from weakref import proxy

from .._kernel import ffi, lib
from ..reference.layer import Rows
from ..reference.lbfgs import LBFGS
from ..rows.late import Late, LateRun, all_rows_of
from .buffers import Block, Buffers, get_numbers, set_numbers

FIRST_ROOM = 10  # pairs of lists; it grows as they come
REASONS: Dict[int, Callable[[LBFGS], str]] = {
    lib.GRADIENT_VANISHED: LBFGS.vanished,
    lib.TOO_LEVEL: LBFGS.too_level,
    lib.NOTHING_MOVED: LBFGS.nothing_moved,
    lib.LOSS_UNCHANGED: LBFGS.loss_unchanged,
}


@contextmanager
def no_collector() -> Iterator[None]:
    """Inside, Python's collector of garbage does not run.

    Thousands of lists that are made at once have it look at all objects of the process again and
    again: beside scikit-learn, 100 pairs of 64-10-10 took 98 ms, and take 11 (the training: 80).
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Lists:
    """The lists of an optimizer that steps after each batch."""

    def __init__(self, buffers: Buffers, run: LateRun) -> None:
        # No circle: it would keep the rows that were trained on until Python collects garbage.
        self.buffers, self.state = proxy(buffers), run
        c = buffers.run
        flats, lengths = run.waiting("memory") or ([], None)
        if lengths != buffers.lengths:
            flats = [buffers.packed(lists) for lists in run.memory]
        c.memory_count = len(flats)
        buffers.allocate([(c, "memory", c.memory_count * c.parameter_count)])
        first = buffers.numbers(c.memory)
        self.places = [first + number * c.parameter_count for number in range(len(flats))]
        for flat, place in zip(flats, self.places):
            buffers.put(flat, place)
        set_numbers(c.scalars, run.scalars)

    def before_slice(self) -> None:
        pass

    def after_slice(self) -> None:
        get_numbers(self.buffers.run.scalars, self.state.scalars)

    def given(self) -> Late:
        return Late(all_rows_of, list(map(self.buffers.flat, self.places)), self.buffers.lengths)


class Pairs:
    """The pairs of lists that L-BFGS keeps, in a ring, and room for its search.

    History sizes may be beyond what memory holds, so the ring grows when it is full: the kernel
    then waits for it.
    """

    def __init__(self, buffers: Buffers, run: LateRun) -> None:
        assert isinstance(run.optimizer, LBFGS)  # no other has pairs
        self.buffers, self.state = proxy(buffers), run  # as above
        self.optimizer = run.optimizer
        c = buffers.run
        count = c.parameter_count
        buffers.allocate([
            (c.search, "start", count),
            (c.search, "direction", count),
            (c.search, "gradients", lib.TRIED_POINTS * count),
        ])
        if run.converged is not None:
            c.converged = lib.CONVERGED_BEFORE
        self.lists = list(run.memory)  # as they were
        self.seen = 0  # when the kernel had added so many pairs
        self.place = len(buffers.keep)
        buffers.keep += [None] * 3
        self.grow(max(len(run.scalars), min(FIRST_ROOM, self.optimizer.history_size)))
        for place, lists in enumerate(run.memory):
            buffers.take(lists, buffers.numbers(c.memory) + place * count)
        set_numbers(c.search.products, run.scalars)
        c.search.pairs = len(run.scalars)

    def grow(self, room: int) -> None:
        """Make room for so many pairs, the oldest at the beginning."""
        c, search = self.buffers.run, self.buffers.run.search
        count = 2 * c.parameter_count
        memory = Block(room * count, self.buffers.kind)
        products, alphas = Block(room), Block(room)
        size, before = ffi.sizeof(self.buffers.kind), self.buffers.numbers(c.memory)
        for pair, place in enumerate(self.places()):
            ffi.memmove(memory.pointer + pair * count, before + place * count, size * count)
            products.pointer[pair] = search.products[place]
            alphas.pointer[pair] = search.alphas[pair]
        c.memory = memory.pointer
        search.products, search.alphas = products.pointer, alphas.pointer
        search.room, search.oldest = room, 0
        self.buffers.keep[self.place : self.place + 3] = memory, products, alphas

    def places(self) -> List[int]:
        """Where the pairs stand in the ring, the oldest first."""
        search = self.buffers.run.search
        return [(search.oldest + pair) % search.room for pair in range(search.pairs)]

    def before_slice(self) -> None:
        search, most = self.buffers.run.search, self.optimizer.history_size
        if search.pairs == search.room < most:
            self.grow(min(2 * search.room, most))

    def after_slice(self) -> None:
        run, c = self.state, self.buffers.run
        run.scalars = [c.search.products[place] for place in self.places()]
        why = c.converged
        if why != lib.CONVERGED_BEFORE:
            run.converged = REASONS[why](self.optimizer) if why else None

    def given(self) -> List[Rows]:
        """Only the pairs that are new are copied: the others have not changed."""
        c, places = self.buffers.run, self.places()
        memory = self.buffers.numbers(c.memory)
        new = min(c.search.remembered - self.seen, len(places))
        lists = list(self.lists)
        with no_collector():
            for place in places[len(places) - new :]:
                for number in (2 * place, 2 * place + 1):
                    lists.append(self.buffers.given(memory + number * c.parameter_count))
        self.lists = lists[len(lists) - 2 * len(places) :]
        self.seen = c.search.remembered
        return list(self.lists)
