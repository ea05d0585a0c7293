"""Choosing how to train a small table by cross-validation; the rule is in options/defaults.py.

The rows are dealt out into folds.  Each recipe is trained without the rows of a fold, which it then
answers.  The recipes are compared by the squared errors of these answers: of the numbers of a
regression, as they are scaled; of the probabilities of classes and labels (Brier 1950), which
counts how many are right as well as how sure the network was, and no row for more than it can.  The
chosen recipe is then trained with all rows.

Engine, threads and time have no part in it: the same rows, options and seed choose the same.
"""

from argparse import Namespace
from array import array
from copy import copy
from math import sqrt
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple

from ..network import Evaluation, Network
from ..reference.divergence import DivergedError
from ..rows.targets import one_hot
from ..tables.examples import Examples, RawExamples
from ..tables.layout import CLASSIFICATION
from ..tables.splitting import folds
from ..tables.passes import mean
from ..options import defaults
from ..options.defaults import Recipe
from ..rows.arrays import Floats
from .from_options import given, new_network, new_trainer, option_names, targets_for
from .division import Rows
from .judging import Judgement, judge

Progress = Callable[[int, int], Any]  # called with the trainings that are done, and about how many


class Judged(NamedTuple):
    """How good the answers were that came from trainings without the rows they are for: `rows` are
    the inputs and targets of those rows, of which `folds` of all `FOLDS` were looked at."""

    rows: Rows
    folds: int
    of_folds: int
    chosen: Judgement
    linear: Optional[Judgement]


class Choice(NamedTuple):
    """`options` are those given, with what was chosen in place of what was left open.  `errors` are
    the mean squared errors of the recipes that were compared; `judged` is None where the rows are
    too few to say anything."""

    options: Any
    errors: Dict[Recipe, float]
    judged: Optional[Judged]

    def described(self) -> Dict[str, Any]:
        """For the recipe of a model."""
        compared = [
            {**recipe._asdict(), "hidden": list(recipe.hidden), "squared_error": error}
            for recipe, error in self.errors.items()
        ]
        if self.judged is None:
            return {"compared": compared}
        return {
            "compared": compared, "folds": self.judged.folds, "of_folds": self.judged.of_folds
        }


def leaves_open(options: Namespace) -> bool:
    """Whether no option says how to train."""
    return all(getattr(options, name, None) is None for name in defaults.SAY_HOW_TO_TRAIN)


def choose(
    options: Namespace, table: RawExamples, rows: Sequence[int], progress: Optional[Progress] = None
) -> Optional[Choice]:
    """How to train these rows of a table; None where it is large."""
    if len(rows) > defaults.MOST_ROWS_TO_CHOOSE_BY:
        return None
    inputs = table.prepared(rows).input_count
    numbers = len(rows) * inputs
    if numbers > defaults.MOST_NUMBERS_TO_CHOOSE_BY:
        return None
    if len(rows) < defaults.LEAST_ROWS_TO_CHOOSE_BY:
        return Choice(filled(options, defaults.BY_HEART), {}, None)
    recipes = recipes_for(options, inputs)
    trials = Trials(options, table, rows, len(recipes), progress)
    errors = {recipe: trials.errors(recipe) for recipe in recipes}
    constant = trials.errors_of_a_constant()
    sharpest = list(errors)[-1]
    is_small = numbers <= defaults.MOST_NUMBERS_BY_HEART
    if is_small and calmest_of_the_best({None: constant, **errors}) in (None, sharpest):
        trials.recipes += 1
        errors[defaults.BY_HEART] = trials.errors(defaults.BY_HEART)
    means = {recipe: mean(found) for recipe, found in errors.items()}
    nothing_learned = calmest_of_the_best({None: constant, **errors}) is None
    if nothing_learned and len(rows) < defaults.FEW_ROWS:
        return Choice(filled(options, defaults.BY_HEART), means, None)
    chosen = calmest_of_the_best(errors)
    return Choice(filled(options, chosen), means, trials.judged(chosen))


