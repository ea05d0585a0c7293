"""L-BFGS in C: the gradients of all rows; all else about it is the reference's own."""

from typing import List, Optional, Tuple

from .._kernel import lib
from ..reference.layer import Layer
from ..reference.parameters import parameters
from ..reference.run import Run
from ..rows.data import Data
from . import calls, pace
from .buffers import Buffers, code, room
from .hooks import Hooks


class Gradients(Buffers):
    """What L-BFGS asks for: the loss sum and the gradients of all rows, wherever it looks."""

    def __init__(self, run: Run, data: Data, hooks: Hooks, threads: Optional[int]) -> None:
        tile = pace.tile_length(run.layers, data.count)
        most = pace.team(threads, pace.products(run.layers), tile, data.count)
        super().__init__(run.layers, tile, True, most, room(data.count))
        self.threads = threads
        self.run.loss = code(run.loss)
        self.run.smoothing = run.smoothing
        self.examples(self.run.training, data)
        self.slices = pace.Pace(pace.rows_per_slice(run.layers))
        self.hooks = hooks

    def of(self, run: Run, layers: List[Layer], examples) -> Tuple[float, List[List[float]]]:
        """search.full_gradients, in slices."""
        c = self.run
        self.set_network(layers)
        status = lib.PAUSED
        while status == lib.PAUSED:
            rows = min(self.slices.rows, c.training.rows)
            most = pace.team(self.threads, pace.products(layers), c.tile_rows, rows)
            budget, c.threads = self.slices.start(most)
            c.budget = budget
            status = calls.full_gradients(c)
            self.slices.measure(budget - c.budget)
            self.hooks.pause()
        gradients = [list(row) for row in parameters(layers)]
        self.give(c.gradients, gradients)
        return c.batch_loss_sum, gradients
