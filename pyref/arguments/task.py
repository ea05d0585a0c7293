"""What a network has learned to tell: classes, labels or numbers, and their names."""

from typing import Any, List, Optional

from ..tables.layout import CLASSIFICATION, LABELS, REGRESSION
from .loss import loss_of

CLASS_LOSSES = ("binary_cross_entropy", "cross_entropy")


def task_of(network: Any) -> str:
    """What it learned: one of layout's three."""
    if network.class_names is not None:
        return CLASSIFICATION
    if (network.recipe or {}).get("task") == REGRESSION:
        return REGRESSION  # by whatever loss
    if network.is_multi_label:
        return LABELS
    loss = loss_of(network)
    return CLASSIFICATION if loss in CLASS_LOSSES else REGRESSION


def classes_of(network: Any) -> Optional[List[str]]:
    """The names of its classes; their numbers, where it learned classes without names; None where
    it did not learn classes."""
    if network.class_names is not None or task_of(network) != CLASSIFICATION:
        names: Optional[List[str]] = network.class_names
        return names
    return [str(place) for place in range(max(2, network.sizes[-1]))]


def targets_of(network: Any) -> List[str]:
    """The names of its target columns, made up if it knows none."""
    if network.target_names is not None:
        return list(network.target_names)
    columns = 1 if task_of(network) == CLASSIFICATION else network.sizes[-1]
    return ["target"] if columns == 1 else [f"target_{i}" for i in range(1, columns + 1)]
