"""All pictures of a network, by their names."""

from typing import Any, Callable, Dict, List, Optional, Tuple

from ..arguments.loss import loss_of
from ..arguments.task import classes_of, targets_of, task_of
from ..recipe import segments_of
from ..reference.settings import one_of
from ..rows.arrays import Floats
from ..tables import passes
from ..tables.layout import CLASSIFICATION, LABELS, REGRESSION
from . import course
from .answers import (
    Answers, answers_to, columns, labels_of, matrix_of, names_of_outputs, probabilities,
)
from .calibration import bins
from .chart import NotOfItsKind, Picture
from .confusion import confusion, of_labels
from .curves import curves
from .decisions import CELLS, Plane, of_classes, of_values
from .drawing import drawing
from .heat_map import heat_map
from .misses import misses
from .region import grid, spans
from .reliability import reliability
from .residuals import residuals


def curves_of(network: Any, answers: Optional[Answers]) -> Picture:
    found = course.of_segments(segments_of(network))
    if not found.losses:
        raise NotOfItsKind("learning curves: the model has no record of a training")
    loss = loss_of(network).replace("_", " ")
    if network.target_scaling is not None:
        loss += " of scaled targets"
    return curves(found, task_of(network) == CLASSIFICATION, loss)


def confusion_of(network: Any, answers: Optional[Answers]) -> Picture:
    answers = needed("confusion", answers)
    task = task_of(network)
    if task == REGRESSION:
        raise NotOfItsKind("confusion is of classes or labels: a regression has none (residuals)")
    if task == LABELS:
        return of_labels(labels_of(network, answers), targets_of(network))
    return confusion(matrix_of(network, answers), classes_of(network) or [])


def calibration_of(network: Any, answers: Optional[Answers]) -> Picture:
    of_what, given, outcomes = probabilities(network, needed("calibration", answers))
    return reliability(of_what, bins(given, outcomes))


def residuals_of(network: Any, answers: Optional[Answers]) -> Picture:
    answers = needed("residuals", answers)
    if task_of(network) != REGRESSION:
        raise NotOfItsKind(
            "residuals are of a regression: classes and labels have none (confusion)"
        )
    width = network.sizes[-1]
    return misses([
        residuals(name, *both) for name, *both in zip(
            targets_of(network), columns(answers.outputs, width), columns(answers.targets, width)
        )
    ])


def regions_of(network: Any, answers: Optional[Answers]) -> Picture:
    across, up = spans(network, answers.inputs if answers else None)
    names = network.input_names or ["input 0", "input 1"]
    plane = Plane(names, across, up, answers.inputs if answers else None)
    outputs, width = network.predict(grid(across, up, CELLS, CELLS)), network.sizes[-1]
    if task_of(network) == CLASSIFICATION:
        said = passes.fastest.answers(answers.outputs, width) if answers else None
        return of_classes(
            plane, passes.fastest.answers(outputs, width), classes_of(network) or [],
            answers.targets if answers else None, said,
        )
    targets: Optional[List[Floats]] = columns(answers.targets, width) if answers else None
    return of_values(
        plane, [list(column) for column in columns(outputs, width)],
        names_of_outputs(network) or [], targets, task_of(network) == LABELS,
    )


def weights_of(network: Any, answers: Optional[Answers]) -> Picture:
    return heat_map(network.layers, network.input_names, names_of_outputs(network))


def network_of(network: Any, answers: Optional[Answers]) -> Picture:
    count = network.parameter_count
    title = f"Network {'-'.join(map(str, network.sizes))}, {count:,} parameters"
    return drawing(network.layers, network.input_names, names_of_outputs(network), title)


PICTURES: Dict[str, Callable[[Any, Optional[Answers]], Picture]] = {
    "curves": curves_of, "confusion": confusion_of, "calibration": calibration_of,
    "residuals": residuals_of, "regions": regions_of, "weights": weights_of,
    "network": network_of,
}
OF_ANSWERS = ("confusion", "calibration", "residuals")  # which cannot be without rows


def needed(what: str, answers: Optional[Answers]) -> Answers:
    if answers is None:
        raise NotOfItsKind(f"{what} needs rows whose targets are known")
    return answers


def picture_of(
    network: Any, what: str, inputs: Optional[Any] = None, targets: Optional[Any] = None
) -> Picture:
    """One of PICTURES, of a network and rows in any form that it takes.

    Raises ValueError for other names, and where there is no such picture of this network.
    """
    one_of("what", what, PICTURES)
    if (inputs is None) != (targets is None):
        raise ValueError("inputs and targets: both are needed, or neither")
    answers = None if inputs is None else answers_to(network, inputs, targets)
    return PICTURES[what](network, answers)


def fitting(network: Any, answers: Optional[Answers]) -> Tuple[Dict[str, Picture], List[str]]:
    """All pictures that there are of its kind; and of those whose numbers cannot be drawn, why."""
    found, notes = {}, []
    for name, picture_of in PICTURES.items():
        try:
            found[name] = picture_of(network, answers)
        except NotOfItsKind:
            pass
        except ValueError as error:
            notes.append(f"there is no picture {name}: {error}")
    return found, notes
