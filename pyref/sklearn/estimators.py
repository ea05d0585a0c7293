"""MLPClassifier and MLPRegressor."""

import math
from typing import Any, Dict, List, Optional, Tuple, Union

import numpy as np
from sklearn.base import _fit_context
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils import column_or_1d, compute_sample_weight
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import (
    _check_partial_fit_first_call, type_of_target, unique_labels,
)
from sklearn.utils.validation import validate_data

from ..network import Network
from ..reference.elementary import log
from ..reference.gradient_descent import Optimizer
from ..reference.schedules import Schedule
from .answers import Classifies, Regresses
from .multilayer import MultilayerPerceptron, Rows
from .parameters import (
    CLASSIFIER_LOSSES, CONSTRAINTS, REGRESSOR_LOSSES, Task, classification, regression,
)


class MLPClassifier(Classifies, MultilayerPerceptron):
    """sklearn.neural_network.MLPClassifier, trained by pyref.

    The parameters up to `max_fun` and the attributes are scikit-learn's; `pyref.sklearn` says what
    differs.  Besides: `activation` may be a list with one for each hidden layer, and any of
    pyref's; `solver` the name of any optimizer of pyref (at the rate `learning_rate_init`, where it
    has one) or an object with all its settings; `loss` is "log_loss" or one of pyref's;
    `class_weight` a number for each class in a dictionary, or "balanced"; `dropout`, `schedule`,
    `threads` and `backend` are those of `pyref.Trainer`; `precision` is that of `pyref.Network`,
    "auto" that of the rows, as in scikit-learn: "single" for float32, else "double".

    `seed_` is the seed of the last call; `network_` a pyref.Network with the weights; `verify`
    trains again and compares all bits.

    >>> from pyref.sklearn import MLPClassifier
    >>> xor = MLPClassifier(4, "tanh", solver="lbfgs", random_state=1)
    >>> xor.fit([[0, 0], [0, 1], [1, 0], [1, 1]], ["no", "yes", "yes", "no"]).predict([[1, 0]])
    array(['yes'], dtype='<U3')
    """

    _parameter_constraints: Dict[str, Any] = {
        **CONSTRAINTS,
        "loss": [StrOptions(CLASSIFIER_LOSSES)],
        "class_weight": [dict, list, StrOptions({"balanced"}), None],
    }

    def __init__(
        self,
        hidden_layer_sizes: Any = (100,),
        activation: Union[str, List[str], Tuple[str, ...]] = "relu",
        *,
        solver: Union[str, Optimizer] = "adam",
        alpha: float = 0.0001,
        batch_size: Union[str, int] = "auto",
        learning_rate: str = "constant",
        learning_rate_init: float = 0.001,
        power_t: float = 0.5,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: Any = None,
        tol: float = 1e-4,
        verbose: bool = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: float = 10,
        max_fun: int = 15000,
        loss: str = "log_loss",
        class_weight: Any = None,
        dropout: float = 0.0,
        schedule: Union[None, str, Schedule] = None,
        precision: str = "auto",
        threads: Optional[int] = 1,
        backend: str = "auto",
    ) -> None:
        self._keep(locals())

    @available_if(lambda estimator: estimator._steps_by_rows())
    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(
        self, X: Any, y: Any, sample_weight: Any = None, classes: Any = None
    ) -> "MLPClassifier":
        """Train for one more epoch, with these rows.  The first call needs all `classes` that
        there will ever be."""
        if _check_partial_fit_first_call(self, classes):
            self._label_binarizer = LabelBinarizer()
            self._label_binarizer.fit(y if type_of_target(y).startswith("multilabel") else classes)
        return self._fit(X, y, sample_weight, incremental=True)

    def _checked(self, X: Any, y: Any, incremental: bool, begins: bool) -> Tuple[Any, Any]:
        X, y = validate_data(
            self, X, y, accept_sparse=["csr", "csc"], multi_output=True,
            dtype=(np.float64, np.float32), reset=begins,
        )
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        if not hasattr(self, "classes_") or not (self.warm_start or incremental):
            self._label_binarizer = LabelBinarizer().fit(y)
            self.classes_ = self._label_binarizer.classes_
            return X, y
        classes = unique_labels(y)
        if self.warm_start and set(classes) != set(self.classes_):
            raise ValueError(
                "warm_start can only be used where `y` has the same classes as in the previous "
                f"call to fit. Previously got {self.classes_}, `y` has {classes}"
            )
        if not set(classes) <= set(self.classes_):
            raise ValueError(
                f"`y` has classes not in `self.classes_`. `self.classes_` has {self.classes_}. "
                f"'y' has {classes}."
            )
        return X, y

    def _row_weights(self, X: Any, y: Any, sample_weight: Any) -> Optional[np.ndarray]:
        weights = super()._row_weights(X, y, sample_weight)
        if self.class_weight is None:
            return weights
        of_class = compute_sample_weight(self.class_weight, y)
        together: np.ndarray = of_class if weights is None else weights * of_class
        return together

    def _columns(self, y: np.ndarray) -> np.ndarray:
        columns: np.ndarray = self._label_binarizer.transform(y).astype(bool)
        return columns

    def _task(self) -> Task:
        multiclass = self._label_binarizer.y_type_ == "multiclass"
        return classification(self.loss, self.n_outputs_, multiclass)

    def _targets(self, columns: np.ndarray) -> np.ndarray:
        """As `pyref.Trainer.train` takes them quickest: the numbers of classes, or 0 and 1."""
        task = self._task()
        if task.loss == "cross_entropy":
            numbers: np.ndarray = columns.argmax(axis=1)
            return numbers
        return columns.astype(np.float64)

    def _name_classes(self, network: Network) -> None:
        if self._label_binarizer.y_type_.startswith("multilabel"):
            network.target_names = [str(name) for name in self.classes_]
        elif len(self.classes_) > 1:
            network.class_names = [str(name) for name in self.classes_]


