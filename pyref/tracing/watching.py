"""Which functions of the reference are watched while it takes a step, and what is kept of a call.

Python tells a *profile function* (`sys.setprofile`) of every call and return in its thread.  The
one made here looks at the code that is called; of functions in its table it keeps what they take
when they are called, and what they give when they return.  So the reference needs no line for it,
and no number is computed a second time.
"""

import sys
from contextlib import contextmanager
from os.path import basename
from types import CodeType, FrameType
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Tuple

from ..reference import (
    activations, batch, layer, lbfgs, line_search, losses, network, regularization, search,
    training,
)
from ..reference.activations import ACTIVATIONS
from ..reference.layer import Layer
from ..reference.losses import LOSSES
from ..reference.optimizers import OPTIMIZERS

Told = Dict[str, Any]  # arguments, by their names


class Call(NamedTuple):
    """A call of a function of the reference.

    `function` is its name, a method's with its class; it begins in this `line` of the `file` in
    pyref/reference.  `layer` counts from 0, and is None where the call is of no one layer.
    `row` is the place in the batch of the row that it is of, None where it is of the whole batch; a
    call that goes through all rows is told row by row.  `given` is what it took, `found` what it
    gave, or has left where it works in place.
    """

    kind: str
    function: str
    file: str
    line: int
    layer: Optional[int]
    row: Optional[int]
    given: Told
    found: Any


class Kept(NamedTuple):
    """What is kept of a call; nothing where `given` says None.

    Of a call for `each` row in turn it is noted which one that is.  One for all rows has their
    names in `rows`: those of `given` that hold a list of them, as `found` does.  What is called
    from within an `opaque` function is not kept.
    """

    kind: str
    given: Callable[[Told], Optional[Told]]
    found: Callable[[Told, Any], Any]
    each: bool = False
    rows: Optional[Tuple[str, ...]] = None
    opaque: bool = False


def copied(value: Any) -> Any:
    return [copied(each) for each in value] if isinstance(value, (list, tuple)) else value


def named(*names: str) -> Callable[[Told], Told]:
    return lambda told: {name: copied(told[name]) for name in names}


def rows_and_layer(name: str, *others: str) -> Callable[[Told], Told]:
    return lambda told: {
        name: copied(told[name]),
        **{other: copied(getattr(told["layer"], other)) for other in others},
    }


def rows_and_factors(told: Told) -> Optional[Told]:
    return None if told["factors"] is None else named("rows", "factors")(told)


def before_regularizing(told: Told) -> Told:
    settings = {name: value for name, value in vars(told["regularization"]).items() if value}
    return {"settings": settings, **named("gradients")(told)}


def before_update(told: Told) -> Told:
    memory = {name: copied(told[name]) for name in told["self"].memory if name in told}
    return {**named("rate", "scalars", "weights", "gradient")(told), "memory": memory}


def after_update(told: Told, value: Any) -> Told:
    memory = {name: copied(told[name]) for name in told["self"].memory if name in told}
    return {"weights": copied(told["weights"]), "memory": memory}


def nothing(told: Told) -> Told:
    return {}


def returned(told: Told, value: Any) -> Any:
    return copied(value)


def kept_codes() -> Dict[CodeType, Kept]:
    table = {function.__code__: kept for function, kept in {
        training.start_epoch: Kept(
            "start_epoch", lambda told: {"epoch": told["run"].epoch},
            lambda told, value: told["run"].rate,
        ),
        regularization.draw_dropout: Kept(
            "draw_dropout", nothing, lambda told, value: [
                [factors and copied(factors[row]) for factors in value]
                for row in range(told["rows"])
            ], rows=(),
        ),
        losses.smoothed: Kept("smoothed", named("t", "smoothing"), returned, each=True),
        regularization.scaled_by: Kept(
            "scaled_by", rows_and_factors, returned, rows=("rows", "factors")
        ),
        layer.pre_activations: Kept(
            "pre_activations", rows_and_layer("x", "weights", "biases"), returned, rows=("x",)
        ),
        losses.output_deltas: Kept(
            "output_deltas", named("weight", "divisor"), returned, each=True
        ),
        layer.weight_gradients: Kept("weight_gradients", named("x", "deltas"), returned),
        layer.bias_gradients: Kept("bias_gradients", named("deltas"), returned),
        layer.errors_below: Kept(
            "errors_below", rows_and_layer("deltas", "weights"), returned, rows=("deltas",)
        ),
        batch.batch_gradients: Kept(
            "batch_gradients", named("loss_sum"), lambda told, value: value[0]
        ),
        regularization.norm: Kept("norm", named("gradients"), returned),
        regularization.regularize: Kept(
            "regularize", before_regularizing, lambda told, value: copied(told["gradients"])
        ),
        regularization.penalties: Kept("penalties", nothing, returned),
        lbfgs.search_direction: Kept("search_direction", named("gradients"), returned),
        line_search.strong_wolfe: Kept(
            "strong_wolfe", lambda told: {"first": told["step"], "loss": told["start"].loss},
            lambda told, value: {"step": value.step, "loss": value.loss}, opaque=True,
        ),
        search.Search.step: Kept(
            "search", nothing, lambda told, value: {"converged": told["run"].converged}
        ),
    }.items()}
    for loss in LOSSES.values():
        read = "z" if loss.fused else "y"
        table[loss.of_row.__code__] = Kept("loss", named(read, "t"), returned, each=True)
        table[loss.gradient.__code__] = Kept(
            "loss_gradient", named("y", "t"), returned, each=True
        )
    for activation in ACTIVATIONS.values():
        table[activation.outputs.__code__] = Kept(
            "activation", named("z"), returned, each=True
        )
        table[activation.deltas.__code__] = Kept(
            "activation_deltas", named("errors", "z", "y"), returned, each=True
        )
    for optimizer in OPTIMIZERS.values():
        if hasattr(optimizer, "update"):
            table[optimizer.update.__code__] = Kept(
                "update", before_update, after_update, opaque=True
            )
    return table


