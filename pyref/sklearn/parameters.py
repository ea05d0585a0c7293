"""scikit-learn's parameters: which values they may have, and what they are among pyref's settings.

pyref divides some losses otherwise than scikit-learn, so that its gradients are `scale` times as
large.  The rate of SGD, Adam's epsilon, the penalty and the tolerances of L-BFGS make up for it;
the steps are scikit-learn's, up to rounding.
"""

from numbers import Integral, Real
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Type, Union

import numpy as np
from sklearn.utils._param_validation import Interval, Options, StrOptions

from ..reference.activations import ACTIVATIONS
from ..reference.full_batch import Quickprop, Rprop
from ..reference.gradient_descent import SGD, Adam, Optimizer
from ..reference.lbfgs import LBFGS
from ..reference.losses import LOSSES
from ..reference.optimizers import OPTIMIZERS
from ..reference.schedules import SCHEDULES, Schedule

FTOL = 2.220446049250313e-09  # scipy.optimize's for L-BFGS-B

SOLVERS = {"sgd", "adam", "lbfgs"}  # those with scikit-learn's formulas and parameters
ALL_ROWS = (Rprop, Quickprop, LBFGS)  # what needs all of them at once, and those derived from them
HIDDEN_NAMES = {"logistic", *ACTIVATIONS} - {"threshold"}  # a threshold has no slope to learn by

COMMON = {  # to all estimators
    "random_state": ["random_state"],
    "threads": [None, Interval(Integral, 1, None, closed="left")],
    "backend": [StrOptions({"auto", "python", "c"})],
}
CONSTRAINTS = {
    **COMMON,
    "hidden_layer_sizes": ["array-like", Interval(Integral, 1, None, closed="left")],
    "activation": [StrOptions(HIDDEN_NAMES), list, tuple],
    "solver": [StrOptions(SOLVERS | set(OPTIMIZERS)), Optimizer],
    "alpha": [Interval(Real, 0, None, closed="left")],
    "batch_size": [StrOptions({"auto"}), Interval(Integral, 1, None, closed="left")],
    "learning_rate": [StrOptions({"constant", "invscaling", "adaptive"})],
    "learning_rate_init": [Interval(Real, 0, None, closed="neither")],
    "power_t": [Interval(Real, 0, None, closed="left")],
    "max_iter": [Interval(Integral, 1, None, closed="left")],
    "shuffle": ["boolean"],
    "tol": [Interval(Real, 0, None, closed="left")],
    "verbose": ["verbose"],
    "warm_start": ["boolean"],
    "momentum": [Interval(Real, 0, 1, closed="both")],
    "nesterovs_momentum": ["boolean"],
    "early_stopping": ["boolean"],
    "validation_fraction": [Interval(Real, 0, 1, closed="left")],
    "beta_1": [Interval(Real, 0, 1, closed="left")],
    "beta_2": [Interval(Real, 0, 1, closed="left")],
    "epsilon": [Interval(Real, 0, None, closed="neither")],
    "n_iter_no_change": [
        Interval(Integral, 1, None, closed="left"), Options(Real, {np.inf}),
    ],
    "max_fun": [Interval(Integral, 1, None, closed="left")],
    "dropout": [Interval(Real, 0, 1, closed="left")],
    "schedule": [None, StrOptions(set(SCHEDULES)), Schedule],
    "precision": [StrOptions({"auto", "double", "single"})],
}

CLASSIFIER_LOSSES = {"log_loss", *LOSSES} - {"poisson"}
REGRESSOR_LOSSES = {"squared_error", *LOSSES} - {"cross_entropy", "binary_cross_entropy"}


class Task(NamedTuple):
    """What is learned: the output activation, pyref's loss for it, by what factor its gradients
    are those of scikit-learn's, and by what factor scikit-learn's loss is pyref's."""

    output: str
    loss: str
    scale: float = 1.0
    reported: float = 1.0


def classification(loss: str, outputs: int, multiclass: bool) -> Task:
    """`outputs` columns of yes and no; `multiclass`: exactly one of them is yes."""
    output = "softmax" if multiclass else "sigmoid"
    if loss != "log_loss":
        return Task(output, loss)
    if multiclass:
        return Task(output, "cross_entropy")
    return Task(output, "binary_cross_entropy", 1.0 / outputs, float(outputs))


def regression(loss: str, outputs: int) -> Task:
    if loss == "squared_error":
        return Task("identity", "mean_squared_error", 2.0 / outputs, 0.5)
    if loss == "poisson":
        return Task("exp", "poisson", 1.0 / outputs, float(outputs))
    return Task("identity", loss)


def pyref_name(activation: str) -> str:
    return {"logistic": "sigmoid"}.get(activation, activation)


def scikit_learn_name(activation: str) -> str:
    return {"sigmoid": "logistic"}.get(activation, activation)


def hidden_activations(
    activation: Union[str, List[str], Tuple[str, ...]], layers: int
) -> List[str]:
    """pyref's name for each of `layers` hidden layers."""
    if isinstance(activation, str):
        return [pyref_name(activation)] * layers
    if len(activation) != layers or not set(activation) <= HIDDEN_NAMES:
        raise ValueError(
            f"activation: one of {', '.join(sorted(HIDDEN_NAMES))} is needed, or a list with one "
            f"for each of the {layers} hidden layers, not {activation!r:.80}"
        )
    return [pyref_name(name) for name in activation]


def optimizer_of(estimator: Any, task: Task) -> Optimizer:
    """What `solver` and its parameters mean."""
    solver = estimator.solver
    if isinstance(solver, Optimizer):
        return solver
    if solver == "sgd":
        momentum = estimator.momentum
        nesterov = bool(estimator.nesterovs_momentum and momentum)
        return SGD(estimator.learning_rate_init / task.scale, momentum, nesterov)
    if solver == "adam":
        return Adam(
            estimator.learning_rate_init, estimator.beta_1, estimator.beta_2,
            estimator.epsilon * task.scale,
        )
    if solver == "lbfgs":
        return LBFGS(1.0, 10, estimator.tol * task.scale, FTOL * task.scale)
    kind = kind_of(solver)
    return kind(estimator.learning_rate_init) if goes_by_batches(solver) else kind()


def kind_of(solver: Union[str, Optimizer]) -> Type[Optimizer]:
    """That of pyref's optimizer."""
    if isinstance(solver, Optimizer):
        return type(solver)
    known: Dict[str, Type[Optimizer]] = {"sgd": SGD, "adam": Adam, "lbfgs": LBFGS}
    return known.get(solver) or OPTIMIZERS[solver]


def goes_by_batches(solver: Union[str, Optimizer]) -> bool:
    return not issubclass(kind_of(solver), ALL_ROWS)


def searches(solver: Union[str, Optimizer]) -> bool:
    return issubclass(kind_of(solver), LBFGS)


def rows_of_a_batch(batch_size: Union[str, int], rows: int, solver: Any) -> Optional[int]:
    """None: all of them."""
    if not goes_by_batches(solver):
        return None
    return 200 if batch_size == "auto" else int(batch_size)
