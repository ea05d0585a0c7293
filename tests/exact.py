"""The elementary functions to many digits, by the standard library's decimal, and errors in ulp.

Not tests: what tests/test_elementary.py and tests/benchmarks/elementary_error.py compare with.
decimal's exp and ln are rounded correctly at the precision set here.
"""

import math
from decimal import Context, Decimal

DIGITS = Context(prec=60, Emin=-99999, Emax=99999)

PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")  # OEIS A000796


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


def power(x, y):
    return DIGITS.exp(DIGITS.multiply(Decimal(y), log(x)))


def cos_pi(t):
    """Taylor's series, whose terms fall below 10^−60 after the fiftieth."""
    if t == 0.5:
        return Decimal(0)
    square = DIGITS.power(DIGITS.multiply(PI, Decimal(t)), 2)
    total = term = Decimal(1)
    for n in range(2, 102, 2):
        term = DIGITS.divide(DIGITS.multiply(term, square), Decimal(-n * (n - 1)))
        total = DIGITS.add(total, term)
    return total


def error_in_ulp(computed, exact):
    """How far the double is from the Decimal, in units of the last place of the exact value."""
    if exact == 0:
        return 0.0 if computed == 0.0 else math.inf
    below = abs(float(exact))
    if Decimal(below) > abs(exact):
        below = math.nextafter(below, 0.0)
    difference = DIGITS.subtract(Decimal(computed), exact)
    return abs(float(DIGITS.divide(difference, Decimal(math.ulp(below)))))
