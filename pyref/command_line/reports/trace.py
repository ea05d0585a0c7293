"""A training step in words: each call of the reference, and its sums written out."""

from inspect import cleandoc
from itertools import dropwhile, groupby, takewhile
from os.path import basename
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Tuple

from ...reference import batch, network, search, training
from ...reference.losses import LOSSES
from ...reference.optimizers import OPTIMIZERS
from ...tracing.trace import Trace
from ...tracing.watching import Call
from ..terminal import folded as folded_words
from .recipe import called
from .sums import (
    FIRST, LINES, MOST, Line, Lines, is_shown, moved, number, of_parameters, places, row_of, update,
)
from .words import listing, titled, titled_once

NAMES = (
    "as in the reference, counted from 0: x[k] is what a layer reads; z[j] and y[j] are a unit's "
    "pre-activation and activation, t[j] the targets; errors, deltas and gradients say how the "
    "loss moves with y, with z and with the parameters"
)
# Where the way through a step is led from.
PARTS: Dict[str, Callable[..., Any]] = {
    "start": training.train, "forward": network.forward, "loss": batch.batch_gradients,
    "back": network.backward, "step": batch.take_step, "search": search.Search.step,
}


class Origin(NamedTuple):
    """Where a step is from; all but the notes are None for the example.  `rows` are numbers in the
    table, from 1, in the order of the batch."""

    model: Optional[str]
    data: Optional[str]
    rows: Optional[List[int]]
    input_names: Optional[List[str]]
    notes: List[str]


def trace_object(trace: Trace, origin: Origin) -> Dict[str, Any]:
    calls = [call._asdict() for call in trace.calls]
    return {**origin._asdict(), **trace._asdict(), "calls": calls}


class Block(NamedTuple):
    """What a call has computed, or those calls that update the lists of a layer."""

    part: str
    title: str
    function: str  # and where it stands
    kind: str
    layer: Optional[int]
    row: Optional[int]  # in the batch
    lines: List[Line]


def trace_in_words(trace: Trace, origin: Origin, width: int) -> Iterator[str]:
    yield from heading(trace, origin)
    part, title = None, None
    for block in blocks_of(trace):
        if block.part != part:
            part, title = block.part, None
            yield ""
            yield titled(part, where(PARTS[part]))
        if block.title != title:
            title = block.title
            yield ""
            yield from beside(f"  {title}", block.function, width)
        if block.row is not None:
            yield f"    {row_name(block.row, origin)}"
        for line in block.lines:
            yield from folded(line, width)
    yield ""
    of = "this row" if len(trace.inputs) == 1 else f"these {len(trace.inputs):,} rows"
    yield titled("loss", f"{number(trace.loss_after)} of {of} afterwards, "
                         f"{number(trace.loss_before)} before ({where(batch.evaluate)})")


def row_name(row: int, origin: Origin) -> str:
    """Of a row of a batch: its number in the table, if that is known."""
    return f"row {origin.rows[row]:,}" if origin.rows else f"row [{row}]"


def blocks_of(trace: Trace) -> Iterator[Block]:
    """Of rows, only the first are shown, as of units; and which one it is, where there are more."""
    part, count = "", len(trace.inputs)
    key = lambda call: (call.kind, call.layer, call.row)  # noqa: E731
    for (kind, layer, row), group in groupby(trace.calls, key):
        calls = list(group)
        told = told_of(trace, kind, calls)
        if told is None or row is not None and row not in places(count):
            continue
        now, title, made = told
        part, lines = part if now is None else now, list(made)
        if count > MOST and row == FIRST - 1:
            lines.append((f"… and {count - FIRST:,} more rows", []))
        at = "" if layer is None or kind == "loss" else f"layers[{layer}]: "
        yield Block(part, at + title, place_of(calls[0]), kind, layer,
                    row if count > 1 else None, lines)
        if kind == "loss" and count > 1 and row == places(count)[-1]:
            yield all_losses(trace)


def place_of(call: Call) -> str:
    return f"{call.function}, {call.file}:{call.line}"


def all_losses(trace: Trace) -> Block:
    """The rows' losses, as they are added."""
    whole, = (call for call in trace.calls if call.kind == "batch_gradients")
    losses = [call.found for call in trace.calls if call.kind == "loss"]
    parts = [number(loss) for loss in losses]
    if set(trace.weights) != {1.0}:
        parts = [f"{part}·{number(weight)}" for part, weight in zip(parts, trace.weights)]
    shown = [f"{'+ ' * (row > 0)}{parts[row]}" for row in places(len(parts))]
    shown += [f"+ … ({len(parts) - FIRST:,} more)"] * (len(parts) > MOST)
    shown[0] = f"= {shown[0]}"
    return Block("loss", "the rows' losses, added", place_of(whole), "batch_gradients", None, None,
                 [("loss_sum", [*shown, f"= {number(whole.found)}"])])


