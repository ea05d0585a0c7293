"""What the figures were measured on: the machine, how busy it was, and all versions."""

import ctypes
import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pyref
from pyref.engine import backend

PEAK_SETS = {"base": 0, "avx2": 1, "avx512": 2}


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            facts = dict(line.split(":", 1) for line in lines if ":" in line)
    except OSError:
        return platform.processor() or platform.machine()
    facts = {key.strip(): value.strip() for key, value in facts.items()}
    if "model name" not in facts:
        return platform.machine()
    model = "/".join(facts.get(key, "?") for key in ("cpu family", "model"))
    return f"{facts['model name']} (family/model {model})"


def versions(names):
    found = []
    for name in names:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            found.append(f"{name} missing")
    return ", ".join(found)


def instruction_sets():
    """Those of the kernel that this processor has, slowest first; [] without the kernel."""
    if backend.kernel is None:
        return []
    names = list(backend.kernel.calls.INSTRUCTION_SETS)
    best = backend.kernel.calls.INSTRUCTION_SETS
    return [name for name in names if best[name] <= backend.kernel.calls.instruction_set]


def busy():
    """How many programs wanted to run during the last minute, for the header."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def print_machine():
    print(f"processor   {processor()}, {os.cpu_count()} cores; {platform.platform()}")
    print(f"python      {platform.python_implementation()} {platform.python_version()}")
    print(f"pyref       {pyref.__version__}, engine {pyref.backend}", end="")
    print(f" ({', '.join(instruction_sets())})" if pyref.backend == "c" else "")
    print(f"peers       {versions(['torch', 'scikit-learn', 'numpy'])}")
    print(f"load        {busy()} before the first measurement", flush=True)


class Peak:
    """Multiplications and additions of one thread, in registers only, by an instruction set.

    It takes its turn among what is measured: processors slow down as they grow warm, and where
    other programs keep the neighbouring ones busy.
    """

    TURNS = 20_000

    def __init__(self, library, number):
        self.library, self.number = library, number
        self.flops = library.multiply_and_add(number, self.TURNS)

    def repeat(self, repetitions):
        self.library.multiply_and_add(self.number, self.TURNS * repetitions)


def peaks():
    """A Peak for each instruction set; {} where there is no C compiler to build peak.c with."""
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler is None or sys.platform == "win32":
        return {}
    with tempfile.TemporaryDirectory() as folder:
        library = os.path.join(folder, "peak.so")
        source = str(Path(__file__).with_name("peak.c"))
        command = [compiler, "-O3", "-ffp-contract=off", "-shared", "-fPIC", source, "-o", library]
        if subprocess.run(command, stderr=subprocess.DEVNULL).returncode:
            return {}
        loaded = ctypes.CDLL(library)
    loaded.multiply_and_add.argtypes = [ctypes.c_int, ctypes.c_long]
    loaded.multiply_and_add.restype = ctypes.c_double
    found = {name: Peak(loaded, number) for name, number in PEAK_SETS.items()}
    return {name: peak for name, peak in found.items() if peak.flops}
