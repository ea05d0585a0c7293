"""How good a network's answers are, in words and tables."""

from typing import Iterator, List, Optional

from ...arguments.task import classes_of, targets_of
from ...measures import ColumnError, LabelCounts, Matrix, class_counts
from ...network import Network
from ...work.judging import Judgement, loss_is_log_loss
from .words import LEAST_OF_A_NAME, amount, columns_that_fit, cut

MOST_CLASSES_SHOWN = 10


def percent(part: float, whole: float = 1.0) -> str:
    return f"{100 * part / whole:.1f} %"


def part(value: Optional[float]) -> str:
    """In a table.

    >>> part(0.5), part(None)
    ('50.0 %', '–')
    """
    return "–" if value is None else percent(value)


def r_squared(error: ColumnError) -> str:
    """
    >>> r_squared(ColumnError(1.0, -0.00001, 1.0)), r_squared(ColumnError(1.0, None, 1.0))
    ('R² 0.0000', 'R² undefined')
    """
    if error.r_squared is None:
        return "R² undefined"
    return f"R² {round(error.r_squared, 4) + 0.0:.4f}"  # never -0.0000


def summary(network: Network, judged: Judgement) -> List[str]:
    """The lines that say how good it is, to stand to the right of a title."""
    rows, loss = judged.rows, f"loss {judged.loss:.4g}"
    if judged.right is not None:
        if loss_is_log_loss(network):
            loss = f"log {loss}"
        line = f"{percent(judged.right, rows)} right ({judged.right:,} of {rows:,}), {loss}"
        return [line, *details(network, judged)]
    if judged.labels is not None:
        right, count = judged.right_in_all, len(judged.labels)
        single = percent(sum(label.right for label in judged.labels), count * rows)
        return [
            f"{percent(right, rows)} right in all {count} labels ({right:,} of {rows:,} rows), "
            f"{single} of single labels, {loss}"
        ]
    lines = []
    for name, error in zip(targets_of(network), judged.errors or ()):
        size = f"{error.root_mean_square:.6g}"
        absolute = f"mean absolute error {error.mean_absolute:.6g}"
        lines.append(f"{name}: root mean squared error {size}, {r_squared(error)}, {absolute}")
    scaled = "" if network.target_scaling is None else " (of scaled targets)"
    lines.append(f"{loss}{scaled}, {amount(rows, 'row')}")
    return lines


def details(network: Network, judged: Judgement) -> List[str]:
    """A line of further measures of classes, where they say something new."""
    texts = []
    balanced = unbalanced(judged)
    if balanced is not None:
        texts.append(f"balanced accuracy {balanced}")
    if judged.roc_auc is not None:
        texts.append(f"area under the ROC curve {judged.roc_auc:.4f}")
    if judged.log_loss is not None and not loss_is_log_loss(network):
        texts.append(f"log loss {judged.log_loss:.4g}")
    return [", ".join(texts)] if texts else []


def unbalanced(judged: Judgement) -> Optional[str]:
    """The balanced accuracy in per cent, if it is another, as far as it is printed."""
    if judged.balanced_accuracy is None or judged.right is None:
        return None
    balanced = percent(judged.balanced_accuracy)
    return balanced if balanced != percent(judged.right, judged.rows) else None


def compared(
    network: Network, answer: str, constant: Judgement, linear: Optional[Judgement]
) -> str:
    """How good it is to give always the same answer, and how good a linear model is."""
    text = f"{in_short(network, constant)} by always answering {answer}"
    return text if linear is None else f"{text}, {in_short(network, linear)} by a linear model"


def in_short(network: Network, judged: Judgement) -> str:
    if judged.right is not None:
        balanced = unbalanced(judged)
        more = [] if balanced is None else [f"balanced {balanced}"]
        if judged.roc_auc is not None:
            more.append(f"area {judged.roc_auc:.4f}")
        in_brackets = f" ({', '.join(more)})" if more else ""
        return f"{percent(judged.right, judged.rows)} right{in_brackets}"
    if judged.labels is not None:
        return f"{percent(judged.right_in_all, judged.rows)} right in all labels"
    names = targets_of(network)
    return "error " + " and ".join(
        f"{error.root_mean_square:.6g} ({f'{name}, ' if len(names) > 1 else ''}{r_squared(error)})"
        for name, error in zip(names, judged.errors or ())
    )


