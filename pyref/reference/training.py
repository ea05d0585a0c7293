"""Training: epochs of batches, and a step of the weights after each batch.

An *epoch* uses every training row once.  Its rows are drawn in a shuffled order and taken in
*batches*; after each batch the weights take one step.  A batch of one row is *online* training, a
batch of all rows is *full-batch* training, anything between is a *mini-batch*.  In pictures:

    epoch 1 |batch|batch|batch|ba|  epoch 2 |batch|batch|batch|ba|  …        (the last may be short)

What was asked for (loss, optimizer, size of a batch …) and how far the training has come stand in
a `Run`, which run.py describes; its names are those of a Trainer.  How the optimizer makes a step
of a gradient, what a schedule does with the learning rate, when a rule says stop, and what
`regularize` changes, are chapters of their own: with plain gradient descent a step is
weight = weight − rate · gradient, and nothing else happens.

`train` is a generator: it pauses after each batch and each epoch, where the weights are whole, so
that its caller may look, save, or leave for good.  Two things are left to guard.py: to go back
where the numbers grow beyond all floats, and to choose `train_batch` or a search in its place.
"""

from contextlib import nullcontext
from math import isfinite
from typing import Callable, ContextManager, Iterator, List, Optional, Tuple

from .batch import Examples, batch_gradients, evaluate, take_step
from .divergence import DivergedError, first_layer_astray
from .losses import LOSSES, total_weight
from .parameters import all_finite, copy_rows, parameters
from .regularization import draw_dropout, regularize
from .run import Run, batch_length, drops, shuffles

Unbroken = Callable[[], ContextManager]  # Ctrl-C comes before such a block or after it


def start_epoch(run: Run, rows: int) -> None:
    """Draw the order of the rows, and ask for the learning rate of the epoch."""
    run.rate = run.schedule.rate(run.schedule_state, run.optimizer.learning_rate, run.epoch)
    run.order = run.stream.shuffled(rows) if shuffles(run, rows) else list(range(rows))


def train_batch(run: Run, examples: Examples, unbroken: Unbroken) -> None:
    """The gradients of the next batch, and one step along them."""
    batch = run.order[run.position : run.position + batch_length(run)]
    stream, kept = run.stream, []
    if drops(run):
        stream = run.stream.copy()  # which becomes the run's own together with the step
        kept = draw_dropout(run.regularization, run.layers, len(batch), stream)
    loss_sum, gradients = batch_gradients(
        run.layers, run.loss, run.smoothing, examples, batch, kept, run.loss_sum
    )
    if not isfinite(loss_sum):
        rows = [examples.inputs[place] for place in batch]
        number = run.position // batch_length(run) + 1
        raise DivergedError(run.epoch + 1, number, first_layer_astray(run.layers, rows))
    regularize(run.regularization, run.layers, gradients)

    with unbroken():
        take_step(run, gradients, loss_sum - run.loss_sum)
        run.stream = stream
        run.position += len(batch)
        run.loss_sum = loss_sum


def record(run: Run, loss: float, validation: Optional[Tuple[float, float]]) -> None:
    """Write down the losses of the epoch, and keep the best weights if a rule may want them."""
    run.losses.append(loss)
    if validation is None:
        return
    validation_loss, accuracy = validation
    run.validation_losses.append(validation_loss)
    run.validation_accuracies.append(accuracy)
    if validation_loss < run.best_loss:
        run.best_loss = validation_loss
        run.best_epoch = run.epoch
        if any(rule.restore_best for rule in run.rules):
            run.best = [list(row) for row in parameters(run.layers)]


def ask_rules(run: Run, loss: float, validation_loss: float) -> None:
    """Whether a stopping rule ends the training here, and with which weights."""
    for place, (rule, state) in enumerate(zip(run.rules, run.rule_states)):
        if rule.says_stop(state, loss, validation_loss) and run.stopped_by is None:
            run.stopped_by = place
    if run.stopped_by is not None and run.rules[run.stopped_by].restore_best:
        copy_rows(run.best, parameters(run.layers))


def finish_epoch(
    run: Run,
    examples: Examples,
    held_out: Optional[Examples],
    unbroken: Unbroken,
    evaluate: Callable[..., Tuple[float, float]],
) -> None:
    """The losses of the epoch, and what the schedule and the stopping rules make of them."""
    divisor = LOSSES[run.loss].divisor(total_weight(examples.weights), len(examples.targets[0]))
    loss = run.loss_sum / divisor
    validation = None if held_out is None else evaluate(run.layers, run.loss, held_out)
    validation_loss = 0.0 if validation is None else validation[0]
    if not all_finite(parameters(run.layers)) or not isfinite(validation_loss):
        number = (len(run.order) - 1) // batch_length(run) + 1
        rows = examples.inputs if held_out is None else held_out.inputs
        raise DivergedError(run.epoch + 1, number, first_layer_astray(run.layers, rows))

    with unbroken():
        run.epoch += 1
        run.order, run.position, run.loss_sum = [], 0, 0.0
        record(run, loss, validation)
        run.schedule.after_epoch(run.schedule_state, loss if validation is None else validation_loss)
        ask_rules(run, loss, validation_loss)


def train(
    run: Run,
    examples: Examples,
    epochs: int,
    held_out: Optional[Examples] = None,
    unbroken: Unbroken = nullcontext,
    step: Callable[[Run, Examples, Unbroken], None] = train_batch,
    evaluate: Callable[..., Tuple[float, float]] = evaluate,
) -> Iterator[bool]:
    """Train for `epochs` more epochs, or until a stopping rule ends it.

    Yields False after each batch and True after each epoch.  `held_out` are the validation rows.
    `step` and `evaluate` may be others with the same results.  Raises DivergedError where a
    number has grown beyond all floats.
    """
    rows = len(examples.inputs)
    for _ in range(epochs):
        if not run.order:  # else an epoch that was broken off goes on
            with unbroken():
                start_epoch(run, rows)
        while run.position < rows:
            step(run, examples, unbroken)
            yield False
        finish_epoch(run, examples, held_out, unbroken, evaluate)
        yield True
        if run.stopped_by is not None or run.converged is not None:
            return
