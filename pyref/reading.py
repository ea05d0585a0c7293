"""The reader of tables that `pyref train` has, for those who call it from Python."""

import os
from typing import TYPE_CHECKING, Any, Callable, Optional, Union

from .engine import backend as engines
from .reference.settings import one_of, truth

if TYPE_CHECKING:
    from .tables.examples import RawExamples


def read_table(
    path: Union[str, "os.PathLike[str]"],
    target: Optional[str] = None,
    task: str = "auto",
    ignore: Optional[str] = None,
    categorical: Optional[str] = None,
    missing: str = "mean",
    header: Optional[bool] = None,
    separator: Optional[str] = None,
    decimal: Optional[str] = None,
    thousands: Optional[str] = None,
    encoding: Optional[str] = None,
) -> "RawExamples":
    """The table that `pyref train` reads from a file, standard input or a data set by its name.

    All arguments are as the options of that name: `target`, `ignore` and `categorical` name columns
    or give their numbers from 1, several with commas between them; the default target is the last
    column.  `task` is "auto", "classify", "labels" or "regress"; `missing` says what becomes of
    gaps: "mean", "median", "drop" or "error".  Whether there is a `header`, the `separator` and the
    `decimal` mark are found where they are None; `thousands` is the mark between these, None where
    there is none, and `encoding` that of a text that is not UTF-8.

    What comes back has `rows`, a number; `inputs`, a list of rows of numbers, texts and None;
    `targets`, a flat array; `task`, `classes`, `input_names`, `target_names` and `notes`.  Its
    `prepared(rows)` are examples whose columns became inputs of a network, by what the given rows,
    which are to train, hold.

    Raises ValueError, which names the line and the column, for what cannot be learned from.

    >>> table = read_table("iris", target="species")
    >>> table.inputs[0], table.classes[0]
    ([5.1, 3.5, 1.4, 0.2], 'setosa')
    >>> table
    <RawExamples of iris: 150 rows, 4 columns, target species, classification>

    To train with it (`cross_validate`, `compare` and `sweep` take it as it is):

    >>> from pyref import Network, Trainer
    >>> examples = table.prepared()
    >>> network = Network([examples.input_count, 8, len(table.classes)], output="softmax")
    >>> network.preparation, network.class_names = examples.preparation, table.classes
    >>> history = Trainer(network).train(examples.inputs, examples.targets, epochs=50)
    >>> network.classify(table.inputs[:1])  # rows as the table has them
    ['setosa']
    """
    from .options import values
    from .tables.examples import TASKS, read_table as read
    from .tables.preparation import MISSING
    from .tables.sources import find

    engines.choose("auto")  # the kernel reads tables, too, once it is loaded
    columns = [
        as_an_option(name, value, str)
        for name, value in (("target", target), ("ignore", ignore), ("categorical", categorical))
    ]
    source = find(path_of("path", path))._replace(
        header=None if header is None else truth("header", header),
        separator=as_an_option("separator", separator, values.separator),
        decimal=as_an_option("decimal", decimal, decimal_mark),
        thousands=as_an_option("thousands", thousands, values.thousands),
        encoding=as_an_option("encoding", encoding, values.encoding),
    )
    task, missing = one_of("task", task, ("auto", *TASKS)), one_of("missing", missing, MISSING)
    return read(source, columns[0], task, columns[1], columns[2], missing)


def as_an_option(name: str, value: Any, meaning: Callable[[str], str]) -> Optional[str]:
    """What the text of an argument means to the option of its name; None where it is None."""
    from argparse import ArgumentTypeError

    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(f"{name}: a text or None is needed, as the option takes it, not "
                         f"{value!r:.40}")
    try:
        return meaning(value)
    except ArgumentTypeError as error:
        raise ValueError(f"{name}: {error}") from None


def decimal_mark(text: str) -> str:
    if text not in (".", ","):
        raise ValueError(f"decimal: a point or a comma is needed, not {text!r:.40}")
    return text


def path_of(name: str, value: Any) -> str:
    """Raises TypeError for what is none."""
    if not isinstance(value, (str, os.PathLike)):
        raise TypeError(f"{name}: the path of a table is needed, not {value!r:.40}")
    return os.fspath(value)


def table_from(data: Any) -> "RawExamples":
    """What `read_table` gave, or gives.  Raises TypeError for all else."""
    from .tables.examples import RawExamples

    if isinstance(data, RawExamples):
        return data
    if not isinstance(data, (str, os.PathLike)):
        raise TypeError(
            f"data: the path of a table is needed, or what read_table gives, not {data!r:.40}"
        )
    return read_table(data)
