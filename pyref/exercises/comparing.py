"""Numbers of a learner's beside those that are right, bit by bit."""

from typing import Any, Sequence, Union

from .work import Wrong, shortly

Numbers = Union[float, Sequence[Any]]


def same(what: str, expected: Numbers, found: Any) -> None:
    """Raises Wrong at the first number that differs, of lists within lists if need be.

    >>> same("weights", [0.5, 1.0], [0.5, 1])
    >>> same("weights", [0.5, 0.1 + 0.2], [0.5, 0.3])
    Traceback (most recent call last):
    pyref.exercises.work.Wrong: weights[1]: expected 0.30000000000000004, found 0.3: right up to \
rounding, but other bits (0x1.3333333333334p-2, not 0x1.3333333333333p-2): the order of the \
operations decides
    """
    if isinstance(expected, (int, float)):
        same_number(what, float(expected), found)
        return
    if not isinstance(found, (list, tuple)) or len(found) != len(expected):
        raise Wrong(f"{what}: expected a list of {len(expected)}, found {shortly(found)}")
    for place, (ours, theirs) in enumerate(zip(expected, found)):
        same(f"{what}[{place}]", ours, theirs)


def same_number(what: str, expected: float, found: Any) -> None:
    try:
        number = float(found)
    except (TypeError, ValueError, OverflowError):
        raise Wrong(f"{what}: expected {expected!r}, found {shortly(found)}") from None
    if isinstance(found, str):
        raise Wrong(f"{what}: expected {expected!r}, found the text {shortly(found)}")
    if number.hex() == expected.hex():
        return
    said = f"{what}: expected {expected!r}, found {number!r}"
    if abs(number - expected) <= 1e-9 * abs(expected):
        said += (f": right up to rounding, but other bits ({expected.hex()}, not {number.hex()}): "
                 "the order of the operations decides")
    raise Wrong(said)
