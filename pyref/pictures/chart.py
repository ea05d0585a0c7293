"""A picture as shapes on panels, with nothing said of the kind of file that it goes to.

Shapes stand in the units of their panel's axes.  Colours are texts such as "#0072b2"; lines differ
in their dashes and points in their markers, too, so that a picture can be read without colours.
"""

from math import inf, isfinite
from typing import Iterable, List, NamedTuple, Optional, Sequence, Tuple, Union

Point = Tuple[float, float]

INK, FAINT = "#000000", "#666666"
SOLID, DASHED, DOTTED = "solid", "dashed", "dotted"
MARKERS = ("circle", "square", "triangle", "diamond", "cross", "plus")


class NotOfItsKind(ValueError):
    """There is no such picture of this network, whatever its numbers are."""


class Line(NamedTuple):
    """From point to point; with a `label` it is in the legend."""

    points: List[Point]
    colour: str
    label: str = ""
    dash: str = SOLID
    marker: str = ""  # at each point
    width: float = 1.6  # in pixels, as all sizes are


class Points(NamedTuple):
    points: List[Point]
    colour: str
    marker: str
    label: str = ""
    size: float = 6.0
    filled: bool = True
    outline: str = "#ffffff"


class Segments(NamedTuple):
    """Straight lines that belong together, each from (x, y) to (x, y)."""

    pieces: List[Tuple[Point, Point]]
    colour: str
    label: str = ""
    dash: str = SOLID
    width: float = 1.0


class Cells(NamedTuple):
    """A rectangle from (left, bottom) to (right, top), cut into rows of cells, the highest first.
    Each has the number of a colour in `palette`, and may have a text."""

    left: float
    bottom: float
    right: float
    top: float
    rows: List[List[int]]
    palette: Sequence[str]
    texts: Optional[List[List[str]]] = None


class Bars(NamedTuple):
    """Upright bars from 0, each (left, right, height)."""

    bars: List[Tuple[float, float, float]]
    colour: str
    label: str = ""


class Text(NamedTuple):
    x: float
    y: float
    text: str
    align: str = "center"  # or "left": it begins there; or "right": it ends there
    colour: str = INK
    size: float = 11.0
    over_lines: bool = False  # with white around its letters


Mark = Union[Line, Points, Segments, Cells, Bars, Text]


class Axis(NamedTuple):
    """From low to high; `names` stand at 0, 1, 2 … where it has no numbers."""

    label: str
    low: float
    high: float
    logarithmic: bool = False
    names: Optional[List[str]] = None
    whole: bool = False  # there is nothing between whole numbers
    at_the_right: bool = False


class Panel(NamedTuple):
    """`bare`: without a frame and numbers at its sides."""

    x: Axis
    y: Axis
    marks: List[Mark]
    title: str = ""
    bare: bool = False


class Picture(NamedTuple):
    """Panels side by side and below each other, with the sizes in pixels of columns and rows."""

    title: str
    panels: List[List[Panel]]
    widths: List[float]
    heights: List[float]


def in_between(label: str, values: Iterable[float], margin: float = 0.05) -> Axis:
    """An axis for all of these numbers, with some room at both ends.

    Raises ValueError where there is none that is finite, or where they are too far apart.
    """
    low, high = inf, -inf
    for value in values:
        if isfinite(value):
            low, high = min(low, value), max(high, value)
    if low > high:
        raise ValueError(f"{label}: there is no finite number to be drawn")
    room = (high - low) * margin or abs(low) * margin or 0.5
    return within(Axis(label, low - room, high + room))


def within(axis: Axis) -> Axis:
    """Raises ValueError for one that is longer than floats can be."""
    if not isfinite(axis.high - axis.low):
        raise ValueError(f"{axis.label}: the numbers are too far apart to be drawn")
    return axis


def finite(points: Iterable[Point]) -> List[Point]:
    return [(x, y) for x, y in points if isfinite(x) and isfinite(y)]
