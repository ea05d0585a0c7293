"""A trainer made again from its settings, as run files and recipes hold them
(`recipe.settings_of`)."""

from typing import Any, Callable, List, Optional

from ..arguments.protocols import NetworkLike
from ..reference.optimizers import OPTIMIZERS
from ..reference.regularization import Regularization
from ..reference.schedules import SCHEDULES
from ..reference.stopping import RULES, Rule
from .document import Members, rebuild


def trainer_from(
    saved: Members, network: NetworkLike, seed: Optional[int], backend: str,
    new_trainer: Callable[..., Any],
) -> Any:
    """A new trainer with these settings; `new_trainer` is the class."""
    optimizer = rebuild(saved.object("optimizer"), OPTIMIZERS)
    schedule = rebuild(saved.object("schedule"), SCHEDULES)
    regularization = rebuild(
        saved.object("regularization"), {"Regularization": Regularization}
    )
    batch_size = None if saved.get("batch_size") is None else saved.whole("batch_size")
    weights = saved.get("class_weights")
    if not (weights is None or weights == "balanced"):
        weights = saved.numbers("class_weights")
    loss, shuffle = saved.text("loss"), saved.truth("shuffle")
    smoothing = saved.number("label_smoothing")
    try:
        return new_trainer(
            network,
            loss,
            optimizer,
            batch_size,
            shuffle,
            seed=seed,
            backend=backend,
            schedule=schedule,
            label_smoothing=smoothing,
            class_weights=weights,
            **vars(regularization),
        )
    except ValueError as error:
        saved.refuse_all(str(error))


def rules_from(saved: Members, name: str) -> List[Rule]:
    return [rebuild(rule, RULES) for rule in saved.objects(name)]
