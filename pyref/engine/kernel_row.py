"""One row through the kernel, with as little of Python around it as can be: 4-8-3 computes 0.4 µs,
and what takes rows of all forms, and many, 8 µs."""

from array import array
from struct import Struct
from struct import error as StructError
from typing import Any, Callable, List, Optional, Tuple, Union

from .._kernel import ffi, lib
from ..reference.layer import Layer
from ..rows.arrays import Floats
from . import calls
from .buffers import Block, Buffers, zeros
from .calls import CData

Numbers = Union[None, List[float], Floats]


def row_predictor(layers: List[Layer]) -> Callable[[Numbers], Numbers]:
    """A function from the inputs of a row, in a list or an array of the network's precision, to its
    outputs in the same form; the parameters are copied once, here.

    None is the answer for all else and for what are not so many finite numbers: those who take rows
    of all forms have words for it.
    """
    width, outputs = len(layers[0].weights), layers[-1].units
    pack_into = Struct(f"{width}d").pack_into
    first = Buffers(layers, 1, False)
    typecode, is_single, size = first.typecode, first.typecode == "f", ffi.sizeof(first.kind)

    def room(buffers: Buffers) -> Tuple[Buffers, CData, CData, CData, CData]:
        """What a call works on: see `predictor` in kernel.py."""
        inputs, result = (
            buffers.owned(Block(count, first.kind)).pointer for count in (width, outputs)
        )
        doubles = buffers.owned(Block(max(width, outputs))).pointer if is_single else inputs
        buffers.run.training.inputs, buffers.run.training.rows = inputs, 1
        return buffers, inputs, doubles, ffi.buffer(doubles, 8 * width), result

    idle = [room(first)]

    def predict(row: Any) -> Numbers:
        try:
            room_of_call = idle.pop()
        except IndexError:
            room_of_call = room(Buffers(layers, 1, False, shared=first))
        buffers, inputs, doubles, bytes_of_inputs, result = room_of_call
        kind: Optional[type] = type(row)
        answer: Numbers = None
        if kind is list:
            try:
                pack_into(bytes_of_inputs, 0, *row)
                if is_single:
                    lib.narrow(doubles, inputs, width)
            except StructError:
                kind = None
        elif kind is array and row.typecode == typecode and len(row) == width:
            ffi.memmove(inputs, row, size * width)
        else:
            kind = None
        if kind is not None and lib.first_not_finite(inputs, width, is_single) < 0:
            calls.predict(buffers.run, result)
            if kind is not list:
                answer = zeros(outputs, typecode)
                ffi.memmove(answer, result, size * outputs)
            elif is_single:
                lib.widen(result, doubles, outputs)
                answer = ffi.unpack(doubles, outputs)
            else:
                answer = ffi.unpack(result, outputs)
        idle.append(room_of_call)
        return answer

    return predict
