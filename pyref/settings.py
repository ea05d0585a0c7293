"""What a user sets: objects that are nothing but their settings, and checks of single settings."""

import math
import operator
from numbers import Real
from typing import Any, Dict


class Settings:
    """A base for optimizers, stopping rules and the like: equal when made with equal arguments.

    A subclass keeps each argument of its constructor as an attribute of the same name.
    """

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), tuple(vars(self).items())))

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({settings})"


def describe(settings: Settings) -> Dict[str, Any]:
    """Its name and its settings, as files hold them."""
    return {"name": type(settings).__name__, **vars(settings)}


def number(what: str, value: object) -> float:
    """A finite number as a float, or an error that begins with `what`.

    >>> number("momentum", "much")
    Traceback (most recent call last):
    ValueError: momentum: a finite number is needed, not 'much'
    """
    if isinstance(value, Real) and not isinstance(value, bool):
        try:
            converted = float(value)
        except OverflowError:
            converted = math.inf
        if math.isfinite(converted):
            return converted
    raise ValueError(f"{what}: a finite number is needed, not {value!r}")


def above_zero(what: str, value: object) -> float:
    converted = number(what, value)
    if converted <= 0.0:
        raise ValueError(f"{what}: a number above 0 is needed, not {value!r}")
    return converted


def zero_or_more(what: str, value: object) -> float:
    converted = number(what, value)
    if converted < 0.0:
        raise ValueError(f"{what}: 0 or a number above it is needed, not {value!r}")
    return converted


def below_one(what: str, value: object) -> float:
    converted = number(what, value)
    if not 0.0 <= converted < 1.0:
        raise ValueError(f"{what}: a number from 0 to below 1 is needed, not {value!r}")
    return converted


def whole(what: str, value: object, least: int) -> int:
    """A whole number, at least `least`."""
    try:
        converted = operator.index(value)
    except TypeError:
        converted = None
    if converted is None or isinstance(value, bool) or converted < least:
        raise ValueError(f"{what}: a whole number, at least {least}, is needed, not {value!r}")
    return converted


def one_of(what: str, value: object, names) -> str:
    if not isinstance(value, str) or value not in names:
        raise ValueError(f"{what}: {value!r} is unknown; one of {', '.join(names)} is needed")
    return value
