"""A network in the kernel's memory: where each number stands.

The kernel works on buffers that Python owns.  Matrices stand there in panels of columns (see
csrc/run.h); what lies beyond the last column holds 0.
"""

from array import array
from functools import lru_cache
from itertools import accumulate
from typing import List, Optional, Tuple, TypeVar

from .._kernel import ffi, lib
from ..reference.generator import Stream
from ..reference.layer import Layer
from ..reference.parameters import parameters
from ..reference.settings import Settings
from ..rows.arrays import Floats
from ..rows.data import Data
from ..rows.late import rows_of
from ..rows.packing import packed
from ..rows.precision import TYPECODES, in_precision
from . import calls
from .calls import CData
from .handing_back import Shape, lengths_of, shapes_of

KINDS = {"d": "double", "f": "float"}  # in C, of the numbers of an array
WIDTHS = {"d": lib.DOUBLES, "f": lib.SINGLES}  # of a panel
Owned = TypeVar("Owned")

NUMBERS = ffi.typeof("void *")  # of whichever kind a network has


@lru_cache(maxsize=None)
def code(name: str) -> int:
    """The kernel's number for a name of the reference's tables: TargetLoss is TARGET_LOSS."""
    letters = [
        "_" + letter if before.islower() and letter.isupper() else letter
        for before, letter in zip(" " + name, name)
    ]
    number: int = getattr(lib, "".join(letters).upper())
    return number


def set_settings(into: CData, settings: Settings) -> None:
    into.kind = code(type(settings).__name__)
    for place, name in enumerate(settings.settings):
        into.settings[place] = getattr(settings, name)


def set_numbers(into: CData, values: List[float]) -> None:
    for place, value in enumerate(values):
        into[place] = value


def get_numbers(source: CData, values: List[float]) -> None:
    for place in range(len(values)):
        values[place] = source[place]


def zeros(count: int, typecode: str = "d") -> Floats:
    return array(typecode, [0.0]) * count  # bytes(…) would be there twice for a moment


def copy_stream_in(stream: Stream, into: CData) -> None:
    *words, into.position = stream.state()
    into.words = words


# Which cffi would else look up at each call, among them those that answer a single row.
POINTERS = {kind: ffi.typeof(f"{kind} *") for kind in ("double", "float", "int64_t", "uint8_t")}


def address(buffer: object, kind: str = "double") -> CData:
    """Where the numbers begin, of a buffer that its user keeps.

    What from_buffer gives is not kept: a traceback may tie it into a cycle, and where the buffer is
    a memoryview, CPython 3.12.1 crashes when it collects that.
    """
    return ffi.cast(POINTERS[kind], ffi.from_buffer(buffer))


