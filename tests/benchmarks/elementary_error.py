"""Measure the worst error of each function of pyref/reference/elementary.py.

    python3 tests/benchmarks/elementary_error.py [--seconds 5] [--seed 1]

Spends the seconds on each function: half of the arguments are spread over its range, a quarter
lies at the edges of the argument reduction, a quarter close to the worst one found so far.
Prints the worst error in ulp and its argument, and exits with 1 if a docstring promises less.
"""

import argparse
import math
import random
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

import exact  # noqa: E402
from pyref.reference import elementary  # noqa: E402

# name, function, the lowest and highest argument, the error stated in its docstring
RANGES = [
    ("exp", "exp", -708.0, 709.7, 0.60),
    ("exp, subnormal", "exp", -745.1, -708.4, 0.77),
    ("expm1", "expm1", -40.0, 709.7, 1.08),
    ("expm1, middle", "expm1", -2.0, 2.0, 1.08),
    ("tanh", "tanh", -22.0, 22.0, 2.5),
    ("tanh, middle", "tanh", -1.0, 1.0, 2.5),
    ("sigmoid", "sigmoid", -708.0, 37.0, 2.5),
    ("sigmoid, middle", "sigmoid", -6.0, 6.0, 2.5),
    ("log", "log", 2.0**-1000, 2.0**1000, 1.0),
    ("log, middle", "log", 0.5, 2.0, 1.0),
    ("log, above 16", "log", 16.0, 150.0, 0.56),
    ("softplus", "softplus", -700.0, 40.0, 1.9),
    ("softplus, middle", "softplus", -4.0, 4.0, 1.9),
    ("cos_pi", "cos_pi", 0.0, 1.0, 3.0),
    ("cos_pi, near 0", "cos_pi", 0.0, 0.1, 3.0),
    ("power", "power", 0.0, math.inf, 3.0),  # times |y · log(x)|, and 1 ulp more
]


def spread(low, high, chance):
    """An argument between both: evenly, or by its exponent where that varies a lot."""
    if low > 0.0 and high / low > 10.0:
        return math.ldexp(chance.uniform(1.0, 2.0), int(chance.uniform(-1000.0, 999.0)))
    return chance.uniform(low, high)


def at_edge(name, low, high, chance):
    """An argument where the reduction changes from one k to the next."""
    if name == "log":
        x = math.ldexp(elementary.SQRT_HALF, chance.randrange(-1, 2))
    elif name == "cos_pi":
        x = 0.5
    else:
        step = math.log(2.0) * (0.5 if name == "tanh" else 1.0)
        x = (math.floor(chance.uniform(low, high) / step) + 0.5) * step
    return x * (1.0 + math.ldexp(chance.uniform(-1.0, 1.0), chance.randrange(-50, -3)))


def near(x, chance):
    return x * (1.0 + math.ldexp(chance.uniform(-1.0, 1.0), chance.randrange(-50, -3)))


def worst_error(name, low, high, seconds, chance):
    """Return the worst error found, where, and how many arguments were tried."""
    function, exact_function = getattr(elementary, name), getattr(exact, name)
    worst, place, count = 0.0, low, 0
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        kind = count % 4
        if kind < 2:
            x = spread(low, high, chance)
        elif kind == 2:
            x = at_edge(name, low, high, chance)
        else:
            x = near(place, chance)
        count += 1
        if low <= x <= high:
            error = exact.error_in_ulp(function(x), exact_function(x))
            if error > worst:
                worst, place = error, x
    return worst, place, count


def worst_error_of_power(seconds, chance):
    """Return the worst (error − 1 ulp) / |y · log(x)|, the x where it was, and the count."""
    worst, place, count = 0.0, 2.0, 0
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        x = near(place, chance)
        if count % 2:
            x = math.exp(chance.choice((-1.0, 1.0)) * 2.0 ** chance.uniform(-9.0, 9.0))
        y = chance.choice((-1.0, 1.0)) * 2.0 ** chance.uniform(-4.0, 9.4) / math.log(x)
        count += 1
        error = exact.error_in_ulp(elementary.power(x, y), exact.power(x, y)) - 1.0
        if error > worst * abs(y * math.log(x)):
            worst, place = error / abs(y * math.log(x)), x
    return worst, place, count


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=5.0, help="for each line (default 5)")
    parser.add_argument("--seed", type=int, default=1, help="of the arguments (default 1)")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    print(f"{'function':18}{'arguments':>10}{'worst ulp':>11}{'stated':>8}  at")
    kept = True
    for title, name, low, high, stated in RANGES:
        if name == "power":
            worst, place, count = worst_error_of_power(options.seconds, chance)
        else:
            worst, place, count = worst_error(name, low, high, options.seconds, chance)
        kept = kept and worst <= stated
        print(f"{title:18}{count:10}{worst:11.3f}{stated:8}  {place.hex()}", flush=True)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
