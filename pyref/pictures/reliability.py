"""The diagram of a calibration: what was so of rows, by the probability that was given to it."""

from typing import List

from .calibration import Bin, expected_error, interval
from .chart import DASHED, FAINT, Axis, Bars, Line, Mark, Panel, Picture, Segments
from .colours import BLUE, SKY
from .text import named

SIDE, BELOW = 320.0, 80.0


def reliability(of_what: str, found: List[Bin]) -> Picture:
    error, label = expected_error(found), f"probability given to {named(of_what)}"
    count = sum(each.rows for each in found)
    points = [(each.mean, each.part) for each in found]
    likely = [((each.mean, low), (each.mean, high))
              for each in found for low, high in [interval(each.so, each.rows)]]
    marks: List[Mark] = [
        Line([(0.0, 0.0), (1.0, 1.0)], FAINT, "perfect", DASHED, width=1.2),
        Segments(likely, BLUE, "95 % interval", width=1.2),
        Line(points, BLUE, "the network", marker="circle"),
    ]
    upper = Panel(
        Axis("", 0.0, 1.0), Axis("part that was so", 0.0, 1.0), marks,
        f"expected calibration error {error:.3f}",
    )
    most = max(each.rows for each in found)
    lower = Panel(
        Axis(label, 0.0, 1.0),
        Axis("rows", 0.0, 1.08 * most, whole=True),
        [Bars([(each.low, each.high, each.rows) for each in found], SKY)],
    )
    title = f"Calibration over {count:,} {'row' if count == 1 else 'rows'}"
    return Picture(title, [[upper], [lower]], [SIDE], [SIDE, BELOW])
