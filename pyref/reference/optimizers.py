"""The optimizers: the table of all of them, by name.

Those of gradient_descent.py and full_batch.py have an `update`, which batch.py calls; L-BFGS has
an `iteration` instead, which search.py calls.
"""

from typing import Dict, Type

from .full_batch import IRpropMinus, IRpropPlus, Quickprop, Rprop, RpropMinus, RpropPlus
from .gradient_descent import SGD, Adagrad, Adam, AdamW, RMSprop
from .gradient_descent import Optimizer as Optimizer  # which others take from here
from .lbfgs import LBFGS

OPTIMIZERS: Dict[str, Type[Optimizer]] = {
    optimizer.__name__: optimizer
    for optimizer in (
        SGD, RMSprop, Adagrad, Adam, AdamW, Rprop, RpropMinus, RpropPlus, IRpropMinus, IRpropPlus,
        Quickprop, LBFGS,
    )
}
