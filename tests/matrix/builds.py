"""How the kernel is built and run: one line for each row of the table."""

import platform
from pathlib import Path
from typing import Any, List, NamedTuple, Sequence, Tuple

HERE = Path(__file__).resolve().parent

# What a build must come to.
SAME = "same"  # every bit is right
REFUSED = "refused"  # the compiler stops at one of arithmetic.h's #error
NOTICED = "noticed"  # bits are wrong, and the canary's are among them: Python would not use it
RACED = "raced"  # ThreadSanitizer tells of a race


class Build(NamedTuple):
    """`flags` come after the package's own (build_kernel.py), and so have the last word.

    `runner` is the emulator, if one is needed; `edits` names changes made to the sources first
    (trial.py), which show what would come of them; `reduced` says whether the build belongs to the
    reduced set; `package` is Debian's with the compiler and the emulator.
    """

    title: str
    compiler: str
    flags: Sequence[str]
    runner: Sequence[str] = ()
    threads: Tuple[int, ...] = (1, 2, 3, 7)
    expected: str = SAME
    edits: Tuple[str, ...] = ()
    reduced: bool = True
    package: str = ""


# The emulator's name of a processor, and Debian's of its compiler.
TARGETS = {
    "aarch64": "aarch64-linux-gnu",
    "arm": "arm-linux-gnueabihf",
    "riscv64": "riscv64-linux-gnu",
    "ppc64le": "powerpc64le-linux-gnu",
    "s390x": "s390x-linux-gnu",
    "i386": "i686-linux-gnu",
    "ppc64": "powerpc64-linux-gnu",
    "mips64el": "mips64el-linux-gnuabi64",
}
RARE = ("ppc64", "mips64el")
REMARKS = {"s390x": " (big-endian)", "ppc64": " (big-endian)", "arm": " (32 bits)"}
SSE = "-msse2 -mfpmath=sse"  # 32-bit x86 has x87 arithmetic otherwise
FUSED = "-O2 -mfma -ffp-contract=fast"

REFUSED_FLAGS = [
    ("gcc", "-ffast-math"),
    ("gcc", "-Ofast"),
    ("gcc", "-funsafe-math-optimizations"),
    ("gcc", "-ffinite-math-only"),
    ("gcc", "-mfpmath=387"),
    ("clang", "-ffast-math"),
]


def build(compiler: str, flags: str, **more: Any) -> Build:
    title = f"{compiler} {flags}" + "".join(f", {edit}" for edit in more.get("edits", ()))
    return Build(title, compiler, [*flags.split(), "-pthread"], **more)


def emulated(processor: str, compiler: str, flags: str, **more: Any) -> Build:
    target = TARGETS[processor]
    given = build(compiler, flags, **more)
    reach = [f"--target={target}"] if compiler == "clang" else []
    return given._replace(
        title=f"{processor}{REMARKS.get(processor, '')}, {given.title}",
        compiler="clang" if compiler == "clang" else f"{target}-gcc",
        flags=[*reach, *given.flags, "-static"],
        runner=[f"qemu-{processor}-static"],
        threads=tuple(number for number in given.threads if number in (1, 3)),
        package=f"gcc-{target}",
    )


def windows(flags: str, **more: Any) -> Build:
    """By wine, with threads that Windows starts.

    Windows aligns stacks to 16 bytes, and gcc has no way to align one further there, though it
    moves vectors of 32 and 64 bytes as if it had.  Debian's gcc leaves such moves unaligned; any
    other may crash, unless its assembler does (see build_kernel.py).
    """
    return Build(
        f"Windows, mingw-w64's gcc {flags}", "x86_64-w64-mingw32-gcc", flags.split(),
        runner=["wine"], package="gcc-mingw-w64-x86-64 wine wine64", **more,
    )


def webassembly(flags: str) -> Build:
    """By the WASI of Node, which knows no threads."""
    return Build(
        f"WebAssembly, clang {flags}", "clang", ["--target=wasm32-wasi", *flags.split()],
        runner=["node", "--no-warnings", str(HERE / "wasi.mjs")], threads=(1,),
        package="wasi-libc libclang-rt-14-dev-wasm32 lld nodejs",
    )


def all_builds() -> List[Build]:
    found = [
        build(compiler, level, reduced=level != "-O1")
        for compiler in ("gcc", "clang") for level in ("-O0", "-O1", "-O2", "-O3")
    ]
    found += [
        build("gcc", "-O2 -DPYREF_NO_THREADS", threads=(1,)),
        build("gcc", "-O2 -march=native"),
        build("musl-gcc", "-O2 -static", package="musl-tools"),
        build("musl-gcc", "-O3 -static", package="musl-tools", reduced=False),
    ]
    for processor in TARGETS:
        sse = f" {SSE}" if processor == "i386" else ""
        for level in ("-O0", "-O2", "-O3"):
            common = level == "-O2" and processor not in RARE
            found.append(emulated(processor, "gcc", level + sse, reduced=common))
        found.append(emulated(processor, "clang", "-O2" + sse, reduced=False))
    found += [webassembly("-O2"), webassembly("-O2 -msimd128")]
    if platform.machine() == "x86_64":
        found += [windows("-O3 -static"), windows("-O1 -static", reduced=False)]
        found += guards()
    return found


def guards() -> List[Build]:
    """Builds that would change bits, were they not outdone, refused or noticed."""
    noticed = dict(expected=NOTICED, threads=(1,))
    found = [
        build("gcc", FUSED),
        build("clang", "-O2 -mfma -ffp-contract=on"),
        build("gcc", "-O2 -DFLUSHING"),
        emulated("aarch64", "gcc", "-O2 -DFLUSHING", reduced=False),
        emulated("arm", "gcc", "-O2 -DFLUSHING", reduced=False),
        build("clang", FUSED, **noticed),
        build("clang", "-funsafe-math-optimizations", **noticed),
        build("clang", "-freciprocal-math", **noticed),
        build("clang", "-fno-honor-nans", **noticed),
    ]
    found += [build(*both, expected=REFUSED, threads=()) for both in REFUSED_FLAGS]
    found += [emulated("i386", "gcc", f"-O2 -msse2 {x87}", expected=REFUSED, threads=())
              for x87 in ("-mfpmath=387", "-mfpmath=387 -ffloat-store")]
    out = dict(noticed, edits=("guards out",))
    return found + [
        build("gcc", FUSED, **out),
        build("gcc", "-Ofast", **out),
        build("clang", "-O3 -ffast-math", **out),
        emulated("aarch64", "gcc", "-O2 -std=gnu11 -ffp-contract=fast", reduced=False, **out),
    ]


def races() -> List[Build]:
    """Under ThreadSanitizer: every part of every recipe is divided, however small; and a control,
    whose threads do not wait for what the others have written."""
    sought = dict(threads=(2, 4), edits=("tiny parts",))
    control = dict(threads=(2,), edits=("tiny parts", "no order"), expected=RACED)
    return [
        build(compiler, "-O1 -g -fsanitize=thread", package=package, **more)
        for compiler, package in (("gcc", "libtsan2"), ("clang", "libclang-rt-14-dev"))
        for more in (sought, control)
    ]
