"""Ways through one training.  All must end at the same place, to the last bit.

The straight way is the Python engine, in one go.  A detour goes in legs, each with an engine, an
instruction set, a number of threads and lengths of slices and tiles that are drawn; between two
legs the trainer is saved and loaded, copied, or simply goes on, and a leg may be broken off.
"""

import copy
import os
import pickle
import tempfile
from array import array
from contextlib import contextmanager
from typing import Any, Dict, Iterator, List, NamedTuple, Optional

from pyref import DivergedError, Network, Trainer
from pyref.engine import backend as engines
from pyref.engine import hooks

from .draws import Dice, Edit, Training


class Interruption(BaseException):
    """As Ctrl-C, at a known moment."""


class Leg(NamedTuple):
    """`until` counts epochs from the first; `pauses` is when it is broken off, or None.

    `carried` is what became of the trainer before: "on", "file", "copy" or "pickle".
    """

    backend: str
    until: int
    carried: str = "on"
    instruction_set: Optional[str] = None
    threads: int = 1
    slice_rows: int = 10**9
    tile: int = 128
    pauses: Optional[int] = None
    from_buffers: bool = False
    with_callback: bool = False


def straight(training: Training) -> List[Leg]:
    return [Leg("python", training.epochs)]


def detour(training: Training, dice: Dice, backends: List[str]) -> List[Leg]:
    ends = sorted(dice.whole(0, training.epochs) for _ in range(dice.whole(0, 3)))
    legs = [drawn_leg(dice, until, backends) for until in [*ends, training.epochs]]
    return [*legs[:-1], legs[-1]._replace(pauses=None)]


def drawn_leg(dice: Dice, until: int, backends: List[str]) -> Leg:
    backend = dice.choice(backends)
    common = dict(
        until=until,
        carried=dice.choice(["on", "file", "copy", "pickle"]),
        pauses=dice.choice([None, None, dice.whole(1, 9)]),
        from_buffers=dice.chance(0.3),
        with_callback=dice.chance(0.3),
    )
    if backend == "python":
        return Leg(backend, **common)
    kernel = engines.kernel
    sets = [name for name, number in kernel.calls.INSTRUCTION_SETS.items()
            if number <= kernel.lib.best_instruction_set()]
    return Leg(
        backend,
        **common,
        instruction_set=dice.choice(sets),
        threads=min(dice.choice([1, 1, 2, 3, 7]), kernel.lib.most_threads()),
        slice_rows=dice.choice([1, 7, 100, 10**9]),
        tile=dice.choice([1, 2, 8, 9, 31, 128]),
    )


@contextmanager
def forced(leg: Leg) -> Iterator[None]:
    """Have the engines work as the leg says."""
    usual = hooks.BETWEEN_PROGRESS
    hooks.BETWEEN_PROGRESS = 0.0
    try:
        if leg.backend == "python":
            yield
            return
        with forced_kernel(leg):
            yield
    finally:
        hooks.BETWEEN_PROGRESS = usual


@contextmanager
def forced_kernel(leg: Leg) -> Iterator[None]:
    calls, pace = engines.kernel.calls, engines.kernel.pace
    names = ("team", "Pace", "TILE", "SHORTEST_TILE", "rows_per_slice")
    usual = {name: getattr(pace, name) for name in names}
    usual_set = calls.instruction_set

    class Pace:
        rows = leg.slice_rows

        def __init__(self, rows: int) -> None:
            pass

        def start(self, most: int):
            return leg.slice_rows, leg.threads

        def measure(self, rows: int) -> None:
            pass

    calls.instruction_set = calls.INSTRUCTION_SETS[leg.instruction_set]
    pace.team = lambda *of_work: leg.threads
    pace.Pace = Pace
    pace.TILE = pace.SHORTEST_TILE = leg.tile
    pace.rows_per_slice = lambda layers: leg.slice_rows
    try:
        yield
    finally:
        vars(pace).update(usual)
        calls.instruction_set = usual_set


def walk(training: Training, legs: List[Leg]) -> Dict[str, Any]:
    """Everything that the promise speaks of, as bits, by its name."""
    training = copy.deepcopy(training)  # an edit changes the optimizer
    network = Network(**training.network)
    broken_off = False
    failure = None
    try:
        trainer = Trainer(network, backend=legs[0].backend, **training.recipe)
        for leg in legs:
            trainer = carried(trainer, leg)
            with forced(leg):
                try:
                    go(trainer, training, leg)
                except Interruption:
                    broken_off = True
                except DivergedError as error:
                    failure = (error.epoch, error.batch, error.layer)
            if failure or is_over(trainer, training):
                break
    except ValueError as error:
        return {"refused": str(error)}
    if failure and broken_off:  # the last finite place lies within an epoch then
        return {"failure": failure}
    with forced(leg):
        return {"failure": failure, **outcome(trainer, training)}