def for_a_large_table(options: Namespace, training_rows: int) -> Any:
    """The options, with what is usual for a table that is too large to choose."""
    told = copy(options)
    told.hidden = given(options.hidden, defaults.HIDDEN_OF_LARGE)
    told.optimizer = defaults.OPTIMIZER_OF_LARGE
    told.schedule = defaults.SCHEDULE_OF_LARGE.format(defaults.epochs(training_rows))
    return told


def calmest_of_the_best(errors: Dict[Any, Floats]) -> Any:
    """The first that is at most one standard error of the differences, row by row, worse than the
    best (the rule of Breiman et al. 1984, with pairs)."""
    best = min(errors, key=lambda recipe: mean(errors[recipe]))
    for recipe, found in errors.items():
        excess = array("d", [x - y for x, y in zip(found, errors[best])])
        middle = mean(excess)
        spread = mean(array("d", [(x - middle) * (x - middle) for x in excess]))
        if middle <= sqrt(spread / len(excess)):
            return recipe
    return best


def recipes_for(options: Namespace, inputs: int) -> List[Recipe]:
    """Those that differ in what the options leave open, calm ones first."""
    recipes = defaults.recipes(inputs)
    if options.hidden is None and options.activation is None:
        return recipes
    different: Dict[Any, Recipe] = {}
    for recipe in recipes:
        if recipe.hidden:  # a linear model has no such options
            said = filled(options, recipe)
            different.setdefault((said.activation, said.l2), recipe)
    return list(different.values())


def filled(options: Namespace, recipe: Recipe) -> Any:
    """The options, with a recipe's in place of those that were not given."""
    told = copy(options)
    told.hidden = given(options.hidden, list(recipe.hidden))
    if told.hidden:
        told.activation = given(options.activation, recipe.activation)
    told.optimizer, told.epochs, told.l2 = defaults.OPTIMIZER_TO_CHOOSE, recipe.epochs, recipe.l2
    told.validation = 0.0
    return told


