"""How good a network's answers are, in words and tables."""

from typing import List, Optional

from ...network import Network
from ..work.judging import Judgement, LabelCounts, Matrix
from ..work.model_data import classes_of, targets_of
from .words import amount

MOST_CLASSES_SHOWN = 10


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"


def summary(network: Network, judged: Judgement) -> List[str]:
    """The lines that say how good it is, to stand to the right of a title."""
    rows, loss = judged.rows, f"loss {judged.loss:.4g}"
    if judged.right is not None:
        return [f"{percent(judged.right, rows)} right ({judged.right:,} of {rows:,}), {loss}"]
    if judged.labels is not None:
        right, count = judged.right_in_all, len(judged.labels)
        single = percent(sum(label.right for label in judged.labels), count * rows)
        return [
            f"{percent(right, rows)} right in all {count} labels ({right:,} of {rows:,} rows), "
            f"{single} of single labels, {loss}"
        ]
    lines = []
    for name, error in zip(targets_of(network), judged.errors):
        r_squared = "undefined" if error.r_squared is None else f"{error.r_squared:.4f}"
        size = f"{error.root_mean_square:.6g}"
        lines.append(f"{name}: root mean squared error {size}, R² {r_squared}")
    scaled = "" if network.target_scaling is None else " (of scaled targets)"
    lines.append(f"{loss}{scaled}, {amount(rows, 'row')}")
    return lines


def compared(
    network: Network, answer: str, constant: Judgement, linear: Optional[Judgement]
) -> str:
    """How good it is to give always the same answer, and how good a linear model is."""
    text = f"{in_short(network, constant)} by always answering {answer}"
    return text if linear is None else f"{text}, {in_short(network, linear)} by a linear model"


def in_short(network: Network, judged: Judgement) -> str:
    if judged.right is not None:
        return f"{percent(judged.right, judged.rows)} right"
    if judged.labels is not None:
        return f"{percent(judged.right_in_all, judged.rows)} right in all labels"
    names = targets_of(network)
    return "error " + " and ".join(
        f"{error.root_mean_square:.6g}" + (f" ({name})" if len(names) > 1 else "")
        for name, error in zip(names, judged.errors)
    )


def table(network: Network, judged: Judgement, of_what: str) -> List[str]:
    """The confusion matrix, or what became of each label; a regression has no table."""
    if judged.labels is not None:
        title = f"Labels of the {of_what} (mistaken: rows that got it and do not have it)"
        return ["", title, *table_of_labels(judged.labels, targets_of(network))]
    if judged.matrix is None:
        return []
    if len(judged.matrix) > MOST_CLASSES_SHOWN:
        count = len(judged.matrix)
        return ["", f"({count} classes: too many for a table of right and wrong answers)"]
    title = f"Confusion matrix of the {of_what} (a line for each true class, columns: answers)"
    return ["", title, *table_of_classes(judged.matrix, classes_of(network))]


def table_of_classes(matrix: Matrix, classes: List[str]) -> List[str]:
    """A line for each true class, a column for each answer."""
    width = max([len(name) for name in classes] + [len(str(n)) for row in matrix for n in row]) + 2
    heading = "".join(name.rjust(width) for name in classes)
    return [" " * width + heading] + [
        name.rjust(width) + "".join(str(count).rjust(width) for count in row)
        for name, row in zip(classes, matrix)
    ]


def table_of_labels(labels: List[LabelCounts], names: List[str]) -> List[str]:
    width = max(map(len, names)) + 2
    headings = ("right", "have it", "found", "missed", "mistaken")
    lines = [" " * width + "".join(heading.rjust(10) for heading in headings)]
    for name, label in zip(names, labels):
        missed = label.have_it - label.found
        counts = (label.have_it, label.found, missed, label.mistaken)
        lines.append(
            name.rjust(width)
            + percent(label.right, label.rows).rjust(10)
            + "".join(f"{count:,}".rjust(10) for count in counts)
        )
    return lines
