/* Rows of text to doubles: what Python's csv and float make of plain cells, with the same bits.

   A plain cell is a number of the form [+-]digits[.digits][e[+-]digits], with spaces around it.
   Its digits are read as a whole number w, so that its value is w * 10^p.  Where w and 10^|p| are
   doubles themselves (w at most 2^53, |p| at most 22), one multiplication or division rounds once,
   and therefore correctly (Clinger, "How to read floating point numbers accurately", 1990).  Up to
   19 digits over 10^27 at most, as shortest decimals of doubles are, w * 2^s is divided by 5^-p in
   whole numbers, and the quotient rounded.  All other cells are left to Python. */

#if defined(__SIZEOF_INT128__)
#define WIDE_DIVISION 1
__extension__ typedef unsigned __int128 Wide;
#else
#define WIDE_DIVISION 0
#endif

static const double tens[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
                              1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

#if WIDE_DIVISION
/* w / 10^p for w from 1 and p from 1 to 27, to nearest even.  The result is a normal double: it
   lies between 10^-27 and 2^64. */
static double quotient(uint64_t w, int32_t p)
{
    uint64_t five = 1;
    for (int32_t i = 0; i < p; i++)
        five *= 5;                          /* 5^27 < 2^63 */
    int32_t up = __builtin_clzll(w), of_five = __builtin_clzll(five);
    /* Both with their highest bit set: the quotient has 63 or 64 bits. */
    Wide dividend = (Wide)(w << up) << 63;
    uint64_t divisor = five << of_five;
    uint64_t q = (uint64_t)(dividend / divisor);
    uint64_t inexact = dividend % divisor != 0;
    int32_t exponent = of_five - up - 63 - p;   /* the value is q * 2^exponent */
    int32_t drop = 11 - __builtin_clzll(q);     /* to 53 bits */
    uint64_t kept = q >> drop, half = (uint64_t)1 << (drop - 1), rest = q & (2 * half - 1);
    if (rest > half || (rest == half && (inexact || (kept & 1))))
        kept++;                             /* to 2^53 at most, which is a double too */
    return (double)kept * double_of((uint64_t)(exponent + drop + 1023) << 52);
}
#endif

/* Whether the bytes from `at` to `end` are a plain number; its value. */
static int plain_number(const uint8_t *at, const uint8_t *end, uint8_t decimal, double *value)
{
    uint64_t w = 0;
    int32_t digits = 0, seen = 0, power = 0, negative = 0;
    if (at < end && (*at == '-' || *at == '+'))
        negative = *at++ == '-';
    const uint8_t *first = at;
    for (; at < end && (uint8_t)(*at - '0') < 10; at++) {
        w = 10 * w + (uint64_t)(*at - '0');
        digits += w != 0;
    }
    seen = (int32_t)(at - first);
    if (at < end && *at == decimal) {
        first = ++at;
        for (; at < end && (uint8_t)(*at - '0') < 10; at++) {
            w = 10 * w + (uint64_t)(*at - '0');
            digits += w != 0;
        }
        seen += (int32_t)(at - first);
        power = -(int32_t)(at - first);
    }
    if (!seen || digits > 19)
        return 0;
    if (at < end && (*at | 0x20) == 'e') {
        int32_t below = 0, exponent = 0;
        at++;
        if (at < end && (*at == '-' || *at == '+'))
            below = *at++ == '-';
        first = at;
        for (; at < end && (uint8_t)(*at - '0') < 10; at++)
            if (exponent < 10000)
                exponent = 10 * exponent + (*at - '0');
        if (at == first)
            return 0;
        power += below ? -exponent : exponent;
    }
    if (at != end)
        return 0;
    double x;
    if (w <= (uint64_t)1 << 53 && -22 <= power && power <= 22)
        x = power < 0 ? (double)w / tens[-power] : (double)w * tens[power];
    else if (w == 0)
        x = 0.0;
#if WIDE_DIVISION
    else if (-27 <= power && power < 0)
        x = quotient(w, -power);
#endif
    else
        return 0;
    *value = negative ? -x : x;
    return 1;
}

/* Rows of a block of text that ends where a line does, until all are read, a row is met that is
   for Python (one of another length, a quote inside a cell, an empty line, a comment, a carriage
   return or zero byte), or there is no more room.  `slots[column]` is the place of a column in a
   row of `values`, or -1 for one that is not wanted; -2 - place for one that is wanted as text.
   Texts, and cells that are no plain numbers, are 0.0 in `values`, and told in `others`: the place
   there, their first byte, and the one after the last. */
static void read_rows(Reading *reading, const uint8_t *text, int64_t length, const int32_t *slots,
                      double *values, int64_t *others)
{
    uint64_t environment = enter_arithmetic();
    const uint8_t separator = (uint8_t)reading->separator, decimal = (uint8_t)reading->decimal;
    const int spaces = separator == ' ';
    int64_t at = reading->at, row = 0, other = 0;
    while (at < length && row < reading->most_rows) {
        const int64_t begin = at, others_before = other;
        int64_t column = 0;
        if (text[at] == '#')
            break;
        for (;;) {
            while (at < length && (text[at] == ' ' || (spaces && text[at] == '\t')))
                at++;
            if (spaces && column > 0 && (at == length || text[at] == '\n' || text[at] == '\r'))
                goto end_of_line;           /* spaces at the end of a line separate nothing */
            int64_t from = at, to;
            if (at < length && text[at] == '"') {
                from = ++at;
                while (at < length && text[at] != '"' && text[at] != '\n' && text[at] != 0)
                    at++;
                if (at == length || text[at] != '"')
                    goto for_python;
                to = at++;
                if (at < length && text[at] != separator && text[at] != '\n' && text[at] != '\r')
                    goto for_python;
            } else {
                while (at < length && text[at] != separator && text[at] != '\n' && text[at] != '\r'
                       && text[at] != '"' && text[at] != 0 && !(spaces && text[at] == '\t'))
                    at++;
                if (at < length && (text[at] == '"' || text[at] == 0))
                    goto for_python;
                to = at;
            }
            if (column == reading->width || (reading->width == 1 && from == to))
                goto for_python;            /* an empty line may be none */
            const int32_t slot = slots[column++];
            if (slot != -1) {
                const int32_t place = slot < 0 ? -2 - slot : slot;
                double *value = &values[row * reading->slots + place];
                int64_t last = to;
                while (last > from && text[last - 1] == ' ')
                    last--;
                while (from < last && text[from] == ' ')
                    from++;
                *value = 0.0;
                if (slot < 0 || !plain_number(text + from, text + last, decimal, value)) {
                    if (other == reading->most_others)
                        goto for_python;
                    others[3 * other] = row * reading->slots + place;
                    others[3 * other + 1] = from;
                    others[3 * other + 2] = last;
                    other++;
                }
            }
            if (at < length && (text[at] == separator || (spaces && text[at] == '\t'))) {
                at++;
                continue;
            }
        end_of_line:
            if (at < length && text[at] == '\r')
                at++;
            if (at < length && text[at] != '\n')
                goto for_python;
            at++;
            if (column != reading->width)
                goto for_python;
            break;
        }
        row++;
        continue;
    for_python:
        at = begin;
        other = others_before;
        break;
    }
    reading->at = at < length ? at : length;
    reading->rows = row;
    reading->others = other;
    leave_arithmetic(environment);
}
