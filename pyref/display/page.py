"""Networks and histories as notebooks show them: small tables, and the course of the losses drawn
as SVG, which follows the colours of the page."""

from html import escape
from math import ceil
from typing import Any, Iterable, List, Sequence, Tuple

WIDTH, HEIGHT = 420, 160  # of the drawing, in pixels
LEFT, BELOW = 60, 24  # where numbers stand beside it
MOST_POINTS = 200  # of a line: more would show no more

Points = List[Tuple[int, float]]  # epochs and losses


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
    losses = list(enumerate(history.loss, 1))
    validation = list(zip(history.validation_epochs, history.validation_loss))
    rows = []
    for name, points in (("loss", losses), ("validation loss", validation)):
        if points:
            best_epoch, lowest = min(points, key=lambda point: point[1])
            rows.append([
                name, f"{points[0][1]:.4g}", f"{lowest:.4g} (epoch {best_epoch:,})",
                f"{points[-1][1]:.4g}",
            ])
    title = f"History of {len(losses):,} epochs"
    page = table(title, ["", "first", "lowest", "last"], rows)
    if history.stopped_by is not None:
        page += f"<p>Ended early: {escape(history.stopped_by)}</p>"
    return page + course(losses, validation) if len(losses) > 1 else page


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    def line(tag: str, cells: Sequence[str]) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    body = "".join(line("td", row) for row in rows)
    return f"<table><caption>{escape(title)}</caption>{line('th', heads)}{body}</table>"


def course(losses: Points, validation: Points) -> str:
    """Both losses from epoch to epoch; that of the validation rows is dashed."""
    shown = [thinned(losses), thinned(validation)]
    heights = [loss for points in shown for _, loss in points]
    lowest, highest = min(heights), max(heights)
    last = losses[-1][0]

    def placed(points: Points) -> str:
        room = WIDTH - LEFT - 10, HEIGHT - BELOW - 10
        return " ".join(
            f"{LEFT + room[0] * (epoch - 1) / max(last - 1, 1):.1f},"
            f"{10 + room[1] * (highest - loss) / ((highest - lowest) or 1.0):.1f}"
            for epoch, loss in points
        )

    lines = "".join(
        f'<polyline points="{placed(points)}" fill="none" stroke="currentColor" '
        f'stroke-width="1.5"{dashes}/>'
        for points, dashes in zip(shown, ("", ' stroke-dasharray="4 3"')) if points
    )
    bottom = HEIGHT - BELOW
    what = "Loss by epoch" + ("; dashed: validation" if validation else "")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-size="11" fill="currentColor">'
        f"<title>{what}</title>"
        f'<path d="M{LEFT} 10V{bottom}H{WIDTH - 10}" fill="none" stroke="currentColor" '
        'stroke-opacity="0.4"/>'
        f'<text x="{LEFT - 6}" y="18" text-anchor="end">{highest:.3g}</text>'
        f'<text x="{LEFT - 6}" y="{bottom}" text-anchor="end">{lowest:.3g}</text>'
        f'<text x="{LEFT}" y="{HEIGHT - 8}">1</text>'
        f'<text x="{WIDTH - 10}" y="{HEIGHT - 8}" text-anchor="end">{last:,}</text>'
        f'<text x="{(LEFT + WIDTH) // 2}" y="{HEIGHT - 8}" text-anchor="middle">{what}</text>'
        f"{lines}</svg>"
    )


def thinned(points: Points) -> Points:
    """The last one of every so many, the first, and the last."""
    every = ceil(len(points) / MOST_POINTS)
    return points[:1] + points[every - 1 :: every] + points[-1:] if every > 1 else points
