"""Training: epochs of batches, and a step of the weights after each batch.

An *epoch* uses every training row once.  Its rows are put into a random order and cut into
*batches*; after each batch the weights take one step, against the gradients of its loss.  A batch
of one row is *online* training, a batch of all rows is *full-batch* training, anything between is
a *mini-batch*.  In pictures (the last batch of an epoch may be short):

    epoch 1 |batch|batch|batch|ba|  epoch 2 |batch|batch|batch|ba|  …

In words, with the function that does it:

    for each epoch:                                                train
        draw the order of the rows                                 start_epoch
        for each batch of rows, in that order:                     train_batch
            find the gradients of its loss                         (batch.py)
            weight = weight − rate · gradient, for all weights     take_step (batch.py)
        write down the losses, and see whether that was enough     finish_epoch

In the file a function stands before those that call it: `train` is the last.

All share one object, a `Run`.  It has what was asked for, under the names that a Trainer gives it
(run.loss, run.batch_size …), a `stream` of random numbers, and the place that the training has
reached: `epoch` counts the finished ones, `order` holds the places of the rows in the order of the
epoch under way, `position` says how many of these have been used, `loss_sum` what their losses add
up to.  The next file, run.py, has the rest.

Four of its members are subjects of the next chapter, and change one line of the above each: the
`optimizer` may make more of a gradient than rate · gradient, the `schedule` may have another rate
for each epoch, the `regularization` may change gradients or drop units, and a stopping rule of
`rules` may find that it was enough.

Two things are there for the caller's sake.  `train` is a generator: it pauses after each batch and
each epoch, so that its caller may look, save, or leave for good.  And what stands under
`with unbroken():` is done wholly or not at all, also where Ctrl-C is pressed; a caller to whom that
does not matter leaves it out, and then the line does nothing.

Left to other files: what to say where a number is no longer finite (divergence.py), and how to go
back to where it was (guard.py).
"""

from contextlib import nullcontext
from math import isfinite
from typing import Callable, ContextManager, Iterator, Optional, Tuple

from .batch import Examples, batch_gradients, evaluate, take_step
from .divergence import diverged
from .losses import LOSSES, total_weight
from .parameters import all_finite, copy_rows, parameters
from .regularization import draw_dropout, regularize
from .run import Run, batch_length, drops, shuffles

Unbroken = Callable[[], ContextManager[None]]  # Ctrl-C waits until the end of such a block


def start_epoch(run: Run, rows: int) -> None:
    """Ask for the learning rate of the epoch, and draw the order of its rows."""
    run.rate = run.schedule.rate(run.schedule_state, run.optimizer.learning_rate, run.epoch)
    run.order = run.stream.shuffled(rows) if shuffles(run, rows) else list(range(rows))


def train_batch(run: Run, examples: Examples, unbroken: Unbroken) -> None:
    """The gradients of the next batch, and one step against them."""
    batch = run.order[run.position : run.position + batch_length(run)]
    stream, kept = run.stream, []
    if drops(run):
        stream = run.stream.copy()  # the run takes it together with the step, or neither
        kept = draw_dropout(run.regularization, run.layers, len(batch), stream)
    loss_sum, gradients = batch_gradients(
        run.layers, run.loss, run.smoothing, examples, batch, kept, run.loss_sum
    )
    if not isfinite(loss_sum):
        raise diverged(run, run.layers, [examples.inputs[place] for place in batch])
    regularize(run.regularization, run.layers, gradients)

    with unbroken():
        take_step(run, gradients, loss_sum - run.loss_sum)
        run.stream = stream
        run.position += len(batch)
        run.loss_sum = loss_sum


def record(run: Run, loss: float, validation: Optional[Tuple[float, float]]) -> None:
    """Write down the losses of the epoch, and keep the best weights if a rule may want them.

    `validation` is the loss and the accuracy of the validation rows, if they were measured.
    """
    run.losses.append(loss)
    if validation is None:
        return
    validation_loss, accuracy = validation
    run.validation_epochs.append(run.epoch)
    run.validation_losses.append(validation_loss)
    run.validation_accuracies.append(accuracy)
    if validation_loss < run.best_loss:
        run.best_loss = validation_loss
        run.best_epoch = run.epoch
        if any(rule.restore_best for rule in run.rules):
            run.best = [list(row) for row in parameters(run.layers)]


def ask_rules(run: Run, loss: float, validation_loss: Optional[float]) -> None:
    """See whether a stopping rule ends the training here, and with which weights."""
    for place, (rule, state) in enumerate(zip(run.rules, run.rule_states)):
        if rule.says_stop(state, loss, validation_loss) and run.stopped_by is None:
            run.stopped_by = place
    if run.stopped_by is not None and run.rules[run.stopped_by].restore_best and run.best:
        copy_rows(run.best, parameters(run.layers))


def finish_epoch(
    run: Run,
    examples: Examples,
    held_out: Optional[Examples],
    unbroken: Unbroken,
) -> None:
    """The losses of the epoch, and what the schedule and the stopping rules make of them.

    The validation rows (`held_out`) are measured after every run.validation_every epochs.
    """
    divisor = LOSSES[run.loss].divisor(total_weight(examples.weights), len(examples.targets[0]))
    loss = run.loss_sum / divisor
    validation, validation_loss = None, None
    if held_out is not None and (run.epoch + 1) % run.validation_every == 0:
        validation = evaluate(run.layers, run.loss, held_out)
        validation_loss = validation[0]
    if not all_finite(parameters(run.layers)) or not isfinite(validation_loss or 0.0):
        rows = examples.inputs if held_out is None else held_out.inputs
        raise diverged(run, run.layers, rows)

    with unbroken():
        run.epoch += 1
        run.order, run.position, run.loss_sum = [], 0, 0.0
        record(run, loss, validation)
        watched = loss if held_out is None else validation_loss
        run.schedule.after_epoch(run.schedule_state, watched)
        ask_rules(run, loss, validation_loss)


def train(
    run: Run,
    examples: Examples,
    epochs: int,
    held_out: Optional[Examples] = None,
    unbroken: Unbroken = nullcontext,
    step: Callable[[Run, Examples, Unbroken], None] = train_batch,
) -> Iterator[bool]:
    """Train for `epochs` more epochs, or until a stopping rule ends it.

    Yields False after each batch and True after each epoch.  `held_out` are the validation rows:
    rows that are not learned, to see what the network makes of them.  `step` may be another: a
    search in the place of batches (search.py).  Raises DivergedError where a number has grown
    beyond all floats.
    """
    rows = len(examples.inputs)
    for _ in range(epochs):
        if not run.order:  # else the call before has left an epoch unfinished: it goes on
            with unbroken():
                start_epoch(run, rows)
        while run.position < rows:
            step(run, examples, unbroken)
            yield False
        finish_epoch(run, examples, held_out, unbroken)
        yield True
        if run.stopped_by is not None or run.converged is not None:
            return