def table(
    network: Network, judged: Judgement, of_what: str, room: int
) -> List[str]:
    """The confusion matrix, or what became of each label, in lines of at most `room` columns; a
    regression has no table."""
    if judged.labels is not None:
        title = f"Labels of the {of_what} (mistaken: rows that got it and do not have it)"
        return ["", title, *table_of_labels(judged.labels, targets_of(network), room)]
    if judged.matrix is None:
        return []
    classes = classes_of(network) or []
    if len(classes) <= MOST_CLASSES_SHOWN:
        lines = matrix_of_classes(judged.matrix, classes, room)
        if lines:
            title = f"Confusion matrix of the {of_what} (lines: true classes, columns: answers)"
            return ["", title, *lines]
    return ["", *table_of_the_worst(judged.matrix, classes, of_what, room)]


def matrix_of_classes(matrix: Matrix, classes: List[str], room: int) -> List[str]:
    """A line for each true class, a column for each answer; at the right its recall and precision.
    Names are cut where that makes it fit; no lines where it does not."""
    counts = class_counts(matrix)
    at_the_right = [
        ["recall", *[part(of_class.recall) for of_class in counts]],
        ["precision", *[part(of_class.precision) for of_class in counts]],
    ]
    rest = room - sum(max(map(len, column)) + 2 for column in at_the_right)
    digits = max(len(f"{count:,}") for row in matrix for count in row)
    most = rest // (len(classes) + 1) - 2
    if most < max(digits, min(max(map(len, classes)), LEAST_OF_A_NAME)):
        return []
    names = [cut(name, most) for name in classes]
    width = max(digits, max(map(len, names)))
    columns = [
        [cell.rjust(width) for cell in (name, *(f"{count:,}" for count in column))]
        for name, column in zip(names, zip(*matrix))
    ]
    return columns_that_fit([["", *names], *columns, *at_the_right], room)


def table_of_the_worst(
    matrix: Matrix, classes: List[str], of_what: str, room: int
) -> Iterator[str]:
    """Of many classes, or of those whose matrix is too wide, the ones that are found least."""
    counts = class_counts(matrix)
    found = [place for place, of_class in enumerate(counts) if of_class.rows]
    by_recall = sorted(found, key=lambda place: counts[place].right / counts[place].rows)
    worst = by_recall[:MOST_CLASSES_SHOWN]
    yield (
        f"Of the {len(classes)} classes of the {of_what}, the {len(worst)} that are found least"
    )
    taken_for = []
    for place in worst:
        others = [count if other != place else -1 for other, count in enumerate(matrix[place])]
        most = max(others)
        taken_for.append(classes[others.index(most)] if most > 0 else "–")
    yield from columns_that_fit([
        ["", *[classes[place] for place in worst]],
        ["rows", *[f"{counts[place].rows:,}" for place in worst]],
        ["recall", *[part(counts[place].recall) for place in worst]],
        ["precision", *[part(counts[place].precision) for place in worst]],
        ["mostly taken for", *[cut(name, 20) for name in taken_for]],
    ], room)


def table_of_labels(labels: List[LabelCounts], names: List[str], room: int) -> List[str]:
    return columns_that_fit([
        ["", *names],
        ["right", *[percent(label.right, label.rows) for label in labels]],
        ["recall", *[part(label.recall) for label in labels]],
        ["precision", *[part(label.precision) for label in labels]],
        ["have it", *[f"{label.have_it:,}" for label in labels]],
        ["found", *[f"{label.found:,}" for label in labels]],
        ["missed", *[f"{label.have_it - label.found:,}" for label in labels]],
        ["mistaken", *[f"{label.mistaken:,}" for label in labels]],
    ], room)
