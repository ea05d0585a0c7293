"""Where the public names of pyref come from; `pyref.__getattr__` asks here.  (`X as X` tells type
checkers that X is meant for others.)"""

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
from .reference.full_batch import (
    IRpropMinus as IRpropMinus, IRpropPlus as IRpropPlus, Quickprop as Quickprop, Rprop as Rprop,
    RpropMinus as RpropMinus, RpropPlus as RpropPlus,
)
from .reference.gradient_descent import (
    SGD as SGD, Adagrad as Adagrad, Adam as Adam, AdamW as AdamW, Optimizer as Optimizer,
    RMSprop as RMSprop,
)
from .reference.lbfgs import LBFGS as LBFGS
from .reference.schedules import (
    Constant as Constant, Cosine as Cosine, Exponential as Exponential,
    InverseScaling as InverseScaling, ReduceOnPlateau as ReduceOnPlateau, Schedule as Schedule,
    Step as Step,
)
from .reference.stopping import (
    ConsecutiveIncreases as ConsecutiveIncreases, Gap as Gap,
    GeneralizationLoss as GeneralizationLoss, Patience as Patience,
    ProgressQuotient as ProgressQuotient, Rule as Rule, TargetLoss as TargetLoss,
    TrainingProgress as TrainingProgress, ValidationPatience as ValidationPatience,
)
from .trainer import Trainer as Trainer
