/* Mirrors pyref/reference/parameters.py: all parameters in one order, and sums over them. */

static void copy_rows(const double *source, double *destination, int64_t count)
{
    memcpy(destination, source, (size_t)count * sizeof(double));
}

/* The top bit says whether the exponent is that of infinity and of what is not a number. */
INLINE uint64_t not_finite(double value)
{
    return (bits_of(value) & 0x7fffffffffffffff) + 0x0010000000000000;
}

/* The place of the first such value, or -1. */
static int64_t first_not_finite(const double *values, int64_t count)
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

static int all_finite(const double *values, int64_t count)
{
    return first_not_finite(values, count) < 0;
}

/* Of a * b, or of |a| where b is NULL: `dot`, also of other things than it is asked for.  The eight
   units of a panel walk down their weights together. */
INLINE double sum_by_units(const Run *run, const double *a, const double *b, int with_biases)
{
    double total = 0.0;
    for (int64_t place = 0; place < run->layer_count; place++) {
        const Layer *layer = &run->layers[place];
        int64_t biases = layer->biases - run->parameters;
        for (int64_t first = 0; first < layer->units; first += 8) {
            int64_t from = layer->weights - run->parameters + first * layer->inputs;
            double of_unit[8] = {0.0};
            for (int64_t i = from; i < from + 8 * layer->inputs; i += 8)
                for (int64_t j = 0; j < 8; j++)
                    of_unit[j] += b ? a[i + j] * b[i + j] : abs_(a[i + j]);
            for (int64_t j = 0; j < least(layer->units - first, 8); j++) {
                int64_t bias = biases + first + j;
                if (layer->has_biases && with_biases)
                    of_unit[j] += b ? a[bias] * b[bias] : abs_(a[bias]);
                total += of_unit[j];
            }
        }
    }
    return total;
}

static double dot(const Run *run, const double *a, const double *b)
{
    return sum_by_units(run, a, b, 1);
}
