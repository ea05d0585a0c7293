"""The options of pyref train, in groups; those of the network are also those of check-gradient."""

from argparse import Namespace
from typing import Any, Dict, Optional

from ..tables.examples import TASKS
from ..tables.preparation import MISSING, UNKNOWN
from ..tables.sources import Source, find
from ..engine import backend as engines
from ..reference.losses import LOSSES, SLOPED
from ..reference.precision import PRECISIONS
from . import defaults
from .output import add_json_option, add_quiet_option
from .parser import Options
from .values import (
    above_zero, batch_size, class_weights, count, count_or_zero, encoding, file_name, layer_sizes,
    name_of, part, part_or_table, seed, separator, thousands, zero_or_more,
)

HEADERS = {"auto": None, "yes": True, "no": False}
TOLD = ("target", "task", "ignore", "categorical", "missing", "header", "separator", "decimal",
        "thousands", "encoding")  # pyref.read_table besides the table


def source_of(options: Namespace, data: Optional[str] = None) -> Source:
    """Where the data are, and what was said of how they are written."""
    engines.choose(getattr(options, "backend", "auto"))  # an engine reads tables, too, once loaded
    source = find(options.data if data is None else data)
    return source._replace(
        header=HEADERS[options.header],
        separator=options.separator,
        decimal=options.decimal,
        thousands=options.thousands,
        encoding=options.encoding,
    )


def table_options(options: Namespace) -> Dict[str, Any]:
    """What `read_table` is told."""
    return {
        "target": options.target,
        "task": options.task or "auto",
        "ignored": options.ignore,
        "categorical": options.categorical,
        "missing": options.missing or "mean",
    }


def told_of(options: Namespace) -> Dict[str, Any]:
    """What `pyref.read_table` would be told besides the name of the table."""
    said = {**vars(options), "header": HEADERS[options.header]}
    return {name: said[name] for name in TOLD if said.get(name) is not None}


def add_data_options(parser: Options) -> None:
    parser.add_argument("data", metavar="DATA", help="a table: file, - or a built-in data set")
    group = parser.add_argument_group("data")
    add_header_option(group)
    group.add_argument(
        "--target", metavar="COLUMN",
        help="name of the target column, or its number from 1 (default: the last); several, with "
        "commas between them, for labels or a regression",
    )
    group.add_argument(
        "--ignore", metavar="COLUMNS",
        help="names or numbers of columns to leave out, with commas between them",
    )
    group.add_argument(
        "--categorical", metavar="COLUMNS",
        help="columns whose cells are names, even where they are numbers or come but once",
    )
    group.add_argument(
        "--missing", choices=MISSING, metavar="WAY",
        help="what becomes of gaps (empty, NA, N/A, nan, null, None, ?, -): mean (of the training "
        "rows; of words the most frequent) or median, with a further input that tells where they "
        "were; drop (their rows) or error (default: mean)",
    )
    group.add_argument(
        "--task", choices=("auto", *TASKS), metavar="TASK",
        help="what to learn: classify (a class for each row), labels (a row may have several, or "
        "none) or regress (numbers); default: auto, by what the target column holds",
    )


def add_header_option(parser: Options) -> None:
    parser.add_argument(
        "--header", choices=tuple(HEADERS), default="auto", metavar="YES_OR_NO",
        help="whether the first row holds the names of the columns: yes or no (default: auto, yes "
        "if at least half of its input cells are words)",
    )
    parser.add_argument(
        "--separator", type=separator, metavar="CHARACTER",
        help="what stands between cells: a character, or tab or space (default: what fits of tab, "
        "semicolon, comma, | and space)",
    )
    parser.add_argument(
        "--decimal", choices=(".", ","), metavar="MARK",
        help="what stands before decimals, a point or a comma (default: a comma where semicolons "
        "separate and cells look so, else a point)",
    )
    parser.add_argument(
        "--thousands", type=thousands, metavar="MARK",
        help="what stands between thousands, as in 1,234,567: a comma, a point, an apostrophe, _ "
        "or space (default: nothing)",
    )
    parser.add_argument(
        "--encoding", type=encoding, metavar="NAME",
        help="how a text is encoded, such as cp1252, latin-1 or utf-16 (default: utf-8)",
    )


def add_unknown_option(parser: Options) -> None:
    parser.add_argument(
        "--unknown", choices=UNKNOWN, default="error", metavar="WAY",
        help="what becomes of words that training has not seen: error, or ignore, which takes "
        "them for none of those it knows (default: error)",
    )


