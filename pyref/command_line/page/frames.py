"""What a page shows, moment by moment: lines of a trace, and which unit or weight each is of."""

import re
from typing import Any, Dict, Iterator, List, Optional, Tuple

from ...tracing.trace import Trace
from ..reports.sums import Line, is_shown, number, places
from ..reports.trace import PARTS, Block, blocks_of, where

# For each kind of line: whether it is of the layer's inputs or of its units, and of what.
OF_UNITS: Dict[str, Tuple[int, Optional[str]]] = {
    "scaled_by": (0, "kept"), "errors_below": (0, "errors"), "pre_activations": (1, "z"),
    "activation": (1, "y"), "smoothed": (1, "t"), "loss_gradient": (1, None),
    "activation_deltas": (1, "deltas"), "output_deltas": (1, "deltas"),
}
NUMBER = r"[−\w.+-]+"


def epoch_object(trace: Trace) -> Dict[str, Any]:
    """What it is called, what stands there before anything is computed, and the frames.

    A frame, or a number of the start, that is of one of several rows has its place in the batch as
    `row`: the drawing shows the numbers of one row at a time, and those of all.
    """
    return {
        "called": f"epoch {trace.epoch + 1:,}",
        "start": list(start_of(trace)),
        "frames": [frame(trace, block) for block in blocks_of(trace)],
    }


def start_of(trace: Trace) -> Iterator[Dict[str, Any]]:
    """The inputs, the targets, and the parameters as they are before."""
    said = "as it was before this step" if trace.epoch else "as it was at the start"
    last = len(trace.sizes) - 1
    for row in places(len(trace.inputs)):
        of_row = {"row": row} if len(trace.inputs) > 1 else {}
        for k in places(trace.sizes[0]):
            x = entry(f"n0_{k}", "x", trace.inputs[row][k], "of the row, as the network gets it")
            yield {**x, **of_row}
        for j in places(trace.sizes[-1]):
            yield {**entry(f"n{last}_{j}", "t", trace.targets[row][j], "of the row"), **of_row}
    for (layer, name), values in zip(trace.lists, trace.before):
        if is_shown(name, trace.sizes[layer]):
            for j in places(len(values)):
                of, key = parameter(layer, name, j)
                yield entry(of, key, values[j], said)


def entry(of: str, key: str, value: float, said: str) -> Dict[str, str]:
    return {"of": of, "key": key, "value": short(value), "text": f"{key} = {number(value)}, {said}"}


def short(value: float) -> str:
    """As a drawing has room for it.

    >>> short(0.59326999), short(-1234567.0), short(0.00012345)
    ('0.5933', '−1.235e+06', '0.000123')
    """
    digits = 4 if abs(value) >= 0.01 else 3
    return f"{value:.{digits}g}".replace("-", "−")


def parameter(layer: int, name: str, j: int) -> List[str]:
    """
    >>> parameter(0, "weights[2]", 1), parameter(0, "biases", 1)
    (['e0_2_1', 'weight'], ['n1_1', 'bias'])
    """
    if name == "biases":
        return [f"n{layer + 1}_{j}", "bias"]
    return [f"e{layer}_{name[len('weights['):-1]}_{j}", "weight"]


def frame(trace: Trace, block: Block) -> Dict[str, Any]:
    return {
        **({} if block.row is None else {"row": block.row}),
        "part": f"{block.part}: {where(PARTS[block.part])}",
        "title": block.title,
        "function": block.function,
        "lines": [line_object(trace, block, line) for line in block.lines],
    }


def line_object(trace: Trace, block: Block, line: Line) -> Dict[str, str]:
    left, parts = line
    made = {"text": " ".join([left, *parts])}
    place = place_of(trace, block, left)
    value = value_of(parts)
    if place is not None and value is not None:
        made["of"], made["key"] = place
        made["value"] = value
    return made


def value_of(parts: List[str]) -> Optional[str]:
    """What a line ends with, or what its first number becomes.

    >>> value_of(["= 1", "+ 0.25", "= 1.25"]), value_of(["1 → −0.5,", "gradient 2"])
    ('1.25', '−0.5')
    """
    moved = re.match(rf"{NUMBER} → ({NUMBER}),?$", parts[0]) if parts else None
    found = moved or (re.match(rf"=? ?({NUMBER})$", parts[-1]) if parts else None)
    return found and short(float(found[1].replace("−", "-")))


def place_of(trace: Trace, block: Block, left: str) -> Optional[List[str]]:
    """The unit or the weight that a line is of, and what of it."""
    indices = re.findall(r"\[(\d+)\]", left)
    if block.kind in OF_UNITS and len(indices) == 1:
        above, of_unit = OF_UNITS[block.kind]
        layer = len(trace.sizes) - 2 if block.layer is None else block.layer
        return [f"n{layer + above}_{indices[0]}", of_unit or left.partition("[")[0]]
    if block.kind == "weight_gradients" and len(indices) == 2:
        return [f"e{block.layer}_{indices[0]}_{indices[1]}", "gradient"]
    if block.kind == "bias_gradients" and indices and block.layer is not None:
        return [f"n{block.layer + 1}_{indices[0]}", "gradient of the bias"]
    if block.kind == "update" and indices and block.layer is not None:
        name, _, _ = left.rpartition("[")
        return parameter(block.layer, name, int(indices[-1]))
    if block.kind in ("regularize", "search") and left.startswith("layers["):
        number_of_layer, _, rest = left[len("layers["):].partition("].")
        name, _, j = rest[:-1].rpartition("[")
        of, key = parameter(int(number_of_layer), name, int(j))
        if block.kind == "regularize":
            key = "gradient" if key == "weight" else "gradient of the bias"
        return [of, key]
    return None