def carried(trainer: Trainer, leg: Leg) -> Trainer:
    if leg.carried == "file":
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "run.json")
            trainer.save(path)
            return Trainer.load(path, backend=leg.backend)
    if leg.carried == "copy":
        trainer = copy.copy(trainer)
    elif leg.carried == "pickle":
        trainer = pickle.loads(pickle.dumps(trainer))
    trainer._engine = engines.engine(leg.backend)
    return trainer


def go(trainer: Trainer, training: Training, leg: Leg) -> None:
    """Train up to the end of the leg, or to where it is broken off."""
    pauses = 0

    def progress(trainer: Trainer) -> None:
        nonlocal pauses
        pauses += 1
        if pauses == leg.pauses:
            raise Interruption

    def callback(trainer: Trainer, epoch: int) -> bool:
        return epoch in training.edits and edited(trainer, training.edits[epoch])

    validation = training.validation
    inputs, targets, weights = given(training.data, leg)
    trainer.train(
        inputs,
        targets,
        max(0, leg.until - trainer.epoch),
        validation=None if validation is None else given(validation, leg),
        validation_every=training.validation_every,
        stop=training.stop,
        callback=callback if training.edits or leg.with_callback else None,
        progress=progress if leg.pauses and not training.edits else None,
        weights=weights,
    )


def given(data: tuple, leg: Leg) -> tuple:
    """The rows as lists, or in buffers."""
    inputs, targets, weights = data
    if not leg.from_buffers:
        return inputs, targets, weights
    if isinstance(targets[0], list):  # not class numbers
        targets = array("d", [t for row in targets for t in row])
    weights = None if weights is None else array("d", weights)
    return array("d", [x for row in inputs for x in row]), targets, weights


def edited(trainer: Trainer, edit: Edit) -> bool:
    """Whether the training ends with it."""
    first = trainer.network.layers[0]
    if edit.kind == "rate" and "learning_rate" in trainer.optimizer.settings:
        trainer.optimizer.learning_rate = edit.value
    elif edit.kind == "weight":
        first.weights[-1][-1] = edit.value
    elif edit.kind == "activation" and len(trainer.network.layers) > 1:
        first.activation = edit.value
    return edit.kind == "end"


def is_over(trainer: Trainer, training: Training) -> bool:
    last = training.edits.get(trainer.epoch)
    return trainer.history.stopped_by is not None or (last is not None and last.kind == "end")


def outcome(trainer: Trainer, training: Training) -> Dict[str, Any]:
    run, network = trainer.run, trainer.network
    inputs, targets, _ = training.data
    backend = trainer.backend
    predictions = network.predict(inputs, backend=backend)
    alone = [network.predict([row], backend=backend)[0] for row in inputs[:40]]
    return {
        "losses": bits(run.losses),
        "validation epochs": run.validation_epochs,
        "validation losses": bits(run.validation_losses),
        "validation accuracies": bits(run.validation_accuracies),
        "weights": bits([layer.weights for layer in network.layers]),
        "biases": bits([layer.biases for layer in network.layers]),
        "place": (run.epoch, run.position, run.order, bits(run.loss_sum)),
        "stopped by": (trainer.history.stopped_by, bits(run.rule_states)),
        "best": (bits(run.best_loss), run.best_epoch, bits(run.best)),
        "memory": (bits(run.memory), bits(run.scalars)),
        "schedule": (bits(run.rate), bits(run.schedule_state)),
        "stream": run.stream.state(),
        "predictions": bits(predictions),
        "predictions, row by row": bits(alone) == bits(predictions[:40]),
        "evaluation": bits(tuple(network.evaluate(inputs, targets, backend=backend))),
    }


def bits(value: Any) -> Any:
    """Something that == compares bit for bit: a number, a row, rows, or None."""
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, (list, tuple)):
        return [bits(part) for part in value]
    return value


def first_difference(found: Dict[str, Any], expected: Dict[str, Any]) -> Optional[str]:
    """The name of the first part that differs; parts that a walk cannot tell are left out."""
    for name in found:
        if found[name] != expected.get(name):
            return name
    return None