def add_network_options(parser: Options, seed_is_of: str) -> None:
    group = parser.add_argument_group("network")
    group.add_argument(
        "--hidden", type=layer_sizes, metavar="UNITS",
        help="units of each hidden layer, such as 16,8; 0 for no hidden layer (default: "
        f"{','.join(map(str, defaults.HIDDEN))})",
    )
    group.add_argument(
        "--activation", type=name_of(SLOPED), choices=SLOPED, metavar="NAME",
        help=f"of the hidden layers (default: {defaults.ACTIVATION})",
    )
    group.add_argument(
        "--output-activation", type=name_of(SLOPED), choices=SLOPED, metavar="NAME",
        help="of the outputs of a regression (default: identity); with any other, targets are "
        "not scaled",
    )
    group.add_argument(
        "--initializer", metavar="NAME",
        help="how the weights are drawn (default: he_uniform for relu, else glorot_uniform)",
    )
    group.add_argument(
        "--biases", metavar="NAME",
        help="how the biases are drawn, an initializer too (default: they start at 0)",
    )
    group.add_argument(
        "--no-biases", action="store_true", default=None, help="units without biases"
    )
    group.add_argument(
        "--precision", choices=tuple(PRECISIONS), metavar="NAME",
        help="of all numbers that are kept: double or single, which takes half the memory and down "
        f"to half the time in C (default: {defaults.PRECISION})",
    )
    group.add_argument(
        "--loss", type=name_of(LOSSES), choices=tuple(LOSSES), metavar="NAME",
        help="what is minimised (default: cross_entropy for classes, binary_cross_entropy for "
        "two and for labels, mean_squared_error for numbers)",
    )
    group.add_argument(
        "--seed", type=seed, metavar="N",
        help=f"of {seed_is_of}: the same seed gives the same bits "
        f"(default: {defaults.SEED})",
    )


def add_training_options(parser: Options) -> None:
    group = parser.add_argument_group("training")
    group.add_argument(
        "--epochs", type=count, metavar="N",
        help="passes through the training rows (default: as many as make "
        f"{defaults.ROWS_TO_TRAIN_ON:,} rows, from {defaults.LEAST_EPOCHS} to "
        f"{defaults.MOST_EPOCHS:,}); with --resume, further ones",
    )
    group.add_argument(
        "--batch-size", type=batch_size, metavar="N",
        help=f"rows in each step, or all (default: {defaults.BATCH_SIZE}; all for Rprop and its "
        "kin, Quickprop and LBFGS)",
    )
    group.add_argument(
        "--no-shuffle", action="store_true", default=None,
        help="take the rows in the same order in every epoch",
    )
    group.add_argument(
        "--class-weights", type=class_weights, metavar="WEIGHTS",
        help="balanced, so that rare classes count as much as common ones, or a number for each "
        "class, in their order, such as 1,2.5",
    )
    group.add_argument(
        "--backend", choices=engines.BACKENDS, default="auto",
        help="the engine: Python or C, with the same bits (default: auto, C if it is there)",
    )
    group.add_argument(
        "--threads", type=count, metavar="N",
        help="how many processors the C engine may use, with the same bits (default: 1)",
    )


def add_optimizer_options(parser: Options) -> None:
    group = parser.add_argument_group("optimizer")
    group.add_argument(
        "--optimizer", metavar="NAME[:…]",
        help="one of those below, with its settings there "
        f"(default: {defaults.OPTIMIZER_IN_WORDS})",
    )
    group.add_argument("--learning-rate", type=above_zero, metavar="X", help="length of the steps")
    group.add_argument(
        "--momentum", type=part, metavar="X",
        help="part of the last step that is kept, by SGD and RMSprop",
    )
    group.add_argument(
        "--nesterov", action="store_true", default=None,
        help="look ahead along the momentum, as SGD can",
    )
    group.add_argument(
        "--schedule", metavar="NAME[:…]",
        help="how the learning rate changes from epoch to epoch (default: Constant)",
    )


def add_regularization_options(parser: Options) -> None:
    group = parser.add_argument_group("regularization")
    group.add_argument(
        "--l1", type=zero_or_more, metavar="X", help="penalty on absolute weights (default: 0)"
    )
    group.add_argument(
        "--l2", type=zero_or_more, metavar="X",
        help="penalty on squared weights (default: 0)",
    )
    group.add_argument(
        "--dropout", type=part, metavar="PART",
        help="part of the hidden units left out, for each row anew (default: 0)",
    )
    group.add_argument(
        "--input-dropout", type=part, metavar="PART", help="the same of the inputs (default: 0)"
    )
    group.add_argument(
        "--clip-value", type=above_zero, metavar="X", help="bound of each gradient (default: none)"
    )
    group.add_argument(
        "--clip-norm", type=above_zero, metavar="X",
        help="bound of the length of all gradients together (default: none)",
    )
    group.add_argument(
        "--label-smoothing", type=part, metavar="PART",
        help="part of each target that is spread over all classes; for cross_entropy (default: 0)",
    )


VALIDATION_DEFAULT = (
    f"(default: {defaults.VALIDATION}, 0 below {defaults.LEAST_ROWS_FOR_VALIDATION} rows)"
)


