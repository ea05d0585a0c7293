"""A training out of very many, drawn from a seed: data, network, recipe, what happens on the way.

The stream is pyref's own, so that a seed names the same training with every Python.
"""

from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple

from pyref import Network
from pyref.reference import settings
from pyref.reference.activations import ACTIVATIONS
from pyref.reference.generator import Stream
from pyref.reference.initializers import INITIALIZERS, ConstantWeights, Normal, Uniform
from pyref.reference.lbfgs import LBFGS
from pyref.reference.losses import LOSSES
from pyref.reference.optimizers import OPTIMIZERS
from pyref.reference.regularization import Regularization
from pyref.reference.schedules import SCHEDULES
from pyref.reference.settings import REQUIRED
from pyref.reference.stopping import RULES

Rows = List[List[float]]

WORK = 100_000  # multiplications that a training may ask of Python: a twentieth of a second
HIDDEN = [name for name in ACTIVATIONS if name != "threshold"]
PAIRS = [(loss, output) for loss in LOSSES for output in LOSSES[loss].outputs]

TINIEST, SMALLEST_NORMAL, LARGEST = 5e-324, 2.0**-1022, 1.7976931348623157e308
LARGEST_SINGLE = 2.0**128 - 2.0**104
SPECIAL = [0.0, -0.0, TINIEST, -TINIEST, SMALLEST_NORMAL, -3e-310, 1.0, -1.0, 1.0 + 2.0**-52,
           1e-160, 1e160, -LARGEST, LARGEST]
SCALES = [1e-320, 1e-308, 1e-160, 1e-20, 1e-3, 30.0, 1e20, 1e154, 1e306]

# What a setting may be, by its check: mostly the first kind, now and then the second.
ABOVE_ZERO = ([0.01, 0.05, 0.1, 0.5, 0.9, 1.2, 2.0], [TINIEST, 1e-300, 1e-9, 30.0, 1e9, 1e300])
PART = ([0.0, 0.1, 0.5, 0.9, 0.99], [TINIEST, 1e-17, 1.0 - 2.0**-53])
COUNT = ([1, 2, 3, 5, 12], [100, 2**53 + 1, 10**30])
VALUES: Dict[Callable, Tuple[list, list]] = {
    settings.number: ([0.0, 0.3, 0.7, -0.4], SPECIAL),
    settings.above_zero: ABOVE_ZERO,
    settings.above_zero_or_none: ([None, None, None, 0.01, 0.1], ABOVE_ZERO[1]),
    settings.zero_or_more: ([0.0, 0.0, 0.01, 0.1], [0.0, *ABOVE_ZERO[1]]),
    settings.below_one: PART,
    settings.between_zero_and_one: (PART[0][1:], PART[1]),
    settings.whole_from_0: ([0, *COUNT[0]], COUNT[1]),
    settings.whole_from_1: COUNT,
    settings.truth: ([False, True], [False, True]),
}


class Dice:
    """Draws; `wild` is how often something out of the ordinary comes."""

    def __init__(self, seed: int) -> None:
        self.stream = Stream(seed)
        self.wild = self.choice([0.0, 0.02, 0.2])

    def chance(self, part: float) -> bool:
        return self.stream.random() < part

    def whole(self, low: int, high: int) -> int:
        return low + int(self.stream.random() * (high - low + 1))

    def choice(self, things: Sequence) -> Any:
        return things[int(self.stream.random() * len(things))]

    def sample(self, things: Sequence, count: int) -> list:
        return [things[place] for place in self.stream.shuffled(len(things))[:count]]

    def value(self, scale: float) -> float:
        """One of the special values, or of about this size."""
        if self.chance(self.wild):
            return self.choice(SPECIAL)
        return scale * (2.0 * self.stream.random() - 1.0)

    def settings(self, kind: type) -> settings.Settings:
        while True:
            drawn = {}
            for name, (check, default) in kind.settings.items():
                ordinary, others = VALUES[check]
                drawn[name] = self.choice(others if self.chance(self.wild) else ordinary)
                if default is not REQUIRED and self.chance(0.4):
                    drawn[name] = default
            try:
                return kind(**drawn)
            except ValueError:  # they do not go together
                continue


