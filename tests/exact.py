"""The elementary functions to many digits, by the standard library's decimal, and errors in ulp.

Not tests: what tests/test_elementary.py and tests/benchmarks/elementary_error.py compare with.
decimal's exp and ln are rounded correctly at the precision set here.
"""

import math
from decimal import Context, Decimal

DIGITS = Context(prec=60, Emin=-99999, Emax=99999)


def exp(x):
    return DIGITS.exp(Decimal(x))


def expm1(x):
    if abs(x) < 1e-10:  # exp(x) − 1 would cancel; the next term is below 10^−50 of the first
        total, term = Decimal(0), Decimal(1)
        for n in range(1, 6):
            term = DIGITS.divide(DIGITS.multiply(term, Decimal(x)), Decimal(n))
            total = DIGITS.add(total, term)
        return total
    return DIGITS.subtract(exp(x), Decimal(1))


def tanh(x):
    t = expm1(2.0 * x)
    return DIGITS.divide(t, DIGITS.add(t, Decimal(2)))


def sigmoid(x):
    e = exp(-x)
    return DIGITS.divide(Decimal(1), DIGITS.add(Decimal(1), e))


def log(x):
    return DIGITS.ln(Decimal(x))


def softplus(x):
    e = exp(x)
    if e < Decimal("1e-30"):  # e − e²/2; the next term is below 10^−60 of the first
        half_square = DIGITS.divide(DIGITS.multiply(e, e), Decimal(2))
        return DIGITS.subtract(e, half_square)
    return DIGITS.ln(DIGITS.add(Decimal(1), e))


def error_in_ulp(computed, exact):
    """How far the double is from the Decimal, in units of the last place of the exact value."""
    if exact == 0:
        return 0.0 if computed == 0.0 else math.inf
    below = abs(float(exact))
    if Decimal(below) > abs(exact):
        below = math.nextafter(below, 0.0)
    difference = DIGITS.subtract(Decimal(computed), exact)
    return abs(float(DIGITS.divide(difference, Decimal(math.ulp(below)))))
