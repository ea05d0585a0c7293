"""What the driver trains, as text, and what must come out.

A Trainer whose engine is an `Export` does not train: the kernel's `Run` is made ready as for every
training, and everything it points to is written down.
"""

import hashlib
import math
import random
import struct
from typing import Iterable, List, NamedTuple, Tuple
from unittest import mock

from pyref.reference import elementary
from pyref.engine import calls, canary, pace
from pyref.engine.buffers import Buffers, code
from pyref.engine.kernel_training import Training
from pyref.reference.generator import Stream
from pyref.reference.lbfgs import LBFGS
from pyref.rows.data import Table
from pyref.rows.precision import TYPECODES, in_precision
from pyref.selftest import recipes

from .image import Image

CANARY = "canary: "
MOST_THREADS = 7  # that builds.py asks for
NAN_BITS = "7ff8000000000000"  # the sign and payload of NaN are outside the promise


class Result(NamedTuple):
    """The digest of some of the lines that the driver prints for a case, in this order, as doubles
    or, where the code is "f", in single precision."""

    name: str
    lines: Tuple[int, ...]
    digest: str
    code: str = "d"


class Case(NamedTuple):
    name: str
    text: str
    lines: int  # that the driver prints
    results: List[Result]

    def first_difference(self, printed: List[str]) -> str:
        """The name of the first result that is not as it must be, or ""."""
        for result in self.results:
            found = bytes.fromhex("".join(printed[place] for place in result.lines))
            if result.code == "f":
                count = len(found) // 8
                found = struct.pack(f">{count}f", *struct.unpack(f">{count}d", found))
            if hashlib.sha256(found).hexdigest() != result.digest:
                return result.name
        return ""


HISTORY, PARAMETERS, PREDICTIONS = range(3)  # lines of a training


class Export:
    """An engine that notes what the kernel would be handed."""

    NAME = "c"

    def train(self, run, data, epochs, validation, hooks, threads) -> None:
        with mock.patch.object(pace, "team", lambda *_: MOST_THREADS), \
                mock.patch.object(calls, "instruction_set", calls.lib.PLAIN):  # room for all
            job = Training(run, data, epochs, validation, epochs)
        if isinstance(run.optimizer, LBFGS):
            job.memory.grow(run.optimizer.history_size)  # nobody is there to do it later
        self.text = "train\n" + Image(job.run, job.keep).text()


def prediction(network, inputs) -> str:
    """Of a network that is not trained."""
    buffers = Buffers(network.layers, len(inputs), training_too=True)
    rows = Table(len(inputs), network.sizes[0], inputs, None)
    flat = in_precision(rows.flat(), buffers.typecode)
    buffers.run.training.inputs = buffers.pointer(flat, buffers.kind)
    buffers.run.training.rows = rows.count
    return "train\n" + Image(buffers.run, buffers.keep).text()


def golden_cases() -> List[Case]:
    found = []
    for recipe in recipes.golden().recipes:
        network, inputs, trainer, arguments = recipes.prepared(recipe, "c")
        if trainer is None:
            text = prediction(network, inputs)
        else:
            trainer._engine = export = Export()
            trainer.train(**arguments)
            text = export.text
        wanted = recipes.expected(recipe)
        results = [
            Result("history", (HISTORY,), wanted.history),
            Result("parameters", (PARAMETERS,), wanted.parameters, TYPECODES[network.precision]),
            Result("predictions", (PREDICTIONS,), wanted.predictions),
        ]
        found.append(Case(recipe.text("name"), text, 3, results))
    return found


def elementary_text(name: str, arguments: List[float], exponents: List[float]) -> str:
    pairs = "".join(
        f"{struct.pack('>d', x).hex()} {struct.pack('>d', y).hex()}\n"
        for x, y in zip(arguments, exponents)
    )
    return f"elementary {code('elementary_' + name)} {len(arguments)}\n{pairs}"


def hard_arguments(count: int, seed: int) -> List[float]:
    """Half of them random bits, the others of ordinary size."""
    chance = random.Random(seed)
    values = [0.0, -0.0, 5e-324, -5e-324, math.inf, -math.inf]
    while len(values) < count:
        values.append(struct.unpack("<d", struct.pack("<Q", chance.getrandbits(64)))[0])
        values.append(chance.uniform(-40.0, 40.0))
    return values[:count]


def digest_of(values: Iterable[float]) -> str:
    packed = [NAN_BITS if v != v else struct.pack(">d", v).hex() for v in values]
    return hashlib.sha256(bytes.fromhex("".join(packed))).hexdigest()


def elementary_cases() -> List[Case]:
    """Compared with the reference, here and now."""
    found = []
    arguments, exponents = hard_arguments(2000, 1), hard_arguments(2000, 2)
    for name in canary.FUNCTIONS:
        function = getattr(elementary, name)
        if name == "power":
            values = [function(x, y) for x, y in zip(arguments, exponents)]
        else:
            values = [function(x) for x in arguments]
        text = elementary_text(name, arguments, exponents)
        result = Result("values", (0,), digest_of(values))
        found.append(Case(f"{name} of hard arguments", text, 1, [result]))
    return found


def canary_cases() -> List[Case]:
    """What the kernel computes when Python loads it, to see whether that would tell."""
    found = []
    for name in canary.FUNCTIONS:
        arguments = canary.arguments(name)
        text = elementary_text(name, arguments, [canary.EXPONENT] * len(arguments))
        result = Result("values", (0,), canary.DIGESTS[name])
        found.append(Case(f"{CANARY}{name}", text, 1, [result]))
    for name, (run, data) in canary.cases(Stream(1)).items():
        export = Export()
        export.train(run, data, canary.EPOCHS, None, None, 1)
        result = Result("parameters and losses", (PARAMETERS, HISTORY), canary.DIGESTS[name])
        found.append(Case(f"{CANARY}{name}", export.text, 3, [result]))
    return found
