/* Doubles to text: the shortest decimals that give back the same bits, as Python's repr has them.

   A double is m * 2^-s.  With a power of ten that gives it 17 digits before the point, as many as
   always suffice, m * 10^k fits into 128 bits for numbers from 0.0001 to 2^49, and all that
   follows is exact: a decimal c / 10^k is read as this double if it is nearer than half a last
   place, 10^k / 2 in units of 2^-s, or just as near and m even.  Of the decimals with fewer and
   fewer digits, the nearest of each length is tried until one is too far.  Powers of two, which
   have neighbours at two distances, and all that lies in the middle of two decimals, are left to
   Python, and so are numbers beyond the range. */

#if WIDE_DIVISION
static const uint64_t whole_tens[] = {
    1u, 10u, 100u, 1000u, 10000u, 100000u, 1000000u, 10000000u, 100000000u, 1000000000u,
    10000000000u, 100000000000u, 1000000000000u, 10000000000000u, 100000000000000u,
    1000000000000000u, 10000000000000000u, 100000000000000000u, 1000000000000000000u,
    10000000000000000000u,
};

/* The shortest digits, as a whole number, of m * 2^-s, and the k that it was multiplied with;
   0 where Python is to find them. */
static uint64_t shortest_digits(uint64_t m, int32_t s, int32_t *k)
{
    const uint64_t least = whole_tens[16], most = whole_tens[17];
    /* About the decimal exponent: 1233 / 4096 is just above the logarithm of 2. */
    int32_t power = 16 - ((52 - s) * 1233 - (s > 52 ? 4095 : 0)) / 4096;
    Wide ten, n;
    uint64_t d;
    for (;;) {
        if (power < 0 || power > 21)
            return 0;
        ten = power < 20 ? (Wide)whole_tens[power]
                         : (Wide)whole_tens[19] * whole_tens[power - 19];
        n = m * ten;
        if (n >> s >= most) {
            power--;
            continue;
        }
        d = (uint64_t)(n >> s);
        if (d >= least)
            break;
        power++;
    }
    *k = power;
    if (m == (uint64_t)1 << 52)
        /* No two doubles share 15 digits, so an exact decimal of so many is the shortest. */
        return (Wide)d << s == n && d % 100 == 0 ? d : 0;
    uint64_t found = 0;
    for (int32_t j = 0; j < 17; j++) {
        const uint64_t step = whole_tens[j], below = d - d % step;
        const Wide middle = ((Wide)2 * below + step) << s, twice = 2 * n;
        if (twice == middle)
            return 0;
        const uint64_t nearest = twice < middle ? below : below + step;
        const Wide at = (Wide)nearest << (s + 1), apart = at < twice ? twice - at : at - twice;
        if (apart > ten || (apart == ten && (m & 1)))
            break;
        found = nearest;
    }
    return found;
}

/* Its digits with a point, as repr writes them; how many bytes that takes. */
static int32_t write_decimal(uint64_t found, int32_t k, uint8_t *text)
{
    uint8_t digits[20];
    int32_t count = 0, length = 0, kept = 0;
    for (; found; found /= 10)
        digits[count++] = (uint8_t)('0' + found % 10);   /* the last one first */
    const int32_t whole = count - k;
    while (kept < k - 1 && kept < count - 1 && digits[kept] == '0')
        kept++;                             /* zeros at the end */
    if (whole <= 0) {
        text[length++] = '0';
        text[length++] = '.';
        for (int32_t i = whole; i < 0; i++)
            text[length++] = '0';
    }
    for (int32_t i = count - 1; i >= kept; i--) {
        if (whole > 0 && i == k - 1)
            text[length++] = '.';
        text[length++] = digits[i];
    }
    return length;
}
#endif

/* Writes numbers with ", " behind each, until all are written or one is met that is for Python;
   how many there are, and how many bytes. */
static int64_t write_decimals(const double *values, int64_t count, uint8_t *text, int64_t *bytes)
{
    int64_t done = 0;
    *bytes = 0;
#if WIDE_DIVISION
    for (; done < count; done++) {
        const uint64_t bits = bits_of(values[done]), m = bits & (((uint64_t)1 << 52) - 1);
        const int32_t exponent = (int32_t)(bits >> 52 & 0x7ff);
        uint8_t *at = text + *bytes;
        int32_t length = 0, k = 0;
        if (bits >> 63)
            at[length++] = '-';
        if (bits << 1 == 0) {
            memcpy(at + length, "0.0", 3);
            length += 3;
        } else {
            /* From 0.0001, the double that is nearest to it, to below 2^49. */
            if ((bits & 0x7fffffffffffffff) < 0x3f1a36e2eb1c432d || exponent >= 1023 + 49)
                break;
            const uint64_t found = shortest_digits(m | (uint64_t)1 << 52, 1075 - exponent, &k);
            if (!found)
                break;
            length += write_decimal(found, k, at + length);
        }
        at[length++] = ',';
        at[length++] = ' ';
        *bytes += length;
    }
#else
    (void)values, (void)count, (void)text;
#endif
    return done;
}
