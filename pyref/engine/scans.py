"""The kernel's ways through a buffer of numbers, for rows/scanning.py."""

from array import array
from typing import List, Optional

from .._kernel import ffi, lib
from ..rows.digests import typecode_of
from ..rows.scanning import Scans
from .buffers import KINDS, zeros


ADDRESS = ffi.typeof("uintptr_t")  # looked up once
ALIGNMENTS = {code: ffi.alignof(kind) for code, kind in KINDS.items()}


def first_not_finite(flat) -> int:
    return lib.first_not_finite(ffi.from_buffer(flat), len(flat), typecode_of(flat) == "f")


def fingerprint(flat) -> Optional[int]:
    return lib.fingerprint(ffi.from_buffer(flat), len(flat) * flat.itemsize)


def is_aligned(flat) -> bool:
    """A pointer to numbers must be one to where such may stand, or C means nothing by it."""
    alignment = ALIGNMENTS[typecode_of(flat)]
    return int(ffi.cast(ADDRESS, ffi.from_buffer(flat))) % alignment == 0


def narrowed(flat) -> array:
    made = zeros(len(flat), "f")
    lib.narrow(ffi.from_buffer("double[]", flat), ffi.from_buffer("float[]", made), len(flat))
    return made


def widened(flat) -> array:
    made = zeros(len(flat))
    lib.widen(ffi.from_buffer("float[]", flat), ffi.from_buffer("double[]", made), len(flat))
    return made


def decimals(row: List[float]) -> str:
    """What the kernel stops at, Python writes."""
    flat, texts, at = array("d", row), [], 0
    text = bytearray(lib.DECIMALS_LENGTH * len(row))
    values, into = ffi.from_buffer("double[]", flat), ffi.from_buffer("uint8_t[]", text)
    length = ffi.new("int64_t *")
    while True:
        at += lib.write_decimals(values + at, len(row) - at, into, length)
        texts.append(text[: length[0]].decode("ascii"))
        if at == len(row):
            return "".join(texts)[: -len(", ")]
        texts.append(f"{row[at]!r}, ")
        at += 1


IN_C = Scans(first_not_finite, fingerprint, is_aligned, narrowed, widened, decimals)
