"""elementary.py against decimal's arbitrary precision, and at the edges of its ranges."""

import ast
import math
import random
import re
from pathlib import Path

import pytest

import exact
from benchmarks import elementary_error
from pyref.reference import elementary
from pyref.reference.elementary import (
    cos_pi, exp, expm1, expm1_part, log, log1p_part, power, sigmoid, softplus, tanh,
)

ROOT = Path(__file__).parents[1]
INFINITY = float("inf")
NAN = float("nan")
TINIEST = 5e-324
SMALLEST_NORMAL = 2.2250738585072014e-308
LARGEST = 1.7976931348623157e308

FUNCTIONS = [exp, expm1, tanh, sigmoid, log, softplus, cos_pi]


def neighbours(x, count):
    """x and the doubles next to it, `count` on each side, in ascending order."""
    for _ in range(count):
        x = math.nextafter(x, -INFINITY)
    for _ in range(2 * count + 1):
        yield x
        x = math.nextafter(x, INFINITY)


def edges_of_reduction(step, reach):
    """Arguments around (k + ½) · step, where the reduction passes from one k to the next."""
    for k in range(-reach, reach, max(1, reach // 20)):
        yield from neighbours((k + 0.5) * step, 2)


def evenly(low, high, count, seed):
    chance = random.Random(seed)
    return [chance.uniform(low, high) for _ in range(count)]


TINY = [s * math.ldexp(m, e) for s in (1, -1) for m in (1.0, 1.7) for e in range(-1074, -20, 50)]


@pytest.mark.parametrize(
    "function, bound, arguments",
    [
        (exp, 0.60, evenly(-708.0, 709.7, 1000, seed=1)),
        (exp, 0.60, evenly(-1.0, 1.0, 1000, seed=2)),
        (exp, 0.60, edges_of_reduction(math.log(2.0), 1000)),
        (exp, 0.60, TINY),
        (exp, 0.77, evenly(-745.13, -708.3, 1000, seed=3)),
        (expm1, 1.08, evenly(-40.0, 40.0, 1000, seed=4)),
        (expm1, 1.08, evenly(-1.0, 1.0, 1000, seed=5)),
        (expm1, 1.08, evenly(690.0, 709.7, 300, seed=6)),
        (expm1, 1.08, edges_of_reduction(math.log(2.0), 50)),
        (expm1, 1.08, TINY),
        (expm1_part, 1.08, evenly(-700.0, 700.0, 300, seed=7)),
        (tanh, 2.5, evenly(-22.0, 22.0, 500, seed=8)),
        (tanh, 2.5, evenly(-1.0, 1.0, 1000, seed=9)),
        (tanh, 2.5, evenly(0.015, 0.0325, 500, seed=10)),
        (tanh, 2.5, edges_of_reduction(math.log(2.0) / 2.0, 50)),
        (tanh, 2.5, TINY),
        (sigmoid, 2.5, evenly(-700.0, 40.0, 500, seed=11)),
        (sigmoid, 2.5, evenly(-6.0, 6.0, 1000, seed=12)),
        (sigmoid, 2.5, edges_of_reduction(math.log(2.0), 50)),
        (log, 1.0, evenly(0.5, 2.0, 1000, seed=13)),
        (log, 0.56, evenly(16.0, 1000.0, 1000, seed=14)),
        (log, 0.56, [math.ldexp(m, k) for m in (0.5, 0.7, 0.71) for k in range(-1070, -4, 20)]),
        (log, 0.56, [math.ldexp(m, k) for m in (0.5, 0.7, 0.71) for k in range(6, 1025, 20)]),
        (log, 1.0, list(neighbours(math.sqrt(0.5), 50)) + list(neighbours(math.sqrt(2.0), 50))),
        (log, 1.0, list(neighbours(1.0, 50)) + [TINIEST, SMALLEST_NORMAL, LARGEST]),
        (softplus, 1.9, evenly(-700.0, 40.0, 500, seed=15)),
        (softplus, 1.9, evenly(-4.0, 4.0, 1000, seed=16)),
        (softplus, 1.9, edges_of_reduction(math.log(2.0), 50)),
        (cos_pi, 3.0, evenly(0.0, 1.0, 1000, seed=20)),
        (cos_pi, 3.0, evenly(0.0, 0.1, 500, seed=21)),
        (cos_pi, 3.0, list(neighbours(0.5, 50)) + list(neighbours(0.25, 50))),
        (cos_pi, 3.0, [math.ldexp(1.7, -k) for k in range(1, 1074, 40)]),
    ],
)
def test_error_stays_within_the_stated_bound(function, bound, arguments):
    exact_function = getattr(exact, function.__name__.replace("_part", ""))
    for x in arguments:
        error = exact.error_in_ulp(function(x), exact_function(x))
        assert error <= bound, f"{function.__name__}({x!r}): {error} ulp"


def test_the_docstrings_state_the_bounds_that_are_measured():
    for _, name, _, _, stated in elementary_error.RANGES:
        docstring = getattr(elementary, name).__doc__
        found = re.findall(r"([\d.]+)(?: · \|y · log\(x\)\|)? ulp", docstring)
        assert stated in map(float, found), (name, found)


@pytest.mark.parametrize("stated, exit_code", [(0.6, 0), (0.3, 1)])
def test_the_program_that_measures_them(capsys, monkeypatch, stated, exit_code):
    ranges = [("exp", "exp", -708.0, 709.7, stated), elementary_error.RANGES[-1]]
    monkeypatch.setattr(elementary_error, "RANGES", ranges)
    monkeypatch.setattr("sys.argv", ["elementary_error.py", "--seconds", "0.05"])
    assert elementary_error.main() == exit_code
    exp_line, power_line = capsys.readouterr().out.splitlines()[1:]
    assert exp_line.startswith("exp ") and power_line.startswith("power ")
    assert float(power_line.split()[2]) <= 3.0


def test_power_stays_within_its_bound_for_every_product():
    chance = random.Random(22)
    for _ in range(1000):
        x = math.ldexp(chance.uniform(1.0, 2.0), chance.randrange(-40, 40))
        y = chance.uniform(-1.0, 1.0) * chance.choice((1.0, 30.0, 700.0)) / math.log(x)
        error = exact.error_in_ulp(power(x, y), exact.power(x, y))
        assert error <= 1.0 + 3.0 * abs(y * math.log(x)), f"power({x!r}, {y!r}): {error} ulp"


@pytest.mark.parametrize(
    "x, y, expected",
    [
        (1.0, 700.0, 1.0),
        (7.0, 0.0, 1.0),
        (0.0, 2.0, 0.0),
        (0.0, -2.0, INFINITY),
        (INFINITY, -1.0, 0.0),
        (10.0, 400.0, INFINITY),
        (10.0, -400.0, 0.0),
        (-2.0, 2.0, NAN),
        (0.0, 0.0, NAN),
    ],
)
def test_power_at_its_limits(x, y, expected):
    assert power(x, y).hex() == expected.hex()


def test_cos_pi_turns_over_at_one_half():
    for t in evenly(0.5, 1.0, 500, seed=23):
        assert cos_pi(t) == -cos_pi(1.0 - t)
        assert -1.0 <= cos_pi(t) <= 0.0


def test_the_series_of_cos_pi_is_taylors():
    """Σ (−1)^k π^2k/(2k)! t^2k, divided by 1 − 4t²: term by term, in exact digits."""
    digits = exact.DIGITS
    square = digits.power(exact.PI, 2)
    term = quotient = exact.Decimal(1)
    for n in range(10):
        divisor = exact.Decimal(-(2 * n + 1) * (2 * n + 2))
        term = digits.divide(digits.multiply(term, square), divisor)
        quotient = digits.add(term, digits.multiply(exact.Decimal(4), quotient))
        assert getattr(elementary, f"E{n}") == float(quotient)


def test_exact_values_agree_with_published_digits():
    """The measure itself: e, tanh 1 and log 10 from the tables (OEIS A001113, A073744, A002392).

    The cosine of π/5 is half of the golden ratio (OEIS A019863).
    """
    assert str(exact.cos_pi(exact.Decimal("0.2"))).startswith("0.80901699437494742410229341718281")
    assert str(exact.exp(1.0)).startswith("2.71828182845904523536028747135266249775724709")
    assert str(exact.tanh(1.0)).startswith("0.76159415595576488811945828260479359041")
    assert str(exact.log(10.0)).startswith("2.30258509299404568401799145468436420760110148")


def test_error_in_ulp_measures():
    one = exact.Decimal(1)
    assert exact.error_in_ulp(1.0, one) == 0.0
    assert exact.error_in_ulp(1.0 + 2.0**-52, one) == 1.0
    assert exact.error_in_ulp(TINIEST, exact.Decimal(0.0)) == INFINITY


@pytest.mark.parametrize(
    "function, x, expected",
    [
        (exp, 0.0, 1.0),
        (exp, -0.0, 1.0),
        (exp, INFINITY, INFINITY),
        (exp, -INFINITY, 0.0),
        (exp, LARGEST, INFINITY),
        (exp, -LARGEST, 0.0),
        (exp, 709.782712893384, 1.7976931348622732e308),  # the last finite result
        (exp, 709.7827128933841, INFINITY),
        (exp, -745.1332191019411, TINIEST),  # the last that is more than half of 2^−1074
        (exp, -745.1332191019412, 0.0),
        (exp, TINIEST, 1.0),
        (expm1, 0.0, 0.0),
        (expm1, -0.0, 0.0),
        (expm1, TINIEST, TINIEST),
        (expm1, -TINIEST, -TINIEST),
        (expm1, -40.0, -1.0),
        (expm1, -INFINITY, -1.0),
        (expm1, 709.7827128933841, INFINITY),
        (expm1, INFINITY, INFINITY),
        (tanh, 0.0, 0.0),
        (tanh, -0.0, -0.0),
        (tanh, TINIEST, TINIEST),
        (tanh, -SMALLEST_NORMAL, -SMALLEST_NORMAL),
        (tanh, 22.0, 1.0),
        (tanh, -22.0, -1.0),
        (tanh, INFINITY, 1.0),
        (tanh, -INFINITY, -1.0),
        (sigmoid, 0.0, 0.5),
        (sigmoid, -0.0, 0.5),
        (sigmoid, 38.0, 1.0),
        (sigmoid, -745.1332191019411, TINIEST),
        (sigmoid, INFINITY, 1.0),
        (sigmoid, -INFINITY, 0.0),
        (sigmoid, LARGEST, 1.0),
        (sigmoid, -LARGEST, 0.0),
        (log, 1.0, 0.0),
        (log, 0.0, -INFINITY),
        (log, -0.0, -INFINITY),
        (log, INFINITY, INFINITY),
        (log, -1.0, NAN),
        (log, -TINIEST, NAN),
        (log, -INFINITY, NAN),
        (softplus, INFINITY, INFINITY),
        (softplus, -INFINITY, 0.0),
        (softplus, LARGEST, LARGEST),
        (softplus, -LARGEST, 0.0),
        (softplus, 800.0, 800.0),
        (cos_pi, 0.0, 1.0),
        (cos_pi, TINIEST, 1.0),
        (cos_pi, 0.5, 0.0),
        (cos_pi, 1.0, -1.0),
    ],
)
def test_limits_zeros_and_infinities(function, x, expected):
    assert function(x).hex() == expected.hex()  # hex tells −0.0 from 0.0, and nan equals nan


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nan_gives_nan(function):
    assert math.isnan(function(NAN))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_double_raises(function):
    chance = random.Random(17)
    for _ in range(2000):
        x = math.ldexp(chance.uniform(-1.0, 1.0), chance.randrange(-1074, 1025))
        assert isinstance(function(x), float)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_integers_count_as_doubles(function):
    assert function(3).hex() == function(3.0).hex()


def test_exp_never_falls_where_the_reduction_changes_k():
    for k in range(-1074, 1024, 13):
        around = [exp(x) for x in neighbours((k + 0.5) * math.log(2.0), 50)]
        assert around == sorted(around), f"around ({k} + 1/2) log 2"


def test_tanh_is_odd():
    for x in evenly(0.0, 25.0, 300, seed=18):
        assert tanh(-x) == -tanh(x)


def test_values_stay_in_range():
    for x in evenly(-60.0, 60.0, 2000, seed=19):
        assert -1.0 <= tanh(x) <= 1.0
        assert 0.0 < sigmoid(x) <= 1.0
        assert softplus(x) >= max(x, 0.0)


def test_log1p_part_is_log_of_the_product():
    """log(1 + f) + k log 2 is log((1 + f) · 2^k), and 1 + f is exact for these f."""
    for k in (-1000, -3, 0, 1, 7, 1000):
        for f in (-0.25, -0.125, 0.0, 0.25, 0.375):
            product = math.ldexp(1.0 + f, k)
            assert exact.error_in_ulp(log1p_part(f, k), exact.log(product)) <= 1.0


def test_nothing_comes_from_the_platforms_mathematics():
    """Of the modules of Python only what is exact everywhere: no function that libm computes."""
    tree = ast.parse(Path(elementary.__file__).read_text(encoding="utf-8"))
    imported = set()
    for node in ast.walk(tree):
        assert not isinstance(node, ast.Import)
        assert not isinstance(node, ast.Pow)
        if isinstance(node, ast.ImportFrom):
            imported |= {(node.module, name.name) for name in node.names}
    assert imported == {("math", "copysign"), ("math", "frexp"), ("math", "ldexp")}


@pytest.mark.skipif(
    not (ROOT / "csrc").is_dir(), reason="the kernel's source is not beside the tests"
)
def test_the_constants_are_those_of_the_kernel():
    text = (ROOT / "csrc" / "reference" / "elementary.c").read_text(encoding="utf-8")
    found = dict(re.findall(r"^static const double (\w+) = (\S+);", text, re.MULTILINE))
    assert {"MAGIC", "LOG2E", "LN2_HI", "LN2_LO", "C3", "C12", "D9", "E9"} <= set(found)
    for name, number in found.items():
        value = float.fromhex(number) if "0x" in number else float(number)
        assert value == getattr(elementary, name), name
    bits = re.search(r"SQRT_HALF_BITS = 0x([0-9a-f]{16});", text).group(1)
    assert elementary.SQRT_HALF == math.ldexp(2**52 + int(bits[3:], 16), -53)
    assert bits[:3] == "3fe"  # the exponent of numbers from ½ to 1
