"""exp, log, tanh and their relatives, computed from + − × ÷ alone.

Activations, losses, start values and schedules need a few functions beyond the arithmetic of the
processor. Here they are, and why they are not taken from Python's math module. Nothing before
this file depends on how they work.

Why not math.exp? IEEE 754 says exactly what + − × ÷ and the square root give, to the last bit,
on every processor. It leaves exp, log and tanh to the C library, and each library, and
sometimes each processor under one library, rounds the last bit in its own way. A network trained
for a thousand epochs feeds such a bit back a million times. Here the functions are a fixed
sequence of exact operations, so the same seed gives the same weights everywhere. They are about
as accurate as the library's: the worst error of each is stated in ulp, units in the last place
of the result (a perfectly rounded result is within 0.5 ulp).

How it works. A double is m · 2^k, and computers scale by powers of two for free. So exp is
needed only near 0 and log only near 1; there a short polynomial is enough. Three primitives,
`exp`, `expm1_part` and `log1p_part`, share two polynomials, and the other functions follow.

The polynomials are added up in pairs, as Estrin proposed, rather than from the innermost term
outwards, as Horner did: so the parts do not wait for each other. In C one exp from start to end
takes 17 ns so and 28 ns in Horner's form; over long arrays 1.2 and 1.3 ns an element with
AVX-512, 1.5 and 2.1 with AVX2, 3.3 and 4.4 with SSE2. In CPython the two products more cost about
15 ns of 500. The worst error of exp is 0.59 ulp either way.

All functions take every double. NaN gives NaN, nothing raises, nothing warns. The bounds were
found by tests/benchmarks/elementary_error.py. The same functions in C: csrc/reference/elementary.c.
"""

from math import copysign, frexp, ldexp

INFINITY = float("inf")
NAN = float("nan")

# Adding and subtracting 1.5 · 2^52 rounds to the nearest integer: numbers of that size have no
# bits left for a fraction.
MAGIC = 6755399441055744.0

LOG2E = float.fromhex("0x1.71547652b82fep+0")  # 1 / log(2)

# log(2) in two pieces. The first has 42 significant bits, so that its product with any k of at
# most 11 bits is exact; the second is the rest.
LN2_HI = float.fromhex("0x1.62e42fefa3800p-1")
LN2_LO = float.fromhex("0x1.ef35793c76730p-45")

SQRT_HALF = float.fromhex("0x1.6a09e667f3bcdp-1")

# exp(r) = 1 + r + r²/2 + r³ · (C3 + C4 r + C5 r² + …) for |r| ≤ log(2)/2. Taylor's coefficients
# would be 1/3!, 1/4!, 1/5! …; these differ in their last digits and spread the error evenly over
# the interval. One term fewer would leave an error of 2^−55, which is too much.
C3 = float.fromhex("0x1.5555555555559p-3")
C4 = float.fromhex("0x1.5555555555552p-5")
C5 = float.fromhex("0x1.111111110f5e0p-7")
C6 = float.fromhex("0x1.6c16c16c174a1p-10")
C7 = float.fromhex("0x1.a01a01b05300fp-13")
C8 = float.fromhex("0x1.a01a01a4f2ae2p-16")
C9 = float.fromhex("0x1.71ddf705454e2p-19")
C10 = float.fromhex("0x1.27e4c96d38c20p-22")
C11 = float.fromhex("0x1.af6165648530ap-26")
C12 = float.fromhex("0x1.1fc26acfc2b8ap-29")

# log((1 + s)/(1 − s)) = 2s + s³ · (D0 + D1 s² + D2 s⁴ + …) for |s| ≤ 1/3. Taylor's coefficients
# would be 2/3, 2/5, 2/7 …
D0 = float.fromhex("0x1.5555555555535p-1")
D1 = float.fromhex("0x1.99999999a074fp-2")
D2 = float.fromhex("0x1.249249208c68bp-2")
D3 = float.fromhex("0x1.c71c741c69deep-3")
D4 = float.fromhex("0x1.745cb4019e54ep-3")
D5 = float.fromhex("0x1.3b1ddb4da6dd9p-3")
D6 = float.fromhex("0x1.1067c712058c9p-3")
D7 = float.fromhex("0x1.efd82c715785dp-4")
D8 = float.fromhex("0x1.55b18e24fc8d4p-4")
D9 = float.fromhex("0x1.5c787f1f63633p-3")

