"""The kernel's ways through a buffer of numbers, for rows/scanning.py."""

from array import array
from typing import Dict, List, Optional

from .._kernel import ffi, lib
from ..rows.arrays import Buffer, Floats
from ..rows.digests import typecode_of
from ..rows.scanning import Scans
from .buffers import KINDS, zeros


ADDRESS = ffi.typeof("uintptr_t")  # looked up once
ALIGNMENTS: Dict[str, int] = {code: ffi.alignof(kind) for code, kind in KINDS.items()}


def first_not_finite(flat: Buffer) -> int:
    numbers, is_single = ffi.from_buffer(flat), typecode_of(flat) == "f"
    place: int = lib.first_not_finite(numbers, len(flat), is_single)
    return place


def fingerprint(flat: Buffer) -> Optional[int]:
    found: int = lib.fingerprint(ffi.from_buffer(flat), len(flat) * flat.itemsize)
    return found


def is_aligned(flat: Buffer) -> bool:
    """A pointer to numbers must be one to where such may stand, or C means nothing by it."""
    alignment = ALIGNMENTS[typecode_of(flat)]
    place = int(ffi.cast(ADDRESS, ffi.from_buffer(flat)))
    return place % alignment == 0


def narrowed(flat: Buffer) -> Floats:
    made = zeros(len(flat), "f")
    lib.narrow(ffi.from_buffer("double[]", flat), ffi.from_buffer("float[]", made), len(flat))
    return made


def widened(flat: Buffer) -> Floats:
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
