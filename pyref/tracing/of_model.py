"""The next step of a model's training, on a row of a table."""

from copy import deepcopy
from typing import Iterator, List, Tuple

from ..arguments.units import training_data
from ..engine import python
from ..files import run_file
from ..files.document import Members
from ..files.trainer_settings import trainer_from
from ..recipe import segments_of
from ..reference.batch import Examples
from ..reference.lbfgs import LBFGS
from ..reference.run import Run
from ..reference.schedules import Constant
from ..tables import examples as tables
from ..trainer import Trainer
from ..work.files import is_one_of_ours, model_in, run_in
from ..work.from_options import targets_for

NO_RECIPE = "the model has no record of a training: the settings are those of a new Trainer"
BEGINS_ANEW = (
    "what the optimizer and the schedule have kept of the steps before is not in a model file: "
    "they begin anew here; a run file (pyref train --checkpoint-every N) has it"
)


def trainer_of(path: str) -> Tuple[Trainer, List[str]]:
    """That of a run file, or one with the settings of a model's last training, and what has to be
    said of it."""
    if is_one_of_ours(path, run_file.KIND):
        return run_in(path, "python"), []
    network = model_in(path)
    segments = segments_of(network)
    if not segments:
        return Trainer(network, network.loss, backend="python"), [NO_RECIPE]
    segment = Members(path, "recipe.segments.", segments[-1])
    trainer = trainer_from(segment, network, network.seed, "python", Trainer)
    return trainer, list(notes_on(trainer.run))


def notes_on(run: Run) -> Iterator[str]:
    remembers = run.memory or run.scalars or isinstance(run.optimizer, LBFGS)
    if remembers or run.schedule != Constant():
        yield BEGINS_ANEW


def on_rows(trainer: Trainer, table: tables.Examples, rows: List[int]) -> Tuple[Run, Examples]:
    """The training as it would go on with these rows (from 1) alone, in this order, as one batch;
    the trainer is left as it is.

    Raises ValueError where there is no such row.
    """
    if max(rows) > table.rows:
        raise ValueError(f"--row {max(rows)}: {table.name} has {table.rows:,} rows")
    chosen = [row - 1 for row in rows]
    if trainer.class_weights is None:
        (inputs, targets), places = table.part(chosen), list(range(len(rows)))
    else:  # all rows decide what each of them weighs
        (inputs, targets), places = (table.inputs, table.targets), chosen
    data = training_data(trainer, inputs, targets_for(trainer.network, targets))
    run = deepcopy(trainer.run)
    run.layers = deepcopy(trainer.network.layers)
    run.order, run.position, run.loss_sum = [], 0, 0.0  # an epoch of its own
    run.follow([])  # that no rule puts other weights back
    run.batch_size = None
    given = python.examples(data)
    return run, Examples(
        [given.inputs[place] for place in places], [given.targets[place] for place in places],
        [given.weights[place] for place in places],
    )
