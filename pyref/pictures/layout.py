"""Where the parts of a picture have their place, for those who draw it by themselves."""

from math import cos, log10, radians, sin
from typing import Any, List, NamedTuple, Tuple

from .chart import Axis, Line, Panel, Picture, Points, Segments
from .text import lines_of, number, powers, room_of, ticks

SIZE, SMALL = 12.0, 11.0  # of letters, in pixels
GAP, TICK = 5.0, 4.0
SLANT = 40.0  # degrees, of names that would run into each other
KEY = 26.0  # what shows a line or a marker in the legend
EDGE = 8.0


class Scale:
    """From numbers on an axis to pixels."""

    def __init__(self, axis: Axis, start: float, end: float) -> None:
        self.start, self.end, self.logarithmic = start, end, axis.logarithmic
        self.low, self.high = self.placed(axis.low), self.placed(axis.high)

    def placed(self, value: float) -> float:
        return log10(value) if self.logarithmic else value

    def __call__(self, value: float) -> float:
        part = (self.placed(value) - self.low) / (self.high - self.low)
        return self.start + (self.end - self.start) * part


class Margins(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float


def ticks_of(axis: Axis) -> List[Tuple[float, str]]:
    """Where numbers or names stand, and these."""
    if axis.names is not None:
        return [(place, name) for place, name in enumerate(axis.names)]
    low, high = sorted((axis.low, axis.high))
    values = powers(low, high) if axis.logarithmic else ticks(low, high, whole=axis.whole)
    return [(value, number(value, 6)) for value in values]


def labelled(panel: Panel) -> List[Any]:
    return [
        mark for mark in panel.marks
        if isinstance(mark, (Line, Points, Segments)) and mark.label
    ]


def legend_lines(panel: Panel, width: float) -> List[List[Any]]:
    """The marks that are in the legend, as many in each line as fit."""
    marks = labelled(panel)
    return lines_of([(mark, KEY + room_of(mark.label, SMALL) + 12.0) for mark in marks], width)


def is_slanted(axis: Axis, width: float) -> bool:
    """Whether names below a panel need more room than there is."""
    texts = [text for _, text in ticks_of(axis)]
    longest = max((len(part) for text in texts for part in text.split("\n")), default=0)
    return axis.names is not None and room_of("0" * longest, SMALL) * len(texts) > width


def margins(panel: Panel, width: float) -> Margins:
    """What stands around a panel of this width."""
    top = EDGE + (SIZE + GAP if panel.title else 0.0)
    top += (SMALL + GAP) * len(legend_lines(panel, width))
    if panel.bare:
        return Margins(EDGE, top, EDGE, EDGE)
    texts = [text for _, text in ticks_of(panel.y)]
    beside = TICK + GAP + max((room_of(text, SMALL) for text in texts), default=0.0)
    beside += SIZE + GAP if panel.y.label else 0.0
    left, right = (EDGE, EDGE + beside) if panel.y.at_the_right else (EDGE + beside, EDGE + 6.0)
    below = [text for _, text in ticks_of(panel.x)]
    bottom = EDGE + (SIZE + GAP if panel.x.label else 0.0)
    if is_slanted(panel.x, width):
        longest = max(room_of(text, SMALL) for text in below)
        bottom += TICK + longest * sin(radians(SLANT)) + SMALL
        left = max(left, EDGE + longest * cos(radians(SLANT)) - width / len(below) / 2)
    elif below:
        bottom += TICK + (SMALL + 1.0) * max(text.count("\n") + 1 for text in below)
    return Margins(left, top, right, bottom)


def boxes(picture: Picture) -> Tuple[List[List[Box]], float, float]:
    """Where the panels are, without what stands around them; the width and height of all."""
    around = [
        [margins(panel, width) for panel, width in zip(row, picture.widths)]
        for row in picture.panels
    ]
    top = EDGE + (SIZE + 6.0 if picture.title else 0.0)
    made = []
    wide = 0.0
    for row, height in zip(around, picture.heights):
        top += max(each.top for each in row)
        left, boxes_of_row = 0.0, []
        for place, width in enumerate(picture.widths):
            left += max(each[place].left for each in around)
            boxes_of_row.append(Box(left, top, left + width, top + height))
            left += width + max(each[place].right for each in around)
        made.append(boxes_of_row)
        wide = max(wide, left)
        top += height + max(each.bottom for each in row)
    wide = max(wide, 2 * EDGE + room_of(picture.title, SIZE + 2.0))
    return made, wide, top
