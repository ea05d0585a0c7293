/* Mirrors pyref/reference/parameters.py: all parameters in one order, and arithmetic with them. */

static void copy_rows(const number *source, number *destination, int64_t count)
{
    memcpy(destination, source, (size_t)count * sizeof(number));
}

/* The top bit says whether the exponent is that of infinity and of what is not a number. */
INLINE uint64_t not_finite(double value)
{
    return (bits_of(value) & 0x7fffffffffffffff) + 0x0010000000000000;
}

/* The place of the first such value, or -1. */
static int64_t first_not_finite(const number *values, int64_t count)
{
    for (int64_t block = 0; block < count; block += 512) {
        int64_t end = least(block + 512, count);
        uint64_t found = 0;
        for (int64_t i = block; i < end; i++)
            found |= not_finite(values[i]);
        for (int64_t i = block; i < end && found >> 63; i++)
            if (not_finite(values[i]) >> 63)
                return i;
    }
    return -1;
}

static int one_finite(double value)
{
    return !(not_finite(value) >> 63);
}

INLINE int all_finite(const number *values, int64_t count)
{
    return first_not_finite(values, count) < 0;
}

/* In place: values + factor * others. */
static void plus(number *restrict values, double factor, const number *restrict others,
                 int64_t count)
{
    for (int64_t i = 0; i < WHOLE(count); i++)
        values[i] = (number)(values[i] + factor * others[i]);
}

static void times(double factor, number *values, int64_t count)
{
    for (int64_t i = 0; i < WHOLE(count); i++)
        values[i] = (number)(factor * values[i]);
}

/* Of a * b, or of |a|: `dot`, also of other things than it is asked for.  The units of a panel walk
   down their weights together. */
static double sum_by_units(const Run *run, const number *a, const number *b, int of_sizes,
                           int with_biases)
{
    double total = 0.0;
    for (int64_t place = 0; place < run->layer_count; place++) {
        const Layer *layer = &run->layers[place];
        int64_t biases = layer->biases - run->parameters;
        for (int64_t first = 0; first < layer->units; first += WIDTH) {
            int64_t from = layer->weights - run->parameters + first * layer->inputs;
            double of_unit[WIDTH] = {0.0};
            int64_t to = from + WIDTH * layer->inputs;
            for (int64_t i = from; i < to && of_sizes; i += WIDTH)
                for (int64_t j = 0; j < WIDTH; j++)
                    of_unit[j] += abs_(a[i + j]);
            for (int64_t i = from; i < to && !of_sizes; i += WIDTH)
                for (int64_t j = 0; j < WIDTH; j++)
                    of_unit[j] += (double)a[i + j] * b[i + j];
            for (int64_t j = 0; j < least(layer->units - first, WIDTH); j++) {
                int64_t bias = biases + first + j;
                if (layer->has_biases && with_biases)
                    of_unit[j] += of_sizes ? abs_(a[bias]) : (double)a[bias] * b[bias];
                total += of_unit[j];
            }
        }
    }
    return total;
}

static double dot(const Run *run, const number *a, const number *b)
{
    return sum_by_units(run, a, b, 0, 1);
}
