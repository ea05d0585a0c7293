"""Run files: a trainer and all that decides its next bit, to go on elsewhere or another day.

Both engines would go on from whatever stands there, and not always in the same way: so each member
of `training` has a range, which is that of what a training can have written.

loss … class_weights    settings, each in the range that Trainer accepts
backend                 "auto", "python" or "c": the engine that trained
threads                 from 1, or null
seed                    from 0 to 2³²−1, or null: the network's own stream
number                  from 1 (among the trainers of the network's recipe), or null
epoch                   from 0: epochs finished, one for each of `losses`
position                0 between epochs; else the end of a batch in `order`
loss_sum                finite; 0 between epochs
rate                    from 0 to infinity
order                   each row once; empty between epochs
losses                  finite
validation_every        from 1 to 2⁵³
validation_epochs       rising, from 1 to `epoch`
validation_losses       finite, one for each of `validation_epochs`
validation_accuracies   from 0 to 1, as many
rules                   stopping rules, with settings as their classes accept them
rule_states             one for each rule, as its `can_have_seen` says
stopped_by              from 0, less than the number of rules, or null
converged               a text where the optimizer is LBFGS, or null
time_limit_reached      above 0, or null
best_loss               infinity where `best_epoch` is 0, else one of `validation_losses`
best_epoch              from 0 to `epoch`
best                    parameters, needed for a rule that puts them back; null before `best_epoch`
schedule_state          as the schedule's `can_have_seen` says
scalars                 as the optimizer's `can_remember` and, for LBFGS, `fits` say
memory                  lists of the parameters' shape; squares and sizes of steps from 0
stream                  624 words of 32 bits, and a position from 0 to 624
"""

from math import inf, isfinite
from typing import Any, Callable, Dict, List, Optional, Union

from ..arguments.protocols import NetworkLike, TrainerLike
from ..engine import backend as engines
from ..recipe import settings_of
from ..reference.guard import SPECIFICATION
from ..reference.layer import Rows
from ..reference.lbfgs import LBFGS
from ..reference.parameters import parameters, round_rows
from ..reference.run import Run, batch_length
from ..reference.schedules import Schedule
from ..reference.settings import describe, one_of
from ..reference.stopping import Rule
from .atomic import Path
from .document import MOST, Members, read, write
from .model_file import content as network_content
from .model_file import network_from, stream_content, stream_from, version_of
from .short_numbers import written
from .trainer_settings import rules_from, trainer_from

KIND = "pyref run"
WORDS = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}  # as Python writes them: in JSON


def save(trainer: TrainerLike, path: Path) -> None:
    whole = {
        "specification": SPECIFICATION,
        "training": content(trainer),
        "network": network_content(trainer.network),
    }
    write(path, KIND, whole, version_of(trainer.network))


def content(trainer: TrainerLike) -> Dict[str, Any]:
    run, precision = trainer.run, trainer.network.precision
    return {
        **settings_of(trainer),
        "backend": trainer.backend,
        "threads": trainer.threads,
        "seed": trainer.seed,
        "number": trainer.number,
        "epoch": run.epoch,
        "position": run.position,
        "loss_sum": run.loss_sum,
        "rate": with_words([run.rate])[0],
        "order": run.order,
        "losses": run.losses,
        "validation_every": run.validation_every,
        "validation_epochs": run.validation_epochs,
        "validation_losses": run.validation_losses,
        "validation_accuracies": run.validation_accuracies,
        "rules": [describe(rule) for rule in run.rules],
        "rule_states": [with_words(state) for state in run.rule_states],
        "stopped_by": run.stopped_by,
        "converged": run.converged,
        "time_limit_reached": trainer.time_limit_reached,
        "best_loss": with_words([run.best_loss])[0],
        "best_epoch": run.best_epoch,
        "best": run.best and written(run.best, precision),
        "schedule_state": with_words(run.schedule_state),
        "scalars": with_words(run.scalars),
        "memory": [
            [with_words(row) for row in written(rows, precision)] for rows in run.memory
        ],
        "stream": stream_content(run.stream),
    }


def with_words(values: List[float]) -> List[Any]:
    """JSON has neither infinity (no loss so far; the square of a huge gradient in an optimizer's
    memory) nor NaN; words stand for them."""
    return [value if isfinite(value) else WORDS[repr(value)] for value in values]


