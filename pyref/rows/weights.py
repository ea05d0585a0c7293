"""How much each row counts: its own weight, and that of its class."""

from array import array
from typing import List, Optional, Union

from ..reference.losses import class_of
from .arrays import Floats
from .conversion import table
from .data import Data


def row_weights(weights: object, count: int) -> Optional[Floats]:
    """One weight of 0 or more for each of `count` rows, or None for None."""
    if weights is None:
        return None
    made = table("weights", weights, 1)
    if made.count != count:
        raise ValueError(f"{count} rows of inputs, but {made.count} weights")
    flat = array("d", made.flat())
    for place, weight in enumerate(flat):
        if weight < 0.0:
            raise ValueError(f"weights, row {place}: {weight!r} found, 0 or more is needed")
    return flat


def balanced(classes: List[int], class_count: int) -> List[float]:
    """Class weights that give every class the same say: rows / (classes × rows of the class).

    (scikit-learn's class_weight="balanced"; King and Zeng 2001.)  A class without rows gets 0.
    """
    counts = [0] * class_count
    for number in classes:
        counts[number] += 1
    return [len(classes) / (class_count * count) if count else 0.0 for count in counts]


def weighed_by_class(data: Data, of_class: Union[str, List[float]]) -> Data:
    """The same rows; the weight of each is its own times that of its class, or "balanced"."""
    classes = [class_of(row) for row in data.targets.lists()]
    if isinstance(of_class, str):  # "balanced"
        of_class = balanced(classes, max(2, data.targets.width))
    own = data.weights or [1.0] * data.count
    return data._replace(
        weights=array("d", [weight * of_class[c] for weight, c in zip(own, classes)])
    )
