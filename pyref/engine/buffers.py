"""A network in the kernel's memory: where each number stands.

The kernel works on buffers that Python owns.  The numbers of one list (a row of weights, the
biases) stand together; from the beginning of one list to that of the next it is a whole number of
the processor's vectors, and the gap holds 0.
"""

from array import array
from functools import lru_cache
from typing import List

from .._kernel import ffi, lib
from ..network import Layer, parameters
from ..settings import Settings
from .rows import Data


@lru_cache(maxsize=None)
def code(name: str) -> int:
    """The kernel's number for a name of the reference's tables: TargetLoss is TARGET_LOSS."""
    letters = [
        "_" + letter if before.islower() and letter.isupper() else letter
        for before, letter in zip(" " + name, name)
    ]
    return getattr(lib, "".join(letters).upper())


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


def stride(units: int) -> int:
    """How far apart rows of so many values stand: whole vectors, and so that the rows of wide
    layers do not meet in the same sets of the cache (a width of 512 took 45 µs instead of 32)."""
    whole = (units + 7) // 8 * 8
    return whole + 8 if whole % 64 == 0 else whole


class Block:
    """Doubles at the beginning of a cache line."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.store = memoryview(zeros(count + 8))
        pointer = ffi.from_buffer("double[]", self.store)
        self.first = -int(ffi.cast("uintptr_t", pointer)) % 64 // 8
        self.pointer = pointer + self.first
        self.keep = pointer  # pointer + n does not keep the store alive

    def take(self, lists: List[List[float]]) -> None:
        """Copy the lists in, each to its own stride."""
        place = self.first
        for values in lists:
            self.store[place : place + len(values)] = array("d", values)
            place += stride(len(values))

    def give(self, lists: List[List[float]]) -> None:
        place = self.first
        for values in lists:
            values[:] = self.store[place : place + len(values)].tolist()
            place += stride(len(values))


def padded_count(lists: List[List[float]]) -> int:
    return sum(stride(len(values)) for values in lists)


class Buffers:
    """A network in C: the parameters in one buffer, and what the forward pass writes to.

    `keep` holds every Python object whose memory C points to.
    """

    def __init__(self, layers: List[Layer], tile_rows: int, training_too: bool) -> None:
        self.layers = layers
        self.keep: list = []
        self.run = ffi.new("Run *")
        lists = parameters(layers)
        count = padded_count(lists)
        self.parameters = Block(count)
        self.parameters.take(lists)
        self.gradients = Block(count if training_too else 0)
        run = self.run
        run.parameter_count = count
        run.parameters = self.parameters.pointer
        run.gradients = self.gradients.pointer
        run.tile_rows = tile_rows
        run.tile_targets = self.owned(ffi.new("const double *[]", tile_rows))
        run.smooth_targets = self.zeros(tile_rows * layers[-1].units)
        run.tile_weights = self.zeros(tile_rows)
        run.tile_losses = self.zeros(tile_rows)
        run.threads = 1
        run.layers = self.owned(ffi.new("Layer[]", len(layers)))
        run.layer_count = len(layers)
        width = len(layers[0].weights)
        room = (tile_rows + 3) // 4 * 4  # rows that stand side by side come in fours
        if training_too:
            run.side_by_side = self.zeros(room * width)
        place = 0
        for into, layer in zip(run.layers[0 : len(layers)], layers):
            into.inputs, into.units, into.stride = width, layer.units, stride(layer.units)
            into.activation = code(layer.activation)
            into.has_biases = layer.biases is not None
            biases_at = place + width * into.stride
            into.weights = run.parameters + place
            into.biases = run.parameters + biases_at
            into.z = self.zeros(room * into.stride)
            into.y = self.zeros(room * into.stride)
            into.read = self.owned(ffi.new("const double *[]", tile_rows))
            if training_too:
                into.weight_gradients = run.gradients + place
                into.bias_gradients = run.gradients + biases_at
                into.deltas = self.zeros(room * into.stride)
                rows = [into.deltas + row * into.stride for row in range(tile_rows)]
                into.delta_rows = self.owned(ffi.new("const double *[]", rows))
                if place > 0:
                    into.packed = self.zeros(stride(width) * layer.units)
            place = biases_at + (into.stride if layer.biases is not None else 0)
            width = layer.units

    def set_network(self, layers: List[Layer]) -> None:
        """Another network of the same shape."""
        self.parameters.take(parameters(layers))
        for into, layer in zip(self.run.layers[0 : self.run.layer_count], layers):
            into.activation = code(layer.activation)

    def learn_from(self, data: Data) -> None:
        run = self.run
        run.inputs = self.pointer(data.inputs.flat())
        run.targets = self.pointer(data.targets.flat())
        if data.weights is not None:
            run.weights = self.pointer(data.weights)
        run.rows = data.count
        run.total_weight = data.total_weight()

    def validate_on(self, data: Data) -> None:
        run = self.run
        run.validation_inputs = self.pointer(data.inputs.flat())
        run.validation_targets = self.pointer(data.targets.flat())
        if data.weights is not None:
            run.validation_weights = self.pointer(data.weights)
        run.validation_rows = data.count
        run.validation_weight = data.total_weight()

    def zeros(self, count: int):
        return self.owned(Block(count)).pointer

    def owned(self, data):
        self.keep.append(data)
        return data

    def pointer(self, buffer, kind: str = "double[]"):
        return self.owned(ffi.from_buffer(kind, buffer))
