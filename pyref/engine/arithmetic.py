"""Whether this process computes as the specification says: the arithmetic probe.

IEEE-754 doubles, rounded to nearest even after every single operation, with subnormal numbers.
Some processes do not: an old 32-bit build computes in x87 registers, and a library compiled with
-Ofast may have switched the processor to flush subnormal numbers to zero.  The same is asked of
rounding to single precision.
"""

from ..reference.precision import to_binary32

SMALLEST = 5e-324
SMALLEST_NORMAL = 2.2250738585072014e-308
ONE_AND_A_BIT = 1.0 + 2.0**-27
HALF_ULP = 2.0**-53

# What rounding to single precision makes of numbers: ties go to even, subnormals stay, and the
# largest is 2¹²⁸ − 2¹⁰⁴, from half a step beyond which on there is infinity.
ROUNDED = {
    1.0 + 2.0**-24: 1.0,
    1.0 + 3.0 * 2.0**-24: 1.0 + 2.0**-22,
    -1.0 - 2.0**-24 - 2.0**-50: -1.0 - 2.0**-23,
    2.0**-149: 2.0**-149,
    3.0 * 2.0**-150: 2.0**-148,
    2.0**-150: 0.0,
    2.0**128 - 2.0**103 - 2.0**76: 2.0**128 - 2.0**104,
    2.0**103 - 2.0**128: float("-inf"),
}


def fault() -> str:
    """What is wrong with the arithmetic, or "" if nothing is.

    The operands are handed over, so that nothing is computed when this file is compiled.
    """
    found = probe(1.0, SMALLEST, SMALLEST_NORMAL, ONE_AND_A_BIT, HALF_ULP)
    if not found and to_binary32(list(ROUNDED)) != list(ROUNDED.values()):
        return "numbers are not rounded to single precision"
    return found


def probe(
    one: float, smallest: float, smallest_normal: float, one_and_a_bit: float, half_ulp: float
) -> str:
    if smallest * one == 0.0 or smallest_normal * 0.5 == 0.0:
        return "subnormal numbers are flushed to zero"
    if one + (half_ulp + half_ulp / 4096.0) == one or one + half_ulp != one:
        return "sums are not rounded to nearest even"
    if (one + 2.0 * half_ulp) + half_ulp != one + 4.0 * half_ulp or -one - half_ulp != -one:
        return "sums are not rounded to nearest even"
    if one_and_a_bit * one_and_a_bit - (one + 4.0 * (one_and_a_bit - one) / 2.0) != 0.0:
        return "products keep more bits than a double has"
    return ""


def check_arithmetic() -> None:
    """Raises ArithmeticError naming the cause where the Python engine would give other bits."""
    found = fault()
    if found:
        raise ArithmeticError(
            f"this process does not compute with IEEE-754 doubles: {found}. "
            "A library loaded here may have been built with -ffast-math; the C engine "
            "(backend='c') sets its own arithmetic and still runs"
        )
