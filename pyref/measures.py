"""How good answers are: measures of classes, of labels and of numbers.

Flat arrays go in, a number for each row (of `outputs`, `width` of them), and sums are taken by
`math.fsum` or count whole numbers, so that the order of the rows changes nothing.  A measure that
is not defined is None: the precision of a class that is never answered, say.  Formulas are those of
scikit-learn's user guide (section "Metrics and scoring"), whose names they bear; where it puts 0
for what is not defined, that is said.
"""

from collections import Counter
from itertools import compress
from math import fsum, log, nan, sqrt
from operator import not_
from typing import List, NamedTuple, Optional, Sequence

from .reference.labels import said_yes

Matrix = List[List[int]]

LEAST_PROBABILITY = 2.0**-52  # stands for 0, of which there is no logarithm; scikit-learn's eps


def confusion_matrix(targets: Sequence[float], answers: Sequence[int], classes: int) -> Matrix:
    """How many rows of each class (first index) were taken for each class (second).

    >>> confusion_matrix([0.0, 0.0, 1.0], [0, 1, 1], 2)
    [[1, 1], [0, 1]]
    """
    counts = Counter(zip(targets, answers))
    return [[counts[(float(true), said)] for said in range(classes)] for true in range(classes)]


class ClassCounts(NamedTuple):
    """Of one class: how many rows are of it, how many were taken for it, and how many of these
    rightly."""

    rows: int
    answered: int
    right: int

    @property
    def precision(self) -> Optional[float]:
        """Of the rows that were taken for this class, the part that is of it."""
        return self.right / self.answered if self.answered else None

    @property
    def recall(self) -> Optional[float]:
        """Of the rows of this class, the part that was taken for it."""
        return self.right / self.rows if self.rows else None


def class_counts(matrix: Matrix) -> List[ClassCounts]:
    """
    >>> [(counts.precision, counts.recall) for counts in class_counts([[1, 1], [0, 2]])]
    [(1.0, 0.5), (0.6666666666666666, 1.0)]
    """
    answered = [sum(column) for column in zip(*matrix)]
    return [
        ClassCounts(sum(row), answered[place], row[place]) for place, row in enumerate(matrix)
    ]


def balanced_accuracy(matrix: Matrix) -> float:
    """The mean of the recalls of all classes that have rows: each class counts the same, however
    rare it is.  (Brodersen et al., "The balanced accuracy and its posterior distribution", 2010.)

    >>> balanced_accuracy([[90, 0], [10, 0]])  # always the frequent class
    0.5
    """
    recalls = [counts.right / counts.rows for counts in class_counts(matrix) if counts.rows]
    return fsum(recalls) / len(recalls)


def log_loss(outputs: Sequence[float], width: int, targets: Sequence[float]) -> float:
    """The mean of −ln p, p being the probability that was given to the class a row is of; for one
    output, which is the probability of class 1, that of class 0 is the rest.

    It is the cross-entropy of the outputs, and what a proper score is: no other probabilities than
    the true ones make it smaller.  Probabilities below 2⁻⁵² count as that.

    >>> round(log_loss([0.5, 0.25], 1, [1.0, 0.0]), 4)  # −(ln 0.5 + ln 0.75) / 2
    0.4904
    """
    if width == 1:
        given = [p if target else 1.0 - p for p, target in zip(outputs, targets)]
    else:
        given = [outputs[row * width + int(target)] for row, target in enumerate(targets)]
    if min(given) < LEAST_PROBABILITY:
        given = [max(p, LEAST_PROBABILITY) for p in given]
    return -fsum(map(log, given)) / len(given)


def roc_auc(scores: Sequence[float], targets: Sequence[float]) -> Optional[float]:
    """The area under the curve of the receiver operating characteristic: how likely a row of class
    1 has a higher score than a row of class 0, a tie counting half.  None where a class has no
    rows.

    It is Mann and Whitney's U over the number of pairs (Hanley and McNeil, "The meaning and use of
    the area under a receiver operating characteristic (ROC) curve", 1982), counted in whole
    numbers: for each score of one class, those of the other below it and up to it.

    >>> roc_auc([0.1, 0.4, 0.35, 0.8], [0.0, 0.0, 1.0, 1.0])  # 3 of 4 pairs are in order
    0.75
    """
    low = sorted(compress(scores, map(not_, targets)))
    high = sorted(compress(scores, targets))
    pairs = len(low) * len(high)
    if not pairs:
        return None
    low.append(nan)  # ends both searches: a quarter of a second for a million rows
    twice = below = up_to = 0
    for score in high:
        while low[below] < score:
            below += 1
        if low[below] == score:
            up_to = max(below, up_to)
            while low[up_to] == score:
                up_to += 1
            twice += below + up_to
        else:
            twice += below + below
    return twice / (2 * pairs)


class LabelCounts(NamedTuple):
    """Of one label: how many rows there are; how many have it; how many of these were found; and
    how many others were given it by mistake."""

    rows: int
    have_it: int
    found: int
    mistaken: int

    @property
    def right(self) -> int:
        return self.rows - (self.have_it - self.found) - self.mistaken

    @property
    def precision(self) -> Optional[float]:
        """Of the rows that were given it, the part that has it."""
        given = self.found + self.mistaken
        return self.found / given if given else None

    @property
    def recall(self) -> Optional[float]:
        """Of the rows that have it, the part that was given it."""
        return self.found / self.have_it if self.have_it else None


def label_counts(outputs: Sequence[float], targets: Sequence[float]) -> LabelCounts:
    """Of one column of outputs and targets."""
    counts = Counter(zip(said_yes(outputs), said_yes(targets)))
    found, mistaken, missed = counts[True, True], counts[True, False], counts[False, True]
    return LabelCounts(len(targets), found + missed, found, mistaken)


def rows_right_in_all(outputs: Sequence[float], targets: Sequence[float], width: int) -> int:
    """How many rows got all their labels and no others."""
    wanted, said = said_yes(targets), said_yes(outputs)
    places = range(0, len(targets), width)
    return sum(said[i : i + width] == wanted[i : i + width] for i in places)


def total(values: Sequence[float]) -> float:
    """Their sum, which may be beyond all floats.

    >>> total([1e308, 1e308]), total([0.1] * 10)
    (inf, 1.0)
    """
    try:
        return fsum(values)
    except (OverflowError, ValueError):  # which fsum raises there, and for both infinities
        return sum(values)


class ColumnError(NamedTuple):
    """Of one target column, in its unit: the root of the mean squared error, the mean absolute
    error; and R², which has none."""

    root_mean_square: float
    r_squared: Optional[float]  # None where all targets are the same
    mean_absolute: float


def column_error(outputs: Sequence[float], targets: Sequence[float]) -> ColumnError:
    """R² is the part of the targets' variance that the outputs explain, 1 − Σ(y − t)²/Σ(t − mean)²:
    1 is perfect, 0 no better than the mean as a guess, below 0 worse.  (scikit-learn has 1 or 0
    where all targets are the same.)

    >>> [round(measure, 4) for measure in column_error([10.0, 14.0], [10.0, 16.0])]
    [1.4142, 0.7778, 1.0]
    """
    count = len(targets)
    mean = total(targets) / count
    differences = [output - target for output, target in zip(outputs, targets)]
    error = total([d * d for d in differences])
    spread = total([(target - mean) * (target - mean) for target in targets])
    return ColumnError(
        sqrt(error / count), 1.0 - error / spread if spread else None,
        total(list(map(abs, differences))) / count,
    )