def heading(trace: Trace, origin: Origin) -> Iterator[str]:
    if origin.model is None:
        yield from titled_once("example", origin.notes)
    else:
        yield titled("model", origin.model)
        together = ", as one batch" * (len(trace.inputs) > 1)
        yield titled("data", f"{origin.data}, {rows_in_words(origin)}{together}")
        yield from titled_once("note", origin.notes)
    *hidden, output = trace.activations
    activations = ", ".join([*dict.fromkeys(hidden), f"then {output}"]) if hidden else output
    single = ""
    if trace.precision == "single":
        single = "; what is kept of these numbers is rounded to single precision"
    yield titled("network", f"{'-'.join(map(str, trace.sizes))}, {activations}{single}")
    yield titled("training", f"loss {trace.loss}, {called(trace.optimizer)}")
    if origin.input_names:
        names = [f"x[{k}] {name}" for k, name in enumerate(origin.input_names)]
        yield titled("inputs", listing(names, MOST))
    yield titled("names", NAMES)


def rows_in_words(origin: Origin) -> str:
    """
    >>> rows_in_words(Origin("m", "d", [1200], None, []))
    'row 1,200'
    >>> rows_in_words(Origin("m", "d", [3, 4, 9], None, []))
    'rows 3, 4, 9'
    """
    rows = [f"{row:,}" for row in origin.rows or []]
    if len(rows) == 1:
        return f"row {rows[0]}"
    return f"rows {listing(rows, MOST)}"


def where(function: Callable[..., Any]) -> str:
    code = function.__code__
    return f"{function.__qualname__}, {basename(code.co_filename)}:{code.co_firstlineno}"


