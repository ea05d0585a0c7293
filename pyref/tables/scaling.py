"""Scaling: from the units that people measure in to numbers of about the size 1, and back.

A network learns best from inputs with mean 0 and deviation 1.  The means and deviations are those
of the training rows; they belong to the network and are kept in its file.
"""

from math import isfinite
from typing import Any, Callable, Iterable, List, Tuple

from ..reference.settings import Setting, Settings, above_zero, number
from ..rows.arrays import Buffer, Floats
from . import passes


def numbers(what: str, values: object) -> Tuple[float, ...]:
    return each(number, what, values)


def numbers_above_zero(what: str, values: object) -> Tuple[float, ...]:
    return each(above_zero, what, values)


def each(
    check: Callable[[str, object], float], what: str, values: Any
) -> Tuple[float, ...]:
    if isinstance(values, (str, bytes, dict, set)) or not hasattr(values, "__iter__"):
        raise ValueError(f"{what}: a number for each column is needed, not {values!r:.40}")
    return tuple([check(f"{what}[{place}]", value) for place, value in enumerate(values)])


class Scaling(Settings):
    """The mean and the deviation of each column.

    Raises ValueError for numbers that are not finite, for deviations that are not above 0, and for
    more of the ones than of the others.

    >>> from array import array
    >>> scaling = Scaling.fit(array("d", [1.0, 5.0, 3.0, 5.0]), width=2)
    >>> scaling
    Scaling(means=(2.0, 5.0), deviations=(1.0, 1.0))
    >>> scaling.transform([4.0, 5.0]), scaling.inverse([2.0, 0.0])
    ([2.0, 0.0], [4.0, 5.0])
    """

    means = Setting(numbers)
    deviations = Setting(numbers_above_zero)

    def check(self) -> None:
        if len(self.means) != len(self.deviations):
            raise ValueError(
                f"Scaling: a mean and a deviation for each column are needed, not "
                f"{len(self.means)} means and {len(self.deviations)} deviations"
            )

    @classmethod
    def fit(
        cls, flat: Floats, width: int, name: Callable[[int], str] = "column {}".format
    ) -> "Scaling":
        """The scaling of a flat array of rows: two passes over each column, rows in order.

        The deviation is that of the population, √(Σ(x − mean)²/n).  A column whose values are all
        the same has the deviation 1.  `name(column)` is for the error: ValueError where values
        are so large that their mean or deviation is not finite.
        """
        means, deviations = [], []
        for column, found in enumerate(passes.fastest.means_and_deviations(flat, width)):
            mean, deviation = found
            if not isfinite(deviation):
                raise ValueError(
                    f"{name(column)}: the values are too large to be scaled: their mean or "
                    "deviation is beyond all numbers"
                )
            means.append(mean)
            deviations.append(deviation)
        return cls(means, deviations)

    def transform(self, row: Iterable[float]) -> List[float]:
        """One row in the network's units."""
        return [(x - mean) / d for x, mean, d in zip(row, self.means, self.deviations)]

    def inverse(self, row: Iterable[float]) -> List[float]:
        """One row back in the user's units."""
        return [x * d + mean for x, mean, d in zip(row, self.means, self.deviations)]

    def transform_flat(self, flat: Buffer) -> Floats:
        """Many rows at once: the same numbers as `transform` gives."""
        return passes.fastest.scaled(flat, self.means, self.deviations)