def load(
    path: Path, backend: str, new_trainer: Callable[..., Any], new_network: Callable[..., Any]
) -> Any:
    """The trainer in a file, made by these two classes."""
    members = read(path, KIND)
    specification = members.whole("specification", 1, MOST)
    if specification != SPECIFICATION:
        members.refuse(
            "specification",
            f"the training began under numerical specification {specification} and cannot go on "
            f"under {SPECIFICATION}, this pyref's; a model file can be loaded to predict",
        )
    network = network_from(members.object("network"), new_network)
    saved = members.object("training")
    trainer = remade(saved, network, backend, new_trainer)
    run = trainer.run
    take_place(run, saved)
    take_history(run, saved)
    take_rules(run, saved)
    take_memory(run, saved)
    if saved.get("time_limit_reached") is not None:
        trainer.time_limit_reached = saved.number("time_limit_reached")
        if trainer.time_limit_reached <= 0.0:
            saved.refuse("time_limit_reached", "a number above 0 is needed, or null")
    members.refuse_changed()
    return trainer


def remade(
    saved: Members, network: NetworkLike, backend: str, new_trainer: Callable[..., Any]
) -> Any:
    """A new trainer with the settings of the saved one."""
    engine = saved.text("backend")
    try:
        one_of("backend", engine, engines.BACKENDS)
    except ValueError as error:
        saved.refuse_all(str(error))
    if backend == "auto":
        backend = engines.engine_or_other(engine).NAME
    seed = saved.whole("seed", 0, 2**32 - 1) if saved.optional("seed") else None
    trainer = trainer_from(saved, network, seed, backend, new_trainer)
    trainer.threads = threads_from(saved)
    trainer.number = saved.whole("number", 1) if saved.optional("number") else None
    return trainer


def threads_from(saved: Members) -> Optional[int]:
    return saved.whole("threads", 1) if saved.optional("threads") else None


def take_place(run: Run, saved: Members) -> None:
    """How far the epoch under way has come."""
    run.epoch = saved.whole("epoch", 0, MOST)
    run.position = saved.whole("position")
    run.loss_sum = saved.number("loss_sum")
    run.rate, = state_from(saved, "rate", [saved.get("rate")], [0.0])
    if not run.rate >= 0.0:
        saved.refuse("rate", f"0 or a number above it is needed, not {run.rate!r}")
    run.order = saved.wholes("order")
    rows = len(run.order)
    if sorted(run.order) != list(range(rows)):
        saved.refuse("order", "each row must be in it once")
    if run.position > rows:
        saved.refuse("position", f"it lies beyond the {rows} rows of the epoch")
    if rows and run.position < rows and run.position % batch_length(run):
        saved.refuse("position", f"it lies within a batch of {batch_length(run)} rows")
    if not rows and run.loss_sum != 0.0:
        saved.refuse("loss_sum", "between two epochs it is 0")
    run.stream = stream_from(saved, "stream")


def take_history(run: Run, saved: Members) -> None:
    run.losses = saved.numbers("losses")
    run.validation_losses = saved.numbers("validation_losses")
    run.validation_accuracies = saved.numbers("validation_accuracies")
    if any(not 0.0 <= accuracy <= 1.0 for accuracy in run.validation_accuracies):
        saved.refuse("validation_accuracies", "numbers from 0 to 1 are needed")
    if len(run.losses) != run.epoch:
        saved.refuse("losses", f"{run.epoch} are needed, one for each epoch")
    measured = len(run.validation_losses)
    if not measured == len(run.validation_accuracies) <= run.epoch:
        saved.refuse("validation_losses", "as many losses as accuracies are needed")
    # The first files had no such members: every epoch was measured.
    run.validation_epochs = list(range(run.epoch - measured + 1, run.epoch + 1))
    if saved.optional("validation_epochs"):
        run.validation_epochs = saved.wholes("validation_epochs")
        run.validation_every = saved.whole("validation_every", 1, MOST)
    epochs = [0, *run.validation_epochs, run.epoch + 1]
    if len(epochs) != measured + 2 or any(a >= b for a, b in zip(epochs, epochs[1:])):
        saved.refuse(
            "validation_epochs",
            f"{measured} epochs from 1 to {run.epoch} are needed, in order, one for each loss",
        )


