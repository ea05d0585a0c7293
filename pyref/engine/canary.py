"""The canary: a few hundred values and three tiny trainings whose results are known.

The kernel computes them when it is loaded, and is not used where a bit differs: a compiler may
have broken the arithmetic, or the file may have been built from other sources than these.  It
takes less than a millisecond, and sees what is wrong everywhere; `pyref selftest` sees more.
"""

import hashlib
import struct
from array import array
from math import inf, ldexp, nan
from typing import Callable, Dict, List, NamedTuple, Sequence

from ..reference import elementary
from ..reference.batch import Examples
from ..reference.generator import Stream
from ..reference.gradient_descent import SGD, Adam
from ..reference.guard import guarded_train
from ..reference.layer import Layer
from ..reference.optimizers import Optimizer
from ..reference.parameters import parameters, round_rows
from ..reference.regularization import Regularization
from ..reference.schedules import Cosine
from ..rows.data import Data, Table
from ..rows.late import LateRun
from ..rows.precision import kept
from .canary_digests import DIGESTS

# Each with the arguments that it is defined for.
FUNCTIONS = ("exp", "expm1", "tanh", "sigmoid", "softplus", "cos_pi", "log", "power")
ABOVE_ZERO = ("log", "power")
EXPONENT = 0.7  # of power

# No compiler may take it for granted that these do not occur, in a vector least of all: the last
# few arguments, which fill none, are others.
SPECIAL = (0.0, -0.0, 5e-324, -5e-324, inf, -inf, nan)

EPOCHS = 2


class Case(NamedTuple):
    run: LateRun
    data: Data


def arguments(function: str) -> List[float]:
    """The special ones, and 64 numbers from 2⁻¹⁸ to 40, for most functions from −40 on."""
    sizes = [ldexp(step, scale) for scale in range(-18, 6, 3) for step in (1.0, 1.28, 3.1, 4.9)]
    sizes += [3.0 + 2.9 * number for number in numbers(32, 17)]
    if function not in ABOVE_ZERO:
        sizes = [-size if place % 2 else size for place, size in enumerate(sizes)]
    return [*SPECIAL, *sizes]


def numbers(count: int, start: int) -> List[float]:
    """From −1 to 1, in an order without pattern; their products need all 53 bits."""
    return [((start + 37 * place) % 101) / 50.5 - 1.0 for place in range(count)]


def layer(inputs: int, units: int, activation: str, precision: str = "double") -> Layer:
    flat = numbers(inputs * units, 5)
    rows = [flat[k * units : (k + 1) * units] for k in range(inputs)]
    made = Layer(rows, numbers(units, 11), activation, precision)
    round_rows([made], parameters([made]))
    return made


def table(rows: int, width: int, start: int, precision: str = "double") -> Table:
    made = Table(rows, width, None, array("d", numbers(rows * width, start)))
    return kept("canary", made, precision)


def cases(stream: Stream) -> Dict[str, Case]:
    """Trainings that use between them what a training is made of; the second alone draws."""
    weights = array("d", [abs(weight) for weight in numbers(7, 3)])
    targets = Table(7, 3, [[1.0 * (place % 3 == j) for j in range(3)] for place in range(7)], None)
    return {
        "a training of softmax outputs": Case(
            run_of(
                [layer(3, 9, "tanh"), layer(9, 3, "softmax")],
                "cross_entropy",
                SGD(0.3, 0.9, nesterov=True),
                Regularization(l1=0.01, l2=0.02, clip_norm=0.5),
                False,
                stream,
            ),
            Data(table(7, 3, 0), targets, weights),
        ),
        "a training with dropout": Case(
            run_of(
                [layer(2, 5, "gelu"), layer(5, 2, "sigmoid")],
                "mean_squared_error",
                Adam(0.1),
                Regularization(dropout=0.4),
                True,
                stream,
            ),
            Data(table(5, 2, 1), table(5, 2, 8), None),
        ),
        "a training in single precision": Case(
            run_of(
                [layer(3, 17, "tanh", "single"), layer(17, 3, "sigmoid", "single")],
                "mean_squared_error",
                Adam(0.1),
                Regularization(l2=0.02, clip_norm=0.5),
                False,
                stream,
            ),
            Data(table(7, 3, 0, "single"), table(7, 3, 8, "single"), None),
        ),
    }


def run_of(
    layers: List[Layer],
    loss: str,
    optimizer: Optimizer,
    regularization: Regularization,
    shuffle: bool,
    stream: Stream,
) -> LateRun:
    schedule = Cosine(EPOCHS, lowest=0.01)
    return LateRun(layers, loss, optimizer, 3, shuffle, stream, schedule, regularization, 0.0)


def digest(values: Sequence[float]) -> str:
    """The sign and payload of NaN, which differ from processor to processor, are left out."""
    values = [nan if value != value else value for value in values]
    return hashlib.sha256(struct.pack(f">{len(values)}d", *values)).hexdigest()


def digests(
    apply: Callable[[str, List[float]], Sequence[float]],
    train: Callable[[LateRun, Data, int], None],
) -> Dict[str, str]:
    """What an engine makes of all this: `apply` a function, `train` for some epochs."""
    found = {name: digest(apply(name, arguments(name))) for name in FUNCTIONS}
    for name, (run, data) in cases(Stream(1)).items():
        train(run, data, EPOCHS)
        values = [value for row in parameters(run.layers) for value in row]
        found[name] = digest(values + run.losses)
    return found


def reference_digests() -> Dict[str, str]:
    def apply(name: str, values: List[float]) -> List[float]:
        function = getattr(elementary, name)
        return [function(x, EXPONENT) if name == "power" else function(x) for x in values]

    def train(run: LateRun, data: Data, epochs: int) -> None:
        weights = data.weights or [1.0] * data.count
        examples = Examples(data.inputs.lists(), data.targets.lists(), list(weights))
        for _ in guarded_train(run, examples, epochs):
            pass

    return digests(apply, train)


def differences(found: Dict[str, str]) -> List[str]:
    """The names of what is not as it must be."""
    return [name for name in DIGESTS if found.get(name) != DIGESTS[name]]
