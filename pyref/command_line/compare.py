"""pyref compare: several recipes over the same folds."""

from argparse import Namespace

from .cross_validate import RESULT, folds_of, object_of, trained
from ..options.groups import (
    add_data_options, add_folds_options, add_recipe_options,
)
from .reports.cross_validation import comparison, explanation
from .saying import answer, answer_object
from ..work.comparison import compared, recipes_from
from .help.parser import NewParser

DESCRIPTION = """\
Follow several recipes over the same folds, as pyref cross-validate does with one, and compare them
fold by fold.

  pyref compare iris '--hidden 8' '--hidden 16,16 --optimizer sgd --learning-rate 0.1'
  pyref compare houses.csv '' '--hidden 64' mine.model.json --target price --repeats 3

A RECIPE is a text of options as pyref train takes them, in quotes; '' is what pyref train does
without any, and the name of a model file is the recipe in that file.  A recipe of a single word has
a space at its end, as in '--no-biases ', or it would be an option of all.  What all have in common
may stand outside: --epochs 50 is part of every recipe that does not say otherwise.

For each recipe stand the mean over all folds of the part of rows that are right (for a regression
of R²), its deviation, and the loss; then the mean difference to the best recipe in the same folds,
the standard error of this mean, and the number of folds in which it was better than the best.  A
difference of less than two standard errors may well be chance.

Exit code 0: compared.  1: trainings of a recipe diverged.  2: an error, which is told.
130: Ctrl-C."""

EPILOG = f"""\
The names that options take stand at the end of: pyref train --help

With --json: data, rows, task, folds, repeats, seed, engine, notes (a list of texts), and recipes,
each with recipe (its text), results, score and loss (mean and deviation, or null), best (whether it
is), difference (to the best: mean over the folds), standard_error (of that mean) and wins.

{RESULT}"""


def add_parser(new_parser: NewParser) -> None:
    parser = new_parser(
        usage="pyref compare DATA RECIPE RECIPE … [options]",
        description=DESCRIPTION,
        epilog=EPILOG,
    )
    parser.set_defaults(run=run)
    add_data_options(parser)
    parser.add_argument(
        "recipes", metavar="RECIPE", nargs="+",
        help="options of pyref train in quotes, or a model file",
    )
    add_recipe_options(parser)
    add_folds_options(parser)


def run(options: Namespace) -> int:
    if len(options.recipes) < 2:
        raise ValueError(
            "two recipes or more are needed to compare (one of a single word has a space at its "
            "end, as in '--no-biases '; pyref cross-validate tries one)"
        )
    recipes = recipes_from(options.recipes, options)
    made = folds_of(options)
    lines = compared(options.recipes, trained(made, recipes, options))
    if options.json:
        answer_object({
            **object_of(made, options), "recipes": [line.as_object() for line in lines],
        })
    else:
        answer([*comparison(made, lines), "", *explanation(made, lines)])
    failed = any(result.diverged is not None for line in lines for result in line.results)
    return 1 if failed else 0
