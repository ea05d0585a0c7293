/*
 * Mirrors pyref/reference/generator.py, which explains it. A stream is seeded in Python, which
 * hands its state over and takes it back. `random` has another name here because the C library may
 * own it. The Mersenne twister itself, which Python has built in, is Matsumoto and Nishimura's
 * mt19937ar.c of 2002.
 */

/* One new word from the upper bit of one word, the lower bits of the next, and a third. */
INLINE uint32_t twisted(uint32_t word, uint32_t next, uint32_t distant)
{
    uint32_t joined = (word & 0x80000000u) | (next & 0x7fffffffu);
    return distant ^ (joined >> 1) ^ ((next & 1u) ? 0x9908b0dfu : 0u);
}

static void renew_words(uint32_t *words)
{
    for (int32_t i = 0; i < 227; i++)
        words[i] = twisted(words[i], words[i + 1], words[i + 397]);
    for (int32_t i = 227; i < 623; i++)
        words[i] = twisted(words[i], words[i + 1], words[i - 227]);
    words[623] = twisted(words[623], words[0], words[396]);
}

static uint32_t next_word(Stream *stream)
{
    if (stream->position >= 624) {
        renew_words(stream->words);
        stream->position = 0;
    }
    uint32_t word = stream->words[stream->position];
    stream->position += 1;
    word ^= word >> 11;
    word ^= (word << 7) & 0x9d2c5680u;
    word ^= (word << 15) & 0xefc60000u;
    return word ^ (word >> 18);
}

/* Stream.random of pyref/reference/generator.py */
static double random_double(Stream *stream)
{
    /* Two statements, since C leaves open which of two calls in one expression comes first. */
    uint32_t upper = next_word(stream) >> 5;
    uint32_t lower = next_word(stream) >> 6;
    return (upper * 67108864.0 + lower) * (1.0 / 9007199254740992.0);
}

/* Stream.shuffled of pyref/reference/generator.py; `order` has room for n integers. */
static void shuffled(Stream *stream, int64_t *order, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        order[i] = i;
    for (int64_t i = n - 1; i > 0; i--) {
        int64_t j = (int64_t)(random_double(stream) * (double)(i + 1));
        int64_t moved = order[i];
        order[i] = order[j];
        order[j] = moved;
    }
}
