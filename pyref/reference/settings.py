"""What a user sets: objects that are nothing but their settings, each of them checked.

Optimizers, schedules, stopping rules and the like are declared in this form:

    class Step(Schedule):                      # Schedule is a kind of Settings
        every = Setting(whole_from_1)          # a whole number, at least 1; it must be given
        factor = Setting(above_zero, 0.1)      # a number above 0; 0.1 unless it is given

so that Step(2), Step(every=2) and Step(2, factor=0.1) make equal objects whose `every` is 2, and
Step(0) raises an error that says what is needed.  Nothing is computed here that training depends
on.  First come the checks of single settings, then `Setting` and `Settings` themselves.
"""

import math
import operator
from typing import TYPE_CHECKING, Any, Callable, Collection, Dict, NamedTuple, Optional, TypeVar

if TYPE_CHECKING:
    from inspect import Signature

try:
    from numbers import Integral as Integral
    from numbers import Real as Real
except ImportError:  # the smallest Pythons have no such module, nor other numbers than these
    Integral, Real = int, (int, float)  # type: ignore[assignment,misc]  # isinstance takes them

Kept = TypeVar("Kept")  # what a check returns


def number(what: str, value: object) -> float:
    """A finite number as a float, or an error that begins with `what`.

    All checks are of this form: they return the value as it will be kept, or raise ValueError.

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
    raise ValueError(f"{what}: a finite number is needed, not {value!r:.40}")


def above_zero(what: str, value: object) -> float:
    converted = number(what, value)
    if converted <= 0.0:
        raise ValueError(f"{what}: a number above 0 is needed, not {value!r}")
    return converted


def above_zero_or_none(what: str, value: object) -> Optional[float]:
    return None if value is None else above_zero(what, value)


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


def between_zero_and_one(what: str, value: object) -> float:
    return below_one(what, above_zero(what, value))


def whole(what: str, value: object, least: int) -> int:
    """A whole number, at least `least`."""
    try:
        converted: Optional[int] = operator.index(value)  # type: ignore[arg-type]  # tried
    except TypeError:
        converted = None
    if converted is None or isinstance(value, bool) or converted < least:
        raise ValueError(f"{what}: a whole number, at least {least}, is needed, not {value!r:.40}")
    return converted


def whole_from_0(what: str, value: object, least: int = 0) -> int:
    """A whole number that a float can hold too: C, and a state, know no others."""
    converted = whole(what, value, least)
    number(what, converted)
    return converted


def whole_from_1(what: str, value: object) -> int:
    return whole_from_0(what, value, least=1)


def is_count(value: float) -> bool:
    """Whether counting by 1.0 from 0.0 can lead there: a float counts no farther than 2⁵³."""
    return 0.0 <= value <= 9007199254740992.0 and value == int(value)


def truth(what: str, value: object) -> bool:
    if value not in (False, True):  # NumPy's are equal to these
        raise ValueError(f"{what}: True or False is needed, not {value!r:.40}")
    return bool(value)


def one_of(what: str, value: object, names: Collection[str]) -> str:
    """One of these names."""
    if not isinstance(value, str) or value not in names:
        raise ValueError(f"{what}: {value!r:.40} is unknown; one of {', '.join(names)} is needed")
    return value


REQUIRED = object()  # the default of a setting that has none


class Declared(NamedTuple):
    """What a setting may be, as one of the checks above, and what it is if nobody says."""

    check: Callable[[str, object], object]
    default: object = REQUIRED

    def __repr__(self) -> str:  # in help()
        default = "" if self.default is REQUIRED else f", {self.default!r} if not given"
        return f"<{self.check.__name__.replace('_', ' ')}{default}>"


def Setting(check: Callable[[str, object], Kept], default: object = REQUIRED) -> Kept:
    """Declares a setting of a class.  Its objects have what the check returns (and only that is
    what type checkers are told of)."""
    return Declared(check, default)  # type: ignore[return-value]  # the class's, not an object's


class Signed(type):
    """The type of `Settings`: it does nothing but tell help() the arguments of each such class.

    Without it, help() would show those of the one `__init__` that all share, (*values, **named).
    """

    settings: Dict[str, Declared]

    @property
    def __signature__(cls) -> "Signature":
        from inspect import Parameter, Signature

        def parameter(name: str, setting: Declared) -> Parameter:
            default = Parameter.empty if setting.default is REQUIRED else setting.default
            kind = bool if setting.check is truth else Parameter.empty
            return Parameter(
                name, Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=kind
            )

        return Signature([parameter(*pair) for pair in cls.settings.items()])


class Settings(metaclass=Signed):
    """A base for optimizers, stopping rules and the like.

    A class declares its settings, in the order of its arguments, and inherits those of the class
    that it is derived from.  An object has an attribute for each, which may be changed, and is
    checked again then; it has no others.  Equal settings make equal objects.  ValueError tells of
    a setting that cannot be, TypeError of one that is missing, unknown, or given twice.

    >>> class Spring(Settings):
    ...     stiffness = Setting(above_zero)
    ...     damping = Setting(below_one, 0.5)
    >>> Spring(2)
    Spring(stiffness=2.0, damping=0.5)
    >>> Spring(stiffness=0.0)
    Traceback (most recent call last):
    ValueError: Spring: stiffness: a number above 0 is needed, not 0.0
    """

    settings: Dict[str, Declared] = {}  # of the class, by name, in order

    def __init_subclass__(cls) -> None:  # Python calls it for each class that is declared
        own = {name: value for name, value in vars(cls).items() if isinstance(value, Declared)}
        inherited = {name: s for name, s in cls.settings.items() if name not in vars(cls)}
        cls.settings = {**inherited, **own}

    def __init__(self, *values: Any, **named: Any) -> None:
        name = type(self).__name__
        for setting, value in zip(self.settings, values):
            if named.setdefault(setting, value) is not value:
                raise TypeError(f"{name}: {setting} is given twice")
        unknown = [setting for setting in named if setting not in self.settings]
        if unknown or len(values) > len(self.settings):
            given = unknown[0] if unknown else f"{len(values)} values"
            raise TypeError(f"{name}: {given}: the settings are {', '.join(self.settings)}")
        for setting, (_, default) in self.settings.items():
            value = named.get(setting, default)
            if value is REQUIRED:
                raise TypeError(f"{name}: {setting} is needed")
            setattr(self, setting, value)
        self.check()

    def __setattr__(self, name: str, value: Any) -> None:
        kind = type(self).__name__
        if name not in self.settings:
            raise AttributeError(f"{kind}: {name}: the settings are {', '.join(self.settings)}")
        super().__setattr__(name, self.settings[name].check(f"{kind}: {name}", value))

    def check(self) -> None:
        """Raises ValueError where settings do not go together."""

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
