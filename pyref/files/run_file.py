"""Run files: a trainer and all that decides its next bit, to go on elsewhere or another day."""

from typing import Any, Dict, List

from ..engine import backend as engines
from ..network import parameters
from ..optimizers import OPTIMIZERS
from ..stopping import RULES
from ..trainer import Trainer
from ..training import SPECIFICATION
from .atomic import Path
from .document import Members, describe, read, rebuild, write
from .document import warn_of_other_specification
from .model_file import content as network_content
from .model_file import network_from, stream_content, stream_from

KIND = "pyref run"


def save(trainer: Trainer, path: Path) -> None:
    write(path, KIND, {"training": content(trainer), "network": network_content(trainer.network)})


def content(trainer: Trainer) -> Dict[str, Any]:
    run = trainer.run
    return {
        "loss": run.loss,
        "optimizer": describe(run.optimizer),
        "batch_size": run.batch_size,
        "shuffle": run.shuffle,
        "backend": trainer.backend,
        "epoch": run.epoch,
        "position": run.position,
        "loss_sum": run.loss_sum,
        "order": run.order,
        "losses": run.losses,
        "validation_losses": run.validation_losses,
        "validation_accuracies": run.validation_accuracies,
        "rules": [describe(rule) for rule in run.rules],
        "rule_states": [[finite(value) for value in state] for state in run.rule_states],
        "stopped_by": run.stopped_by,
        "best_loss": finite(run.best_loss),
        "best_epoch": run.best_epoch,
        "best": run.best,
        "memory": run.memory,
        "stream": stream_content(run.stream),
    }


def finite(value: float) -> Any:
    """JSON has no infinity; null stands for "no loss so far"."""
    return None if value == float("inf") else value


def load(path: Path, backend: str) -> Trainer:
    members = read(path, KIND)
    specification = warn_of_other_specification(members)
    network = network_from(members.object("network"))
    if specification != SPECIFICATION:
        members.refuse("specification", "training cannot go on under another one")
    saved = members.object("training")
    engine = engines.engine_or_other(saved.text("backend")) if backend == "auto" else None
    trainer = Trainer(
        network,
        loss=saved.text("loss"),
        optimizer=rebuild(saved.object("optimizer"), OPTIMIZERS),
        batch_size=saved.whole("batch_size") if saved.optional("batch_size") else None,
        shuffle=bool(saved.get("shuffle")),
        seed=0,
        backend=engine.NAME if engine else backend,
    )
    run = trainer.run
    run.stream = stream_from(saved, "stream")
    run.epoch = saved.whole("epoch")
    run.position = saved.whole("position")
    run.loss_sum = saved.number("loss_sum")
    run.order = [int(place) for place in saved.numbers("order")]
    run.losses = saved.numbers("losses")
    run.validation_losses = saved.numbers("validation_losses")
    run.validation_accuracies = saved.numbers("validation_accuracies")
    run.rules = [rebuild(rule, RULES) for rule in saved.objects("rules")]
    run.rule_states = states_from(saved)
    run.stopped_by = saved.whole("stopped_by") if saved.optional("stopped_by") else None
    if saved.optional("best_loss"):
        run.best_loss = saved.number("best_loss")
    run.best_epoch = saved.whole("best_epoch")
    if saved.optional("best"):
        run.best = saved.rows("best")
        check_shape(saved, "best", run.best, parameters(run.layers))
    if len(saved.list("memory")) != len(run.memory):
        saved.refuse("memory", f"{len(run.memory)} lists are needed")
    for place, (ours, theirs) in enumerate(zip(run.memory, saved.list("memory"))):
        rows = Members(path, f"{saved.place}memory[{place}].", {"rows": theirs}).rows("rows")
        check_shape(saved, "memory", rows, ours)
        ours[:] = rows
    return trainer


def states_from(saved: Members) -> List[List[float]]:
    return [
        [float("inf") if value is None else saved.as_number("rule_states", value) for value in state]
        for state in saved.list("rule_states")
    ]


def check_shape(saved: Members, name: str, rows: list, like: list) -> None:
    if [len(row) for row in rows] != [len(row) for row in like]:
        saved.refuse(name, "it has not the shape of the network's parameters")
