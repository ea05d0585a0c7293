"""Training: batches, epochs, and the end.  Here the specification ends.

An epoch uses every training row once.  Its rows are drawn in a shuffled order and taken in
batches; after each batch the weights take one step.  A batch of one row is *online* training, a
batch of all rows is *full-batch* training, anything between is a *mini-batch*.
"""

from contextlib import nullcontext
from math import isfinite
from typing import Callable, ContextManager, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from .losses import LOSSES, is_correct, output_deltas, row_loss, smoothed
from .network import Layer, Row, Rows, backward, forward, parameters
from .regularization import draw_dropout, regularize
from .run import Run, Snapshot, copy_rows, drops, shuffles

# The number of this numerical specification: of every file up to this one.  A change of any bit
# of any result is a new number.  0: it is not frozen yet.
SPECIFICATION = 0


class Examples(NamedTuple):
    """Inputs and targets, row for row, and how much each row weighs."""

    inputs: Rows
    targets: Rows
    weights: Row


class DivergedError(ArithmeticError):
    """A loss or a weight became infinite or not a number; the last finite epoch was restored.

    Attributes: `epoch` and `batch` (from 1) where it was noticed, `layer` (from 1) the first layer
    concerned.
    """

    def __init__(self, epoch: int, batch: int, layer: int) -> None:
        super().__init__(epoch, batch, layer)
        self.epoch = epoch
        self.batch = batch
        self.layer = layer

    def __str__(self) -> str:
        return (
            f"training diverged in epoch {self.epoch}, batch {self.batch}, layer {self.layer}: "
            "the numbers grew beyond the largest float. The network keeps the weights of the last "
            "finite epoch. Try a smaller learning rate, or scale inputs and targets to about "
            "mean 0 and deviation 1"
        )


def all_finite(rows: Rows) -> bool:
    return all(isfinite(value) for row in rows for value in row)


def first_layer_astray(layers: List[Layer], rows: Rows) -> int:
    """The first layer (from 1) whose weights, or else whose sums for these rows, are not finite."""
    for number, layer in enumerate(layers, 1):
        if not all_finite(parameters([layer])):
            return number
    for row in rows:
        for number, of_layer in enumerate(forward(layers, [row]).z, 1):
            if not all_finite(of_layer):
                return number
    return len(layers)  # only the loss itself is astray


def batch_length(run: Run) -> int:
    return min(run.batch_size or len(run.order), len(run.order))


def total_weight(weights: Row) -> float:
    """What the loss of these rows is divided by; rows that weigh nothing at all are not divided."""
    total = 0.0
    for weight in weights:
        total += weight
    return total if total != 0.0 else 1.0


def start_epoch(run: Run, rows: int) -> None:
    run.rate = run.schedule.rate(run.schedule_state, run.optimizer.learning_rate, run.epoch)
    if shuffles(run, rows):
        run.order = run.stream.shuffled(rows)
    else:
        run.order = list(range(rows))


def batch_gradients(
    run: Run, examples: Examples, batch: List[int], kept: Sequence[Optional[Rows]] = ()
) -> Tuple[float, Rows]:
    """The loss sum after this batch, added to that of the epoch so far, and the gradients."""
    rows = [examples.inputs[place] for place in batch]
    targets = [examples.targets[place] for place in batch]
    weights = [examples.weights[place] for place in batch]
    if run.smoothing:
        targets = [smoothed(t, run.smoothing) for t in targets]

    passed = forward(run.layers, rows, kept)
    loss_sum = run.loss_sum
    for z, y, t, weight in zip(passed.z[-1], passed.y[-1], targets, weights):
        loss_sum += row_loss(run.loss, z, y, t) * weight
    if not isfinite(loss_sum):
        number = run.position // batch_length(run) + 1
        raise DivergedError(run.epoch + 1, number, first_layer_astray(run.layers, rows))

    activation = run.layers[-1].activation
    divisor = LOSSES[run.loss].divisor(total_weight(weights), len(targets[0]))
    deltas = [
        output_deltas(run.loss, activation, z, y, t, weight, divisor)
        for z, y, t, weight in zip(passed.z[-1], passed.y[-1], targets, weights)
    ]
    return loss_sum, backward(run.layers, passed, deltas)


