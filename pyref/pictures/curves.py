"""Learning curves: the losses from epoch to epoch, the best epoch, the validation's accuracy."""

from typing import List

from .chart import DASHED, DOTTED, FAINT, Axis, Line, Mark, Panel, Picture, Points, Segments
from .colours import BLUE, VERMILION
from .course import Course, EpochValues, thinned
from .text import number

WIDTH, HEIGHT, BELOW = 480.0, 260.0, 120.0
LOGARITHMIC = 20.0  # the highest loss ÷ the lowest, from which on powers of ten are as far apart
FEW = 30  # epochs, of which each has a mark


def curves(course: Course, with_accuracy: bool = True, loss: str = "loss") -> Picture:
    """`loss` is what its axis is called.  Raises ValueError where no epoch was finished."""
    if not course.losses:
        raise ValueError("learning curves: no epoch has been finished, so there is none to show")
    panels = [[losses_panel(course, loss)]]
    heights = [HEIGHT]
    if with_accuracy and course.accuracies:
        panels.append([accuracy_panel(course)])
        heights.append(BELOW)
    return Picture("Learning curves", panels, [WIDTH], heights)


def epochs_axis(course: Course) -> Axis:
    last = max(points[-1][0] for points in (course.losses, course.validation) if points)
    return Axis("epoch", min(1, last - 1), last, whole=True)


def losses_panel(course: Course, name: str) -> Panel:
    values = [loss for points in (course.losses, course.validation) for _, loss in points]
    low, high = min(values), max(values)
    logarithmic = low > 0.0 and high / low >= LOGARITHMIC
    if logarithmic:
        axis = Axis(f"{name} (logarithmic)", low / 1.15, high * 1.15, True)
    else:
        room = 0.04 * (high - low) or 0.04 * abs(high) or 1.0
        axis = Axis(name, low - room if low < 0.0 else max(0.0, low - room), high + room)
    marks: List[Mark] = [line_of(course.losses, BLUE, "training")]
    if course.best is not None:
        epoch, lowest = course.best
        label = f"best epoch, {epoch:,}: validation loss {number(lowest)}"
        marks += [
            line_of(course.validation, VERMILION, "validation", DASHED),
            Segments([((epoch, axis.low), (epoch, axis.high))], FAINT, label, DOTTED, 1.4),
            Points([course.best], VERMILION, "circle", size=8.0),
        ]
    return Panel(epochs_axis(course), axis, marks)


def accuracy_panel(course: Course) -> Panel:
    points = [(epoch, 100.0 * part) for epoch, part in course.accuracies]
    low = min(value for _, value in points)
    axis = Axis("accuracy, in %", max(0.0, low - 3.0), 101.0)
    marks: List[Mark] = [line_of(points, VERMILION, "", DASHED)]
    if course.best is not None:
        at = course.best[0]
        marks.insert(0, Segments([((at, axis.low), (at, axis.high))], FAINT, "", DOTTED, 1.4))
    return Panel(epochs_axis(course), axis, marks)


def line_of(points: EpochValues, colour: str, label: str, dash: str = "solid") -> Line:
    marker = "" if len(points) > FEW else "circle" if dash == "solid" else "square"
    return Line(list(thinned(points)), colour, label, dash, marker)
