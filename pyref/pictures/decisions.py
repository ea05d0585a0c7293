"""Decision regions: each class's part of the plane of two inputs, or the answers' height in it."""

from array import array
from math import ceil
from typing import Iterator, List, NamedTuple, Optional, Sequence, Tuple

from ..rows.arrays import Floats
from .chart import INK, MARKERS, Axis, Cells, Mark, Panel, Picture, Point, Points, Segments, within
from .colours import CIVIDIS, LEVELS, kind, level, mixed, scale
from .region import Span, finite_span, lines
from .text import named

CELLS = 120  # to a side
SIDE, BAR = 320.0, 14.0
PALE = 0.6  # of white in the colour of a region
APART = 12  # cells, of the markers that tell a region's class where no rows do
MOST_POINTS = 1500
MOST_PANELS = 3

Segment = Tuple[Point, Point]


class Plane(NamedTuple):
    """The names and the spans of both inputs; the rows that are shown on it, flat."""

    names: Sequence[str]
    across: Span
    up: Span
    rows: Optional[Floats]

    def axes(self) -> Tuple[Axis, Axis]:
        (left, right), (bottom, top) = self.across, self.up
        x, y = map(named, self.names)
        return Axis(x, left, right), Axis(y, bottom, top)

    def points(self) -> List[Point]:
        return list(zip(self.rows[0::2], self.rows[1::2])) if self.rows else []

    def cells(self, numbers: Sequence[int], palette: Sequence[str]) -> Cells:
        (left, right), (bottom, top) = self.across, self.up
        return Cells(left, bottom, right, top, lines(numbers, CELLS), palette)


def of_classes(
    plane: Plane, answers: Sequence[int], classes: List[str],
    targets: Optional[Sequence[float]] = None, said: Optional[Sequence[int]] = None,
) -> Picture:
    """`answers` to CELLS × CELLS pairs of inputs; `targets` and what was `said` of the rows.  Rows
    that were taken for another class are drawn hollow."""
    palette = [mixed(kind(place), "#ffffff", PALE) for place in range(len(classes))]
    of_cells = lines(answers, CELLS)
    marks: List[Mark] = [
        plane.cells(answers, palette), Segments(borders(of_cells, plane), INK, width=1.2)
    ]
    title = "Decision regions"
    if targets is None or said is None:
        marks += spread(of_cells, plane, classes)
    else:
        marks += rows_of(plane.points(), targets, said, classes)
        if any(answer != target for answer, target in zip(said, targets)):
            title += " (hollow: taken for another class)"
    x, y = plane.axes()
    return Picture(title, [[Panel(x, y, marks)]], [SIDE], [SIDE])


def rows_of(
    points: List[Point], targets: Sequence[float], said: Sequence[int], classes: List[str]
) -> Iterator[Points]:
    """Of many, every so many."""
    every = ceil(len(points) / MOST_POINTS)
    right: List[List[Point]] = [[] for _ in classes]
    wrong: List[List[Point]] = [[] for _ in classes]
    for row in range(0, len(points), every):
        of_class = int(targets[row])
        (right if said[row] == of_class else wrong)[of_class].append(points[row])
    for place, name in enumerate(classes):
        marker = MARKERS[place % len(MARKERS)]
        yield Points(right[place], kind(place), marker, named(name), 7.0, True, INK)
        yield Points(wrong[place], kind(place), marker, "", 7.0, False, INK)


def spread(rows: List[List[int]], plane: Plane, classes: List[str]) -> Iterator[Points]:
    """A marker here and there, which tells each region's class without its colour."""
    (left, right), (bottom, top) = plane.across, plane.up
    found: List[List[Point]] = [[] for _ in classes]
    for row in range(APART // 2, CELLS, APART):
        for column in range(APART // 2, CELLS, APART):
            x = left + (right - left) * (column + 0.5) / CELLS
            found[rows[row][column]].append((x, top - (top - bottom) * (row + 0.5) / CELLS))
    for place, name in enumerate(classes):
        marker = MARKERS[place % len(MARKERS)]
        yield Points(found[place], kind(place), marker, named(name), 5.0, True, INK)


def borders(rows: List[List[int]], plane: Plane) -> List[Segment]:
    """Along the sides of cells whose neighbours are of another class; what lies in one line and
    hangs together is one piece."""
    (left, right), (bottom, top) = plane.across, plane.up
    wide, high = len(rows[0]), len(rows)

    def at(column: int, row: int) -> Point:
        return left + (right - left) * column / wide, top - (top - bottom) * row / high

    found: List[Segment] = []
    for row in range(1, high):
        for first, last in runs([rows[row - 1][c] != rows[row][c] for c in range(wide)]):
            found.append((at(first, row), at(last, row)))
    for column in range(1, wide):
        for first, last in runs([line[column - 1] != line[column] for line in rows]):
            found.append((at(column, first), at(column, last)))
    return found


def runs(truths: List[bool]) -> List[Tuple[int, int]]:
    """Where true ones begin and end.

    >>> runs([True, True, False, True])
    [(0, 2), (3, 4)]
    """
    edges = [
        place for place, (before, after) in enumerate(zip([False, *truths], [*truths, False]))
        if before != after
    ]
    return list(zip(edges[0::2], edges[1::2]))


def of_values(
    plane: Plane, outputs: List[List[float]], names: List[str],
    targets: Optional[List[Floats]], probabilities: bool,
) -> Picture:
    """For each output what it answers to CELLS × CELLS pairs of inputs, and its `targets` at the
    rows, in the same colours."""
    palette = scale(CIVIDIS)
    panels: List[Panel] = []
    for place, values in enumerate(outputs[:MOST_PANELS]):
        wanted = targets[place] if targets is not None else array("d")
        low, high = (0.0, 1.0) if probabilities else finite_span([*values, *wanted])
        if not high > low:
            low, high = low - 0.5, high + 0.5
        name = named(names[place])
        panel = bar(f"probability of {name}" if probabilities else name, low, high)
        x, y = plane.axes()
        marks: List[Mark] = [plane.cells([level(v, low, high) for v in values], palette)]
        points = plane.points()
        every = ceil(len(points) / MOST_POINTS) or 1
        by_level: List[List[Point]] = [[] for _ in range(LEVELS)]
        for row in range(0, len(points), every):
            by_level[level(wanted[row], low, high)].append(points[row])
        marks.extend(
            Points(of_level, palette[at], "circle", "", 7.0, True,
                   "#000000" if at >= LEVELS // 2 else "#ffffff")
            for at, of_level in enumerate(by_level) if of_level
        )
        panels += [Panel(x, y, marks, name), panel]
    count = len(panels) // 2
    title = "Answers over both inputs"
    if targets is not None:
        title += " (points: the targets of the rows)"
    if len(outputs) > count:
        title += f", the first {count} of {len(outputs)}"
    return Picture(title, [panels], [SIDE, BAR] * count, [SIDE])


def bar(label: str, low: float, high: float) -> Panel:
    """Which colour of cividis stands for which number.  Raises ValueError for too long a scale."""
    numbers = [[at] for at in reversed(range(LEVELS))]
    return Panel(
        Axis("", 0.0, 1.0, names=[]), within(Axis(label, low, high, at_the_right=True)),
        [Cells(0.0, low, 1.0, high, numbers, scale(CIVIDIS))],
    )