def train_batch(run: Run, examples: Examples, unbroken: Callable) -> None:
    """The gradients of one batch, and one step of the optimizer."""
    batch = run.order[run.position : run.position + batch_length(run)]
    # Drawn from a copy, which becomes the run's stream together with the step.
    stream, kept = run.stream, ()
    if drops(run):
        stream = run.stream.copy()
        kept = draw_dropout(run.regularization, run.layers, len(batch), stream)
    loss_sum, gradients = batch_gradients(run, examples, batch, kept)
    regularize(run.regularization, run.layers, gradients)

    with unbroken():
        run.optimizer.begin_step(run.scalars, loss_sum - run.loss_sum)
        for place, (values, gradient) in enumerate(zip(parameters(run.layers), gradients)):
            memory = [lists[place] for lists in run.memory]
            run.optimizer.update(run.rate, run.scalars, values, gradient, *memory)
        run.stream = stream
        run.position += len(batch)
        run.loss_sum = loss_sum


def evaluate(layers: List[Layer], loss: str, examples: Examples) -> Tuple[float, float]:
    """The loss over all rows, and the accuracy: the part of them whose class is right."""
    loss_sum = 0.0
    correct = 0
    for row, t, weight in zip(*examples):
        passed = forward(layers, [row])
        z, y = passed.z[-1][0], passed.y[-1][0]
        loss_sum += row_loss(loss, z, y, t) * weight
        correct += is_correct(y, t)
    divisor = LOSSES[loss].divisor(total_weight(examples.weights), len(examples.targets[0]))
    return loss_sum / divisor, correct / len(examples.inputs)


def finish_epoch(
    run: Run, examples: Examples, validation: Optional[Examples], unbroken: Callable
) -> None:
    """Record the losses and ask the schedule and the stopping rules."""
    divisor = LOSSES[run.loss].divisor(total_weight(examples.weights), len(examples.targets[0]))
    loss = run.loss_sum / divisor
    validation_loss = accuracy = 0.0
    if validation is not None:
        validation_loss, accuracy = evaluate(run.layers, run.loss, validation)
    if not all_finite(parameters(run.layers)) or not isfinite(validation_loss):
        number = (len(run.order) - 1) // batch_length(run) + 1
        rows = examples.inputs if validation is None else validation.inputs
        raise DivergedError(run.epoch + 1, number, first_layer_astray(run.layers, rows))

    with unbroken():
        run.epoch += 1
        run.order, run.position, run.loss_sum = [], 0, 0.0
        run.losses.append(loss)
        if validation is not None:
            run.validation_losses.append(validation_loss)
            run.validation_accuracies.append(accuracy)
            if validation_loss < run.best_loss:
                run.best_loss = validation_loss
                run.best_epoch = run.epoch
                if any(rule.restore_best for rule in run.rules):
                    run.best = [list(row) for row in parameters(run.layers)]
        run.schedule.after_epoch(run.schedule_state, validation_loss if validation else loss)
        for place, (rule, state) in enumerate(zip(run.rules, run.rule_states)):
            if rule.says_stop(state, loss, validation_loss) and run.stopped_by is None:
                run.stopped_by = place
        if run.stopped_by is not None and run.rules[run.stopped_by].restore_best:
            copy_rows(run.best, parameters(run.layers))


def train(
    run: Run,
    examples: Examples,
    epochs: int,
    validation: Optional[Examples] = None,
    unbroken: Callable[[], ContextManager] = nullcontext,
) -> Iterator[bool]:
    """Train for `epochs` more epochs, or until a stopping rule ends it.

    A generator: it pauses after each batch (yields False) and each epoch (yields True), where the
    weights are whole, so that its caller may show progress, or leave for good.  `unbroken` is
    entered around each change, so that an interruption (Ctrl-C) comes before it or after it.

    Raises DivergedError where a number grows beyond all floats, and goes back to the last finite
    epoch.
    """
    rows = len(examples.inputs)
    try:
        for _ in range(epochs):
            last_finite = Snapshot(run, rows)
            if not run.order:
                with unbroken():
                    start_epoch(run, rows)
            while run.position < rows:
                train_batch(run, examples, unbroken)
                yield False
            finish_epoch(run, examples, validation, unbroken)
            yield True
            if run.stopped_by is not None:
                return
    except DivergedError:
        last_finite.restore(run)
        raise
