"""The trace of a training step, and how one is made."""

from typing import Any, Dict, List, NamedTuple, Tuple

from ..engine.arithmetic import check_arithmetic
from ..reference.batch import Examples, evaluate
from ..reference.guard import guarded_train
from ..reference.layer import Rows
from ..reference.parameters import parameters
from ..reference.run import Run
from ..reference.settings import describe
from .watching import Call, list_names, watched


class Trace(NamedTuple):
    """One training step on one row, or on several as one batch.

    `inputs`, `targets` and `weights` are those of the rows, in the order of the batch.  `calls` are
    the watched calls of the reference's functions, in the order in which they returned.  `before`
    and `after` are all parameters, in the shape of `parameters`; `lists` tells of each list the
    layer, and what this calls it.  `loss_before` and `loss_after` are those of the rows, measured
    apart from the step, without dropout and smoothing.
    """

    sizes: List[int]
    activations: List[str]
    precision: str
    loss: str
    optimizer: Dict[str, Any]
    epoch: int
    inputs: Rows
    targets: Rows
    weights: List[float]
    lists: List[Tuple[int, str]]
    before: Rows
    loss_before: float
    calls: List[Call]
    after: Rows
    loss_after: float


def next_step(run: Run, examples: Examples) -> Trace:
    """Take the next step of a training, on all its rows, and tell what was computed.

    The run goes on as the Python engine's would, whose loop this is.  Raises ValueError where its
    batches have fewer rows than these, and DivergedError where training does.

    >>> from .of_example import example
    >>> trace = next_step(*example())
    >>> [call.function for call in trace.calls if call.layer == 0][:2]
    ['pre_activations', 'sigmoid']
    """
    rows, size = len(examples.inputs), run.batch_size
    if size is not None and size < rows:
        raise ValueError(f"a trace is of one batch: {rows} rows are more than {size}")
    check_arithmetic()
    layers, epoch = run.layers, run.epoch
    before = [list(row) for row in parameters(layers)]
    loss_before, _ = evaluate(layers, run.loss, examples)
    steps = guarded_train(run, examples, 1)
    with watched() as calls:
        next(steps)
    next(steps)  # the end of the epoch, where it is seen whether all is finite
    return Trace(
        sizes=[len(layers[0].weights), *[layer.units for layer in layers]],
        activations=[layer.activation for layer in layers],
        precision=layers[0].precision,
        loss=run.loss,
        optimizer=describe(run.optimizer),
        epoch=epoch,
        inputs=[list(row) for row in examples.inputs],
        targets=[list(row) for row in examples.targets],
        weights=list(examples.weights),
        lists=list_names(layers),
        before=before,
        loss_before=loss_before,
        calls=calls,
        after=[list(row) for row in parameters(layers)],
        loss_after=evaluate(layers, run.loss, examples)[0],
    )
