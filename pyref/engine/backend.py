"""Which engine "auto" means here, and why not C.  The only place that decides.

`kernel` is the module of the C engine, or None; `kernel_missing` says why it is not here, or None.
Both are found out when they are first asked for, so that importing pyref is quick.
"""

import os
import sys
from types import ModuleType
from typing import Any, Dict, Iterable

from .. import own_files
from ..arguments.own_classes import first_own
from ..reference.settings import Settings, one_of
from ..rows import scanning
from ..tables import passes
from . import python

BACKENDS = ("auto", "python", "c")

here = sys.modules[__name__]


def __getattr__(name: str) -> Any:
    if name not in ("kernel", "kernel_missing"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    vars(here).update(found())
    return vars(here)[name]


def found() -> Dict[str, Any]:
    """The values of `kernel` and `kernel_missing`."""
    try:
        from . import kernel, kernel_check, scans, table_passes
    except ImportError as error:  # no kernel was built, or cffi is not installed
        return {"kernel": None, "kernel_missing": IN_ARCHIVE if own_files.ARCHIVE else str(error)}
    except AttributeError as error:  # a constant or function that this version uses is not in it
        why = f"it was built from other sources than these: {error}; build it again"
        return {"kernel": None, "kernel_missing": why}
    missing = kernel_check.unusable()
    if missing is None:
        scanning.use(scans.IN_C)
        passes.use(table_passes.IN_C)
    return {"kernel": kernel, "kernel_missing": missing}


IN_ARCHIVE = "no Python loads a kernel from an archive, which this pyref is"
HOW_TO_GET_C = (
    "the C engine needs cffi and a compiler when pyref is installed: pip install '.[c]' "
    "(pip install -v . shows the compiler's words)"
)


def choose(backend: str) -> str:
    """"python" or "c" for "auto", "python" or "c".

    "auto" follows the environment variable PYREF_BACKEND, where it is set, and else takes C if it
    is there.  Raises ValueError for an unknown name and ImportError where C is asked for by name
    and missing.
    """
    one_of("backend", backend, BACKENDS)
    if backend == "auto":
        backend = one_of(
            "the environment variable PYREF_BACKEND",
            os.environ.get("PYREF_BACKEND", "") or "auto",
            BACKENDS,
        )
    if backend == "c" and here.kernel_missing is not None:
        raise ImportError(f"the C engine is not available ({here.kernel_missing}); {HOW_TO_GET_C}")
    if backend == "auto":
        return "python" if here.kernel_missing is not None else "c"
    return backend


def engine(backend: str) -> ModuleType:
    """The engine's module: `pyref.engine.python` or `pyref.engine.kernel`."""
    return here.kernel if choose(backend) == "c" else python


def engine_for(backend: str, things: Iterable[Settings]) -> ModuleType:
    """The engine for a training with these optimizers, schedules and rules: classes of a user's
    own are Python, and C cannot ask them.

    Raises ValueError where C is asked for by name all the same.
    """
    own = first_own(things)
    if own is not None and backend == "c":
        raise ValueError(
            f'backend: "c" cannot train with {own}, a class of your own, which is Python: '
            '"auto" and "python" can'
        )
    return engine("python" if own is not None and backend == "auto" else backend)


def engine_or_other(backend: str) -> ModuleType:
    """The engine `backend` if it is here, else the other one: for what comes from elsewhere."""
    return python if backend == "c" and here.kernel_missing is not None else engine(backend)
