"""The reader of tables that `pyref train` has, for those who call it from Python."""

from typing import TYPE_CHECKING, Optional

from .engine import backend as engines

if TYPE_CHECKING:
    from .tables.examples import RawExamples


def read_table(
    path: str,
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
    from .tables.examples import read_table as read
    from .tables.sources import find

    engines.choose("auto")  # the kernel reads tables, too, once it is loaded
    source = find(path)._replace(
        header=header, separator=separator, decimal=decimal, thousands=thousands, encoding=encoding
    )
    return read(source, target, task, ignore, categorical, missing)