class Trials:
    """Recipes, trained without the rows of one fold after the other, until these are enough."""

    def __init__(
        self, options: Namespace, table: RawExamples, rows: Sequence[int], recipes: int,
        progress: Optional[Progress],
    ) -> None:
        self.options = options
        self.recipes = recipes
        self.progress = progress
        self.trainings = 0
        self.of_folds = min(defaults.FOLDS, len(rows))
        self.examples: List[Examples] = []
        self.parts: List[Tuple[Rows, Rows]] = []  # the rows that train, and those of the fold
        self.networks: Dict[Recipe, List[Network]] = {}
        classes = None
        if table.task == CLASSIFICATION:
            classes = [table.targets[row] for row in rows]
        judged = 0
        seed = given(options.seed, defaults.SEED)
        for training, held_out in folds(len(rows), self.of_folds, seed, classes):
            examples = table.prepared([rows[place] for place in training])
            self.examples.append(examples)
            of_training, of_fold = (
                examples.part([rows[place] for place in side]) for side in (training, held_out)
            )
            self.parts.append((of_training, of_fold))
            judged += len(held_out)
            if judged >= defaults.ROWS_TO_JUDGE_BY:
                break

    def errors(self, recipe: Recipe) -> Floats:
        """The squared errors of the answers, row by row; infinite where a training diverged."""
        self.networks[recipe] = [
            self.trained(recipe, *of_fold) for of_fold in zip(self.examples, self.parts)
        ]
        found = array("d")
        for network, (_, (inputs, targets)) in zip(self.networks[recipe], self.parts):
            outputs = network.predict(inputs, backend=self.options.backend)
            found += squared_errors(network, outputs, wanted_of(network, targets))
        return found

    def errors_of_a_constant(self) -> Floats:
        """Those of answering the mean of the training rows, or how frequent each class is."""
        found = array("d")
        for network, (training, held_out) in zip(next(iter(self.networks.values())), self.parts):
            width = network.sizes[-1]
            wanted = [wanted_of(network, targets) for _, targets in (training, held_out)]
            means = array("d", [mean(wanted[0][column::width]) for column in range(width)])
            found += squared_errors(network, means * (len(wanted[1]) // width), wanted[1])
        return found

    def trained(self, recipe: Recipe, examples: Examples, parts: Tuple[Rows, Rows]) -> Network:
        """One that diverged keeps the weights before that, and is judged by them."""
        if self.progress is not None:
            self.progress(self.trainings, len(self.parts) * self.recipes)
        self.trainings += 1
        options, (inputs, targets) = filled(self.options, recipe), parts[0]
        with option_names(self.options):
            network = new_network(options, examples, inputs, targets)
            trainer = new_trainer(options, network, len(targets) // examples.target_count)
        network.recipe["task"] = examples.task
        try:
            trainer.train(inputs, targets_for(network, targets), epochs=recipe.epochs)
        except DivergedError:
            pass
        return network

    def judged(self, recipe: Recipe) -> Judged:
        """The answers of this recipe, and of the linear model if that is another."""
        rows = joined([held_out for _, held_out in self.parts])
        linear = None
        if defaults.LINEAR in self.networks and recipe.hidden:
            linear = self.judgement(defaults.LINEAR, rows)
        return Judged(rows, len(self.parts), self.of_folds, self.judgement(recipe, rows), linear)

    def judgement(self, recipe: Recipe, rows: Rows) -> Judgement:
        held_out = [part for _, part in self.parts]
        together: Any = ByFolds(self.networks[recipe], held_out)
        return judge(together, *rows, self.options.backend)


class ByFolds:
    """Networks, of which each answers the rows that it has not seen, as if they were one."""

    def __init__(self, networks: List[Network], held_out: List[Rows]) -> None:
        self.networks = networks
        self.held_out = held_out

    def __getattr__(self, name: str) -> Any:
        return getattr(self.networks[0], name)

    def predict(self, inputs: Floats, backend: str) -> Floats:
        outputs = array("d")
        for network, (of_fold, _) in zip(self.networks, self.held_out):
            outputs += network.predict(of_fold, backend=backend)
        return outputs

    def evaluate(self, inputs: Floats, targets: Floats, backend: str) -> Evaluation:
        loss = right = 0.0
        for network, (of_fold, wanted) in zip(self.networks, self.held_out):
            found = network.evaluate(of_fold, targets_for(network, wanted), backend=backend)
            loss += found.loss * len(of_fold)
            right += found.accuracy * len(of_fold)
        return Evaluation(loss / len(inputs), right / len(inputs))


def joined(parts: List[Rows]) -> Rows:
    inputs, targets = array("d"), array("d")
    for part in parts:
        inputs += part[0]
        targets += part[1]
    return inputs, targets


def wanted_of(network: Network, targets: Floats) -> Floats:
    """A number for each output: of classes, 1 for the one that is right and 0 for others."""
    width = network.sizes[-1]
    if network.class_names is None or width == 1:
        return targets
    flat = one_hot(targets, width, len(targets)).flat()
    assert isinstance(flat, array)
    return flat


def squared_errors(network: Network, outputs: Floats, wanted: Floats) -> Floats:
    """Of each row, the sum over its outputs, as they are scaled."""
    width, scaling = network.sizes[-1], network.target_scaling
    deviations = [1.0] * width if scaling is None else scaling.deviations
    found = array("d", bytes(8 * (len(wanted) // width)))
    for column, deviation in enumerate(deviations):
        pairs = zip(outputs[column::width], wanted[column::width])
        for row, (output, target) in enumerate(pairs):
            error = (output - target) / deviation
            found[row] += error * error
    return found
