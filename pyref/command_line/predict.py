"""pyref predict: a model's answers for the rows of a table, as CSV."""

import csv
import io
import os
from typing import Iterator, List

from ..tables.examples import to_predict
from ..tables.layout import LABELS, REGRESSION
from ..files.atomic import write_text
from ..reference.labels import said_yes
from ..reference.losses import class_of
from ..network import Network
from .options.groups import add_header_option, add_unknown_option, source_of
from .options.values import file_name
from .reports.words import amount
from .saying import say, table_output
from .work.files import check_folder, model_in
from .work.model_data import classes_of, expected, targets_of, task_of

DESCRIPTION = """\
Write a model's answers for the rows of a table as CSV, one line for each row, after a header.

For classes: the class, then the probability of each class.  For labels: 1 or 0 for each, then
the probability of each.  For a regression: the values.

DATA may have the target column or not.  With a header, columns are found by their names, in any
order, and others are not used; without, they stand as in training.

Exit code 0: all rows are answered.  2: an error, which is told."""


def add_parser(commands) -> None:
    parser = commands.add_parser(
        "predict", help="a model's answers for a table", description=DESCRIPTION
    )
    parser.set_defaults(run=run)
    parser.add_argument("model", metavar="MODEL", help="file that pyref train wrote")
    parser.add_argument("data", metavar="DATA", help="a table: file, - or a built-in data set")
    add_header_option(parser)
    add_unknown_option(parser)
    parser.add_argument(
        "-o", "--output", type=file_name, metavar="OUT",
        help="file for the answers (default: -, standard output)",
    )


def run(options) -> int:
    source = source_of(options)
    to_file = options.output not in (None, "-")
    if to_file:
        check_output(options.output, options.model, source.path)
    network = model_in(options.model)
    examples = to_predict(source, expected(network), options.unknown)
    values = network.predict(examples.inputs)
    width = network.sizes[-1]
    rows = [values[place : place + width] for place in range(0, len(values), width)]

    if to_file:
        replaced = " (the file that was there is replaced)" * os.path.exists(options.output)
        text = io.StringIO()
        write(text, network, rows)
        write_text(options.output, text.getvalue())
        say(f"{amount(len(rows), 'row')} of answers in {options.output}{replaced}")
    else:
        write(table_output(), network, rows)
    return 0


def check_output(path: str, *used) -> None:
    check_folder(path)
    if os.path.isdir(path):
        raise ValueError(f"{path}: this is a folder; -o needs the name of a file")
    if os.path.lexists(path) and not os.path.isfile(path):
        raise ValueError(f"{path}: this is no regular file; without -o, answers go to the output")
    for other in used:
        if other and os.path.exists(path) and os.path.samefile(path, other):
            raise ValueError(f"{path}: this is also {other}, which must not be overwritten")


def write(file, network: Network, rows: List) -> None:
    writer = csv.writer(file, lineterminator="\n")
    task, targets = task_of(network), targets_of(network)
    if task == REGRESSION:
        writer.writerow(targets)
        writer.writerows(map(repr_of_all, rows))
        return
    classes = targets if task == LABELS else classes_of(network)
    writer.writerow(targets + [f"probability_{name}" for name in classes])
    writer.writerows(map(label_line, rows) if task == LABELS else class_lines(rows, classes))


def class_lines(rows: List, classes: List[str]) -> Iterator[List[str]]:
    for row in rows:
        name = classes[class_of(row)]
        if len(row) == 1:  # one output is the probability of the second class
            row = [1.0 - row[0], row[0]]
        yield [name] + repr_of_all(row)


def label_line(row: List) -> List[str]:
    return [str(int(yes)) for yes in said_yes(row)] + repr_of_all(row)


def repr_of_all(values) -> List[str]:
    """The shortest decimals that give back every bit."""
    return [repr(value) for value in values]
