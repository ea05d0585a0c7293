"""Trainings that can be done again, to the same bits."""

import warnings
from typing import Any, Dict

import numpy as np
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted


class Repeatable:
    """An estimator with a `network_`, whose `seed_` all that is drawn comes from.

    `_learned` is the digest of the rows that it learned from; `_by_one_call` says whether one call
    of `fit` has done all.
    """

    random_state: Any
    network_: Any
    _by_one_call: bool
    _learned: str

    def _keep(self, parameters: Dict[str, Any]) -> None:
        """Those of the constructor, as its `locals()`: each under its own name and as it is, as
        scikit-learn asks."""
        vars(self).update((name, value) for name, value in parameters.items() if name != "self")

    def _take_seed(self) -> None:
        """`random_state`, or a number that is drawn from it."""
        if isinstance(self.random_state, (int, np.integer)):
            self.seed_ = int(self.random_state)
        else:
            self.seed_ = int(check_random_state(self.random_state).randint(2**31 - 1))

    def digest(self) -> str:
        """The SHA-256 of all weights and biases, that of `pyref.Network.digest`."""
        digest: str = self.network_.digest()
        return digest

    def verify(
        self, X: Any, y: Any, sample_weight: Any = None, backend: str = "auto"
    ) -> bool:
        """Train once more from the start, and say whether every bit is the same.

        The rows, and their weights if there were any, are those of the last call of `fit`;
        `backend` may be another than it was then.  Raises ValueError for other rows, and where
        more than one call has trained the weights.
        """
        check_is_fitted(self)
        if not self._by_one_call:
            raise ValueError(
                "verify: these weights were trained by partial_fit, or by several calls "
                "(warm_start); only what one call of fit has trained can be trained again"
            )
        again: Any = clone(self).set_params(random_state=self.seed_, backend=backend)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            again.fit(X, y, *(() if sample_weight is None else (sample_weight,)))
        if again._learned != self._learned:
            raise ValueError("verify: these are other rows than those of fit")
        same: bool = self.digest() == again.digest()
        return same