def folded(line: Line, width: int) -> Iterator[str]:
    """The parts of a sum stand below each other, where one line does not hold them.

    >>> list(folded(("z[0]", ["= 1·2", "+ 3·4", "= 14"]), 20))
    ['    z[0] = 1·2 + 3·4', '         = 14']
    """
    left, parts = line
    made = f"    {left}"
    if not parts:
        yield from folded_words(made, 4, 8, width)
        return
    indent = " " * min(len(made), width // 2)
    for part in parts:
        fits = len(indent) + 1 + len(part) <= width
        for piece in [part] if fits else part.split():
            if len(made) + 1 + len(piece) > width and made != indent:
                yield made
                made = indent
            made += f" {piece}"
    yield made


def beside(title: str, text: str, width: int) -> Iterator[str]:
    """A title, and at the right of it, or below, what there is to add."""
    if len(title) + 2 + len(text) <= width:
        yield title + text.rjust(width - len(title))
        return
    yield from folded_words(title, 2, 6, width)
    for part in [text] if len(text) <= width else text.split():
        yield part.rjust(width)


Told = Tuple[Optional[str], str, Lines]  # the part it is in (None: that before), title, lines


def told_of(trace: Trace, kind: str, calls: List[Call]) -> Optional[Told]:
    """None for what is not worth a line."""
    call = calls[0]
    if kind == "update":
        return "step", "the new parameters", update_lines(trace, calls)
    if call.function in ("softmax", "softmax_deltas"):
        return *SOFTMAX[kind], LINES[kind](call)
    if kind == "loss":
        divisor = next(c.given["divisor"] for c in trace.calls if c.kind == "output_deltas")
        later = f", before it is divided by {number(divisor)}" if divisor != 1.0 else ""
        return "loss", f"how wrong y is{later}", LINES[kind](call)
    if kind == "loss_gradient":
        by = "deltas[j], by z[j]" if LOSSES[trace.loss].fused else "errors[j], by y[j]"
        return "back", f"slope of the loss: {by}", LINES[kind](call)
    if kind in TITLES:
        part, title = TITLES[kind]
        over_rows = ", added over the rows" * (len(trace.inputs) > 1)
        return part, title.format(name=call.function, over_rows=over_rows), LINES[kind](call)
    made = {
        "start_epoch": start_block, "draw_dropout": dropout_block, "regularize": penalty_block,
        "output_deltas": division_block, "search_direction": direction_block,
        "strong_wolfe": length_block, "search": search_block,
    }.get(kind)
    return made and made(trace, call)


TITLES: Dict[str, Tuple[Optional[str], str]] = {
    "smoothed": ("forward", "the targets, smoothed"),
    "scaled_by": (None, "what dropout leaves"),
    "pre_activations": ("forward", "z[j] = biases[j] + Σ x[k]·weights[k][j]"),
    "activation": ("forward", "y[j] = {name}(z[j])"),
    "activation_deltas": ("back", "deltas[j] = errors[j]·{name}(z[j], y[j])"),
    "weight_gradients": ("back", "gradient[k][j] = x[k]·deltas[j]{over_rows}"),
    "bias_gradients": ("back", "gradient of biases[j] = deltas[j]{over_rows}"),
    "errors_below": ("back", "errors[k] = Σ deltas[j]·weights[k][j]"),
}


SOFTMAX = {
    "activation": ("forward", "y = softmax(z)"),
    "activation_deltas": ("back", "deltas[j] = y[j]·(errors[j] − Σ errors[i]·y[i])"),
}


def start_block(trace: Trace, call: Call) -> Told:
    return "start", f"epoch {trace.epoch + 1}", iter([("learning rate", [number(call.found)])])


def dropout_block(trace: Trace, call: Call) -> Optional[Told]:
    lines = []
    for place, factors in enumerate(call.found):
        if factors is not None:
            shown = [number(factors[k]) for k in places(len(factors))]
            more = [f"… ({len(factors) - len(shown):,} more)"] * (len(factors) > MOST)
            lines.append((f"layers[{place}] reads x times", [*shown, *more]))
    return "forward", "units that are dropped: 0", iter(lines)


def division_block(trace: Trace, call: Call) -> Optional[Told]:
    deltas, weight, divisor = (call.given[name] for name in ("deltas", "weight", "divisor"))
    if weight == divisor == 1.0:
        return None
    lines = row_of("deltas", call.found, lambda j: [
        f"{number(deltas[j])}·{number(weight)}/{number(divisor)}"
    ])
    return "back", "weighted, divided as the loss is", lines


def penalty_block(trace: Trace, call: Call) -> Optional[Told]:
    settings, before = call.given["settings"], call.given["gradients"]
    wishes = {name: value for name, value in settings.items() if "dropout" not in name}
    if not wishes:
        return None
    lines = list(of_parameters(trace, lambda at, j: moved(before[at][j], call.found[at][j])))
    if "clip_norm" in wishes:
        norm, = (each for each in trace.calls if each.kind == "norm")
        lines.append(("norm of all gradients", [f"= {number(norm.found)}"]))
    text = ", ".join(f"{name} {value!r}" for name, value in wishes.items())
    return "back", f"gradients with {text}", iter(lines)


def update_lines(trace: Trace, calls: List[Call]) -> Lines:
    """Those of a layer."""
    first = calls[0]
    if first.given["scalars"]:
        yield "scalars", [f"{number(value)}" for value in first.given["scalars"]]
    if first.layer == 0 and (first.given["memory"] or first.function != "SGD.update"):
        yield from ((formula, []) for formula in formulas(trace.optimizer["name"]))
    inputs = trace.sizes[first.layer or 0]
    for call in calls:
        if is_shown(call.given["of"], inputs):
            yield from update(call)
    if inputs > MOST:
        yield f"… and {inputs - FIRST:,} more inputs", []


def formulas(optimizer: str) -> List[str]:
    """The first lines of its docstring that are indented, if Python has kept it.

    >>> formulas("Adagrad")
    ['total  = total + gradient²', 'weight = weight − rate · gradient / (√total + epsilon)']
    """
    lines = cleandoc(OPTIMIZERS[optimizer].__doc__ or "").splitlines()
    after = dropwhile(lambda line: not line.startswith("    "), lines)
    return [line.strip() for line in takewhile(lambda line: line.startswith("    "), after)]


def direction_block(trace: Trace, call: Call) -> Told:
    lines = of_parameters(trace, lambda at, j: number(call.found[at][j]))
    return "search", "direction", lines


def length_block(trace: Trace, call: Call) -> Told:
    first, loss = call.given["first"], call.given["loss"]
    return "search", "how far along it", iter([
        ("first tried", [number(first)]),
        ("step", [f"{number(call.found['step'])},",
                  f"loss with penalties {moved(loss, call.found['loss'])}"]),
    ])


def search_block(trace: Trace, call: Call) -> Told:
    lines = list(of_parameters(trace, lambda at, j: moved(trace.before[at][j], trace.after[at][j])))
    if call.found["converged"] is not None:
        lines.append((f"nothing more to do: {call.found['converged']}", []))
    return "search", "parameters + step·direction", iter(lines)