def add_judging_options(parser: Options) -> None:
    group = parser.add_argument_group("rows to judge by")
    group.add_argument(
        "--validation", type=part_or_table, metavar="PART|FILE",
        help="part of the rows that is held out to validate, such as 0.2 or 20%%, 0 for none, or "
        f"a table of such rows {VALIDATION_DEFAULT}",
    )
    group.add_argument(
        "--test", type=part_or_table, metavar="PART|FILE",
        help="part of the rows that is put aside before all else, or a table of such rows: what "
        "is learned is judged by them once, at the end (default: none)",
    )
    add_split_seed(group)


def add_split_seed(parser: Options) -> None:
    parser.add_argument(
        "--split-seed", type=seed, metavar="N",
        help="of the choice of the rows that are held out (default: that of --seed)",
    )


def add_start_options(parser: Options) -> None:
    group = parser.add_argument_group("another model to start from")
    group.add_argument(
        "--init", type=file_name, metavar="MODEL",
        help="start from the weights in this model file, which pyref train wrote; layers, columns, "
        "classes and loss are that model's, and what it made of the columns stays",
    )
    group.add_argument(
        "--unknown", choices=UNKNOWN, metavar="WAY",
        help="what becomes of words that are new to that model, or that stand in a table of "
        "--validation or --test alone: error, or ignore, which takes them for none of those that "
        "are known (default: error)",
    )


def add_recipe_options(parser: Options) -> None:
    """What makes a network of a table, without where it goes and how long it may take."""
    add_network_options(parser, "the weights, the split and the shuffles")
    add_training_options(parser)
    add_optimizer_options(parser)
    add_regularization_options(parser)
    group = add_stopping_options(parser)
    group.add_argument(
        "--validation", type=part, metavar="PART",
        help=f"part of the rows that is held out to validate, 0 for none {VALIDATION_DEFAULT}",
    )
    parser.set_defaults(test=None, split_seed=None)


def add_stopping_options(parser: Options) -> Options:
    group = parser.add_argument_group("stopping")
    group.add_argument(
        "--patience", type=count_or_zero, metavar="N",
        help="stop when the validation loss has not improved for N epochs, and keep the weights "
        "that had the lowest; without validation rows, when the training loss has not improved; "
        "0: train to the last epoch",
    )
    group.add_argument(
        "--stop", action="append", metavar="RULE[:…]",
        help="a stopping rule, such as target_loss:loss=0.01; may be given several times (default, "
        "where there are validation rows and no --patience: a patience of a quarter of the epochs, "
        f"and {defaults.PROGRESS!r})",
    )
    return group


def add_file_options(parser: Options) -> None:
    group = parser.add_argument_group("files and output")
    group.add_argument(
        "--time-limit", type=above_zero, metavar="SECONDS",
        help="end with the epoch under way after this time",
    )
    group.add_argument(
        "-o", "--output", type=file_name, metavar="MODEL",
        help="file for the model (default: beside the data, as in iris.model.json)",
    )
    group.add_argument(
        "--checkpoint-every", type=count, metavar="N",
        help="every N epochs, at the end and on Ctrl-C, write a run file (as in iris.run.json), "
        "from which the training can go on with the same bits",
    )
    group.add_argument(
        "--history", type=file_name, metavar="FILE",
        help="write the course of the training to this file, as CSV: epoch, rate, loss and, as far "
        "as they are measured, validation_loss and validation_accuracy",
    )
    group.add_argument(
        "--resume", type=file_name, metavar="RUN",
        help="go on with the run in this file, and write it again at the end; DATA are the same "
        "data again",
    )
    add_json_option(group)
    add_quiet_option(group, "print nothing but errors, or the object of --json")


def add_folds_options(parser: Options) -> None:
    group = parser.add_argument_group("folds")
    group.add_argument(
        "--folds", type=count, default=defaults.FOLDS, metavar="N",
        help="how many parts the rows are dealt out into; each is judged by a training on the "
        f"others (default: {defaults.FOLDS})",
    )
    group.add_argument(
        "--repeats", type=count, default=1, metavar="N",
        help="how often that is done, each time with other folds and other weights, by seeds that "
        "go up by one (default: 1)",
    )
    add_split_seed(group)
    group.add_argument(
        "--workers", type=count, metavar="N",
        help="how many trainings go on side by side, with the same bits (default: as many as there "
        "are processors)",
    )
    add_json_option(group)
    add_quiet_option(group, "print nothing but the answer and errors")


def add_workers_options(group: Options) -> None:
    group.add_argument(
        "--workers", type=count, metavar="N",
        help="how many trainings go on side by side (default: as many as there are processors)",
    )
    group.add_argument(
        "--dask", metavar="ADDRESS",
        help="train by the workers of a scheduler of dask, such as tcp://10.0.0.1:8786",
    )
    group.add_argument(
        "--mpi", action="store_true",
        help="train by the ranks of MPI: mpiexec -n 3 python -m mpi4py.futures -m pyref sweep …",
    )