class Edit(NamedTuple):
    """What a callback does after an epoch."""

    kind: str  # "rate", "weight", "activation" or "end"
    value: Any


class Training(NamedTuple):
    """`data` and `validation` are inputs, targets, and weights or None."""

    seed: int
    network: Dict[str, Any]
    recipe: Dict[str, Any]
    data: Tuple[Rows, Any, Optional[List[float]]]
    validation: Optional[Tuple[Rows, Any, Optional[List[float]]]]
    validation_every: int
    stop: list
    epochs: int
    edits: Dict[int, Edit]  # by the epoch after which they come


def training(seed: int) -> Training:
    dice = Dice(seed)
    sizes = drawn_sizes(dice)
    loss, output = dice.choice(PAIRS)
    network = drawn_network(dice, sizes, output)
    products = 3 * sum((inputs + 1) * units for inputs, units in zip(sizes, sizes[1:])) + 30
    rows = drawn_count(dice, max(1, WORK // products))
    epochs = min(dice.choice([0, 1, 2, 3, 5, 8, 30]), WORK // (products * rows))
    recipe = drawn_recipe(dice, loss, sizes[-1], rows)
    data = drawn_data(dice, rows, sizes, loss)
    held_out = dice.choice([0, 0, 1, 5, 12, 130])
    validation = None
    if held_out and held_out * products < WORK:
        validation = drawn_data(dice, held_out, sizes, loss)
    rules = [kind for kind in RULES.values() if validation or not kind.needs_validation]
    stop = [dice.settings(kind) for kind in dice.sample(rules, dice.choice([0, 0, 1, 3]))]
    edits = {}
    while dice.chance(0.2):
        edits[dice.whole(1, max(epochs, 1))] = drawn_edit(dice)
    # Drawn last: a training of an earlier seed stays what it was.
    every = dice.choice([1, 1, 2, 3, 5])
    if dice.chance(0.5) and can_be_single(network):
        network["precision"] = "single"
        data, validation = within_single(data), within_single(validation)
    return Training(seed, network, recipe, data, validation, every, stop, epochs, edits)


def can_be_single(network: Dict[str, Any]) -> bool:
    try:
        Network(**network, precision="single")
    except ValueError:  # a weight is beyond its largest number
        return False
    return True


def within_single(value: Any) -> Any:
    """Numbers beyond the largest of single precision become that one."""
    if isinstance(value, float):
        return max(-LARGEST_SINGLE, min(value, LARGEST_SINGLE))
    return type(value)(map(within_single, value)) if isinstance(value, (list, tuple)) else value


def drawn_sizes(dice: Dice) -> List[int]:
    """Tiny, ordinary, around the sizes of vectors and panels, or deep."""
    kind = dice.choice(["tiny", "tiny", "ordinary", "vectors", "deep"])
    if kind == "tiny":
        return [dice.whole(1, 9)] + [dice.whole(1, 4) for _ in range(dice.whole(1, 3))]
    if kind == "ordinary":
        return [dice.whole(1, 20) for _ in range(dice.whole(2, 4))]
    if kind == "vectors":
        return [dice.choice([1, 7, 8, 9, 15, 16, 17, 24, 31, 33, 65])
                for _ in range(dice.whole(2, 4))]
    return [dice.whole(1, 5) for _ in range(dice.whole(5, 12))]


def drawn_count(dice: Dice, most: int) -> int:
    """Of rows: few, or about as many as go through the layers together."""
    count = dice.choice([1, 2, 3, dice.whole(4, 40), dice.whole(4, 40), dice.whole(120, 300)])
    return min(count, most)


def drawn_network(dice: Dice, sizes: List[int], output: str) -> Dict[str, Any]:
    shapes = list(zip(sizes, sizes[1:]))
    initializer: Any = dice.choice(list(INITIALIZERS))
    kind = dice.choice(["name", "name", "name", "object", "lists"])
    if kind == "object":
        initializer = dice.settings(dice.choice([ConstantWeights, Normal, Uniform]))
    elif kind == "lists":
        initializer = []
        for inputs, units in shapes:
            scale = dice.choice([1.0, 1.0, *SCALES])
            initializer.append([[dice.value(scale) for _ in range(units)] for _ in range(inputs)])
    return {
        "sizes": sizes,
        "hidden": [dice.choice(HIDDEN) for _ in sizes[1:-1]],
        "output": output,
        "initializer": initializer,
        "biases": dice.choice([True, True, True, False, Uniform(-0.5, 0.5), *INITIALIZERS]),
        "seed": dice.whole(0, 2**32 - 1),
    }


def drawn_recipe(dice: Dice, loss: str, outputs: int, rows: int) -> Dict[str, Any]:
    optimizer = dice.settings(dice.choice(list(OPTIMIZERS.values())))
    of_one_function = isinstance(optimizer, LBFGS)
    regularization = vars(dice.settings(Regularization))
    recipe = {name: value for name, value in regularization.items() if dice.chance(0.3)}
    if of_one_function:
        recipe = {name: value for name, value in recipe.items() if name in ("l1", "l2")}
    elif optimizer.follows_rate and dice.chance(0.5):
        recipe["schedule"] = dice.settings(dice.choice(list(SCHEDULES.values())))
    if loss == "cross_entropy" and dice.chance(0.3):
        recipe["label_smoothing"] = dice.choice(PART[0])
    if dice.chance(0.2):
        weights = [dice.choice([0.0, 0.5, 1.0, 3.0, TINIEST]) for _ in range(max(2, outputs))]
        recipe["class_weights"] = dice.choice(["balanced", weights])
    sizes = [1, 2, 3, 4, 5, 8, 16, 100, 10**12, rows, rows + 1]
    return {
        **recipe,
        "loss": loss,
        "optimizer": optimizer,
        "batch_size": None if of_one_function else dice.choice([None, *sizes]),
        "shuffle": dice.chance(0.7),
        "seed": dice.choice([None, dice.whole(0, 2**32 - 1)]),
    }


def drawn_data(dice: Dice, rows: int, sizes: List[int], loss: str) -> tuple:
    scales = [dice.choice([1.0, 1.0, *SCALES]) if dice.chance(dice.wild) else 1.0
              for _ in range(sizes[0])]
    inputs = [[dice.value(scale) for scale in scales] for _ in range(rows)]
    weights = None
    if dice.chance(0.2):
        weights = [dice.choice([0.0, 0.3, 1.0, 2.5, TINIEST, 1e-300]) for _ in range(rows)]
    return inputs, drawn_targets(dice, rows, sizes[-1], loss), weights


def drawn_targets(dice: Dice, rows: int, outputs: int, loss: str) -> Any:
    if loss == "cross_entropy":
        if outputs > 1 and dice.chance(0.5):
            return [dice.whole(0, outputs - 1) for _ in range(rows)]
        return [one_row_that_adds_up(dice, outputs) for _ in range(rows)]
    if loss == "binary_cross_entropy":
        return [[dice.choice([0.0, 1.0, -0.0, TINIEST, 0.3]) for _ in range(outputs)]
                for _ in range(rows)]
    scale = dice.choice([1.0, 1.0, 1.0, 30.0, dice.choice(SCALES)])
    targets = [[dice.value(scale) for _ in range(outputs)] for _ in range(rows)]
    return [[abs(t) for t in row] for row in targets] if loss == "poisson" else targets


def one_row_that_adds_up(dice: Dice, outputs: int) -> List[float]:
    if dice.chance(0.5):
        return [0.25 / outputs + 0.75 * (j == outputs // 2) for j in range(outputs)]
    chosen = dice.whole(0, outputs - 1)
    return [float(j == chosen) for j in range(outputs)]


def drawn_edit(dice: Dice) -> Edit:
    kind = dice.choice(["rate", "weight", "activation", "end"])
    value = {
        "rate": dice.choice(ABOVE_ZERO[0]),
        "weight": dice.choice([0.3, -0.7, *SPECIAL]),
        "activation": dice.choice(HIDDEN),
        "end": True,
    }
    return Edit(kind, value[kind])
