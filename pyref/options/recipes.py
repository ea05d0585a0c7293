"""A recipe as a text: the options of pyref train that make a network of a table."""

import argparse
import copy
from functools import lru_cache
from typing import Optional, Sequence

from .groups import add_recipe_options
from .parser import Parser


@lru_cache(maxsize=None)
def parser_of_recipes() -> Parser:
    """One for all: to make it takes 4 ms."""
    parser = Parser(prog="pyref train", add_help=False)
    add_recipe_options(parser)
    return parser


def recipe_from(
    words: Sequence[str], where: str, base: Optional[argparse.Namespace] = None
) -> argparse.Namespace:
    """What the options say; what they leave open is as in `base`.  Its `recipe` is `where`.

    Raises ValueError, which begins with `where`, for others and for values that cannot be.
    """
    try:
        given = argparse.Namespace() if base is None else copy.copy(base)
        found: argparse.Namespace = parser_of_recipes().parse_args(words, given)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
    found.recipe = where
    return found


def words_in(text: str, where: str) -> Sequence[str]:
    """
    >>> words_in("--hidden 16,16  --optimizer sgd", "the recipe")
    ['--hidden', '16,16', '--optimizer', 'sgd']
    """
    from shlex import split

    try:
        return split(text)
    except ValueError as error:  # a quote that is not closed
        raise ValueError(f"{where}: {error}") from None
