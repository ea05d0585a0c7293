"""The optimizers: the table of all of them."""

from typing import Dict, Type

from .full_batch import IRpropMinus, IRpropPlus, Quickprop, Rprop
from .gradient_descent import SGD, Adagrad, Adam, AdamW, Optimizer, RMSprop
from .lbfgs import LBFGS

OPTIMIZERS: Dict[str, Type[Optimizer]] = {
    optimizer.__name__: optimizer
    for optimizer in (
        SGD, RMSprop, Adagrad, Adam, AdamW, Rprop, IRpropMinus, IRpropPlus, Quickprop,
        LBFGS,
    )
}
