"""Build the kernel: cffi wraps kernel.c as the module pyref._kernel; the files set_*.c, which
include the others, are compiled beside it, one for each instruction set."""

import hashlib
import os
import sys
import sysconfig
from typing import List

from cffi import FFI

CSRC = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# No libm function is used, so nothing is linked.  Without -ffp-contract=off a compiler may fuse a
# multiplication and an addition into one rounding.  -fno-trapping-math lets gcc vectorise the
# elementary functions; like -fno-math-errno it changes no value.  gcc and clang take the same
# flags; Microsoft's compiler has its own, and a pragma in arithmetic.h where it has none.
# -g0: Python asks for what debuggers want, which is three quarters of the file, and names folders
# of the machine that built it; tables of how to unwind the stack are for debuggers and C++.
if sys.platform == "win32" and not sysconfig.get_platform().startswith("mingw"):
    FLAGS = ["/O2", "/fp:precise", "/std:c11"]
    LINK_FLAGS = []
else:
    FLAGS = ["-O3", "-std=c11", "-ffp-contract=off", "-fno-trapping-math", "-fno-math-errno", "-g0",
             "-fno-asynchronous-unwind-tables"]
    compiler = os.environ.get("CC") or sysconfig.get_config_var("CC") or "gcc"
    if sys.platform == "win32" and "clang" not in compiler:
        # gcc cannot align a stack to more than 16 bytes on Windows, but spills vectors of 32 and 64
        # as if it had; the assembler makes moves of them that need no alignment.
        FLAGS.append("-Wa,-muse-unaligned-vector-move")
    LINK_FLAGS = ["-pthread"]  # in a library of its own before glibc 2.34
    if sys.platform == "linux":
        LINK_FLAGS.append("-s")  # names that only debuggers read: 13 KB


def source_files() -> List[str]:
    """Relative to csrc/, with slashes, in an order that every system has."""
    return sorted(
        os.path.relpath(os.path.join(folder, name), CSRC).replace(os.sep, "/")
        for folder, _, names in os.walk(CSRC)
        for name in names
        if name.endswith((".c", ".h"))
    )


def sources_digest() -> int:
    """Built in as SOURCES: a kernel that was built from other files is not used."""
    digest = hashlib.sha256()
    for name in source_files():
        with open(os.path.join(CSRC, name), "rb") as source:
            digest.update(source.read())
    return int(digest.hexdigest()[:15], 16)


SETS = [
    f"csrc/set_{name}{precision}.c"
    for name in ("plain", "base", "avx2", "avx512")
    for precision in ("", "_single")
]

# What cffi writes behind kernel.c calls its functions, mostly with arrays: the same code each time.
SMALL_CALLS = """
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-inline-functions", "no-inline-functions-called-once")
#endif
"""

ffibuilder = FFI()
ffibuilder.cdef("typedef void number;")
for name in ("run.h", "kernel.h"):
    with open(os.path.join(CSRC, name), encoding="utf-8") as header:
        ffibuilder.cdef(header.read())
ffibuilder.cdef("#define SOURCES ...")
ffibuilder.set_source(
    "pyref._kernel",
    f'#define SOURCES {sources_digest():#x}\n#include "kernel.c"{SMALL_CALLS}',
    sources=SETS,
    include_dirs=["csrc"],
    depends=["csrc/" + name for name in source_files()],
    extra_compile_args=FLAGS,
    extra_link_args=LINK_FLAGS,
    optional=os.environ.get("PYREF_KERNEL") != "1",
)
