"""What estimators answer, of what their networks put out (`_outputs`, of shape (rows, outputs))."""

from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin


class Classifies(ClassifierMixin):
    """By `_label_binarizer`, which has learned the classes or labels."""

    def predict(self, X: Any) -> np.ndarray:
        """The class of each row, or, where rows have labels, 0 and 1 for each of these."""
        outputs: np.ndarray = self._outputs(X)
        classes: np.ndarray = self._label_binarizer.inverse_transform(
            outputs.ravel() if outputs.shape[1] == 1 else outputs
        )
        return classes

    def predict_proba(self, X: Any) -> np.ndarray:
        """The probability of each class, in the order of `classes_`."""
        outputs: np.ndarray = self._outputs(X)
        return np.hstack([1.0 - outputs, outputs]) if outputs.shape[1] == 1 else outputs

    def predict_log_proba(self, X: Any) -> np.ndarray:
        """The logarithm of `predict_proba`."""
        logarithms: np.ndarray = np.log(self.predict_proba(X))
        return logarithms

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags


class Regresses(RegressorMixin):
    def predict(self, X: Any) -> np.ndarray:
        """The values of each row, of shape (rows,) or (rows, outputs)."""
        outputs: np.ndarray = self._outputs(X)
        return outputs.ravel() if outputs.shape[1] == 1 else outputs

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
