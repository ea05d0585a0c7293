"""Whether the kernel that was found may be used: the canary sings, and its sources are these."""

import hashlib
import os
from array import array
from typing import List, Optional

from .._kernel import ffi, lib
from ..rows.data import Data
from ..rows.late import LateRun
from . import calls, canary
from .buffers import code
from .kernel_training import Training

SOURCES = os.path.join(
    os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "csrc"
)
STALE = "the kernel was built from other sources than these"
AGAIN = "build it again (pip install .)"


def unusable() -> Optional[str]:
    """Why the kernel must not be used although it was loaded, or None."""
    here = sources_digest()
    if here not in (None, getattr(lib, "SOURCES", None)):
        return f"{STALE}, which are in {SOURCES}: {AGAIN}"
    try:
        wrong = canary.differences(canary.digests(apply, train))
    except (AttributeError, TypeError, ValueError) as error:
        return f"{STALE} ({error}): {AGAIN}"
    if wrong:
        return (
            f"the kernel gives other bits than the reference ({', '.join(wrong)}): its compiler "
            f"changed the arithmetic, or it was built from other sources; {AGAIN}"
        )
    return None


def sources_digest() -> Optional[int]:
    """As csrc/building/build_kernel.py computes it; None where there are none here."""
    names = sorted(
        os.path.relpath(os.path.join(folder, name), SOURCES).replace(os.sep, "/")
        for folder, _, files in os.walk(SOURCES)
        for name in files
        if name.endswith((".c", ".h"))
    )
    if not names:
        return None
    digest = hashlib.sha256()
    for name in names:
        with open(os.path.join(SOURCES, name), "rb") as file:
            digest.update(file.read())
    return int(digest.hexdigest()[:15], 16)


def apply(name: str, values: List[float]) -> List[float]:
    """One of the elementary functions over many arguments; power always has the same exponent."""
    arguments, results = array("d", values), array("d", [canary.EXPONENT] * len(values))
    function = code(f"elementary_{name}")
    read, written = (ffi.from_buffer("double[]", numbers) for numbers in (arguments, results))
    calls.elementary(function, read, written, len(values))
    return results.tolist()


def train(run: LateRun, data: Data, epochs: int) -> None:
    """In a single slice, without hooks."""
    job = Training(run, data, epochs, None, epochs)
    job.train_slice(2 * epochs * data.count)
    job.hand_back(run.layers)
