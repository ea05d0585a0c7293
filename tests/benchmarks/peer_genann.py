"""genann as a peer, built from its source by whoever has it: it is in no package index."""

import ctypes
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from peers import Unavailable


def built(folder):
    """The library, as its fastest: for this processor, with its table of sigmoids."""
    compiler = shutil.which(os.environ.get("CC", "cc"))
    source = Path(folder, "genann.c")
    if compiler is None or not source.exists():
        raise Unavailable(f"no C compiler, or no {source}")
    with tempfile.TemporaryDirectory() as place:
        library = os.path.join(place, "genann.so")
        beside = Path(__file__).with_name("peer_genann.c")
        subprocess.run(
            [compiler, "-O3", "-march=native", "-DNDEBUG", "-shared", "-fPIC", f"-I{folder}",
             str(beside), str(source), "-lm", "-o", library],
            check=True,
        )
        loaded = ctypes.CDLL(library)
    loaded.made.restype = ctypes.c_void_p
    return loaded


class OfGenann:
    """Sigmoid layers, half the squared error, a step after each row."""

    def __init__(self, work, library):
        inputs, targets = work.data()
        self.rows, self.rate, self.library = work.rows, work.rate, library
        self.network = ctypes.c_void_p(library.made(*work.sizes))
        self.inputs, self.targets = (
            (ctypes.c_double * len(numbers))(*numbers) for numbers in (inputs, targets)
        )

    def train(self, epochs):
        self.library.learn(
            self.network, self.inputs, self.targets, ctypes.c_long(self.rows),
            ctypes.c_long(epochs), ctypes.c_double(self.rate),
        )
