"""PyrefClassifier and PyrefRegressor: `pyref train` as estimators."""

import warnings
from array import array
from typing import Any, Dict, List, Optional, Tuple

import numpy as np
from sklearn.base import BaseEstimator, _fit_context
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils import column_or_1d
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from ..options.recipes import recipe_from, words_in
from ..reference.divergence import DivergedError
from ..rows.arrays import Floats
from ..tables.in_memory import cells_in, raw_examples
from ..tables.layout import CLASSIFICATION, LABELS, REGRESSION
from ..tables.preparation import LEFT_OUT, UNKNOWN
from ..work.doing import keep_best, rows_for
from ..work.job import job_for
from .again import Repeatable
from .answers import Classifies, Regresses
from .parameters import COMMON

GAPS = ("mean", "median", "error")  # what may become of them; rows cannot be left out here


class Prepared(Repeatable, BaseEstimator):
    """What both have in common."""

    _parameter_constraints: Dict[str, Any] = {
        "recipe": [str],
        "categorical": ["array-like", None],
        "missing": [StrOptions(set(GAPS))],
        "unknown": [StrOptions(set(UNKNOWN))],
        "random_state": COMMON["random_state"],
        "threads": COMMON["threads"],
        "backend": COMMON["backend"],
    }

    def __init__(
        self,
        recipe: str = "",
        *,
        categorical: Any = None,
        missing: str = "mean",
        unknown: str = "ignore",
        random_state: Any = 1,
        threads: Optional[int] = 1,
        backend: str = "auto",
    ) -> None:
        self._keep(locals())

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any) -> "Prepared":
        """Prepare the columns, choose how to train, where `recipe` does not say it, and train.

        `X` is of shape (rows, columns), of numbers, texts and gaps; `y` of shape (rows,) or (rows,
        outputs).  Raises ValueError for columns that cannot be used, and where training diverges.
        """
        called = y
        X, y = validate_data(
            self, X, y, dtype=None, ensure_all_finite="allow-nan", multi_output=True,
            ensure_min_samples=2, y_numeric=self._task_of_numbers,
        )
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        task, targets, classes = self._targets(y)
        names = list(self.feature_names_in_) if hasattr(self, "feature_names_in_") else None
        table = raw_examples(
            columns_of(X), names, targets, target_names(called, y, names or []), task, classes,
            self._categorical_places(X.shape[1]), self.missing,
        )
        options = recipe_from(words_in(self.recipe, "recipe"), "recipe")
        self._take_seed()
        options.seed, options.backend, options.threads = self.seed_, self.backend, self.threads
        job, examples = job_for(options, table, range(table.rows))
        training, validation = rows_for(job)
        try:
            job.trainer.train(
                *training, epochs=job.epochs, validation=validation, stop=job.rules
            )
        except DivergedError as error:
            raise ValueError(str(error)) from error
        except KeyboardInterrupt:
            warnings.warn("Training interrupted by user.")
        keep_best(job)
        self.network_ = job.trainer.network
        self.n_iter_ = job.trainer.epoch
        self.loss_curve_ = list(job.trainer.history.loss)
        self.notes_ = list(examples.notes)
        self._learned = examples.digest()
        self._by_one_call = True
        return self

    def _categorical_places(self, columns: int) -> List[int]:
        """Names of columns, or their places from 0."""
        names = list(getattr(self, "feature_names_in_", ()))
        places = []
        for column in () if self.categorical is None else self.categorical:
            place = names.index(column) if column in names else column
            if not isinstance(place, (int, np.integer)) or not 0 <= place < columns:
                raise ValueError(
                    f"categorical: {column!r:.40} is no column; a name is needed, or a place from "
                    f"0 to {columns - 1}"
                )
            places.append(int(place))
        return places

    def _outputs(self, X: Any) -> np.ndarray:
        """The network's, of shape (rows, outputs)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=None, ensure_all_finite="allow-nan", reset=False)
        preparation = self.network_.preparation
        assert preparation is not None  # it was made of a table
        columns = [
            column for column, made in zip(columns_of(X), preparation.columns)
            if made.kind != LEFT_OUT
        ]
        flat = preparation.encode(
            cells_in(columns), unknown=self.unknown, where="X, row {}, column {}".format
        )
        outputs = self.network_.predict(flat, self.backend, self.threads)
        return np.array(outputs, dtype=np.float64).reshape(len(X), -1)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags  # texts are taken, too, but scikit-learn's tag means that anything is


class PyrefClassifier(Classifies, Prepared):
    """Tells classes or labels apart, as `pyref train` does with a table.

    Words become inputs of 0 and 1, gaps the mean of the training rows (or what `missing` says:
    "median", "error") with an input that tells where they were, numbers are scaled; columns of
    names and identifiers are left out.  The columns in `categorical`, names or places from 0, hold
    words whatever is written there; words that come later are `unknown`: "ignore" takes them for
    none, "error" refuses them.  How to train is chosen by cross-validation, or `recipe` says it, a
    text of options of `pyref train` such as "--hidden 8 --epochs 40".

    After `fit`, `network_` is the pyref.Network, `notes_` what was found in the columns, `n_iter_`
    the epochs, `loss_curve_` their losses, `classes_` the classes.

    >>> from pyref.sklearn import PyrefClassifier
    >>> rows = [["red", 1.0], ["blue", 3.0], [None, 2.0], ["red", None]] * 5
    >>> told = PyrefClassifier().fit(rows, ["a", "b", "b", "a"] * 5)
    >>> told.predict([["blue", 2.5], ["red", 1.5]])
    array(['b', 'a'], dtype='<U1')
    """

    _task_of_numbers = False

    def _targets(self, y: np.ndarray) -> Tuple[str, Floats, Optional[List[str]]]:
        check_classification_targets(y)
        self._label_binarizer = LabelBinarizer().fit(y)
        self.classes_ = self._label_binarizer.classes_
        if self._label_binarizer.y_type_.startswith("multilabel"):
            wanted = array("d", self._label_binarizer.transform(y).astype(float).ravel().tolist())
            return LABELS, wanted, None
        if len(self.classes_) < 2:
            raise ValueError(
                f"y: every row is of the same class, {self.classes_[0]!r}: there is nothing to "
                "tell apart"
            )
        numbers = array("d", np.searchsorted(self.classes_, y).astype(float).tolist())
        return CLASSIFICATION, numbers, [str(name) for name in self.classes_]


class PyrefRegressor(Regresses, Prepared):
    """Learns numbers, as `pyref train` does from a table; all else is as in PyrefClassifier."""

    _task_of_numbers = True

    def _targets(self, y: np.ndarray) -> Tuple[str, Floats, Optional[List[str]]]:
        return REGRESSION, array("d", y.astype(float).ravel().tolist()), None


def target_names(called: Any, y: np.ndarray, inputs: List[str]) -> List[str]:
    """Those of a Series or a table, or made up; none that an input has."""
    count = y.reshape(len(y), -1).shape[1]
    names = list(getattr(called, "columns", [getattr(called, "name", None)]))
    if len(names) != count or not all(isinstance(name, str) and name for name in names):
        names = ["target"] if count == 1 else [f"target_{place + 1}" for place in range(count)]
    made: List[str] = []
    for name in names:
        while name in inputs or name in made:
            name += "'"
        made.append(name)
    return made


def columns_of(X: np.ndarray) -> List[List[Any]]:
    """As columns of numbers, texts and None."""
    if X.dtype.kind in "fiu":
        columns: List[List[Any]] = X.T.astype(float).tolist()
        return columns
    if X.dtype.kind in "mM":  # as dates are written, to be refused with a word on what to do
        X = X.astype(str)
    return [list(map(cell, column)) for column in X.T.tolist()]


def cell(value: Any) -> Any:
    """What is neither a number nor a text is taken as it is written, where it can be one cell."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (bool, np.bool_)):
        return str(value)  # as files have it
    if isinstance(value, (dict, list, tuple, set, bytes)):
        raise TypeError(f"X: an argument must be a string or a number, not {value!r:.40}")
    try:
        return float(value)
    except (TypeError, ValueError):  # a date, or what pandas has for gaps
        return value
