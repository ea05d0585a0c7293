/*
 * Mirrors pyref/reference/elementary.py, which explains it: same constants, order and roundings.
 *
 * Where Python branches, C computes with a clamped argument and selects, so that loops over these
 * functions vectorise; and powers of two are made by moving exponent bits. Neither changes a
 * result. NaN passes through each clamp because every comparison with it is false.
 */

static const double MAGIC = 6755399441055744.0;
static const double LOG2E = 0x1.71547652b82fep+0;
static const double LN2_HI = 0x1.62e42fefa3800p-1;
static const double LN2_LO = 0x1.ef35793c76730p-45;

static const double C3 = 0x1.5555555555559p-3;
static const double C4 = 0x1.5555555555552p-5;
static const double C5 = 0x1.111111110f5e0p-7;
static const double C6 = 0x1.6c16c16c174a1p-10;
static const double C7 = 0x1.a01a01b05300fp-13;
static const double C8 = 0x1.a01a01a4f2ae2p-16;
static const double C9 = 0x1.71ddf705454e2p-19;
static const double C10 = 0x1.27e4c96d38c20p-22;
static const double C11 = 0x1.af6165648530ap-26;
static const double C12 = 0x1.1fc26acfc2b8ap-29;

static const double D0 = 0x1.5555555555535p-1;
static const double D1 = 0x1.99999999a074fp-2;
static const double D2 = 0x1.249249208c68bp-2;
static const double D3 = 0x1.c71c741c69deep-3;
static const double D4 = 0x1.745cb4019e54ep-3;
static const double D5 = 0x1.3b1ddb4da6dd9p-3;
static const double D6 = 0x1.1067c712058c9p-3;
static const double D7 = 0x1.efd82c715785dp-4;
static const double D8 = 0x1.55b18e24fc8d4p-4;
static const double D9 = 0x1.5c787f1f63633p-3;

static const double E0 = -0x1.de9e64df22ef3p-1;
static const double E1 = 0x1.472be122434a5p-2;
static const double E2 = -0x1.d4fcd83116aabp-5;
static const double E3 = 0x1.9f05cb00a01f7p-8;
static const double E4 = -0x1.f309e85922520p-12;
static const double E5 = 0x1.b26877905e890p-16;
static const double E6 = -0x1.1e75ed14a7fdfp-20;
static const double E7 = 0x1.281f8d42c0aeep-25;
static const double E8 = -0x1.eccbd8378269ap-31;
static const double E9 = 0x1.512c2af5594c4p-36;

/* Bit patterns: 1.0, the square root of one half, and 2^52, whose last bits count units. */
static const uint64_t ONE_BITS = 0x3ff0000000000000;
static const uint64_t SQRT_HALF_BITS = 0x3fe6a09e667f3bcd;
static const uint64_t TWO_52_BITS = 0x4330000000000000;
static const uint64_t INFINITY_BITS = 0x7ff0000000000000;
static const uint64_t NAN_BITS = 0x7ff8000000000000;

/* x = k * log(2) + r, as in exp and expm1_part of the reference: exp(r) = 1 + r + h + q, and the
 * last bits of `rounded` are k. */
typedef struct { double rounded, r, h, q; } Reduced;

INLINE Reduced reduced(double x)
{
    double rounded = x * LOG2E + MAGIC;
    double k = rounded - MAGIC;
    double a = x - k * LN2_HI;
    double b = k * LN2_LO;
    double r = a - b;
    double r2 = r * r;
    double r4 = r2 * r2;
    double p = ((C3 + r * C4) + r2 * (C5 + r * C6))
        + r4 * (((C7 + r * C8) + r2 * (C9 + r * C10)) + r4 * (C11 + r * C12));
    double h = 0.5 * r2;
    double q = (r * r2) * p + ((a - r) - b) * (1.0 + r);
    Reduced result = {rounded, r, h, q};
    return result;
}

/* exp for -746 < x < 710, and for NaN; beyond, anything. */
INLINE double exp_part(double x)
{
    Reduced e = reduced(x);
    double s = 1.0 + e.r;
    double y = s + ((e.h + ((1.0 - s) + e.r)) + e.q);
    /* Both halves of k + 2046 are exponents of normal doubles; 0xffe cuts the odd bit off, and the
     * shift by 51 instead of 52 halves what is left. */
    uint64_t exponents = bits_of(e.rounded) + 2046;
    uint64_t half = (exponents & 0xffe) << 51;
    return y * double_of(half) * double_of((exponents << 52) - half);
}

