"""Pictures as SVG, written by hand: a text in which every shape stands with its numbers."""

from html import escape
from typing import Any, Callable, Dict, Iterator, List, Sequence

from .chart import (
    DASHED, DOTTED, INK, Bars, Cells, Line, Panel, Picture, Point, Points, Segments, Text,
)
from .colours import lightness
from .layout import (
    EDGE, GAP, KEY, SIZE, SLANT, SMALL, TICK, Box, Scale, boxes, is_slanted, legend_lines,
    ticks_of,
)
from .text import room_of

BLACK = "#000001"  # on a colour of its own, where a page in light letters has no say
DASHES = {DASHED: ' stroke-dasharray="6 4"', DOTTED: ' stroke-dasharray="2 3"'}
OUTLINES = {  # of markers, whose half side is 1
    "square": ((-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)),
    "triangle": ((0.0, -1.15), (1.0, 0.75), (-1.0, 0.75)),
    "diamond": ((0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)),
    "plus": ((-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4),
             (0.4, 1.2), (-0.4, 1.2), (-0.4, 0.4), (-1.2, 0.4), (-1.2, -0.4), (-0.4, -0.4)),
    "cross": ((0.0, -0.57), (0.57, -1.13), (1.13, -0.57), (0.57, 0.0), (1.13, 0.57), (0.57, 1.13),
              (0.0, 0.57), (-0.57, 1.13), (-1.13, 0.57), (-0.57, 0.0), (-1.13, -0.57),
              (-0.57, -1.13)),
}


def svg(picture: Picture, on_a_page: bool = False) -> str:
    """A file by itself, on white paper; or a part of a page, in the colours of its text."""
    places, width, height = boxes(picture)
    title = escape(picture.title)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width:.0f}" '
        f'height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" fill="{INK}" '
        f'font-family="Helvetica, Arial, sans-serif" font-size="{SMALL:g}"><title>{title}</title>'
    ]
    if not on_a_page:
        parts.append(f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>')
    parts.append(text(EDGE, EDGE + SIZE, picture.title, "left", SIZE + 2.0))
    for row, of_row in zip(picture.panels, places):
        for panel, box in zip(row, of_row):
            parts.extend(panel_parts(panel, box))
    made = "\n".join([*parts, "</svg>\n"])
    return made.replace(f'"{INK}"', '"currentColor"') if on_a_page else made


def panel_parts(panel: Panel, box: Box) -> Iterator[str]:
    x, y = Scale(panel.x, box.left, box.right), Scale(panel.y, box.bottom, box.top)
    for mark in panel.marks:
        yield from DRAWN[type(mark)](mark, x, y)
    if not panel.bare:
        yield (f'<rect x="{box.left:g}" y="{box.top:g}" width="{box.right - box.left:g}" '
               f'height="{box.bottom - box.top:g}" fill="none" stroke="{INK}"/>')
        yield from below(panel, box, x)
        yield from beside(panel, box, y)
    above = box.top - GAP
    for marks in reversed(legend_lines(panel, box.right - box.left)):
        yield from legend_line(marks, box.left, above)
        above -= SMALL + GAP
    if panel.title:
        yield text(box.left, above, panel.title, "left", SIZE)


def below(panel: Panel, box: Box, x: Scale) -> Iterator[str]:
    slanted, lowest = is_slanted(panel.x, box.right - box.left), box.bottom
    for value, name in ticks_of(panel.x):
        at = x(value)
        yield tick(at, box.bottom, at, box.bottom + TICK)
        if slanted:
            down = box.bottom + TICK + SMALL - 2.0
            turn = f"rotate({-SLANT:g} {at:.1f} {down:g})"
            yield text(at + 3.0, down, name, "right", SMALL, turn)
            lowest = max(lowest, down + room_of(name, SMALL) * 0.65)
        else:
            for line, part in enumerate(name.split("\n")):
                down = box.bottom + TICK + (SMALL + 1.0) * (line + 1)
                yield text(at, down, part, "center", SMALL)
                lowest = max(lowest, down)
    if panel.x.label:
        yield text((box.left + box.right) / 2, lowest + GAP + SIZE, panel.x.label, "center", SIZE)


def beside(panel: Panel, box: Box, y: Scale) -> Iterator[str]:
    side = 1.0 if panel.y.at_the_right else -1.0
    edge = box.right if panel.y.at_the_right else box.left
    align = "left" if panel.y.at_the_right else "right"
    widest = 0.0
    for value, name in ticks_of(panel.y):
        at = y(value)
        yield tick(edge, at, edge + side * TICK, at)
        yield text(edge + side * (TICK + GAP), at + SMALL * 0.36, name, align, SMALL)
        widest = max(widest, room_of(name, SMALL))
    if panel.y.label:
        middle = (box.top + box.bottom) / 2
        over = edge + side * (TICK + 2 * GAP + widest) + (SIZE if side > 0.0 else 0.0)
        turn = f"rotate(-90 {over:.1f} {middle:g})"
        yield text(over, middle, panel.y.label, "center", SIZE, turn)


def tick(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{INK}"/>'


def text(
    x: float, y: float, words: str, align: str, size: float, transform: str = "",
    colour: str = INK, more: str = "",
) -> str:
    if not words:
        return ""
    anchor = {"left": "", "center": ' text-anchor="middle"', "right": ' text-anchor="end"'}[align]
    size_said = "" if size == SMALL else f' font-size="{size:g}"'
    turned = f' transform="{transform}"' if transform else ""
    coloured = "" if colour == INK else f' fill="{colour}"'
    return (f'<text x="{x:.1f}" y="{y:.1f}"{anchor}{size_said}{coloured}{turned}{more}>'
            f"{escape(words)}</text>")


def line(mark: Line, x: Scale, y: Scale) -> Iterator[str]:
    points = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in mark.points)
    yield (f'<polyline points="{points}" fill="none" stroke="{mark.colour}" '
           f'stroke-width="{mark.width:g}" stroke-linejoin="round"{DASHES.get(mark.dash, "")}/>')
    if mark.marker:
        yield from markers([(x(a), y(b)) for a, b in mark.points], mark.marker, 5.0, mark.colour,
                           mark.colour)


def points(mark: Points, x: Scale, y: Scale) -> Iterator[str]:
    places = [(x(a), y(b)) for a, b in mark.points]
    fill = mark.colour if mark.filled else "#ffffff"
    yield from markers(places, mark.marker, mark.size, fill, mark.outline)


def markers(
    places: Sequence[Point], marker: str, size: float, fill: str, outline: str
) -> Iterator[str]:
    if not places:
        return
    yield f'<g fill="{fill}" stroke="{outline}">'
    for x, y in places:
        if marker == "circle":
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size / 2:g}"/>'
        else:
            corners = "L".join(
                f"{x + size / 2 * a:.1f} {y + size / 2 * b:.1f}" for a, b in OUTLINES[marker]
            )
            yield f'<path d="M{corners}Z"/>'
    yield "</g>"


