"""What holds where nothing is said, and what each default is for: `pyref help defaults`.

The values are the program's own; only the reasons are written here.  What was measured for them
stands in pyref/options/defaults.py.
"""

import inspect
from typing import Any, Dict, Iterator, List, NamedTuple

from ...network import Network
from ...options import defaults
from ...trainer import Trainer
from ..saying import as_typed
from ..terminal import folded

INTRODUCTION = """\
Where no option says how to train, pyref train compares a few recipes by cross-validation, and takes
the calmest of those that are about as good as the best.  Where one does, these hold:"""


class Default(NamedTuple):
    what: str
    train: str  # by pyref train
    python: str  # by Network and Trainer
    why: str


def of(kind: Any) -> Dict[str, Any]:
    """The defaults of a class's arguments, by name."""
    arguments = inspect.signature(kind).parameters.values()
    return {argument.name: argument.default for argument in arguments}


def optimizer_in_words() -> str:
    """That of a Trainer that is told of none."""
    made = Trainer(Network([1, 1]), backend="python").optimizer
    settings = [f"{name}={getattr(made, name)}" for name in made.settings]
    return ", ".join([type(made).__name__, *settings[:2]])


def table() -> List[Default]:
    network, trainer = of(Network), of(Trainer)
    hidden = ",".join(map(str, defaults.HIDDEN))
    epochs = (f"{defaults.LEAST_EPOCHS} to {defaults.MOST_EPOCHS}, such that "
              f"{defaults.ROWS_TO_TRAIN_ON:,} rows are seen")
    return [
        Default("hidden layers", hidden, "yours to say",
                "two layers leave the spirals a riddle (pyref train spirals); three do not"),
        Default("activation", defaults.ACTIVATION, network["hidden"],
                f"{defaults.ACTIVATION} has no kink, and no unit that dies; {network['hidden']} is "
                "what textbooks begin with"),
        Default("output and loss", "by the task", network["output"],
                "the loss whose delta is y − t, up to a factor: far off, it learns fast"),
        Default("weights", f"{defaults.initializer('relu')} for relu, else "
                f"{defaults.initializer('tanh')}", network["initializer"],
                "signals keep their size from layer to layer, forward and back"),
        Default("biases", "0", "0" if network["biases"] is True else repr(network["biases"]),
                "the weights are drawn: that is enough to tell units apart"),
        Default("optimizer", defaults.OPTIMIZER_IN_WORDS, optimizer_in_words(),
                "AdamW's steps fit slopes of any size; SGD is the plain rule, with a memory"),
        Default("rows in a batch", str(defaults.BATCH_SIZE), str(trainer["batch_size"]),
                "many small steps in an epoch, whose noise helps out of poor places"),
        Default("order of the rows", "shuffled", "shuffled" if trainer["shuffle"] else "as it is",
                "batches differ from epoch to epoch, and sorted tables do no harm"),
        Default("learning rate", "constant", "constant" if not trainer["schedule"] else "changing",
                "one number to understand; schedules are there to be asked for"),
        Default("epochs", epochs, "yours to say",
                "small tables need many rounds, large ones few"),
        Default("validation rows", f"{defaults.VALIDATION:.0%} of them, none below "
                f"{defaults.LEAST_ROWS_FOR_VALIDATION} rows", "none",
                "rows that were not learned from say when to stop; of few rows all are needed"),
        Default("stopping", f"no better for 1/{defaults.PATIENCE} of the epochs, or "
                f"{type(defaults.PROGRESS).__name__}", "none",
                "the weights with the lowest validation loss are kept"),
        Default("l1, l2, dropout", "0", f"{trainer['l1']:g}",
                "AdamW's decay does their work; nothing else is on unless it is asked for"),
        Default("seed", str(defaults.SEED), str(network["seed"]),
                "never the clock: who does the same gets the same"),
        Default("precision", defaults.PRECISION, network["precision"],
                "the reference's own numbers; single is for speed"),
    ]


def in_words(width: int) -> Iterator[str]:
    yield from folded(as_typed(" ".join(INTRODUCTION.split())), 0, 0, width)
    for what, train, python, why in table():
        yield ""
        said = train if train == python else f"{train}; in Python {python}"
        yield from folded(f"{what:<18} {said}", 19, 21, width)
        yield from folded(f"{'':<18} {as_typed(why)}", 19, 19, width)
    yield ""
    last = "In Python: what Network and Trainer do.  pyref train --help has every option."
    yield from folded(as_typed(last), 0, 0, width)
