"""What a network makes of examples, and how that is printed."""

from array import array
from typing import List, NamedTuple, Optional

from ..model import Network
from .building import targets_for
from .measures import ColumnError, Matrix, column_error, confusion_matrix, right_answers
from .model_data import targets_of
from .words import amount

MOST_CLASSES_SHOWN = 10


class Judgement(NamedTuple):
    """Over `rows` rows: a `matrix` of answers for classes, or the `errors` of each target."""

    rows: int
    loss: float
    matrix: Optional[Matrix]
    errors: List[ColumnError]


def judge(
    network: Network, inputs: array, targets: array, classes: Optional[List[str]], backend: str
) -> Judgement:
    loss = network.evaluate(inputs, targets_for(network, targets), backend=backend).loss
    outputs = network.predict(inputs, backend=backend)
    width = network.sizes[-1]
    rows = len(outputs) // width
    if classes is not None:
        return Judgement(
            rows, loss, confusion_matrix(outputs, width, targets, len(classes)), []
        )
    errors = [column_error(outputs[j::width], targets[j::width]) for j in range(width)]
    return Judgement(rows, loss, None, errors)


def summary(network: Network, judged: Judgement) -> List[str]:
    """The lines that say how good it is, to stand to the right of a title."""
    if judged.matrix is not None:
        right = right_answers(judged.matrix)
        accuracy = f"{100 * right / judged.rows:.1f} % right ({right:,} of {judged.rows:,})"
        return [f"{accuracy}, loss {judged.loss:.4g}"]
    lines = []
    for name, error in zip(targets_of(network), judged.errors):
        r_squared = "undefined" if error.r_squared is None else f"{error.r_squared:.4f}"
        size = f"{error.root_mean_square:.6g}"
        lines.append(f"{name}: root mean squared error {size}, R² {r_squared}")
    scaled = "" if network.target_scaling is None else " (of scaled targets)"
    lines.append(f"loss {judged.loss:.4g}{scaled}, {amount(judged.rows, 'row')}")
    return lines


def table_of(matrix: Matrix, classes: List[str]) -> List[str]:
    """The confusion matrix as text: a line for each true class, a column for each answer."""
    width = max([len(name) for name in classes] + [len(str(n)) for row in matrix for n in row]) + 2
    heading = "".join(name.rjust(width) for name in classes)
    return [" " * width + heading] + [
        name.rjust(width) + "".join(str(count).rjust(width) for count in row)
        for name, row in zip(classes, matrix)
    ]


def show_matrix(judged: Judgement, classes: Optional[List[str]], of_what: str) -> None:
    if judged.matrix is None or classes is None:
        return
    print()
    if len(classes) > MOST_CLASSES_SHOWN:
        print(f"({len(classes)} classes: too many for a table of right and wrong answers)")
        return
    print(f"Confusion matrix of the {of_what} (a line for each true class, columns: answers)")
    for line in table_of(judged.matrix, classes):
        print(line)
