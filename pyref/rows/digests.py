"""The SHA-256 of numbers: of rows, by which a recipe names those that a network learned from, and
of a network's parameters.

Hashing takes 1 ns a byte, more than an epoch of a small network does.  So the digests of numbers
that have come before are remembered, by a fingerprint where there is a quick one.
"""

import sys
from array import array
from typing import Any, Dict, Sequence, Tuple

from . import scanning
from .arrays import Buffer, Floats

DIGEST_BLOCK = 65536  # numbers

KNOWN_DIGESTS: Dict[Tuple[Any, ...], str] = {}
KNOWN_PARAMETERS: Dict[Tuple[Any, ...], str] = {}  # those change, and shall displace no rows
MOST_KNOWN = 16


def typecode_of(flat: Buffer) -> str:
    """"d" for doubles, "f" for floats of single precision."""
    return flat.typecode if isinstance(flat, array) else flat.format


def digest(
    shape: str, parts: Sequence[Buffer], digests: Dict[Tuple[Any, ...], str] = KNOWN_DIGESTS
) -> str:
    """Of the text `shape`, then of the numbers in each buffer, big-endian."""
    key = (shape, *map(typecode_of, parts), *map(scanning.fingerprint, parts))
    known = None if None in key else digests.get(key)
    if known is None:
        if len(digests) >= MOST_KNOWN:
            digests.clear()
        known = digests[key] = sha256_of(shape, parts)
    return known


def parameters_digest(flat: Floats) -> str:
    """That of a network; `flat` are its parameters in canonical order.  Mostly, a training begins
    with those that the one before has left."""
    return digest("", [flat], KNOWN_PARAMETERS)


def sha256_of(shape: str, parts: Sequence[Buffer]) -> str:
    import hashlib  # which loads a library of cryptography: a tenth of what pyref takes

    made = hashlib.sha256(shape.encode())
    for part in parts:
        for first in range(0, len(part), DIGEST_BLOCK):
            block = array(typecode_of(part))
            block.frombytes(memoryview(part)[first : first + DIGEST_BLOCK].cast("B"))
            if sys.byteorder == "little":
                block.byteswap()
            made.update(block)
    return made.hexdigest()

