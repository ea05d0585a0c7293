"""Networks and histories as notebooks show them: small tables, and the learning curves as
SVG, which follows the colours of the page."""

from html import escape
from typing import Any, Iterable, Sequence

from ..pictures.course import of_history
from ..pictures.curves import curves
from ..pictures.svg import svg

WIDTH, HEIGHT = 360.0, 130.0  # of the drawing, in pixels


def network_page(network: Any) -> str:
    """A row for each layer, after one for the inputs."""
    rows = [["inputs", f"{network.sizes[0]:,}", "", ""]]
    for number, layer in enumerate(network.layers, 1):
        parameters = layer.units * (len(layer.weights) + (layer.biases is not None))
        rows.append([f"layer {number}", f"{layer.units:,}", layer.activation, f"{parameters:,}"])
    title = f"Network, {network.parameter_count:,} parameters, {network.precision} precision"
    return table(title, ["", "units", "activation", "parameters"], rows)


def history_page(history: Any) -> str:
    """The losses at the beginning, at their lowest and at the end, and their course."""
    course = of_history(history)
    rows = []
    for name, points in (("loss", course.losses), ("validation loss", course.validation)):
        if points:
            best_epoch, lowest = min(points, key=lambda point: point[1])
            rows.append([
                name, f"{points[0][1]:.4g}", f"{lowest:.4g} (epoch {best_epoch:,})",
                f"{points[-1][1]:.4g}",
            ])
    title = f"History of {len(course.losses):,} epochs"
    page = table(title, ["", "first", "lowest", "last"], rows)
    if history.stopped_by is not None:
        page += f"<p>Ended early: {escape(history.stopped_by)}</p>"
    if len(course.losses) < 2:
        return page
    picture = curves(course, with_accuracy=False)._replace(widths=[WIDTH], heights=[HEIGHT])
    return page + svg(picture, on_a_page=True)


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    def line(tag: str, cells: Sequence[str]) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    body = "".join(line("td", row) for row in rows)
    return f"<table><caption>{escape(title)}</caption>{line('th', heads)}{body}</table>"