/* exp of pyref/reference/elementary.py */
INLINE double exp_(double x)
{
    double y = exp_part(x);
    y = x < -746.0 ? 0.0 : y;
    return x > 710.0 ? double_of(INFINITY_BITS) : y;
}

/* For what is at most 0, as the functions below need it. */
INLINE double exp_below(double x)
{
    double y = exp_part(x);
    return x < -746.0 ? 0.0 : y;
}

/* expm1_part of pyref/reference/elementary.py */
INLINE double expm1_part(double x)
{
    Reduced part = reduced(x);
    double e = double_of((bits_of(part.rounded) + 1023) << 52);
    double a = e - 1.0;
    double b = e * part.r;
    double s = a + b;
    return s + ((e * part.h + ((a - s) + b)) + e * part.q);
}

/* expm1 of pyref/reference/elementary.py */
INLINE double expm1_(double x)
{
    double clamped = x < -40.0 ? -40.0 : x;
    clamped = clamped > 700.0 ? 700.0 : clamped;
    double near = expm1_part(clamped);
    double far = exp_(x);
    return x > 700.0 ? far : near;
}

/* tanh of pyref/reference/elementary.py */
INLINE double tanh_(double x)
{
    double a = abs_(x);
    a = a > 22.0 ? 22.0 : a;
    double t = expm1_part(2.0 * a);
    return copysign_(t / (t + 2.0), x);
}

/* sigmoid of pyref/reference/elementary.py */
INLINE double sigmoid(double x)
{
    double e = exp_below(-abs_(x));
    return (x >= 0.0 ? 1.0 : e) / (1.0 + e);
}

/* log1p_part of pyref/reference/elementary.py */
INLINE double log1p_part(double f, double k)
{
    double s = f / (2.0 + f);
    double z = s * s;
    double z2 = z * z;
    double z4 = z2 * z2;
    double p = ((D0 + z * D1) + z2 * (D2 + z * D3))
        + z4 * (((D4 + z * D5) + z2 * (D6 + z * D7)) + z4 * (D8 + z * D9));
    double g = k * LN2_HI;
    double a = g + f;
    return a + (((g - a) + f) + (k * LN2_LO - s * (f - z * p)));
}

/* log of pyref/reference/elementary.py */
INLINE double log_(double x)
{
    /* A subnormal has no exponent of its own; scaled by 2^54 it has. */
    double normal = x < DBL_MIN ? x * 0x1p54 : x;
    double scaled_by = x < DBL_MIN ? 54.0 : 0.0;
    /* The exponent that leaves m from the square root of one half on; it carries a bias of 1023,
     * and 2^52 makes a double of it without a conversion. */
    uint64_t bits = bits_of(normal);
    uint64_t exponent = (bits - SQRT_HALF_BITS + ONE_BITS) >> 52;
    double k = double_of(exponent | TWO_52_BITS) - 4503599627371519.0 - scaled_by;
    double m = double_of(bits - (exponent << 52) + ONE_BITS);
    double y = log1p_part(m - 1.0, k);
    y = x < double_of(INFINITY_BITS) ? y : x;
    y = x == 0.0 ? -double_of(INFINITY_BITS) : y;
    return x < 0.0 ? double_of(NAN_BITS) : y;
}

/* softplus of pyref/reference/elementary.py */
INLINE double softplus(double x)
{
    return (x > 0.0 ? x : 0.0) + log1p_part(exp_below(-abs_(x)), 0.0);
}

/* power of pyref/reference/elementary.py */
INLINE double power(double x, double y)
{
    return exp_(y * log_(x));
}

/* cos_pi of pyref/reference/elementary.py */
INLINE double cos_pi(double t)
{
    double a = t <= 0.5 ? t : 1.0 - t;
    double z = a * a;
    double z2 = z * z;
    double z4 = z2 * z2;
    double p = ((E0 + z * E1) + z2 * (E2 + z * E3))
        + z4 * (((E4 + z * E5) + z2 * (E6 + z * E7)) + z4 * (E8 + z * E9));
    double y = ((1.0 - 2.0 * a) * (1.0 + 2.0 * a)) * (1.0 + z * p);
    return t <= 0.5 ? y : -y;
}
