"""scikit-learn's scores of validation rows, with sums that are the same on every machine.

They decide when a training stops.  math.fsum rounds once, whatever the order; numpy.sum adds in an
order that depends on the version and on the processor.
"""

import math
from typing import Optional

import numpy as np


def weights_or_ones(weights: Optional[np.ndarray], rows: int) -> np.ndarray:
    return np.ones(rows) if weights is None else weights


def accuracy(wanted: np.ndarray, found: np.ndarray, weights: Optional[np.ndarray]) -> float:
    """The part of the rows that is right in all columns.  (sklearn.metrics.accuracy_score)"""
    right = (wanted == found).reshape(len(wanted), -1).all(axis=1)
    weights = weights_or_ones(weights, len(wanted))
    return math.fsum(weights[right]) / math.fsum(weights)


def r2(wanted: np.ndarray, found: np.ndarray, weights: Optional[np.ndarray]) -> float:
    """1 − Σw·(y − p)² / Σw·(y − mean)², the mean over the columns.  A constant one has 1.0 if it
    was found exactly, else 0.0.  (sklearn.metrics.r2_score)"""
    wanted, found = (array.reshape(len(wanted), -1) for array in (wanted, found))
    weights = weights_or_ones(weights, len(wanted))
    total, scores = math.fsum(weights), []
    for y, p in zip(wanted.T, found.T):
        mean = math.fsum(weights * y) / total
        left = math.fsum(weights * (y - p) ** 2)
        spread = math.fsum(weights * (y - mean) ** 2)
        scores.append(1.0 - left / spread if spread else float(left == 0.0))
    return math.fsum(scores) / len(scores)
