"""What both estimators have in common: the parameters, the training and what it leaves."""

import warnings
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

import numpy as np
from sklearn.base import BaseEstimator, _fit_context, is_classifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from ..arguments.units import scaled_data
from ..engine import backend as engines
from ..network import Network
from ..reference.divergence import DivergedError
from ..trainer import Trainer
from .again import Repeatable
from .parameters import (
    CONSTRAINTS, goes_by_batches, hidden_activations, optimizer_of, rows_of_a_batch,
    scikit_learn_name, searches,
)
from .stopping import NOT_FINITE, Progress
from .weights import (
    Frozen, drawn_network, network_of, put_weights, squares, weights_of,
)

TOO_SMALL = (
    "The validation set is too small. Increase 'validation_fraction' or the size of your dataset."
)


class Rows(NamedTuple):
    """Inputs, targets as columns of numbers, and the weight of each row, or None."""

    X: np.ndarray
    y: np.ndarray
    weights: Optional[np.ndarray]


class MultilayerPerceptron(Repeatable, BaseEstimator):
    """A network that is trained and asked as scikit-learn does it."""

    _parameter_constraints: Dict[str, Any] = CONSTRAINTS

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "MultilayerPerceptron":
        """Train from the start, or, with `warm_start`, from where the weights are.

        `X` is of shape (rows, features), dense or sparse; `y` of shape (rows,) or (rows, outputs);
        `sample_weight` weighs each row by a number of 0 or more.
        """
        return self._fit(X, y, sample_weight, incremental=False)

    def _steps_by_rows(self) -> bool:
        if not goes_by_batches(self.solver):
            raise AttributeError(
                "partial_fit is only available for stochastic optimizers. "
                f"{self.solver} is not stochastic."
            )
        return True

    @available_if(lambda estimator: estimator._steps_by_rows())
    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> "MultilayerPerceptron":
        """Train for one more epoch, with these rows."""
        return self._fit(X, y, sample_weight, incremental=True)

    @property
    def network_(self) -> Network:
        """A pyref.Network with these weights: to save, to look at, or to ask without
        scikit-learn."""
        check_is_fitted(self)
        network = self._network()
        if hasattr(self, "feature_names_in_"):
            network.input_names = list(self.feature_names_in_)
        self._name_classes(network)
        return network

    def _name_classes(self, network: Network) -> None:
        """A regression has none."""

    def _network(self) -> Network:
        hidden = hidden_activations(self.activation, len(self.coefs_) - 1)
        task = self._task()
        return network_of(self.coefs_, self.intercepts_, hidden, task.output, self.seed_)

    # Training.

    def _fit(
        self, X: Any, y: Any, sample_weight: Any, incremental: bool
    ) -> "MultilayerPerceptron":
        sizes = self.hidden_layer_sizes
        sizes = list(sizes) if hasattr(sizes, "__iter__") else [sizes]
        if any(units <= 0 for units in sizes):
            raise ValueError(f"hidden_layer_sizes must be > 0, got {sizes}.")
        begins = not hasattr(self, "coefs_") or not (self.warm_start or incremental)
        if incremental and self.early_stopping:
            raise ValueError("partial_fit does not support early_stopping=True")

        X, y = self._checked(X, y, incremental, begins)
        X = X.toarray() if hasattr(X, "toarray") else X
        weights = self._row_weights(X, y, sample_weight)
        if weights is not None and not weights.any():
            raise ValueError("sample_weight: all weights are zero, so there is nothing to learn")
        columns = self._columns(y)
        self.n_outputs_ = columns.shape[1]
        if begins:
            self._is_single = self.precision == "single" or (
                self.precision == "auto" and X.dtype == np.float32
            )
        self._begin(begins, [X.shape[1], *sizes, self.n_outputs_])
        self._by_one_call = begins and not incremental
        dtype = np.float32 if getattr(self, "_is_single", False) else np.float64
        rows = Rows(np.ascontiguousarray(X, dtype=dtype), columns, weights)
        if searches(self.solver):
            network = self._search(rows)
        else:
            network = self._descend(rows, incremental)
        self.coefs_, self.intercepts_ = weights_of(network)
        self._frozen = Frozen()
        return self

    def _row_weights(self, X: Any, y: Any, sample_weight: Any) -> Optional[np.ndarray]:
        """Those of the rows, as doubles."""
        if sample_weight is None:
            return None
        weights: np.ndarray = _check_sample_weight(sample_weight, X, dtype=np.float64)
        return weights

    def _begin(self, begins: bool, sizes: List[int]) -> None:
        """The attributes of a new network; of another that goes on, what the call may change."""
        self._take_seed()
        self._hidden = hidden_activations(self.activation, len(sizes) - 2)
        self._drawn = None
        if not begins:
            return
        task = self._task()
        precision = "single" if self._is_single else "double"
        self._drawn = drawn_network(sizes, self._hidden, task.output, self.seed_, precision)
        self.n_iter_ = self.t_ = 0
        self.n_layers_ = len(sizes)
        self.out_activation_ = scikit_learn_name(task.output)
        self._trainer: Optional[Trainer] = None
        if not searches(self.solver):
            self.loss_curve_: List[float] = []
            self._no_improvement_count = 0
            self.best_loss_ = None if self.early_stopping else np.inf
            self.validation_scores_: Optional[List[float]] = [] if self.early_stopping else None
            self.best_validation_score_ = -np.inf if self.early_stopping else None

    def _begun_network(self) -> Network:
        """The new one, or one with the weights of the calls before."""
        if self._drawn is not None:
            drawn, self._drawn = self._drawn, None
            return drawn
        return network_of(
            self.coefs_, self.intercepts_, self._hidden, self._task().output, self.seed_
        )

    def _penalty(self, rows: int, weights: Optional[np.ndarray]) -> float:
        """What the loss has of Σw²: scikit-learn's alpha for a batch of so many rows."""
        heavy = 1.0 if weights is None else np.add.accumulate(weights)[-1] / len(weights)
        return float(self.alpha / (rows * heavy))

    def _new_trainer(
        self, network: Network, rows: Rows, batch: Optional[int], l2: float
    ) -> Trainer:
        task = self._task()
        return Trainer(
            network, task.loss, optimizer_of(self, task), batch, self.shuffle,
            backend=self.backend, threads=self.threads, schedule=self.schedule,
            l2=task.scale * l2, dropout=self.dropout,
        )

    def _search(self, rows: Rows) -> Network:
        """L-BFGS: one call, which ends where it finds nothing left to do."""
        task, network = self._task(), self._begun_network()
        l2 = self._penalty(len(rows.X), rows.weights)
        trainer = self._new_trainer(network, rows, None, l2)
        targets = self._targets(rows.y)
        most = max(1, min(self.max_iter, self.max_fun - 1))  # one evaluation is the first
        try:
            trainer.train(rows.X, targets, epochs=most, weights=rows.weights)
        except DivergedError as error:
            raise ValueError(NOT_FINITE) from error
        self._learned = rows_learned(network)
        self.n_iter_ = trainer.epoch
        if trainer.run.converged is None:
            warnings.warn(
                f"lbfgs failed to converge after {most} iterations. Increase the number of "
                "iterations to improve the convergence (max_iter, max_fun).", ConvergenceWarning,
            )
        data = scaled_data(network, rows.X, targets, task.loss, rows.weights)
        engine = engines.engine(self.backend)
        loss, _ = engine.evaluate(network.layers, task.loss, data, self.threads)
        self.loss_ = task.reported * loss + 0.5 * l2 * squares(network) + self._constant(rows)
        if self.verbose:
            print(f"{self.n_iter_} iterations, loss = {self.loss_:.8f}")
        return network

    def _constant(self, rows: Rows) -> float:
        """What scikit-learn's loss has besides, whatever the weights."""
        return 0.0

    def _descend(self, rows: Rows, incremental: bool) -> Network:
        """Epoch after epoch, until it no longer gets better."""
        held_out = None
        if self.early_stopping:
            rows, held_out = self._divided(rows)
        count = len(rows.X)
        batch = rows_of_a_batch(self.batch_size, count, self.solver)
        if batch is not None and batch > count and self.batch_size != "auto":
            warnings.warn(
                "Got `batch_size` less than 1 or larger than sample size. It is going to be clipped"
            )
        length = min(batch or count, count)
        l2 = self._penalty(length, rows.weights)
        trainer: Optional[Trainer] = getattr(self, "_trainer", None) if incremental else None
        if trainer is None:
            trainer = self._new_trainer(self._begun_network(), rows, batch, l2)
            self._rate = self.learning_rate_init
        else:
            put_weights(trainer.network, self.coefs_, self.intercepts_)
            trainer.threads = self.threads
            trainer.run.regularization.l2 = self._task().scale * l2
        self._trainer = trainer
        batches = -(-count // length)
        progress = Progress(self, trainer, rows, held_out, l2 * length, batches)
        progress.train(1 if incremental else self.max_iter)
        if not progress.stopped and not incremental:
            warnings.warn(
                f"Stochastic Optimizer: Maximum iterations ({self.max_iter}) reached and the "
                "optimization hasn't converged yet.", ConvergenceWarning,
            )
        self._learned = rows_learned(trainer.network)
        if held_out is not None:
            progress.restore_best()
        return trainer.network

    def _divided(self, rows: Rows) -> Tuple[Rows, Rows]:
        """Those to learn from and those that tell when to stop."""
        arrays = [array for array in rows if array is not None]
        parts = train_test_split(
            *arrays, random_state=self.seed_, test_size=self.validation_fraction,
            stratify=rows.y if is_classifier(self) and self.n_outputs_ == 1 else None,
        )
        if len(parts[1]) < 2:
            raise ValueError(TOO_SMALL)
        divided = [Rows(*(parts[place::2] + [None])[:3]) for place in (0, 1)]
        return divided[0], divided[1]

    # Asking.

    def _outputs(self, X: Any) -> np.ndarray:
        """The network's, of shape (rows, outputs)."""
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse=["csr", "csc"], reset=False)
        dtype = self.coefs_[0].dtype
        narrow = X.dtype == dtype == np.float32
        X = X.toarray() if hasattr(X, "toarray") else X
        predict = self._frozen.predictor(
            self.coefs_ + self.intercepts_,
            lambda: self._network().predictor(self.backend, self.threads),
        )
        outputs = predict(np.ascontiguousarray(X, dtype=dtype))
        answers: np.ndarray = outputs.astype(np.float32 if narrow else np.float64, copy=False)
        return answers

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def rows_learned(network: Network) -> str:
    """The digest of the rows of its last training."""
    digest: str = network.recipe["segments"][-1]["data"]["sha256"]
    return digest
