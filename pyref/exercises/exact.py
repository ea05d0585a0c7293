"""Numbers that are never rounded: a formula of + − × ÷ is right with them, or it is not.

Two right forms of a formula may differ in their last bits when they are computed in floats.  In
fractions both give the same, so a checker that calls a learner's function with such numbers needs
no tolerance.
"""

from typing import TYPE_CHECKING, Any, Union

if TYPE_CHECKING:
    from fractions import Fraction


class Exact:
    """A fraction that takes floats for what they are exactly.

    >>> 1.0 - Exact(1) / 3, Exact(2) ** 3 == 8.0, abs(-Exact(1)) > 0.5
    (2/3, True, True)
    """

    def __init__(self, value: Any) -> None:
        self.value: "Fraction" = fraction(value)

    def __repr__(self) -> str:
        return str(self.value)

    def __float__(self) -> float:
        return float(self.value)

    def __hash__(self) -> int:
        return hash(self.value)

    def __neg__(self) -> "Exact":
        return Exact(-self.value)

    def __pos__(self) -> "Exact":
        return self

    def __abs__(self) -> "Exact":
        return Exact(abs(self.value))

    def __add__(self, other: Any) -> "Exact":
        return Exact(self.value + fraction(other))

    def __sub__(self, other: Any) -> "Exact":
        return Exact(self.value - fraction(other))

    def __mul__(self, other: Any) -> "Exact":
        return Exact(self.value * fraction(other))

    def __truediv__(self, other: Any) -> "Exact":
        return Exact(self.value / fraction(other))

    def __pow__(self, other: Any) -> Union["Exact", float]:
        power = fraction(other)
        if power.denominator != 1:  # a root: no fraction, as a rule
            return float(float(self) ** float(power))
        return Exact(self.value ** power.numerator)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: Any) -> "Exact":
        return Exact(fraction(other) - self.value)

    def __rtruediv__(self, other: Any) -> "Exact":
        return Exact(fraction(other) / self.value)

    def __eq__(self, other: Any) -> bool:
        return self.value == (other.value if isinstance(other, Exact) else other)

    def __lt__(self, other: Any) -> bool:
        return self.value < fraction(other)

    def __le__(self, other: Any) -> bool:
        return self.value <= fraction(other)

    def __gt__(self, other: Any) -> bool:
        return self.value > fraction(other)

    def __ge__(self, other: Any) -> bool:
        return self.value >= fraction(other)


def fraction(value: Any) -> "Fraction":
    from fractions import Fraction  # which the smallest Pythons lack: there, tasks are read

    return value.value if isinstance(value, Exact) else Fraction(value)


def shown(value: Any) -> str:
    """
    >>> shown(Exact(1) / 3), shown(Exact(2)), shown(0.5)
    ('1/3 (0.333333)', '2', '0.5')
    """
    if isinstance(value, Exact) and value.value.denominator != 1:
        return f"{value!r} ({float(value):.6g})"
    return repr(value)
