"""The settings of a trainer as members of a document, and a trainer made from them again.

Run files hold them, and so do recipes: both must give back the very same trainer.
"""

from typing import Any, Dict, List, Optional

from ..model import Network
from ..optimizers import OPTIMIZERS
from ..regularization import Regularization
from ..schedules import SCHEDULES
from ..stopping import RULES, Rule
from ..trainer import Trainer
from .document import Members, describe, rebuild


def settings_of(trainer: Trainer) -> Dict[str, Any]:
    """What a trainer was told, apart from its engine and its seed."""
    run = trainer.run
    return {
        "loss": run.loss,
        "optimizer": describe(run.optimizer),
        "batch_size": run.batch_size,
        "shuffle": run.shuffle,
        "schedule": describe(run.schedule),
        "regularization": describe(run.regularization),
        "label_smoothing": run.smoothing,
        "class_weights": trainer.class_weights,
    }


def trainer_from(
    saved: Members, network: Network, seed: Optional[int], backend: str
) -> Trainer:
    """A new trainer with these settings."""
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
        return Trainer(
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
