"""The residuals of a regression over its answers: where they lean to one side, or fan out, the
network has left something unlearned."""

from typing import List, Sequence

from .chart import DASHED, INK, Axis, Mark, Panel, Picture, Points, Segments, in_between
from .colours import BLUE
from .residuals import Residuals
from .text import named, number

WIDTH, HEIGHT = 340.0, 260.0
MOST_TARGETS = 4


def misses(found: Sequence[Residuals]) -> Picture:
    """A panel for each target, of the first MOST_TARGETS."""
    shown = found[:MOST_TARGETS]
    rows = found[0].rows
    title = f"Residuals of {rows:,} {'row' if rows == 1 else 'rows'}"
    if len(found) > len(shown):
        title += f", the first {len(shown)} of {len(found)} targets"
    return Picture(title, [[panel(each) for each in shown]], [WIDTH] * len(shown), [HEIGHT])


def panel(found: Residuals) -> Panel:
    name = named(found.name)
    x = in_between(f"answer, {name}", (answer for answer, _ in found.points))
    left_over = [miss for _, miss in found.points]
    y = in_between(f"target − answer, {name}", [*left_over, *(-miss for miss in left_over)])
    error = f"root mean squared error {number(found.error.root_mean_square)}"
    if found.error.r_squared is not None:
        error += f", R² {found.error.r_squared:.4f}"
    marks: List[Mark] = [
        Points(found.points, BLUE, "circle", "", 5.0, False, BLUE),
        Segments([((x.low, 0.0), (x.high, 0.0))], INK, dash=DASHED),
    ]
    return Panel(x, Axis(y.label, y.low, y.high), marks, error)