def slope_codes() -> List[CodeType]:
    slopes = [getattr(activations, f"{name}_derivative", None) for name in ACTIVATIONS]
    return [slope.__code__ for slope in slopes if slope is not None]


def list_names(layers: List[Layer]) -> List[Tuple[int, str]]:
    """The lists of `parameters`, as a layer calls them, and of which layer they are.

    >>> list_names([Layer([[1.0], [2.0]], [0.0], "tanh")])
    [(0, 'weights[0]'), (0, 'weights[1]'), (0, 'biases')]
    """
    names = []
    for place, each in enumerate(layers):
        names += [(place, f"weights[{k}]") for k in range(len(each.weights))]
        names += [(place, "biases")] if each.biases is not None else []
    return names


class Watch:
    """The profile function, and the calls that it has seen return."""

    def __init__(self) -> None:
        self.calls: List[Call] = []
        self.kept = kept_codes()
        self.slopes_of = slope_codes()
        self.slopes: List[float] = []  # of the units of a layer, one after the other
        self.layers: List[Layer] = []  # those on their way forward or back
        # The layer whose activations, or deltas, come next.
        self.of_outputs: Optional[int] = 0
        self.of_deltas: Optional[int] = 0
        self.seen: Dict[Tuple[str, Optional[int]], int] = {}  # the last row, by kind and layer
        self.updates: List[Tuple[int, str]] = []  # of which layer, and which of its lists
        self.open: List[Tuple[FrameType, Kept, Optional[int], Told]] = []

    def __call__(self, frame: FrameType, event: str, value: Any) -> None:
        code = frame.f_code
        if event == "call":
            if code is network.forward.__code__:
                self.layers = frame.f_locals["layers"]
            elif code in self.kept and not (self.open and self.open[-1][1].opaque):
                self.begin(frame, self.kept[code])
        elif event == "return":
            if self.open and self.open[-1][0] is frame:
                self.end(value)
            elif code in self.slopes_of:
                self.slopes.append(value)

    def begin(self, frame: FrameType, kept: Kept) -> None:
        told = frame.f_locals
        given = kept.given(told)
        if given is None:
            return
        place = self.place(kept.kind, told)
        if kept.kind == "pre_activations":
            self.of_outputs = place
        elif kept.kind == "output_deltas":
            self.of_deltas = place
        elif kept.kind == "errors_below" and place is not None:
            self.of_deltas = place - 1
        elif kept.kind == "activation_deltas":
            self.slopes = []
        elif kept.kind == "update":
            self.updates = self.updates or list_names(self.layers)
            place, given["of"] = self.updates.pop(0)
        self.open.append((frame, kept, place, given))

    def place(self, kind: str, told: Told) -> Optional[int]:
        """Of the layer that a call is of."""
        if kind == "activation":
            return self.of_outputs
        if kind == "activation_deltas":
            return self.of_deltas
        if kind in ("output_deltas", "loss", "loss_gradient"):
            return len(self.layers) - 1
        if kind in ("weight_gradients", "bias_gradients", "errors_below", "pre_activations",
                    "scaled_by"):
            return [each is told["layer"] for each in self.layers].index(True)
        return None

    def end(self, value: Any) -> None:
        frame, kept, place, given = self.open.pop()
        told = frame.f_locals
        if kept.kind == "activation_deltas" and self.slopes:
            given["slopes"] = self.slopes
        elif kept.kind == "output_deltas":
            given["deltas"] = self.calls[-1].found  # the gradient, through the activation or not
        name, code = self.named(kept.kind, frame.f_code, place, told)
        call = Call(
            kept.kind, name, basename(code.co_filename), code.co_firstlineno, place, None, given,
            kept.found(told, value),
        )
        if kept.each:
            self.seen[kept.kind, place] = row = self.seen.get((kept.kind, place), -1) + 1
            call = call._replace(row=row)
        if kept.rows is None:
            self.calls.append(call)
            return
        for row, found in enumerate(call.found):
            of_row = {name: given[name][row] for name in kept.rows}
            self.calls.append(call._replace(row=row, given={**given, **of_row}, found=found))

    def named(
        self, kind: str, code: CodeType, place: Optional[int], told: Told
    ) -> Tuple[str, CodeType]:
        """What a reader looks for, where the code is that of a function within another."""
        if kind in ("activation", "activation_deltas") and not hasattr(activations, code.co_name):
            assert place is not None  # it was set when the layer's turn came
            name = self.layers[place].activation
            name += "_derivative" if kind == "activation_deltas" else ""
            return name, getattr(activations, name).__code__
        for kind_of in type(told.get("self")).__mro__:
            method = vars(kind_of).get(code.co_name)
            if getattr(method, "__code__", None) is code:
                return f"{kind_of.__name__}.{code.co_name}", code
        return code.co_name, code


@contextmanager
def watched() -> Iterator[List[Call]]:
    """The calls within, in the order in which they return."""
    before, watch = sys.getprofile(), Watch()
    sys.setprofile(watch)
    try:
        yield watch.calls
    finally:
        sys.setprofile(before)