# cos(π·t) / (1 − 4t²) = 1 + E0 t² + E1 t⁴ + … for |t| ≤ ½: Taylor's series of the cosine, divided
# by the factor that makes it 0 at ½.
E0 = float.fromhex("-0x1.de9e64df22ef3p-1")
E1 = float.fromhex("0x1.472be122434a5p-2")
E2 = float.fromhex("-0x1.d4fcd83116aabp-5")
E3 = float.fromhex("0x1.9f05cb00a01f7p-8")
E4 = float.fromhex("-0x1.f309e85922520p-12")
E5 = float.fromhex("0x1.b26877905e890p-16")
E6 = float.fromhex("-0x1.1e75ed14a7fdfp-20")
E7 = float.fromhex("0x1.281f8d42c0aeep-25")
E8 = float.fromhex("-0x1.eccbd8378269ap-31")
E9 = float.fromhex("0x1.512c2af5594c4p-36")


def exp(x: float) -> float:
    """Return e to the power x, within 0.60 ulp (0.77 ulp where the result is subnormal).

    Above 709.78 the result is infinite, below −745.13 it is 0.0. exp(0.0) and exp(−0.0) are 1.0.

    >>> exp(1.0)
    2.718281828459045
    >>> exp(-1000.0), exp(1000.0)
    (0.0, inf)
    """
    ordinary = -708.0 < x < 709.0
    if not ordinary:
        if x != x:
            return x
        if x > 709.8:
            return INFINITY
        if x < -745.2:
            return 0.0
    # Reduction: x = k · log(2) + r with k an integer and |r| ≤ log(2)/2, so that
    # exp(x) = 2^k · exp(r). a is exact, and (a − r) − b is what r lost by rounding.
    k = x * LOG2E + MAGIC - MAGIC
    a = x - k * LN2_HI
    b = k * LN2_LO
    r = a - b
    # exp(r) = 1 + r + h + q: h is r²/2, q is the polynomial's part and what r lost, times exp(r).
    r2 = r * r
    r4 = r2 * r2
    p = ((C3 + r * C4) + r2 * (C5 + r * C6)) + r4 * (
        ((C7 + r * C8) + r2 * (C9 + r * C10)) + r4 * (C11 + r * C12)
    )
    h = 0.5 * r2
    q = (r * r2) * p + ((a - r) - b) * (1.0 + r)
    # s is rounded; (1 − s) + r is exactly what it lost, and goes in with the small terms.
    s = 1.0 + r
    y = s + ((h + ((1.0 - s) + r)) + q)
    if ordinary:
        return ldexp(y, int(k))
    # 2^k itself may be too large or too small for a double. The first half of it is exact, the
    # second rounds once. (ldexp would do, but Windows' once cut off subnormal results.)
    j = int(k) // 2
    return y * ldexp(1.0, j) * ldexp(1.0, int(k) - j)


def expm1_part(x: float) -> float:
    """Return exp(x) − 1 for |x| ≤ 700, within 1.08 ulp, without the cancellation near 0.

    The primitive under `expm1` and `tanh`; it does not check its argument. The reduction is that
    of `exp`, repeated here because a call to share it would cost exp a tenth of its time.
    """
    k = x * LOG2E + MAGIC - MAGIC
    a = x - k * LN2_HI
    b = k * LN2_LO
    r = a - b
    r2 = r * r
    r4 = r2 * r2
    p = ((C3 + r * C4) + r2 * (C5 + r * C6)) + r4 * (
        ((C7 + r * C8) + r2 * (C9 + r * C10)) + r4 * (C11 + r * C12)
    )
    h = 0.5 * r2
    q = (r * r2) * p + ((a - r) - b) * (1.0 + r)
    # 2^k · (1 + r + h + q) − 1, the largest terms first: s = (2^k − 1) + 2^k · r.
    e = ldexp(1.0, int(k))
    a = e - 1.0
    b = e * r
    s = a + b
    return s + ((e * h + ((a - s) + b)) + e * q)


def expm1(x: float) -> float:
    """Return exp(x) − 1, within 1.08 ulp.

    Below −40 the result is −1.0, above 709.78 it is infinite. expm1(−0.0) is 0.0.

    >>> expm1(1e-20)
    1e-20
    >>> expm1(-50.0), expm1(1000.0)
    (-1.0, inf)
    """
    if not -40.0 < x < 700.0:
        if x != x:
            return x
        # So far out, 1 is too small to be seen in exp(x), and exp(x) in −1.
        return exp(x) if x > 0.0 else -1.0
    return expm1_part(x)


def tanh(x: float) -> float:
    """Return the hyperbolic tangent of x, within 2.5 ulp; the result is in [−1, 1].

    With t = exp(2|x|) − 1 it is t / (t + 2), which keeps its digits near 0. From 22 on it is 1.0.
    tanh is odd to the last bit, and tanh(−0.0) is −0.0.

    >>> tanh(0.5)
    0.46211715726000974
    >>> tanh(-30.0)
    -1.0
    """
    if not -22.0 < x < 22.0:
        return x if x != x else copysign(1.0, x)
    t = expm1_part(2.0 * abs(x))
    return copysign(t / (t + 2.0), x)


