"""pyref trains feed-forward neural networks: a readable Python reference, a fast C kernel, and
the same bits from both.

One begins with four names: `Network` makes a network, `Trainer` trains it, `SGD` (or another
optimizer, or its name) says how a step is taken, and `read_table` reads a file for both.

    >>> from pyref import SGD, Network, Trainer
    >>> inputs, targets = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> network = Network([2, 4, 1], hidden="tanh", output="sigmoid", seed=1)
    >>> trainer = Trainer(network, optimizer=SGD(learning_rate=0.5, momentum=0.9))
    >>> history = trainer.train(inputs, targets, epochs=200)
    >>> network.classify(inputs)
    [0, 1, 1, 0]

`help(pyref.Network)` and `help(pyref.Trainer)` go on from here.  `pyref.cross_validate`, `compare`
and `sweep` judge recipes by many trainings; `pyref.backend` is the engine that trains here.

In a shell, `pyref` lists the commands: `pyref train iris` trains, `pyref explain` writes one step
out, `pyref tutorial` replays what began in 1943, `pyref exercise` has tasks, and `pyref help
defaults` says what each default is for.

To learn how a network computes, read `pyref.reference`: `pyref read` shows it a chapter at a time,
in the order in which it is meant to be read, which `help(pyref.reference)` lists, too.
"""

from .version import VERSION as _version

__version__ = _version

TYPE_CHECKING = False  # type checkers take it for true
if TYPE_CHECKING:
    from .judging import compare, cross_validate, sweep
    from .public import *  # noqa: F403

    backend: str
    kernel_missing: "str | None"
del TYPE_CHECKING

__all__ = [
    "Adagrad", "Adam", "AdamW", "ConsecutiveIncreases", "Constant", "ConstantWeights", "Cosine",
    "DivergedError", "Evaluation", "Exponential", "Gap", "GeneralizationLoss", "History",
    "IRpropMinus", "IRpropPlus", "InverseScaling", "LBFGS", "Network", "NguyenWidrow", "Normal",
    "Optimizer", "Patience", "ProgressQuotient", "Quickprop", "RMSprop", "ReduceOnPlateau",
    "Rprop", "RpropMinus", "RpropPlus", "Rule", "SGD", "SPECIFICATION", "Schedule", "Step",
    "TargetLoss", "Trainer", "TrainingProgress", "Uniform", "ValidationPatience", "backend",
    "compare", "cross_validate", "kernel_missing", "read_table", "sweep",
]


def __getattr__(name: str) -> object:
    """The public names are loaded when the first of them is asked for: `import pyref` alone, which
    `pyref --help` and `pyref --version` begin with, takes a millisecond, and all of it forty.

    `pyref.backend` is the engine that "auto" means here, "python" or "c"; `pyref.kernel_missing`
    says why not C, or is None.  They are worked out whenever they are asked for: so the kernel is
    loaded, and a wrong PYREF_BACKEND is an error, where an engine is wanted and not before.
    """
    if name in ("backend", "kernel_missing"):
        from .engine import backend as engines

        return engines.choose("auto") if name == "backend" else engines.kernel_missing
    if name not in __all__:
        raise AttributeError(f"module 'pyref' has no attribute {name!r}")
    if name in ("compare", "cross_validate", "sweep"):  # which read options, as the command does
        from . import judging

        value: object = getattr(judging, name)
    else:
        from . import public

        value = getattr(public, name)
    globals()[name] = value
    return value


def __dir__() -> "list[str]":
    return sorted({*__all__, *globals()})
