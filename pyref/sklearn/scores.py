"""scikit-learn's scores of validation rows, with sums that are the same on every machine.

They decide when a training stops.  math.fsum rounds once, whatever the order; numpy.sum adds in an
order that depends on the version and on the processor.
"""

import math
from typing import NamedTuple, Optional

import numpy as np


def weights_or_ones(weights: Optional[np.ndarray], rows: int) -> np.ndarray:
    return np.ones(rows) if weights is None else weights


def accuracy(wanted: np.ndarray, found: np.ndarray, weights: Optional[np.ndarray]) -> float:
    """The part of the rows that is right in all columns.  (sklearn.metrics.accuracy_score)"""
    right = (wanted == found).reshape(len(wanted), -1).all(axis=1)
    weights = weights_or_ones(weights, len(wanted))
    return math.fsum(weights[right]) / math.fsum(weights)


class Spread(NamedTuple):
    """Of a column: Σw·(y − mean)², and Σw."""

    squares: float
    weight: float


def spread_of(y: np.ndarray, weights: Optional[np.ndarray]) -> Spread:
    y = y.ravel()
    weights = weights_or_ones(weights, len(y))
    total = math.fsum(weights)
    mean = math.fsum(weights * y) / total
    return Spread(math.fsum(weights * (y - mean) ** 2), total)


def r2_of(mean_squared_error: float, spread: Spread) -> float:
    """1 − Σw·(y − p)² / Σw·(y − mean)²; of a constant column 1.0 if it was found exactly, else 0.0.
    (sklearn.metrics.r2_score)"""
    if not spread.squares:
        return float(mean_squared_error == 0.0)
    return 1.0 - mean_squared_error * spread.weight / spread.squares


def r2(wanted: np.ndarray, found: np.ndarray, weights: Optional[np.ndarray]) -> float:
    """The mean of those of the columns."""
    wanted, found = (array.reshape(len(wanted), -1) for array in (wanted, found))
    weights = weights_or_ones(weights, len(wanted))
    total = math.fsum(weights)
    scores = [
        r2_of(math.fsum(weights * (y - p) ** 2) / total, spread_of(y, weights))
        for y, p in zip(wanted.T, found.T)
    ]
    return math.fsum(scores) / len(scores)
