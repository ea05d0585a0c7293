"""Training: batches, epochs, and the end.  Here the specification ends.

An epoch uses every training row once.  Its rows are drawn in a shuffled order and taken in
batches; after each batch the weights take one step.  A batch of one row is *online* training, a
batch of all rows is *full-batch* training, anything between is a *mini-batch*.
"""

from contextlib import nullcontext
from copy import deepcopy
from math import isfinite
from typing import Callable, ContextManager, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from .lbfgs import LBFGS, Point
from .losses import LOSSES, is_correct, output_deltas, row_loss, smoothed
from .network import Layer, Row, Rows, backward, forward, parameters
from .regularization import draw_dropout, norm, penalties, regularize
from .run import Run, Snapshot, copy_rows, drops, shuffles

# The number of this numerical specification: of every file up to this one.  A change of any bit
# of any result is a new number.
SPECIFICATION = 1


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
    return all(all(map(isfinite, row)) for row in rows)


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
    run: Run,
    layers: List[Layer],
    examples: Examples,
    batch: Sequence[int],
    kept: Sequence[Optional[Rows]] = (),
) -> Tuple[float, Rows]:
    """The loss sum after this batch, added to that of the epoch so far, and the gradients."""
    rows = [examples.inputs[place] for place in batch]
    targets = [examples.targets[place] for place in batch]
    weights = [examples.weights[place] for place in batch]
    if run.smoothing:
        targets = [smoothed(t, run.smoothing) for t in targets]

    passed = forward(layers, rows, kept)
    loss_sum = run.loss_sum
    for z, y, t, weight in zip(passed.z[-1], passed.y[-1], targets, weights):
        loss_sum += row_loss(run.loss, z, y, t) * weight

    activation = layers[-1].activation
    divisor = LOSSES[run.loss].divisor(total_weight(weights), len(targets[0]))
    deltas = [
        output_deltas(run.loss, activation, z, y, t, weight, divisor)
        for z, y, t, weight in zip(passed.z[-1], passed.y[-1], targets, weights)
    ]
    return loss_sum, backward(layers, passed, deltas)


def full_gradients(run: Run, layers: List[Layer], examples: Examples) -> Tuple[float, Rows]:
    """The loss sum and the gradients of all rows, with any weights."""
    return batch_gradients(run, layers, examples, range(len(examples.inputs)))


def train_batch(run: Run, examples: Examples, unbroken: Callable) -> None:
    """The gradients of one batch, and one step of the optimizer."""
    batch = run.order[run.position : run.position + batch_length(run)]
    # Drawn from a copy, which becomes the run's stream together with the step.
    stream, kept = run.stream, ()
    if drops(run):
        stream = run.stream.copy()
        kept = draw_dropout(run.regularization, run.layers, len(batch), stream)
    loss_sum, gradients = batch_gradients(run, run.layers, examples, batch, kept)
    if not isfinite(loss_sum):
        rows = (examples.inputs[place] for place in batch)
        number = run.position // batch_length(run) + 1
        raise DivergedError(run.epoch + 1, number, first_layer_astray(run.layers, rows))
    regularize(run.regularization, run.layers, gradients)

    with unbroken():
        run.optimizer.begin_step(run.scalars, loss_sum - run.loss_sum)
        for place, (values, gradient) in enumerate(zip(parameters(run.layers), gradients)):
            memory = [lists[place] for lists in run.memory]
            run.optimizer.update(run.rate, run.scalars, values, gradient, *memory)
        run.stream = stream
        run.position += len(batch)
        run.loss_sum = loss_sum


def same_network(a: List[Layer], b: List[Layer]) -> bool:
    activations = [[layer.activation for layer in layers] for layers in (a, b)]
    return activations[0] == activations[1] and parameters(a) == parameters(b)


def minimise(
    run: Run,
    examples: Examples,
    last: Optional[Point],
    gradients_of: Callable[..., Tuple[float, Rows]],
    unbroken: Callable,
) -> Point:
    """An iteration of L-BFGS over all rows, in place of `train_batch`.

    It begins at `last`, where the one before has ended, unless a user has changed weights since.
    """
    divisor = LOSSES[run.loss].divisor(total_weight(examples.weights), len(examples.targets[0]))

    def point_at(layers: List[Layer]) -> Point:
        loss_sum, gradients = gradients_of(run, layers, examples)
        regularize(run.regularization, layers, gradients)
        loss = loss_sum / divisor + penalties(run.regularization, layers)
        return Point(layers, loss_sum, loss, gradients)

    start = last
    if start is None or not same_network(start.layers, run.layers):
        start = point_at(deepcopy(run.layers))
        if not isfinite(start.loss) or not isfinite(norm(run.layers, start.gradients)):
            raise DivergedError(run.epoch + 1, 1, first_layer_astray(run.layers, examples.inputs))
    made = run.optimizer.iteration(run.rate, run.memory, run.scalars, start, point_at)

    with unbroken():
        copy_rows(parameters(made.point.layers), parameters(run.layers))
        run.memory, run.scalars, run.converged = made.memory, made.scalars, made.converged
        run.position = len(run.order)
        run.loss_sum = start.loss_sum
    return made.point


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
    run: Run,
    examples: Examples,
    validation: Optional[Examples],
    unbroken: Callable,
    evaluate: Callable[..., Tuple[float, float]],
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
    gradients_of: Callable[..., Tuple[float, Rows]] = full_gradients,
    evaluate: Callable[..., Tuple[float, float]] = evaluate,
) -> Iterator[bool]:
    """Train for `epochs` more epochs, or until a stopping rule ends it.

    A generator: it pauses after each batch (yields False) and each epoch (yields True), where the
    weights are whole, so that its caller may show progress, or leave for good.  `unbroken` is
    entered around each change, so that an interruption (Ctrl-C) comes before it or after it.
    `gradients_of` and `evaluate` compute over all rows; L-BFGS needs them, and an engine may have
    faster ones.

    Raises DivergedError where a number grows beyond all floats, and goes back to the last finite
    epoch.
    """
    rows = len(examples.inputs)
    point = None
    try:
        for _ in range(epochs):
            last_finite = Snapshot(run, rows)
            if not run.order:
                with unbroken():
                    start_epoch(run, rows)
            while run.position < rows:
                if isinstance(run.optimizer, LBFGS):
                    point = minimise(run, examples, point, gradients_of, unbroken)
                else:
                    train_batch(run, examples, unbroken)
                yield False
            finish_epoch(run, examples, validation, unbroken, evaluate)
            yield True
            if run.stopped_by is not None or run.converged is not None:
                return
    except DivergedError:
        last_finite.restore(run)
        raise
