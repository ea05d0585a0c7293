/* The fast form of a batch through a small network, for one instruction set; see tiles.c.

   Here a layer's values stand unit by unit, the rows of the batch side by side: value j of row r at
   [j * span + r], and a vector holds the same unit of several rows.  A layer of two units then
   fills vectors as well as a wide one.  2-2-1 in batches of 4 is one chain of waiting for
   results; everything around it must be short. */

#if LANES >= 4
#define SIDE 4
#else
#define SIDE LANES
#endif
#if SIDE > 1
typedef double NAME(side) __attribute__((vector_size(8 * SIDE), aligned(8), may_alias));
#else
typedef double NAME(side);
#endif
#define LOAD(type, place) (*(const NAME(type) *)(place))
#define STORE(type, place, value) (*(NAME(type) *)(place) = (value))

/* Equals pre_activations for every row. */
TARGET static void NAME(small_sums)(const Layer *layer, const double *x, int64_t span)
{
    for (int64_t j = 0; j < layer->units; j++) {
        double bias = layer->has_biases ? layer->biases[j] : 0.0;
        for (int64_t r = 0; r < span; r += SIDE) {
            NAME(side) sum = (NAME(side)){0} + bias;
            for (int64_t k = 0; k < layer->inputs; k++)
                sum = sum + LOAD(side, x + k * span + r) * layer->weights[k * layer->stride + j];
            STORE(side, layer->z + j * span + r, sum);
        }
    }
}

/* Equals errors_below for every row. */
TARGET static void NAME(small_errors)(const Layer *layer, double *errors, int64_t span)
{
    for (int64_t k = 0; k < layer->inputs; k++)
        for (int64_t r = 0; r < span; r += SIDE) {
            NAME(side) error = (NAME(side)){0};
            for (int64_t j = 0; j < layer->units; j++)
                error = error
                    + LOAD(side, layer->deltas + j * span + r) * layer->weights[k * layer->stride + j];
            STORE(side, errors + k * span + r, error);
        }
}

/* Equals weight_gradients and bias_gradients; with `step`, sgd_update after them.  One or two units
   are added up one by one; for more the deltas are turned, and a vector holds several units. */
TARGET static void NAME(small_gradients)(const Layer *layer, const double *x, int64_t rows,
                                         int64_t span, const double *step)
{
    int64_t stride = layer->stride, units = layer->units;
    double *g = step ? layer->weights : layer->weight_gradients;
    double *of_biases = step ? layer->biases : layer->bias_gradients;
    if (units <= 2) {
        for (int64_t j = 0; j < units; j++) {
            const double *d = layer->deltas + j * span;
            for (int64_t k = 0; k < layer->inputs; k++) {
                double sum = 0.0;
                for (int64_t r = 0; r < rows; r++)
                    sum = sum + x[k * span + r] * d[r];
                g[k * stride + j] = step ? g[k * stride + j] - *step * sum : sum;
            }
            if (layer->has_biases) {
                double sum = 0.0;
                for (int64_t r = 0; r < rows; r++)
                    sum = sum + d[r];
                of_biases[j] = step ? of_biases[j] - *step * sum : sum;
            }
        }
        return;
    }
    double turned[SMALL_ROWS * SMALL_UNITS];
    int64_t width = padded(units);
    for (int64_t r = 0; r < rows; r++)
        for (int64_t j = 0; j < width; j++)
            turned[r * width + j] = j < units ? layer->deltas[j * span + r] : 0.0;
    for (int64_t c = 0; c < width; c += LANES) {
        int64_t k = 0;
        for (; k + 4 <= layer->inputs; k += 4) {
            NAME(vector) sum[4] = {{0}, {0}, {0}, {0}};
            for (int64_t r = 0; r < rows; r++)
                UNROLL for (int i = 0; i < 4; i++)
                    sum[i] = sum[i] + x[(k + i) * span + r] * LOAD(vector, turned + r * width + c);
            UNROLL for (int i = 0; i < 4; i++) {
                double *at = g + (k + i) * stride + c;
                if (step)
                    sum[i] = LOAD(vector, at) - *step * sum[i];
                STORE(vector, at, sum[i]);
            }
        }
        for (; k < layer->inputs; k++) {
            NAME(vector) sum = {0};
            double *at = g + k * stride + c;
            for (int64_t r = 0; r < rows; r++)
                sum = sum + x[k * span + r] * LOAD(vector, turned + r * width + c);
            if (step)
                sum = LOAD(vector, at) - *step * sum;
            STORE(vector, at, sum);
        }
        if (layer->has_biases) {
            NAME(vector) sum = {0};
            for (int64_t r = 0; r < rows; r++)
                sum = sum + LOAD(vector, turned + r * width + c);
            if (step)
                sum = LOAD(vector, of_biases + c) - *step * sum;
            STORE(vector, of_biases + c, sum);
        }
    }
}

#undef LOAD
#undef STORE
#undef SIDE
