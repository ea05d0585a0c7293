"""Recipes whose options have several values: every combination is a recipe of its own.

One rule for all options of a recipe: what takes a value takes several, and a switch takes yes and
no.  An option given again has further values; but each --stop is a rule of its own, which all
recipes have, with one of its values in each.

A recipe is written in one way only, its options in the order of the help and their values as they
were understood: so it is known again, however it was asked for.
"""

import shlex
from itertools import chain
from math import prod
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Union

from ..options.groups import add_recipe_options
from ..options.parser import Parser
from ..options.recipes import words_in
from ..reference.settings import Integral, Real
from ..tables import passes

ON, OFF = "yes", "no"  # what a switch takes
UNSWEPT = ("--backend", "--threads")  # they decide no bit
SEED = "--seed"  # --seeds has several
STOP = "--stop"
MOST_RECIPES = 10_000_000

Values = Union[str, Mapping[str, Any]]


class Recipe(NamedTuple):
    """A text of options of pyref train, and what of it is not the same in all recipes."""

    text: str
    label: str


class Axis(NamedTuple):
    """An option of a recipe, and its values, as they are written; a switch's are ON and OFF."""

    option: str
    values: List[str]
    is_switch: bool


class Several:
    """Passes the options of a recipe on to a parser, or a group of one, as options of several
    values.  `swept` are their names, and whether they are switches."""

    def __init__(self, group: Any, swept: Optional[Dict[str, bool]] = None) -> None:
        self.group = group
        self.swept = {} if swept is None else swept

    def add_argument_group(self, title: str) -> "Several":
        return Several(self.group.add_argument_group(title), self.swept)

    def set_defaults(self, **defaults: Any) -> None:
        self.group.set_defaults(**defaults)

    def add_argument(self, *names: str, **settings: Any) -> None:
        [option] = names  # those of recipes have one each
        if option == SEED:
            return
        if option not in UNSWEPT:
            self.swept[option] = settings.get("action") == "store_true"
            settings.update(nargs="+", action="append")
            if self.swept[option]:
                settings.update(nargs="*", choices=(ON, OFF), metavar="YES_OR_NO")
        self.group.add_argument(option, **settings)


def add_swept_options(parser: Any) -> Dict[str, bool]:
    """Those of a recipe; what comes back is for `axes_of`."""
    several = Several(parser)
    add_recipe_options(several)
    return several.swept


def axes_of(found: Any, swept: Mapping[str, bool]) -> List[Axis]:
    """Of what was parsed."""
    axes = []
    for option, is_switch in swept.items():
        given = getattr(found, name_of(option)) or []
        if is_switch:
            given = [values or [ON] for values in given]
        if option != STOP:
            given = [list(chain.from_iterable(given))] * bool(given)
        for values in given:
            axes.append(Axis(option, list(dict.fromkeys(map(word, values))), is_switch))
    return axes


def name_of(option: str) -> str:
    return option.lstrip("-").replace("-", "_")


def word(value: Any) -> str:
    """A value, as an option takes it.

    >>> word([16, 8]), word([]), word(0.1), word(True), word("adam")
    ('16,8', '0', '0.1', 'yes', 'adam')
    """
    if isinstance(value, bool):
        return ON if value else OFF
    if isinstance(value, (list, tuple)):
        return ",".join(map(word, value)) or "0"
    if isinstance(value, Integral):  # NumPy's, too, which write themselves as np.int64(8)
        return str(int(value))
    if isinstance(value, Real):
        return repr(float(value))
    return value if isinstance(value, str) else repr(value)


def axes_from(values: Values) -> List[Axis]:
    """Of a text of options, or of names and their values.  Raises ValueError for what these cannot
    be.

    >>> axes_from("--hidden 8 4,4")
    [Axis(option='--hidden', values=['8', '4,4'], is_switch=False)]
    >>> axes_from({"hidden": [8, [4, 4]]}) == axes_from("--hidden 8 4,4")
    True
    """
    parser = Parser(prog="pyref sweep", add_help=False)
    swept = add_swept_options(parser)
    words = words_in(values, "the recipes") if isinstance(values, str) else words_from(values)
    try:
        return axes_of(parser.parse_args(words), swept)
    except ValueError as error:
        raise ValueError(f"the recipes: {error}") from None


def words_from(values: Mapping[str, Any]) -> List[str]:
    if not isinstance(values, Mapping) or not all(isinstance(name, str) for name in values):
        raise TypeError(
            f"recipes: a text of options is needed, or their names and values, not {values!r:.40}"
        )
    words = []
    for name, given in values.items():
        several = given if isinstance(given, Iterable) and not isinstance(given, str) else [given]
        words += ["--" + name.replace("_", "-"), *map(word, several)]
    return words


def combinations(axes: Sequence[Axis], sample: Optional[int] = None, seed: int = 1) -> List[Recipe]:
    """All of them, the values of the last option changing first; or so many, which the stream of
    `seed` chooses, in the same order.

    >>> [recipe.text for recipe in combinations(axes_from("--l1 0 1 --hidden 8 4 --epochs 9"))]
    ... # doctest: +NORMALIZE_WHITESPACE
    ['--hidden 8 --epochs 9 --l1 0.0', '--hidden 8 --epochs 9 --l1 1.0',
     '--hidden 4 --epochs 9 --l1 0.0', '--hidden 4 --epochs 9 --l1 1.0']
    """
    count = prod(len(axis.values) for axis in axes)
    if count > MOST_RECIPES:
        raise ValueError(f"{count:,} combinations: at most {MOST_RECIPES:,} can be told apart")
    numbers: Sequence[int] = range(count)
    if sample is not None and sample < count:
        numbers = sorted(passes.fastest.shuffled(seed, count)[:sample])
    found = [combination(axes, number) for number in numbers]
    return list({recipe.text: recipe for recipe in found}.values())


def combination(axes: Sequence[Axis], number: int) -> Recipe:
    words: List[str] = []
    label: List[str] = []
    for axis in reversed(axes):
        number, place = divmod(number, len(axis.values))
        value = axis.values[place]
        said = [axis.option, value]
        if axis.is_switch:
            said = [axis.option] if value == ON else []
        words[:0] = said
        if len(axis.values) > 1:
            label[:0] = said
    return Recipe(shlex.join(words), shlex.join(label))
