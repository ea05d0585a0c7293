"""pyref trains feed-forward neural networks: a readable Python reference, a fast C kernel, and
the same bits from both.

To learn how a network computes, read the files of `pyref.reference`, whose own docstring says in
which order.  To use one, start with `Network` and `Trainer`.
"""

from .engine import backend as _engines
from .history import History as History
from .network import Evaluation as Evaluation
from .network import Network as Network
from .reading import read_table as read_table
from .reference.divergence import DivergedError as DivergedError
from .reference.guard import SPECIFICATION as SPECIFICATION
from .reference.initializers import (
    ConstantWeights as ConstantWeights, NguyenWidrow as NguyenWidrow, Normal as Normal,
    Uniform as Uniform,
)
from .reference.optimizers import (
    LBFGS as LBFGS, SGD as SGD, Adagrad as Adagrad, Adam as Adam, AdamW as AdamW,
    IRpropMinus as IRpropMinus, IRpropPlus as IRpropPlus, Quickprop as Quickprop,
    RMSprop as RMSprop, Rprop as Rprop, RpropMinus as RpropMinus, RpropPlus as RpropPlus,
)
from .reference.schedules import (
    Constant as Constant, Cosine as Cosine, Exponential as Exponential,
    InverseScaling as InverseScaling, ReduceOnPlateau as ReduceOnPlateau, Step as Step,
)
from .reference.stopping import (
    ConsecutiveIncreases as ConsecutiveIncreases, Gap as Gap,
    GeneralizationLoss as GeneralizationLoss, Patience as Patience,
    ProgressQuotient as ProgressQuotient, TargetLoss as TargetLoss,
    TrainingProgress as TrainingProgress, ValidationPatience as ValidationPatience,
)
from .trainer import Trainer as Trainer

__version__ = "0.1.0"

_FOUND_OUT = ("backend", "kernel_missing")  # see __getattr__

# What was imported above, without the modules that it came from.  (`X as X` tells type checkers
# that X is meant for others.)
__all__ = sorted([
    *_FOUND_OUT,
    *[name for name, value in list(globals().items())
      if not name.startswith("_") and type(value) is not type(_engines)],
])


def __getattr__(name: str) -> "str | None":
    """`pyref.backend` is the engine that "auto" means here, "python" or "c"; `pyref.kernel_missing`
    says why not C, or is None.

    They are worked out when they are asked for: so the kernel is loaded, and a wrong PYREF_BACKEND
    is an error, where an engine is wanted and not where pyref is imported.
    """
    if name == "backend":
        return _engines.choose("auto")
    if name == "kernel_missing":
        return _engines.kernel_missing
    raise AttributeError(f"module 'pyref' has no attribute {name!r}")


def __dir__() -> list:
    return sorted([*_FOUND_OUT, *globals()])
