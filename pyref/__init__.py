"""pyref trains feed-forward neural networks: a readable Python reference, a fast C kernel, and
the same bits from both.

To learn how a network computes, read the files in this order: elementary, generator, neuron,
activations, losses, initializers, network, optimizers, stopping, training.  To use one, start
with `Network` and `Trainer`.
"""

from .engine.backend import choose as _choose
from .engine.backend import kernel_missing
from .initializers import Uniform
from .model import Evaluation, Network
from .optimizers import SGD
from .stopping import Gap, Patience, TargetLoss, ValidationPatience
from .trainer import History, Trainer
from .training import SPECIFICATION, DivergedError

__version__ = "0.1.0"

backend = _choose("auto")  # the engine that "auto" means here: "python" or "c"

__all__ = [
    "DivergedError",
    "Evaluation",
    "Gap",
    "History",
    "Network",
    "Patience",
    "SGD",
    "SPECIFICATION",
    "TargetLoss",
    "Trainer",
    "Uniform",
    "ValidationPatience",
    "backend",
    "kernel_missing",
]
