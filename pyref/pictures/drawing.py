"""A drawing of a network: its units, and the weights between them as lines, the thicker the further
from 0; those below 0 are dashed."""

from typing import Any, Dict, List, Optional

from ..reference.layer import Layer
from .chart import (
    DASHED, FAINT, INK, SOLID, Axis, Mark, Panel, Picture, Point, Points, Segments, Text,
)
from .colours import BLUE, VERMILION
from .text import named, room_of

MOST, SHOWN = 12, 10  # of more units than MOST, the first and the last few are shown
ACROSS, DOWN, EDGE = 150.0, 34.0, 26.0  # pixels
THINNEST, THICKEST, STEPS = 0.4, 4.0, 8


def places(count: int) -> List[Optional[int]]:
    """Those that are drawn; None is what is left out.

    >>> places(3), places(40)[4:7]
    ([0, 1, 2], [4, None, 35])
    """
    if count <= MOST:
        return list(range(count))
    half = SHOWN // 2
    return [*range(half), None, *range(count - half, count)]


def drawing(
    layers: List[Layer], inputs: Optional[List[str]], outputs: Optional[List[str]], title: str
) -> Picture:
    sizes = [len(layers[0].weights), *(layer.units for layer in layers)]
    high = max(len(places(count)) for count in sizes) * DOWN
    spots: List[Dict[int, Point]] = []
    marks: List[Mark] = []
    left = EDGE + longest(inputs, sizes[0])
    for number, count in enumerate(sizes):
        drawn = places(count)
        top = (high + len(drawn) * DOWN) / 2 - DOWN / 2
        x = left + number * ACROSS
        of_layer = {place: (x, top - DOWN * at)
                    for at, place in enumerate(drawn) if place is not None}
        spots.append(of_layer)
        if len(drawn) < count:
            marks.append(Text(x, top - DOWN * drawn.index(None), f"{count - SHOWN:,} more",
                              colour=FAINT, size=10.0, over_lines=True))
        head = f"{count:,} inputs" if number == 0 else f"{count:,} {layers[number - 1].activation}"
        marks.append(Text(x, high + 14.0, "1 input" if head == "1 inputs" else head))
    for layer, below, above in zip(layers, spots, spots[1:]):
        marks[:0] = weights_of(layer, below, above)
    for of_layer in spots:
        marks.append(Points(list(of_layer.values()), "#ffffff", "circle", "", 16.0, True, INK))
    marks.extend(names_beside(spots[0], inputs, -13.0, "right"))
    marks.extend(names_beside(spots[-1], outputs, 13.0, "left"))
    wide = left + ACROSS * len(layers) + EDGE + longest(outputs, sizes[-1])
    marks.extend(SIGNS)
    panel = Panel(Axis("", 0.0, wide), Axis("", -4.0, high + 28.0), marks, bare=True)
    return Picture(title, [[panel]], [wide], [high + 32.0])


def longest(names: Optional[List[str]], count: int) -> float:
    shown = [named(names[place]) for place in places(count) if place is not None] if names else []
    return max((room_of(name, 11.0) for name in shown), default=0.0)


def names_beside(
    spots: Dict[int, Point], names: Optional[List[str]], beside: float, align: str
) -> List[Text]:
    if names is None:
        return []
    return [Text(x + beside, y, named(names[place]), align) for place, (x, y) in spots.items()]


def weights_of(layer: Layer, below: Dict[int, Point], above: Dict[int, Point]) -> List[Mark]:
    """Lines of a few thicknesses, each of both signs: the thinnest are drawn first."""
    most = max(abs(layer.weights[k][j]) for k in below for j in above) or 1.0
    groups: Dict[Any, List[Any]] = {}
    for k, start in below.items():
        for j, end in above.items():
            weight = layer.weights[k][j]
            step = round(abs(weight) / most * STEPS)
            groups.setdefault((step, weight < 0.0), []).append((start, end))
    return [
        Segments(pieces, VERMILION if negative else BLUE, "", DASHED if negative else SOLID,
                 THINNEST + (THICKEST - THINNEST) * step / STEPS)
        for (step, negative), pieces in sorted(groups.items())
    ]


SIGNS = [
    Segments([], BLUE, "weight above 0", SOLID, 2.0),
    Segments([], VERMILION, "weight below 0", DASHED, 2.0),
]  # for the legend
