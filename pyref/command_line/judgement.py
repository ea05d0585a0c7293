"""What a network makes of examples, and how that is printed."""

from array import array
from typing import List, NamedTuple, Optional

from ..tables.layout import CLASSIFICATION, LABELS
from ..network import Network
from .building import targets_for
from .measures import (
    ColumnError, LabelCounts, Matrix, column_error, confusion_matrix, label_counts, right_answers,
    rows_right_in_all,
)
from .model_data import classes_of, targets_of, task_of
from .words import amount

MOST_CLASSES_SHOWN = 10


class Judgement(NamedTuple):
    """Over `rows` rows: a `matrix` of answers for classes; for labels, the counts of each, and how
    many rows are right in all of them; or the `errors` of each target."""

    rows: int
    loss: float
    matrix: Optional[Matrix] = None
    labels: Optional[List[LabelCounts]] = None
    right_in_all: int = 0
    errors: Optional[List[ColumnError]] = None


def judge(network: Network, inputs: array, targets: array, backend: str) -> Judgement:
    loss = network.evaluate(inputs, targets_for(network, targets), backend=backend).loss
    outputs = network.predict(inputs, backend=backend)
    width = network.sizes[-1]
    judged = Judgement(len(outputs) // width, loss)
    task = task_of(network)
    if task == CLASSIFICATION:
        classes = len(classes_of(network))
        return judged._replace(matrix=confusion_matrix(outputs, width, targets, classes))
    columns = [(outputs[j::width], targets[j::width]) for j in range(width)]
    if task == LABELS:
        return judged._replace(
            labels=[label_counts(*column) for column in columns],
            right_in_all=rows_right_in_all(outputs, targets, width),
        )
    return judged._replace(errors=[column_error(*column) for column in columns])


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"


def summary(network: Network, judged: Judgement) -> List[str]:
    """The lines that say how good it is, to stand to the right of a title."""
    rows, loss = judged.rows, f"loss {judged.loss:.4g}"
    if judged.matrix is not None:
        right = right_answers(judged.matrix)
        return [f"{percent(right, rows)} right ({right:,} of {rows:,}), {loss}"]
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


def show_table(network: Network, judged: Judgement, of_what: str) -> None:
    """The confusion matrix, or what became of each label; a regression has no table."""
    if judged.labels is not None:
        print(f"\nLabels of the {of_what} (mistaken: rows that got it and do not have it)")
        lines = table_of_labels(judged.labels, targets_of(network))
    elif judged.matrix is None:
        return
    elif len(judged.matrix) > MOST_CLASSES_SHOWN:
        print(f"\n({len(judged.matrix)} classes: too many for a table of right and wrong answers)")
        return
    else:
        print(f"\nConfusion matrix of the {of_what} (a line for each true class, columns: answers)")
        lines = table_of_classes(judged.matrix, classes_of(network))
    for line in lines:
        print(line)


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