def take_rules(run: Run, saved: Members) -> None:
    """The stopping rules, what they have seen, and the best weights so far."""
    run.rules = rules_from(saved, "rules")
    states = saved.list("rule_states")
    if len(states) != len(run.rules):
        saved.refuse("rule_states", f"{len(run.rules)} are needed, one for each rule")
    run.rule_states = [
        seen_from(saved, f"rule_states[{place}]", state, rule)
        for place, (rule, state) in enumerate(zip(run.rules, states))
    ]
    if saved.get("stopped_by") is not None:
        run.stopped_by = saved.whole("stopped_by")
        if run.stopped_by >= len(run.rules):
            saved.refuse("stopped_by", f"there are only {len(run.rules)} rules")
    if saved.get("converged") is not None:
        run.converged = saved.text("converged")
        if not isinstance(run.optimizer, LBFGS):
            saved.refuse("converged", f"{type(run.optimizer).__name__} never says so")
    take_best(run, saved)


def take_best(run: Run, saved: Members) -> None:
    run.best_loss, = state_from(saved, "best_loss", [saved.get("best_loss")], [0.0])
    epoch = run.best_epoch = saved.whole("best_epoch", 0, run.epoch)
    # Which epoch it is of, the first files do not say.
    if run.best_loss not in (run.validation_losses if epoch else [inf]):
        saved.refuse("best_loss", f"it is none of the validation losses: {run.best_loss!r}")
    if saved.get("best") is not None:
        run.best = shaped(saved, "best", saved.get("best"), parameters(run.layers))
        round_rows(run.layers, run.best)
        if not epoch:
            saved.refuse("best", "there is no best epoch that these could be the weights of")
    elif epoch and any(rule.restore_best for rule in run.rules):
        saved.refuse("best", f"the weights after epoch {epoch} are needed")


def take_memory(run: Run, saved: Members) -> None:
    """What the optimizer and the schedule have seen."""
    lists, scalars = saved.list("memory"), saved.list("scalars")
    run.scalars = state_from(saved, "scalars", scalars, scalars)
    if not run.optimizer.can_remember(len(lists), run.scalars):
        saved.refuse("memory", f"it does not fit {run.optimizer!r} and the member scalars")
    run.schedule_state = seen_from(
        saved, "schedule_state", saved.get("schedule_state"), run.schedule
    )
    run.memory = [
        remembered(saved, f"memory[{place}]", rows, parameters(run.layers))
        for place, rows in enumerate(lists)
    ]
    for lists in run.memory:
        round_rows(run.layers, lists)
    for place, (name, lists) in enumerate(zip(run.optimizer.memory, run.memory)):
        if name in run.optimizer.never_below_zero and any(min(row) < 0.0 for row in lists):
            saved.refuse(f"memory[{place}]", f"its {name} is nowhere below 0")
    if isinstance(run.optimizer, LBFGS):
        if not run.optimizer.fits(run.layers, run.memory, run.scalars):
            saved.refuse("scalars", "they are not the products of the lists in memory")


def remembered(saved: Members, name: str, rows: Any, like: Rows) -> List[List[float]]:
    if not isinstance(rows, list) or len(rows) != len(like):
        saved.refuse(name, "it has not the shape of the network's parameters")
    return [
        state_from(saved, f"{name}[{place}]", *both) for place, both in enumerate(zip(rows, like))
    ]


def seen_from(saved: Members, name: str, values: Any, by: Union[Rule, Schedule]) -> List[float]:
    state = state_from(saved, name, values, by.start())
    if not by.can_have_seen(state):
        saved.refuse(name, f"{by!r:.80} cannot have seen {state!r:.80}")
    return state


def state_from(saved: Members, name: str, values: Any, like: List[float]) -> List[float]:
    """As many numbers as `like` has; words stand for what JSON has not."""
    if not isinstance(values, list) or len(values) != len(like):
        saved.refuse(name, f"{len(like)} numbers are needed, not {values!r:.40}")
    return [
        float(value) if value in WORDS.values() else saved.as_number(name, value)
        for value in values
    ]


def shaped(saved: Members, name: str, rows: Any, like: Rows) -> List[List[float]]:
    made = saved.as_rows(name, rows)
    if [len(row) for row in made] != [len(row) for row in like]:
        saved.refuse(name, "it has not the shape of the network's parameters")
    return made
