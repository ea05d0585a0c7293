"""How the kernel is built and run: one line for each row of the table."""

import platform
from typing import Any, List, NamedTuple, Sequence, Tuple

# What a build must come to.
SAME = "same"  # every bit is right
REFUSED = "refused"  # the compiler stops at one of arithmetic.h's #error
NOTICED = "noticed"  # bits are wrong, and the canary's are among them: Python would not use it


class Build(NamedTuple):
    """`flags` come after the package's own (build_kernel.py), and so have the last word.

    `runner` is the emulator, if one is needed; `guarded` False takes the guards out of
    arithmetic.h first, to show what they are good for; `reduced` says whether the build belongs to
    the reduced set; `package` is Debian's with the compiler.
    """

    title: str
    compiler: str
    flags: Sequence[str]
    runner: Sequence[str] = ()
    threads: Tuple[int, ...] = (1, 2, 3, 7)
    expected: str = SAME
    guarded: bool = True
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
    title = f"{compiler} {flags}" + ("" if more.get("guarded", True) else ", guards out")
    return Build(title, compiler, flags.split(), **more)


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
    return found + (guards() if platform.machine() == "x86_64" else [])


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
    out = dict(noticed, guarded=False)
    return found + [
        build("gcc", FUSED, **out),
        build("gcc", "-Ofast", **out),
        build("clang", "-O3 -ffast-math", **out),
        emulated("aarch64", "gcc", "-O2 -std=gnu11 -ffp-contract=fast", reduced=False, **out),
    ]