def padded(columns: int, width: int) -> int:
    """So many columns in whole panels, which are `width` columns wide."""
    return -(-columns // width) * width


class Block:
    """Numbers of this kind, 0.0 at first, at the beginning of a cache line."""

    def __init__(self, count: int, kind: str = "double") -> None:
        size = ffi.sizeof(kind)
        self.store = ffi.new(f"{kind}[]", count + 64 // size)
        self.pointer = self.store + -int(ffi.cast("uintptr_t", self.store)) % 64 // size


def space_length(
    shapes: List[Shape], activations: List[str], training_too: bool, width: int
) -> int:
    """The room for copies that each thread needs: whole rows where one unit depends on the others,
    and some columns of a layer's weights."""
    rows = [shape.units for shape, name in zip(shapes, activations) if name == "softmax"]
    needed: int = padded(max(rows, default=1), width) * lib.ROW_COPIES
    if training_too:
        deep = min(max([shape.units for shape in shapes[1:]], default=0), lib.DEPTH)
        needed = max(needed, width * lib.TURNED_PANELS * padded(deep, width))
    return needed


def room(batch_size: int) -> int:
    """The rows that there must be room for at least: the plain loops take whole batches."""
    return batch_size if calls.instruction_set == lib.PLAIN else 0


class Buffers:
    """A network in C: the parameters in one buffer, and what the forward pass writes to.

    `keep` holds every Python object whose memory C points to; `threads` is how many may work;
    `height` is for how many rows there is room, if not for `tile_rows`; `shared` are the buffers
    of the same network whose parameters are these, too.

    All room is that of the layers' `shapes` as they are found here, and nothing is ever copied
    from lists, or into them, whose lengths are others.
    """

    def __init__(
        self,
        layers: List[Layer],
        tile_rows: int,
        training_too: bool,
        threads: int = 1,
        height: int = 0,
        shared: Optional["Buffers"] = None,
    ) -> None:
        self.shapes = shapes_of(layers)
        self.typecode = TYPECODES[layers[0].precision]
        self.kind, self.width = KINDS[self.typecode], WIDTHS[self.typecode]
        activations = [layer.activation for layer in layers]
        self.lengths = lengths_of(self.shapes)
        self.count = sum(self.lengths)
        self.most = threads
        self.keep: List[object] = [shared] if shared else []
        run = self.run = ffi.new("Run *")
        run.is_single = self.typecode == "f"
        run.tile_rows = tile_rows
        # Whole vectors of rows, which small networks go through the layers in; and one row more, as
        # an even number of lines would meet in the same sets.
        height = max(height, tile_rows)
        run.height = padded(height, 8) + 1
        run.threads = 1
        run.layer_count = len(self.shapes)
        run.layers = self.owned(ffi.new("Layer[]", len(self.shapes)))
        run.space_length = space_length(self.shapes, activations, training_too, self.width)
        self.describe_layers()
        self.set_activations(activations)
        inputs = self.tile(run.layers[0].inputs)
        run.x_apart = inputs if training_too and threads > 1 else 0
        wanted = [
            (run, "parameters", 0 if shared else run.parameter_count),
            (run, "gradients", run.parameter_count if training_too else 0),
            (run, "space", threads * run.space_length),
            (run, "ones", self.tile(1)),
            (run, "due_x", self.padded(run.layers[0].inputs) if training_too else 0),
            (run, "due_deltas", self.padded(run.layers[0].units) if training_too else 0),
            (run, "tile_weights", self.tile(1)),
            (run, "tile_losses", height),
            (run.layers[0], "x", threads * inputs if training_too else inputs),
        ]
        for layer in self.c_layers:
            room = self.tile(layer.units)
            wanted += [(layer, "z", room), (layer, "y", room)]
            wanted.append((layer, "deltas", room if training_too else 0))
        self.allocate(wanted)
        ones = array(self.typecode, [1.0]) * self.tile(1)
        ffi.memmove(run.ones, ones, len(ones) * ones.itemsize)
        if shared:
            run.parameters = shared.run.parameters
        self.place_layers()
        if not shared:
            self.take(parameters(layers), run.parameters)

    def describe_layers(self) -> None:
        count = 0
        for into, shape in zip(self.c_layers, self.shapes):
            into.inputs, into.units, into.has_biases = shape
            count += self.padded(shape.units) * (shape.inputs + shape.has_biases)
        self.run.parameter_count = count

    def set_activations(self, names: List[str]) -> None:
        for into, name in zip(self.c_layers, names):
            into.activation = code(name)

    def place_layers(self) -> None:
        """Where their weights and biases stand among the parameters; the others read below."""
        run, place = self.run, 0
        numbers, gradients = self.numbers(run.parameters), self.numbers(run.gradients)
        below = run.layers[0].x
        for layer in self.c_layers:
            columns = self.padded(layer.units)
            after = place + columns * layer.inputs
            layer.weights, layer.biases = numbers + place, numbers + after
            layer.weight_gradients, layer.bias_gradients = gradients + place, gradients + after
            layer.x, below = below, layer.y
            place = after + columns * layer.has_biases

    def allocate(self, wanted: List[Tuple[CData, str, int]]) -> None:
        """Give each member of a structure, named with it and a count, so many numbers: of the
        network's precision, or doubles where the structure says so.

        Apart from each other, so that a sanitizer sees who goes beyond their own.
        """
        for into, name, count in wanted:
            if count:
                of_network = ffi.typeof(getattr(into, name)) is NUMBERS
                block = self.owned(Block(count, self.kind if of_network else "double"))
                setattr(into, name, block.pointer)

    def numbers(self, pointer: CData) -> CData:
        """A pointer to numbers as one that can be counted on from."""
        return ffi.cast(POINTERS[self.kind], pointer)

    @property
    def c_layers(self) -> CData:
        return self.run.layers[0 : self.run.layer_count]

    def tile(self, columns: int) -> int:
        """How many numbers a tile of rows takes, in panels."""
        height: int = self.run.height
        return height * self.padded(columns)

    def padded(self, columns: int) -> int:
        return padded(columns, self.width)

    def packed(self, lists: List[List[float]]) -> Floats:
        """The numbers of lists in the shape of `network.parameters`, side by side."""
        numbers, ends = array("d"), []
        for values in lists:
            numbers.frombytes(packed(values))
            ends.append(len(numbers))  # what has been read counts, not what is said of it
        if ends != list(accumulate(self.lengths)):
            raise ValueError(
                "the layers have another shape than a moment ago: nobody may change that while "
                "the network is at work"
            )
        return numbers

    def put(self, numbers: Floats, into: CData) -> None:
        """Copy such numbers into panels."""
        flat = in_precision(numbers, self.typecode)
        lib.take_parameters(self.run, ffi.from_buffer(flat), into)

    def take(self, lists: List[List[float]], into: CData) -> None:
        """Those of lists."""
        self.put(self.packed(lists), into)

    def flat(self, source: CData) -> Floats:
        """And out of them, side by side, in the network's precision."""
        flat = zeros(self.count, self.typecode)
        lib.give_parameters(self.run, source, ffi.from_buffer(flat))
        return flat

    def given(self, source: CData) -> List[List[float]]:
        """The same in new lists."""
        return rows_of(self.flat(source), self.lengths)

    def set_network(self, layers: List[Layer]) -> None:
        """Another network of the same shape; with other activations it may need more room."""
        activations = [layer.activation for layer in layers]
        self.take(parameters(layers), self.run.parameters)
        self.set_activations(activations)
        needed = space_length(self.shapes, activations, True, self.width)
        if needed > self.run.space_length:
            self.run.space_length = needed
            self.allocate([(self.run, "space", self.most * needed)])

    def examples(self, into: CData, data: Data) -> None:
        """Rows to learn from or to validate on; their targets need room in a tile."""
        if self.run.tile_targets == ffi.NULL:
            outputs = self.tile(self.shapes[-1].units)
            self.allocate([
                (self.run, "tile_targets", outputs),
                (self.run, "tile_terms", outputs),
            ])
        for name in ("inputs", "targets"):
            flat = in_precision(getattr(data, name).flat(), self.typecode)
            setattr(into, name, self.pointer(flat, self.kind))
        if data.weights is not None:
            into.weights = self.pointer(data.weights)
        into.rows = data.count
        into.total_weight = data.total_weight()

    def owned(self, data: Owned) -> Owned:
        self.keep.append(data)
        return data

    def pointer(self, buffer: object, kind: str = "double") -> CData:
        return address(self.owned(buffer), kind)
