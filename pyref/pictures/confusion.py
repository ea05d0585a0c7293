"""Which classes are taken for which, and what becomes of labels, as tables of shaded cells."""

from typing import List, Optional

from ..measures import LabelCounts, Matrix
from .chart import Axis, Cells, Panel, Picture
from .colours import BLUES, level, scale
from .text import named

CELL, LEAST, MOST = 64.0, 160.0, 560.0  # pixels: of a cell, and of the sides
MOST_WITH_TEXTS = 20  # classes
OF_LABELS = ("found", "missed", "mistaken", "rightly\nnot given")


def confusion(matrix: Matrix, classes: List[str]) -> Picture:
    """Counts, shaded by the part of the true class's rows."""
    sums = [sum(row) or 1 for row in matrix]
    shares = [[count / of_row for count in row] for row, of_row in zip(matrix, sums)]
    texts = [
        [f"{count:,}\n{100.0 * share:.0f} %" if len(classes) <= 10 else f"{count:,}"
         for count, share in zip(counts, of_row)]
        for counts, of_row in zip(matrix, shares)
    ] if len(classes) <= MOST_WITH_TEXTS else None
    right = sum(matrix[place][place] for place in range(len(classes)))
    rows = sum(map(sum, matrix))
    names = list(map(named, classes))
    title = f"Confusion matrix: {100.0 * right / rows:.1f} % of {rows:,} right"
    return table(title, shares, texts, "answer", names, "true class", names)


def of_labels(labels: List[LabelCounts], names: List[str]) -> Picture:
    """What became of each label, in parts of the rows that have it, or have it not."""
    counts = [
        [label.found, label.have_it - label.found, label.mistaken,
         label.rows - label.have_it - label.mistaken]
        for label in labels
    ]
    shares = [
        [count / (of_which or 1) for count, of_which in zip(
            row, (label.have_it, label.have_it, *2 * [label.rows - label.have_it]))]
        for row, label in zip(counts, labels)
    ]
    texts = [[f"{count:,}\n{100.0 * share:.0f} %" for count, share in zip(*rows)]
             for rows in zip(counts, shares)]
    title = f"What became of each label, in {labels[0].rows:,} rows"
    return table(title, shares, texts, "", list(OF_LABELS), "label", list(map(named, names)))


def table(
    title: str, shares: List[List[float]], texts: Optional[List[List[str]]], across: str,
    columns: List[str], down: str, lines: List[str],
) -> Picture:
    """A row of cells for each line, the first at the top."""
    wide, high = len(columns), len(lines)
    rows = [[level(share, 0.0, 1.0) for share in row] for row in shares]
    cells = Cells(-0.5, high - 0.5, wide - 0.5, -0.5, rows, scale(BLUES), texts)
    panel = Panel(
        Axis(across, -0.5, wide - 0.5, names=columns),
        Axis(down, high - 0.5, -0.5, names=lines), [cells],
    )
    sides = [min(MOST, max(LEAST, CELL * count)) for count in (wide, high)]
    return Picture(title, [[panel]], [sides[0]], [sides[1] * (0.75 if texts else 1.0)])
