"""Whether probabilities mean what they say: of all rows that were given about 0.7, are about 70 %
so?  (DeGroot and Fienberg, "The comparison and evaluation of forecasters", 1983.)"""

from math import fsum, sqrt
from typing import List, NamedTuple, Sequence, Tuple

BINS = 10
SPREAD = 1.959963984540054  # deviations, between which a normal distribution has 95 %


class Bin(NamedTuple):
    """Of probabilities from low to high (the first with 0, each with its high end): how many rows
    have them, their mean, and of how many it was so."""

    low: float
    high: float
    rows: int
    mean: float
    so: int

    @property
    def part(self) -> float:
        return self.so / self.rows


def bins(probabilities: Sequence[float], outcomes: Sequence[bool]) -> List[Bin]:
    """BINS of equal width; those without a row are left out.  Raises ValueError for what is no
    probability.

    >>> [tuple(each) for each in bins([0.0, 0.1, 0.25, 0.75], [False, True, False, True])]
    [(0.0, 0.1, 2, 0.05, 1), (0.2, 0.3, 1, 0.25, 0), (0.7, 0.8, 1, 0.75, 1)]
    """
    edges = [place / BINS for place in range(BINS + 1)]
    members: List[List[Tuple[float, bool]]] = [[] for _ in range(BINS)]
    for p, outcome in zip(probabilities, outcomes):
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"calibration: {p!r} is no probability")
        place = min(int(p * BINS), BINS - 1)
        if place and p <= edges[place]:
            place -= 1
        members[place].append((p, outcome))
    return [
        Bin(edges[place], edges[place + 1], len(of_bin),
            fsum(p for p, _ in of_bin) / len(of_bin), sum(outcome for _, outcome in of_bin))
        for place, of_bin in enumerate(members) if of_bin
    ]


def expected_error(found: Sequence[Bin]) -> float:
    """The mean over all rows of how far a bin's part is from its mean probability: the expected
    calibration error.  (Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities
    using Bayesian binning", 2015.)

    >>> round(expected_error(bins([0.2, 0.2, 0.9, 0.9], [False, True, True, True])), 3)
    0.2
    """
    rows = sum(each.rows for each in found)
    return fsum(each.rows * abs(each.part - each.mean) for each in found) / rows


def interval(so: int, count: int) -> Tuple[float, float]:
    """Where the true part lies with a confidence of 95 %.  (Wilson, "Probable inference, the law
    of succession, and statistical inference", 1927.)

    >>> [round(end, 4) for end in interval(5, 10)], [round(end, 4) for end in interval(0, 10)]
    ([0.2366, 0.7634], [0.0, 0.2775])
    """
    square = SPREAD * SPREAD
    part = so / count
    middle = (part + square / (2 * count)) / (1.0 + square / count)
    half = SPREAD / (1.0 + square / count) * sqrt(
        part * (1.0 - part) / count + square / (4 * count * count)
    )
    return max(0.0, middle - half), min(1.0, middle + half)