class MLPRegressor(Regresses, MultilayerPerceptron):
    """sklearn.neural_network.MLPRegressor, trained by pyref.

    The parameters up to `max_fun` and the attributes are scikit-learn's; `pyref.sklearn` says what
    differs.  Those behind it are explained in MLPClassifier; `loss` is "squared_error", "poisson"
    or one of pyref's losses.

    >>> from pyref.sklearn import MLPRegressor
    >>> line = MLPRegressor("squared_error", 2, "identity", solver="lbfgs", random_state=1)
    >>> line.set_params(alpha=0.0).fit([[0], [1], [2]], [1.0, 3.0, 5.0]).predict([[10]]).round(3)
    array([21.])
    """

    _parameter_constraints: Dict[str, Any] = {**CONSTRAINTS, "loss": [StrOptions(REGRESSOR_LOSSES)]}

    def __init__(
        self,
        loss: str = "squared_error",
        hidden_layer_sizes: Any = (100,),
        activation: Union[str, List[str], Tuple[str, ...]] = "relu",
        *,
        solver: Union[str, Optimizer] = "adam",
        alpha: float = 0.0001,
        batch_size: Union[str, int] = "auto",
        learning_rate: str = "constant",
        learning_rate_init: float = 0.001,
        power_t: float = 0.5,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: Any = None,
        tol: float = 1e-4,
        verbose: bool = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: float = 10,
        max_fun: int = 15000,
        dropout: float = 0.0,
        schedule: Union[None, str, Schedule] = None,
        precision: str = "auto",
        threads: Optional[int] = 1,
        backend: str = "auto",
    ) -> None:
        self._keep(locals())

    def _checked(self, X: Any, y: Any, incremental: bool, begins: bool) -> Tuple[Any, Any]:
        X, y = validate_data(
            self, X, y, accept_sparse=["csr", "csc"], multi_output=True, y_numeric=True,
            dtype=(np.float64, np.float32), reset=begins,
        )
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        return X, y

    def _columns(self, y: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(y.reshape(len(y), -1), dtype=np.float64)

    def _task(self) -> Task:
        return regression(self.loss, self.n_outputs_)

    def _targets(self, columns: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(columns)

    def _constant(self, rows: Rows) -> float:
        """Half the Poisson deviance is 0 where the answer is exact: Σ y·log y − y."""
        if self.loss != "poisson":
            return 0.0
        weights = np.ones(len(rows.y)) if rows.weights is None else rows.weights
        terms = [
            weight * (y * log(y) - y)
            for row, weight in zip(rows.y.tolist(), weights.tolist()) for y in row if y > 0.0
        ]
        return math.fsum(terms) / math.fsum(weights)
