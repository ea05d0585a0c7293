"""A page in one file, which asks nothing of any network."""

import json
from html import escape
from typing import Any, Dict, Iterable, Iterator, List, Optional, Tuple

from ...tracing.region import Region, is_of_classes
from ...tracing.trace import Trace
from ..reports.recipe import called
from ..reports.sums import number, places
from ..reports.trace import Origin, row_name, rows_in_words
from ..saying import visible
from .drawing import LINES, loss_svg, network_svg, region_svg
from .frames import epoch_object
from .script import SCRIPT
from .style import STYLE

HINT = "Point at a unit or a weight, or go there with Tab, to see what its numbers came from."
FRAME = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<h1>{title}</h1>
{heading}
<nav aria-label="moments">
<button id="first" title="to the beginning (Home)">start</button>
<button id="back" title="a moment back (left arrow)">◀</button>
<button id="forward" title="a moment forward (right arrow)">▶</button>
<span class="faint">epoch</span>
<button id="earlier" title="an epoch earlier (up arrow)">▲</button>
<button id="later" title="an epoch later (down arrow)">▼</button>
<span id="where" aria-live="polite"></span>
</nav>
<main>
<div id="net" class="scroll">{network}</div>
<div id="text">
<section aria-live="polite">
<p class="faint" id="part"></p>
<h2 id="title"></h2>
<code id="function"></code>
<ul id="lines"></ul>
</section>
<section>
<p id="hint">{hint}</p>
<h2 id="which"></h2>
<div id="sums"></div>
</section>
</div>
<div id="course">
<p>Loss of the {row_or_rows}: <span id="loss" class="value"></span></p>
{losses}
{region}
<p class="faint"><kbd>→</kbd> <kbd>←</kbd> step through the computation, <kbd>↓</kbd> <kbd>↑</kbd>
through the epochs, <kbd>Home</kbd> and <kbd>End</kbd> go to the first moment and to the last. Names
are those of pyref/reference/, counted from 0. The page computes nothing: pyref has, and this is
what it found.</p>
</div>
</main>
<script type="application/json" id="told">{told}</script>
<script>
{script}</script>
</body>
</html>
"""


def page(traces: Iterable[Trace], origin: Origin, region: Optional[Region]) -> str:
    """`traces` are those of consecutive epochs, at least one; only the first is kept, as what is
    shown of a large network is a small part of it."""
    origin = harmless(origin)
    first: Optional[Trace] = None
    epochs, losses, after = [], [], 0.0
    for trace in traces:
        first = first or trace
        epochs.append(epoch_object(trace))
        losses.append(trace.loss_before)
        after = trace.loss_after
    assert first is not None
    losses.append(after)
    told = {
        "epochs": epochs,
        "losses": [number(loss) for loss in losses],
        "order": LINES,
        "names": names(first, origin.input_names),
        "rows": [row_name(row, origin) for row in places(len(first.inputs))],
        "before": {
            "part": "before the forward pass", "title": "Nothing is computed yet",
            "function": "", "lines": [],
        },
        "regions": region and [shades(*each) for each in scaled(first, region)],
    }
    title = "A step by step backpropagation example" if origin.model is None else (
        f"{origin.model}: the next epochs on {rows_in_words(origin)} of {origin.data}"
    )
    return FRAME.format(
        title=escape(title), style=STYLE, script=SCRIPT, heading="\n".join(heading(first, origin)),
        network=network_svg(first, origin.input_names), losses=loss_svg(losses),
        row_or_rows="row" if len(first.inputs) == 1 else "batch",
        hint=HINT, region=region_part(first, origin, region),
        told=json.dumps(told, ensure_ascii=False).replace("<", "\\u003c"),
    )


def harmless(origin: Origin) -> Origin:
    """Its names without what would act on a terminal, or on the order in which a text is read."""
    names = origin.input_names and [visible(name) for name in origin.input_names]
    model, data = (each and visible(each) for each in (origin.model, origin.data))
    notes = [visible(note) for note in origin.notes]
    return origin._replace(model=model, data=data, input_names=names, notes=notes)


def region_part(trace: Trace, origin: Origin, region: Optional[Region]) -> str:
    if region is None:
        return ""
    what = "the class" if is_of_classes(trace.activations) else "y[0]"
    drawn = region_svg(
        region.low, region.high, trace.inputs, origin.input_names or ["x[0]", "x[1]"]
    )
    text = f"What it answers to other inputs: {what}, <span class=\"range value\"></span>."
    return f"<p>{text}</p>{drawn}"


def scaled(trace: Trace, region: Region) -> Iterator[Tuple[List[float], Tuple[float, float]]]:
    """The answers of each moment, and the least and the largest of them, which are faint and
    strong: between those of all moments, most show one shade.  But a class keeps its own."""
    every = [value for answers in region.answers for value in answers]
    for answers in region.answers:
        of = every if is_of_classes(trace.activations) else answers
        yield answers, (min(of), max(of))


def shades(answers: List[float], limits: Tuple[float, float]) -> Dict[str, str]:
    """A digit for each cell, of its shade, and what the faintest and the strongest mean."""
    lowest, highest = limits
    room = (highest - lowest) or 1.0
    return {
        "levels": "".join(str(min(9, int(10 * (value - lowest) / room))) for value in answers),
        "range": f"from {number(lowest)} (faint) to {number(highest)} (strong)",
    }


def heading(trace: Trace, origin: Origin) -> List[str]:
    texts = [*origin.notes, f"Loss {trace.loss}, {called(trace.optimizer)}."]
    if trace.precision == "single":
        texts.append("What is kept of these numbers is rounded to single precision.")
    return [f'<p class="faint">{escape(text)}</p>' for text in texts]


def names(trace: Trace, input_names: Any) -> Dict[str, str]:
    """What units and weights are called, by their ids."""
    made = {}
    for k in places(trace.sizes[0]):
        made[f"n0_{k}"] = f"input x[{k}]" + (f", {input_names[k]}" if input_names else "")
    for layer, (below, above) in enumerate(zip(trace.sizes, trace.sizes[1:])):
        for j in places(above):
            made[f"n{layer + 1}_{j}"] = f"layers[{layer}], unit {j}"
            for k in places(below):
                made[f"e{layer}_{k}_{j}"] = f"layers[{layer}].weights[{k}][{j}]"
    return made