def segments(mark: Segments, x: Scale, y: Scale) -> Iterator[str]:
    pieces = "".join(
        f"M{x(a):.1f} {y(b):.1f}L{x(c):.1f} {y(d):.1f}" for (a, b), (c, d) in mark.pieces
    )
    if pieces:
        yield (f'<path d="{pieces}" fill="none" stroke="{mark.colour}" '
               f'stroke-width="{mark.width:.3g}"{DASHES.get(mark.dash, "")}/>')


def cells(mark: Cells, x: Scale, y: Scale) -> Iterator[str]:
    """A path for each colour; cells side by side that share one are one rectangle."""
    high, wide = len(mark.rows), len(mark.rows[0])
    xs = [x(mark.left + (mark.right - mark.left) * place / wide) for place in range(wide + 1)]
    ys = [y(mark.top + (mark.bottom - mark.top) * place / high) for place in range(high + 1)]
    paths: Dict[int, List[str]] = {}
    for place, row in enumerate(mark.rows):
        first = 0
        for last in range(1, wide + 1):
            if last < wide and row[last] == row[first]:
                continue
            paths.setdefault(row[first], []).append(
                f"M{xs[first]:.2f} {ys[place]:.2f}H{xs[last]:.2f}V{ys[place + 1]:.2f}"
                f"H{xs[first]:.2f}Z"
            )
            first = last
    yield '<g shape-rendering="crispEdges">'
    for number in sorted(paths):
        yield f'<path fill="{mark.palette[number]}" d="{"".join(paths[number])}"/>'
    yield "</g>"
    for place, texts in enumerate(mark.texts or []):
        for column, words in enumerate(texts):
            dark = lightness(mark.palette[mark.rows[place][column]]) < 0.5
            middle = (xs[column] + xs[column + 1]) / 2
            parts = words.split("\n")
            top = (ys[place] + ys[place + 1]) / 2 - (SMALL + 1.0) * (len(parts) - 1) / 2
            for number, part in enumerate(parts):
                at = top + (SMALL + 1.0) * number + SMALL * 0.36
                yield text(middle, at, part, "center", SMALL, "",
                           "#ffffff" if dark else BLACK)


def bars(mark: Bars, x: Scale, y: Scale) -> Iterator[str]:
    for left, right, height in mark.bars:
        yield (f'<rect x="{x(left):.1f}" y="{y(height):.1f}" width="{x(right) - x(left):.1f}" '
               f'height="{y(0.0) - y(height):.1f}" fill="{mark.colour}" stroke="{INK}" '
               'stroke-width="0.7"/>')


def words(mark: Text, x: Scale, y: Scale) -> Iterator[str]:
    over = ' stroke="#ffffff" stroke-width="4" paint-order="stroke"' if mark.over_lines else ""
    yield text(x(mark.x), y(mark.y) + mark.size * 0.36, mark.text, mark.align, mark.size, "",
               mark.colour, over)


DRAWN: Dict[Any, Callable[[Any, Scale, Scale], Iterator[str]]] = {
    Line: line, Points: points, Segments: segments, Cells: cells, Bars: bars, Text: words,
}


def legend_line(marks: Sequence[Any], left: float, height: float) -> Iterator[str]:
    for mark in marks:
        yield from key(mark, left, height - SMALL * 0.36)
        yield text(left + KEY, height, mark.label, "left", SMALL)
        left += KEY + room_of(mark.label, SMALL) + 12.0


def key(mark: object, left: float, middle: float) -> Iterator[str]:
    if isinstance(mark, Points):
        fill = mark.colour if mark.filled else "#ffffff"
        yield from markers([(left + KEY / 2, middle)], mark.marker, 8.0, fill, mark.outline)
    elif isinstance(mark, (Line, Segments)):
        yield (f'<path d="M{left:.1f} {middle:.1f}H{left + KEY - 5.0:.1f}" '
               f'stroke="{mark.colour}" stroke-width="{mark.width:g}"'
               f'{DASHES.get(mark.dash, "")}/>')
        if isinstance(mark, Line) and mark.marker:
            yield from markers([(left + (KEY - 5.0) / 2, middle)], mark.marker, 5.0, mark.colour,
                               mark.colour)
