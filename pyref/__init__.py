"""pyref trains feed-forward neural networks: a readable Python reference, a fast C kernel, and
the same bits from both.

To learn how a network computes, read the files of `pyref.reference`, whose own docstring says in
which order.  To use one, start with `Network` and `Trainer`.
"""

from typing import Optional

from .engine import backend as _engines
from .reference.initializers import ConstantWeights, NguyenWidrow, Normal, Uniform
from .network import Evaluation, Network
from .reference.optimizers import (
    LBFGS, SGD, Adagrad, Adam, AdamW, IRpropMinus, IRpropPlus, Quickprop, RMSprop, Rprop,
)
from .reference.schedules import (
    Constant, Cosine, Exponential, InverseScaling, ReduceOnPlateau, Step,
)
from .reference.stopping import (
    ConsecutiveIncreases, Gap, GeneralizationLoss, Patience, ProgressQuotient, TargetLoss,
    TrainingProgress, ValidationPatience,
)
from .trainer import History, Trainer
from .reference.divergence import DivergedError
from .reference.guard import SPECIFICATION

__version__ = "0.1.0"

__all__ = [
    "Adagrad",
    "Adam",
    "AdamW",
    "ConsecutiveIncreases",
    "Constant",
    "ConstantWeights",
    "Cosine",
    "DivergedError",
    "Evaluation",
    "Exponential",
    "Gap",
    "GeneralizationLoss",
    "History",
    "IRpropMinus",
    "IRpropPlus",
    "InverseScaling",
    "LBFGS",
    "Network",
    "NguyenWidrow",
    "Normal",
    "Patience",
    "ProgressQuotient",
    "Quickprop",
    "RMSprop",
    "ReduceOnPlateau",
    "Rprop",
    "SGD",
    "SPECIFICATION",
    "Step",
    "TargetLoss",
    "Trainer",
    "TrainingProgress",
    "Uniform",
    "ValidationPatience",
    "backend",
    "kernel_missing",
]


def __getattr__(name: str) -> Optional[str]:
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
