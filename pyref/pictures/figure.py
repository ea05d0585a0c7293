"""Pictures as figures of matplotlib, with the same numbers, ticks and colours as in SVG."""

import io
from typing import Any, Callable, Dict, List, Optional

from .chart import DASHED, DOTTED, INK, Bars, Cells, Line, Panel, Picture, Points, Segments, Text
from .colours import lightness, parts_of
from .layout import SIZE, SLANT, SMALL, boxes, is_slanted, legend_lines, ticks_of

WHAT_TO_INSTALL = "matplotlib, which is not installed: pip install matplotlib"
PER_INCH, POINT = 96.0, 0.75  # pixels; points in a pixel
DOTS = 200  # of a PNG, in an inch
STYLES = {DASHED: (0.0, (4.0, 2.7)), DOTTED: (0.0, (1.3, 2.0))}
MARKERS = {"circle": "o", "square": "s", "triangle": "^", "diamond": "D", "cross": "X", "plus": "P"}
# Without these the same picture would be another file each time.
UNDATED: Dict[str, Dict[str, Any]] = {"png": {}, "pdf": {"CreationDate": None}}


def figure_of(picture: Picture) -> Any:
    """A figure that no window knows of.  Raises ImportError where there is no matplotlib."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ImportError(
            f"PNG and PDF are drawn by {WHAT_TO_INSTALL} (SVG needs nothing)"
        ) from None
    return draw(picture, Figure)


def shown_figure(picture: Picture, ax: Any = None) -> Any:
    """A figure that `matplotlib.pyplot.show` shows; or that of `ax`, which is drawn on.

    Raises ImportError where there is no matplotlib, ValueError where the picture has more panels
    than `ax` is.
    """
    try:
        from matplotlib import pyplot
    except ImportError:
        raise ImportError(f"plot draws with {WHAT_TO_INSTALL}") from None
    if ax is None:
        return draw(picture, pyplot.figure)
    count = sum(map(len, picture.panels))
    if count > 1:
        raise ValueError(
            f"ax: this picture has {count} panels, which do not fit on one; without ax, it gets a "
            "figure of its own"
        )
    panel = picture.panels[0][0]
    title = "\n".join(filter(None, [picture.title, panel.title]))
    draw_panel(panel._replace(title=title), ax, picture.widths[0])
    return ax.figure


def file_of(picture: Picture, ending: str) -> bytes:
    """As "png" or "pdf"."""
    figure, written = figure_of(picture), io.BytesIO()
    from matplotlib import rc_context

    with rc_context({"pdf.fonttype": 42}):  # letters that other programs can search and change
        figure.savefig(written, format=ending, dpi=DOTS, metadata=UNDATED[ending])
    return written.getvalue()


def draw(picture: Picture, new_figure: Callable[..., Any]) -> Any:
    _, width, height = boxes(picture)
    figure = new_figure(figsize=(width / PER_INCH, height / PER_INCH), layout="constrained")
    axes = figure.subplots(
        len(picture.heights), len(picture.widths), squeeze=False,
        gridspec_kw={"width_ratios": picture.widths, "height_ratios": picture.heights},
    )
    for row, of_row in zip(picture.panels, axes):
        for panel, width, ax in zip(row, picture.widths, of_row):
            draw_panel(panel, ax, width)
    figure.suptitle(plain(picture.title), fontsize=(SIZE + 2.0) * POINT)
    return figure


def plain(text: str) -> str:
    """Not as a formula."""
    return text.replace("$", r"\$")


def draw_panel(panel: Panel, ax: Any, width: float) -> None:
    handles = {}
    for mark in panel.marks:
        handles[id(mark)] = DRAWN[type(mark)](mark, ax)
    ax.set_xlim(panel.x.low, panel.x.high)
    ax.set_ylim(panel.y.low, panel.y.high)
    if panel.bare:
        ax.set_axis_off()
    else:
        draw_axes(panel, ax, width)
    lines = legend_lines(panel, width)
    if lines:
        marks = [mark for line in lines for mark in line]
        ax.legend(
            [handles[id(mark)] for mark in marks], [" " + plain(mark.label) for mark in marks],
            loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=max(map(len, lines)),
            frameon=False, borderaxespad=0.2, borderpad=0.2, handlelength=2.2, columnspacing=1.2,
            fontsize=SMALL * POINT,
        )
    if panel.title:
        room = 4.0 + (SMALL * POINT + 7.0) * len(lines)
        ax.set_title(plain(panel.title), loc="left", fontsize=SIZE * POINT, pad=room)


def draw_axes(panel: Panel, ax: Any, width: float) -> None:
    if panel.x.logarithmic:
        ax.set_xscale("log")
    if panel.y.logarithmic:
        ax.set_yscale("log")
    ax.minorticks_off()
    if panel.y.at_the_right:
        ax.yaxis.tick_right()
        ax.yaxis.set_label_position("right")
    slanted = {"rotation": SLANT, "ha": "right", "rotation_mode": "anchor"}
    for axis, set_ticks, more in (
        (panel.x, ax.set_xticks, slanted if is_slanted(panel.x, width) else {}),
        (panel.y, ax.set_yticks, {}),
    ):
        found = ticks_of(axis)
        set_ticks([value for value, _ in found], [plain(text) for _, text in found],
                  fontsize=SMALL * POINT, **more)
    ax.set_xlabel(plain(panel.x.label), fontsize=SIZE * POINT)
    ax.set_ylabel(plain(panel.y.label), fontsize=SIZE * POINT)


def line(mark: Line, ax: Any) -> Any:
    xs, ys = zip(*mark.points)
    return ax.plot(
        xs, ys, color=mark.colour, linestyle=STYLES.get(mark.dash, "solid"),
        linewidth=mark.width * POINT, marker=MARKERS.get(mark.marker, ""), markersize=5.0 * POINT,
    )[0]


def points(mark: Points, ax: Any) -> Any:
    xs, ys = [x for x, _ in mark.points], [y for _, y in mark.points]
    return ax.plot(
        xs, ys, linestyle="", marker=MARKERS[mark.marker], markersize=mark.size * POINT,
        markerfacecolor=mark.colour if mark.filled else "#ffffff",
        markeredgecolor=mark.outline, markeredgewidth=POINT,
    )[0]


def segments(mark: Segments, ax: Any) -> Any:
    """One line with gaps."""
    nothing = float("nan")
    xs = [x for (a, _), (c, _) in mark.pieces for x in (a, c, nothing)]
    ys = [y for (_, b), (_, d) in mark.pieces for y in (b, d, nothing)]
    return ax.plot(xs, ys, color=mark.colour, linestyle=STYLES.get(mark.dash, "solid"),
                   linewidth=mark.width * POINT)[0]


def cells(mark: Cells, ax: Any) -> None:
    colours: List[Any] = [[part / 255.0 for part in parts_of(each)] for each in mark.palette]
    ax.imshow(
        [[colours[number] for number in row] for row in mark.rows], aspect="auto",
        extent=(mark.left, mark.right, mark.bottom, mark.top), interpolation="nearest",
        origin="upper",
    )
    high, wide = len(mark.rows), len(mark.rows[0])
    for place, texts in enumerate(mark.texts or []):
        for column, words in enumerate(texts):
            dark = lightness(mark.palette[mark.rows[place][column]]) < 0.5
            ax.text(
                mark.left + (mark.right - mark.left) * (column + 0.5) / wide,
                mark.top + (mark.bottom - mark.top) * (place + 0.5) / high, plain(words),
                ha="center", va="center", fontsize=SMALL * POINT,
                color="#ffffff" if dark else INK,
            )


def bars(mark: Bars, ax: Any) -> Any:
    return ax.bar(
        [left for left, _, _ in mark.bars], [height for _, _, height in mark.bars],
        [right - left for left, right, _ in mark.bars], align="edge", color=mark.colour,
        edgecolor=INK, linewidth=0.7 * POINT,
    )


def written(mark: Text, ax: Any) -> None:
    words = ax.text(mark.x, mark.y, plain(mark.text), ha=mark.align, va="center",
                    color=mark.colour, fontsize=mark.size * POINT)
    if mark.over_lines:
        from matplotlib.patheffects import withStroke

        words.set_path_effects([withStroke(linewidth=4.0 * POINT, foreground="#ffffff")])


DRAWN: Dict[Any, Callable[[Any, Any], Optional[Any]]] = {
    Line: line, Points: points, Segments: segments, Cells: cells, Bars: bars, Text: written,
}
