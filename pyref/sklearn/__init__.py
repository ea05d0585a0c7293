"""Estimators for scikit-learn (`pip install scikit-learn`; 1.6 or newer).

`MLPClassifier` and `MLPRegressor` have the parameters, the defaults and the attributes of those in
sklearn.neural_network: change the line that imports them, and the rest of a script stays as it is.
From the same integer `random_state` they draw the same first weights; where all rows are a batch,
SGD goes the same way up to rounding.  What differs:

    scikit-learn                              here

    Draws rows with NumPy's shuffle.          Draws them with pyref's, from the seed or, where
                                              `random_state` is no integer, from one that is drawn
                                              from it (`seed_`).  So validation rows are others.
    The bits depend on NumPy, BLAS and        The same seed gives the same bits everywhere, with
    the machine.                              any `n_jobs`.  (`predict_log_proba` is NumPy's log.)
    alpha / rows of the batch, also of a      alpha / `batch_size`; with weights, that times their
    short last one; / its sum of weights.     mean.  The loss of an epoch with weights is their
                                              mean over all rows, not over batches.
    The penalty in `loss_curve_` is that      That of weights on a straight line between the epochs
    of each batch's weights.                  at which they are looked at: `n_iter_no_change` + 1
                                              apart, or more where the penalty is below `tol`.
    SGD's velocity has the rate in it.        It does not (PyTorch's form): another way where
                                              the rate changes.
    Adam's epsilon stands beside √v.          Beside the corrected √(v/(1 − beta2^t)), as in
                                              Kingma and Ba's Algorithm 1.
    momentum may be 1.                        Below 1.
    L-BFGS-B of SciPy; `max_fun` counts       pyref's LBFGS, ten pairs, gtol = tol, and the change
    evaluations; with several outputs of      of the loss below 2.2e-9, not relative; `max_fun`
    a regression, loss and gradient are       bounds iterations, most of which are one evaluation;
    not those of one function.                one function always.
    Trains on where numbers overflow.         Ends there: ValueError with the same words, or, with
                                              `early_stopping`, the best weights and a warning.
    Sparse rows stay sparse.                  They are made dense.
    `verbose` prints each epoch at once.      Some epochs at a time.
    On 1.6: no `loss` and no                  As on the newest: `loss` comes first in MLPRegressor,
    `sample_weight`.                          `sample_weight` before `classes` in `partial_fit`.
    Private names (`_optimizer` ...)          are not there.

What is added stands in the docstrings of the classes.

`PyrefClassifier` and `PyrefRegressor` do with a table what `pyref train` does: words, gaps and
scaling, and a choice by cross-validation of how to train.
"""

try:
    import sklearn.utils.validation as _validation
except ImportError as error:
    raise ImportError(
        f"pyref.sklearn needs scikit-learn 1.6 or newer ({error}): pip install scikit-learn"
    ) from error
if not hasattr(_validation, "validate_data"):
    raise ImportError(
        "pyref.sklearn needs scikit-learn 1.6 or newer: pip install --upgrade scikit-learn"
    )

from .estimators import MLPClassifier as MLPClassifier  # noqa: E402
from .estimators import MLPRegressor as MLPRegressor  # noqa: E402
from .prepared import PyrefClassifier as PyrefClassifier  # noqa: E402
from .prepared import PyrefRegressor as PyrefRegressor  # noqa: E402

__all__ = ["MLPClassifier", "MLPRegressor", "PyrefClassifier", "PyrefRegressor"]