def sigmoid(x: float) -> float:
    """Return 1 / (1 + exp(−x)), within 2.5 ulp; the result is in [0, 1].

    exp is only taken of −|x|, so it never overflows. Above 37 the result is 1.0, below −745.13
    it is 0.0.

    >>> sigmoid(0.0)
    0.5
    >>> sigmoid(-800.0), sigmoid(800.0)
    (0.0, 1.0)
    """
    if x >= 0.0:
        return 1.0 / (1.0 + exp(-x))
    e = exp(x)
    return e / (1.0 + e)


def log1p_part(f: float, k: int) -> float:
    """Return log(1 + f) + k · log(2) for −0.3 < f ≤ 1 and an integer k, within 1 ulp.

    The primitive under `log` and `softplus`; it does not check its arguments. With
    s = f / (2 + f), 1 + f is (1 + s)/(1 − s), whose logarithm 2s + s³ · p has every other power
    of s only. As 2s = f − s · f, that is f − s · (f − s² · p), whose first term is exact.
    """
    s = f / (2.0 + f)
    z = s * s
    z2 = z * z
    z4 = z2 * z2
    p = ((D0 + z * D1) + z2 * (D2 + z * D3)) + z4 * (
        ((D4 + z * D5) + z2 * (D6 + z * D7)) + z4 * (D8 + z * D9)
    )
    # a is rounded; (g − a) + f is exactly what it lost, as |g| is 0 or larger than |f|.
    g = k * LN2_HI
    a = g + f
    return a + (((g - a) + f) + (k * LN2_LO - s * (f - z * p)))


def log(x: float) -> float:
    """Return the natural logarithm of x, within 1 ulp (0.56 ulp below 1/16 and above 16).

    log(0.0) and log(−0.0) are −infinity, a negative argument gives NaN; log(1.0) is 0.0.

    >>> log(10.0)
    2.302585092994046
    >>> log(0.0), log(-1.0)
    (-inf, nan)
    """
    if not 0.0 < x < INFINITY:
        if x == 0.0:
            return -INFINITY
        return NAN if x < 0.0 else x
    # x = m · 2^k with m between √½ and √2, so that m − 1 is exact and near 0.
    m, k = frexp(x)
    if m < SQRT_HALF:
        m += m
        k -= 1
    return log1p_part(m - 1.0, k)


def softplus(x: float) -> float:
    """Return log(1 + exp(x)), within 1.9 ulp, without overflow.

    It is max(x, 0) + log(1 + exp(−|x|)). Far below 0 it is exp(x), far above it is x.

    >>> softplus(1.0)
    1.3132616875182228
    >>> softplus(-800.0), softplus(800.0)
    (0.0, 800.0)
    """
    return (x if x > 0.0 else 0.0) + log1p_part(exp(-abs(x)), 0)


def power(x: float, y: float) -> float:
    """Return x to the power y for x ≥ 0, within 1 + 3 · |y · log(x)| ulp.

    It is exp(y · log(x)), and exp makes an absolute error of its argument a relative one of its
    result: the larger the product, the more digits are lost (at worst 2.3 times the product was
    found). A negative x gives NaN, and so does 0.0 to the power 0.0.

    >>> power(2.0, 0.5)
    1.414213562373095
    >>> power(10.0, -3.0)
    0.0009999999999999994
    """
    return exp(y * log(x))


def cos_pi(t: float) -> float:
    """Return cos(π·t) for 0 ≤ t ≤ 1, within 3 ulp.

    As t counts half turns, no π has to be taken off, and 1.0, 0.0 and −1.0 at 0, ½ and 1 are
    exact. Outside [0, 1] the result is of no use.

    >>> cos_pi(0.0), cos_pi(0.25), cos_pi(0.5), cos_pi(1.0)
    (1.0, 0.7071067811865475, 0.0, -1.0)
    """
    # The second half is the first, turned upside down; 1 − t is exact there.
    a = t if t <= 0.5 else 1.0 - t
    z = a * a
    z2 = z * z
    z4 = z2 * z2
    p = ((E0 + z * E1) + z2 * (E2 + z * E3)) + z4 * (
        ((E4 + z * E5) + z2 * (E6 + z * E7)) + z4 * (E8 + z * E9)
    )
    # 1 − 4z would lose its digits near ½, where 1 − 2a is exact.
    y = ((1.0 - 2.0 * a) * (1.0 + 2.0 * a)) * (1.0 + z * p)
    return y if t <= 0.5 else -y
