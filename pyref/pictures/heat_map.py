"""The weights of all layers as cells of colours: dark ones below 0, bright ones above."""

from math import ceil
from typing import Any, List, Optional

from ..reference.layer import Layer
from .chart import Axis, Cells, Panel, Picture
from .colours import CIVIDIS, level, scale
from .decisions import BAR, bar
from .text import named

CELL, LEAST, MOST = 16.0, 140.0, 420.0  # pixels: of a cell, and of the sides
MOST_CELLS = 256  # to a side: of more inputs or units, every so many
MOST_NAMES = 24
WITH_NUMBERS = 6, 24  # units and inputs, up to which each cell tells its number
WIDE_CELL = 46.0
MOST_LAYERS = 4


def heat_map(
    layers: List[Layer], inputs: Optional[List[str]], outputs: Optional[List[str]]
) -> Picture:
    """A panel for each layer, a line for each of its inputs and for the biases, a column for each
    unit, with one scale of colours for all of them: that of the weights.  A bias beyond it has
    the last colour, as one large bias would make all weights grey."""
    shown = layers[:MOST_LAYERS]
    most = max(abs(w) for layer in shown for row in layer.weights for w in row) or 1.0
    scale_of_colours = bar("weight", -most, most)
    panels, widths, highest = [], [], LEAST
    for number, layer in enumerate(shown):
        columns = outputs if number == len(layers) - 1 else None
        made = panel_of(layer, number + 1, most, inputs if number == 0 else None, columns)
        panels.append(made)
        cell = WIDE_CELL if has_numbers(layer) else CELL
        widths.append(min(MOST, max(LEAST if number else 80.0, cell * layer.units)))
        highest = max(highest, min(MOST, CELL * len(rows_of(layer))))
    title = "Weights"
    if len(layers) > len(shown):
        title += f" of the first {len(shown)} of {len(layers)} layers"
    panels.append(scale_of_colours)
    return Picture(title, [panels], [*widths, BAR], [highest])


def rows_of(layer: Layer) -> List[List[float]]:
    return [*layer.weights, *([layer.biases] if layer.biases is not None else [])]


def has_numbers(layer: Layer) -> bool:
    units, inputs = WITH_NUMBERS
    return layer.units <= units and len(rows_of(layer)) <= inputs


def with_two_places(weight: float) -> str:
    """
    >>> with_two_places(-0.004), with_two_places(-0.006)
    ('0.00', '−0.01')
    """
    text = f"{weight:.2f}"
    return "0.00" if text == "-0.00" else text.replace("-", "−")


def ordinal(number: int) -> str:
    """
    >>> ordinal(2), ordinal(3), ordinal(4), ordinal(12), ordinal(22)
    ('2nd', '3rd', '4th', '12th', '22nd')
    """
    in_words = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{in_words.get(number % 10, 'th') if number % 100 // 10 != 1 else 'th'}"


def panel_of(
    layer: Layer, number: int, most: float, inputs: Optional[List[str]],
    outputs: Optional[List[str]],
) -> Panel:
    rows, units = rows_of(layer), layer.units
    down, across = ceil(len(rows) / MOST_CELLS), ceil(units / MOST_CELLS)
    kept = [row[::across] for row in rows[::down]]
    high, wide = len(kept) * down, len(kept[0]) * across
    numbers = [[level(w, -most, most) for w in row] for row in kept]
    texts: Any = None
    if has_numbers(layer):
        texts = [[with_two_places(w) for w in row] for row in kept]
    cells = Cells(-0.5, high - 0.5, wide - 0.5, -0.5, numbers, scale(CIVIDIS), texts)
    title = f"layer {number}, {layer.activation}"
    if down > 1 or across > 1:
        title += " (every " + " and ".join(
            f"{ordinal(every)} {what}" for every, what in ((down, "input"), (across, "unit"))
            if every > 1
        ) + ")"
    lines = [str(place) for place in range(len(layer.weights))] if inputs is None else inputs
    lines = [*map(named, lines), *["bias"] * (layer.biases is not None)]
    names = None if outputs is None else [named(name) for name in outputs]
    return Panel(
        Axis("output" if outputs else "unit", -0.5, wide - 0.5, whole=True,
             names=names if names and len(names) <= MOST_NAMES else None),
        Axis("input", high - 0.5, -0.5, whole=True,
             names=lines if len(lines) <= MOST_NAMES else None),
        [cells], title,
    )
