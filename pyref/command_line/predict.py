"""pyref predict: a model's answers for the rows of a table, as CSV."""

import csv
import io
import os
from argparse import Namespace
from typing import Any, Callable, Dict, Iterable, Iterator, List, Sequence, TextIO, Tuple, Union

from ..arguments.task import classes_of, targets_of, task_of
from ..tables.examples import Examples, to_predict
from ..tables.layout import CLASSIFICATION, LABELS, REGRESSION
from ..files.atomic import write_text
from ..files.short_numbers import shortest
from ..reference.labels import said_yes
from ..reference.losses import class_of
from ..network import Network
from ..options.groups import add_header_option, add_unknown_option, source_of
from ..options.output import add_json_option, add_quiet_option
from ..options.values import file_name
from ..rows.arrays import Floats
from .reports.progress import saying_while
from .reports.words import amount
from .saying import TerminalTable, answer_object, say, table_output
from ..work.files import check_output, model_in
from ..work.model_data import expected
from .help.parser import NewParser

BAD_ROWS = ("error", "blank")

DESCRIPTION = """\
Write a model's answers for the rows of a table as CSV, one line for each row, after a header.

For classes: the class, then the probability of each class.  For labels: 1 or 0 for each, then
the probability of each.  For a regression: the values.  Columns of DATA that --keep names stand
before them, as they are written; an answer that has the name of one is called predicted_NAME then.

DATA may have the target column or not.  With a header, columns are found by their names, in any
order, and others are not used; without, they stand as in training.

Exit code 0: all rows are answered; with --bad-rows blank, those that can be.
2: an error, which is told."""

OBJECT = """\
With --json: model, data, task, columns (the titles of the table of answers), rows (its rows, with
null for what is blank; with -o, where they are in the file, null), bad_rows, each with row (from 1)
and reason, and output, the file."""


def add_parser(new_parser: NewParser) -> None:
    parser = new_parser(description=DESCRIPTION, epilog=OBJECT)
    parser.set_defaults(run=run)
    parser.add_argument("model", metavar="MODEL", help="file that pyref train wrote")
    parser.add_argument("data", metavar="DATA", help="a table: file, - or a built-in data set")
    add_header_option(parser)
    add_unknown_option(parser)
    parser.add_argument(
        "--keep", metavar="COLUMNS",
        help="names or numbers of columns of DATA, with commas between them, to write before the "
        "answers",
    )
    parser.add_argument(
        "--bad-rows", choices=BAD_ROWS, default="error", metavar="WAY",
        help="what becomes of rows that cannot be used: error, or blank, which leaves their "
        "answers empty and says how many there are (default: error)",
    )
    parser.add_argument(
        "-o", "--output", type=file_name, metavar="OUT",
        help="file for the answers (default: -, standard output)",
    )
    add_json_option(parser)
    add_quiet_option(parser, "print nothing but the answers and errors")


def run(options: Namespace) -> int:
    source = source_of(options)
    to_file = options.output not in (None, "-")
    if to_file:
        check_output("-o", options.output, options.model, source.path)
    network = model_in(options.model)
    with saying_while("reading", source.name, options.quiet):
        examples = to_predict(
            source, expected(network), options.unknown, options.keep, options.bad_rows == "blank"
        )
        inputs = examples.inputs
    with saying_while("answering", source.name, options.quiet):
        values = network.predict(inputs)
        if examples.bad_rows is not None:
            examples.note_bad_answers(values)
    replaced = ""
    if to_file:
        replaced = " (the file that was there is replaced)" * os.path.exists(options.output)
        text = io.StringIO()
        write(text, network, examples, values)
        write_text(options.output, text.getvalue())
    if options.json:
        rows = None if to_file else answer_rows(network, examples, values)
        answer_object({
            "model": options.model,
            "data": examples.name,
            "task": task_of(network),
            "columns": titles_of(network, examples),
            "rows": rows,
            "bad_rows": [
                {"row": row + 1, "reason": reason}
                for row, reason in sorted((examples.bad_rows or {}).items())
            ],
            "output": options.output if to_file else None,
        })
    elif not to_file:
        write(table_output(), network, examples, values)
    if options.quiet:
        return 0
    if examples.bad_rows:
        say(bad_rows_in_words(examples, examples.bad_rows))
    if to_file:
        say(f"{amount(examples.rows, 'row')} of answers in {options.output}{replaced}")
    return 0


def bad_rows_in_words(examples: Examples, bad: Dict[int, str]) -> str:
    has = "has" if len(bad) == 1 else "have"
    return (
        f"{len(bad):,} of {amount(examples.rows, 'row')} cannot be used and {has} no answer, the "
        f"first: {bad[min(bad)]}"
    )


def write(
    file: Union[TextIO, TerminalTable], network: Network, examples: Examples, values: Floats
) -> None:
    """A header, and a line for each row: what is kept of it, and its answers."""
    writer = csv.writer(file, lineterminator="\n")
    titles = titles_of(network, examples)
    writer.writerow(titles)
    lines = answer_lines(network, values)
    if examples.kept_names or examples.bad_rows:
        blank = [""] * (len(titles) - len(examples.kept_names))
        lines = with_rows(lines, examples, blank)
    writer.writerows(lines)


def titles_of(network: Network, examples: Examples) -> List[str]:
    kept = examples.kept_names
    return kept + [
        f"predicted_{name}" if name in kept else name for name in answer_names(network)
    ]


def with_rows(
    lines: Iterable[List[Any]], examples: Examples, blank: List[Any]
) -> Iterator[List[Any]]:
    """Each line behind what is kept of its row; those of rows that cannot be used are blank."""
    bad = examples.bad_rows or {}
    for row, line in enumerate(lines):
        yield examples.kept(row) + (blank if row in bad else line)


def answer_rows(network: Network, examples: Examples, values: Floats) -> List[List[Any]]:
    """Those of the table, with numbers as numbers."""
    texts = int(task_of(network) == CLASSIFICATION)  # the name of a class
    blank = [None] * len(answer_names(network))
    lines = answer_lines(network, values)
    typed = (line[:texts] + list(map(float, line[texts:])) for line in lines)
    return list(with_rows(typed, examples, blank))


def answer_names(network: Network) -> List[str]:
    task, targets = task_of(network), targets_of(network)
    if task == REGRESSION:
        return targets
    classes = targets if task == LABELS else classes_of(network) or []
    return targets + [f"probability_{name}" for name in classes]


def answer_lines(network: Network, values: Floats) -> Iterable[List[str]]:
    width, task, decimals = network.sizes[-1], task_of(network), in_decimals(network)
    rows = (values[place : place + width] for place in range(0, len(values), width))
    if task == CLASSIFICATION:
        return ([name] + decimals(row) for name, row in answered(rows, classes_of(network) or []))
    if task == REGRESSION:
        return map(decimals, rows)
    return (label_line(row) + decimals(row) for row in rows)


def answered(
    rows: Iterable[Floats], classes: List[str]
) -> Iterator[Tuple[str, Sequence[float]]]:
    for row in rows:
        name = classes[class_of(row)]
        if len(row) == 1:  # one output is the probability of the second class
            yield name, [1.0 - row[0], row[0]]
        else:
            yield name, row


def label_line(row: Floats) -> List[str]:
    return [str(int(yes)) for yes in said_yes(row)]


def in_decimals(network: Network) -> Callable[[Sequence[float]], List[str]]:
    """The shortest decimals that give back every bit."""
    if network.precision == "double" or network.target_scaling is not None:
        return lambda values: [repr(value) for value in values]
    return lambda values: [repr(value) for value in shortest(values)]
