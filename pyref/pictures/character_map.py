"""Decision regions in characters, for a terminal that shows nothing else."""

from typing import Any, Dict, Iterator, List, NamedTuple, Sequence

from ..arguments.task import classes_of, task_of
from ..tables import passes
from ..tables.layout import CLASSIFICATION
from .answers import columns, names_of_outputs
from .region import Span, finite_span, grid, lines, spans
from .text import named, number

MARKS = ".#o+x*=%@&"  # of classes
SHADES = " .:-=+*#%@"  # of numbers, from the lowest to the highest
WIDEST = 48  # characters; about half as many lines make it a square
BESIDE = 12


class Map(NamedTuple):
    """Of what, and its answers to a grid of both inputs, line by line, the highest first: numbers
    of `classes`, or of outputs where there are none."""

    of_what: str
    classes: List[str]
    answers: List[List[float]]


class Maps(NamedTuple):
    names: List[str]
    across: Span
    up: Span
    maps: List[Map]


def maps_of(network: Any, room: int) -> Maps:
    """One of a classification, else one for each output.  Raises ValueError where the network has
    not two inputs."""
    across, up = spans(network, None)
    wide = min(WIDEST, room - BESIDE - 1)
    outputs = network.predict(grid(across, up, wide, wide // 2))
    names, width = network.input_names or ["input 0", "input 1"], network.sizes[-1]
    if task_of(network) == CLASSIFICATION:
        said = passes.fastest.answers(outputs, width)
        found = [Map("class", classes_of(network) or [], lines(said, wide))]
    else:
        found = [
            Map(name, [], lines(column, wide))
            for name, column in zip(names_of_outputs(network) or [], columns(outputs, width))
        ]
    return Maps(list(map(named, names)), across, up, found)


def in_characters(found: Maps) -> Iterator[str]:
    x, y = found.names
    for each in found.maps:
        yield ""
        yield f"Answers: {named(each.of_what)} over {x} (across) and {y} (up)"
        yield from with_sides(found, drawn(each))
        yield from legend(each)


def drawn(each: Map) -> List[str]:
    if each.classes:
        return ["".join(mark_of(int(place)) for place in row) for row in each.answers]
    low, high = finite_span([value for row in each.answers for value in row])
    return ["".join(shade(value, low, high) for value in row) for row in each.answers]


def mark_of(place: int) -> str:
    """
    >>> mark_of(0), mark_of(10), mark_of(99)
    ('.', 'a', '?')
    """
    if place < len(MARKS):
        return MARKS[place]
    letter = ord("a") + place - len(MARKS)
    return chr(letter) if letter <= ord("z") else "?"


def shade(value: float, low: float, high: float) -> str:
    """
    >>> shade(0.0, 0.0, 1.0), shade(0.5, 0.0, 1.0), shade(float("inf"), 0.0, 1.0)
    (' ', '+', '@')
    """
    part = (value - low) / ((high - low) or 1.0)
    if not part >= 0.0:
        return SHADES[0]
    return SHADES[min(int(min(part, 1.0) * len(SHADES)), len(SHADES) - 1)]


def with_sides(found: Maps, rows: Sequence[str]) -> Iterator[str]:
    """Numbers at the ends of both axes."""
    ends: Dict[int, str] = {0: in_ascii(found.up[1]), len(rows) - 1: in_ascii(found.up[0])}
    for place, row in enumerate(rows):
        yield f"{ends.get(place, ''):>{BESIDE - 2}} |{row}|"
    left, right = map(in_ascii, found.across)
    width = len(rows[0])
    yield " " * (BESIDE - 1) + "+" + "-" * width + "+"
    yield " " * BESIDE + left + right.rjust(width - len(left))


def in_ascii(value: float) -> str:
    return number(value).replace("−", "-")


def legend(each: Map) -> Iterator[str]:
    if not each.classes:
        low, high = finite_span([value for row in each.answers for value in row])
        yield f"  from {in_ascii(low)} (blank) to {in_ascii(high)} ({SHADES[-1]})"
        return
    for place, name in enumerate(each.classes):
        yield f"  {mark_of(place)}  {named(name)}"
