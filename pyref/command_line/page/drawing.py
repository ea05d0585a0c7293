"""The drawings of a page: a network, whose numbers the page fills in, and what it has learned."""

from html import escape
from typing import Iterator, List, Optional, Sequence

from ...reference.layer import Rows
from ...tracing.trace import Trace
from ...tracing.region import CELLS
from ..reports.sums import FIRST, MOST, number, places

WIDE, HIGH = 116, 92  # a unit's box
ACROSS, DOWN = 188, 108  # from one to the next
EDGE = 8
CROWDED = 3  # units on both sides: then a weight is shown where one points at it
LINES = ("bias", "x", "z", "y", "kept", "t", "deltas")  # in a box, as far as they are there
MOST_LINES = 5  # at a time: only inputs have x, only outputs t, and these are never dropped
WIDTH, HEIGHT, LEFT = 320, 96, 4  # of the course of the loss


def rows(count: int) -> float:
    """How many lines a layer takes: its boxes, and one that says how many are left out."""
    return len(places(count)) + (0.4 if count > MOST else 0.0)


def network_svg(trace: Trace, input_names: Optional[List[str]]) -> str:
    tallest = max(rows(count) for count in trace.sizes)
    width = 2 * EDGE + WIDE + ACROSS * (len(trace.sizes) - 1)
    height = 2 * EDGE + 18 + DOWN * tallest
    tops = [EDGE + 18 + (tallest - rows(count)) * DOWN / 2 for count in trace.sizes]
    parts = [
        f'<svg id="network" viewBox="0 0 {width} {height:.0f}" role="group" '
        f'style="min-width:{width * 0.9:.0f}px;max-width:{width * 1.25:.0f}px" '
        'aria-label="the network">'
    ]
    for layer, (below, above) in enumerate(zip(trace.sizes, trace.sizes[1:])):
        at = 0.42 if below >= above else 0.58  # nearer to the side where they are farther apart
        crowded = min(len(places(below)), len(places(above))) >= CROWDED
        for k in places(below):
            for j in places(above):
                parts.extend(edge(layer, k, j, tops, at, crowded))
    for layer, count in enumerate(trace.sizes):
        x = EDGE + ACROSS * layer
        name = "inputs" if layer == 0 else f"layers[{layer - 1}] {trace.activations[layer - 1]}"
        parts.append(f'<text class="head" x="{x + WIDE / 2}" y="{EDGE + 8}">{escape(name)}</text>')
        for j in places(count):
            called = f"x[{j}]" if layer == 0 else f"unit {j}"
            if layer == 0 and input_names:
                called += f" {input_names[j]}"
            parts.extend(box(layer, j, x, tops[layer] + DOWN * j, called))
        if count > MOST:
            y = tops[layer] + DOWN * FIRST + 16
            parts.append(
                f'<text class="head" x="{x + WIDE / 2}" y="{y:.0f}">'
                f"and {count - FIRST:,} more</text>"
            )
    return "".join([*parts, "</svg>"])


def edge(
    layer: int, k: int, j: int, tops: Sequence[float], at: float, crowded: bool
) -> Iterator[str]:
    """A line, and its weight upon it, where at a part of the way from its beginning."""
    x1 = EDGE + ACROSS * layer + WIDE
    x2 = x1 + ACROSS - WIDE
    y1 = tops[layer] + DOWN * k + HIGH / 2
    y2 = tops[layer + 1] + DOWN * j + HIGH / 2
    x, y = x1 + (x2 - x1) * at, y1 + (y2 - y1) * at + 4
    line = f'x1="{x1}" y1="{y1:.0f}" x2="{x2}" y2="{y2:.0f}"'
    yield f'<g class="edge{" crowded" * crowded}" id="e{layer}_{k}_{j}" tabindex="0" role="img">'
    yield f'<line class="wide" {line}/><line {line}/>'
    yield f'<text x="{x:.0f}" y="{y:.0f}" data-key="weight"></text></g>'


def box(layer: int, j: int, x: float, y: float, called: str) -> Iterator[str]:
    called = called if len(called) <= 14 else called[:13] + "…"
    yield f'<g class="unit" id="n{layer}_{j}" tabindex="0" role="img">'
    yield f'<rect x="{x}" y="{y:.0f}" width="{WIDE}" height="{HIGH}" rx="8"/>'
    yield f'<text class="name" x="{x + 8}" y="{y + 15:.0f}">{escape(called)}</text>'
    for place in range(MOST_LINES):
        yield f'<text class="number" x="{x + 8}" y="{y + 31 + 14 * place:.0f}"></text>'
    yield "</g>"


def loss_svg(losses: Sequence[float]) -> str:
    """From the loss before the first step to that after the last; the page moves its mark."""
    lowest, highest = min(losses), max(losses)
    room = (WIDTH - 2 * LEFT - 8) / max(len(losses) - 1, 1)
    points = [
        (LEFT + 4 + room * place,
         10 + (HEIGHT - 20) * ((highest - loss) / ((highest - lowest) or 1.0)))
        for place, loss in enumerate(losses)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    marks = "".join(f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="2"/>' for x, y in points)
    return (
        f'<svg id="losses" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="the loss, from epoch to epoch">'
        f'<polyline points="{line}"/>{marks}</svg>'
    )


def region_svg(low: float, high: float, inputs: Rows, names: Sequence[str]) -> str:
    """A square of cells, which the page shades, and the places of the rows in it."""
    side, edge = 10, 20
    whole = side * CELLS
    cells = "".join(
        f'<rect class="cell" x="{edge + side * (place % CELLS)}" y="{side * (place // CELLS)}" '
        f'width="{side}" height="{side}"/>'
        for place in range(CELLS * CELLS)
    )
    circles = "".join(
        f'<circle cx="{edge + x:.1f}" cy="{whole - y:.1f}" r="5"/>'
        for x, y in ([(value - low) / (high - low) * whole for value in row] for row in inputs)
    )
    bottom = whole + 14
    return (
        f'<svg id="region" viewBox="0 0 {whole + edge + 2} {whole + edge}" role="img" '
        f'aria-label="what the network answers to pairs of inputs from {number(low)} to '
        f'{number(high)}">{cells}'
        f'<rect class="frame" x="{edge}" y="0" width="{whole}" height="{whole}"/>'
        f'{circles}<text x="{edge}" y="{bottom}">{number(low)}</text>'
        f'<text x="{edge + whole}" y="{bottom}" text-anchor="end">{number(high)}</text>'
        f'<text x="{edge + whole / 2}" y="{bottom}" text-anchor="middle">{escape(names[0])}</text>'
        f'<text transform="translate(14 {whole / 2}) rotate(-90)" text-anchor="middle">'
        f"{escape(names[1])}</text></svg>"
    )
