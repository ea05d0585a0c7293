"""pyref trains feed-forward neural networks: a readable Python reference, a fast C kernel, and
the same bits from both.

To learn how a network computes, read the files in this order: elementary, generator, neuron,
activations, losses, initializers, network, gradient_descent, full_batch, stopping, training.  To
use one, start with `Network` and `Trainer`.
"""

from .engine.backend import choose as _choose
from .engine.backend import kernel_missing
from .initializers import ConstantWeights, NguyenWidrow, Normal, Uniform
from .model import Evaluation, Network
from .optimizers import (
    LBFGS,
    SGD,
    Adagrad,
    Adam,
    AdamW,
    IRpropMinus,
    IRpropPlus,
    Quickprop,
    RMSprop,
    Rprop,
)
from .schedules import Constant, Cosine, Exponential, InverseScaling, ReduceOnPlateau, Step
from .stopping import (
    ConsecutiveIncreases,
    Gap,
    GeneralizationLoss,
    Patience,
    ProgressQuotient,
    TargetLoss,
    TrainingProgress,
    ValidationPatience,
)
from .trainer import History, Trainer
from .training import SPECIFICATION, DivergedError

__version__ = "0.1.0"

backend = _choose("auto")  # the engine that "auto" means here: "python" or "c"

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
