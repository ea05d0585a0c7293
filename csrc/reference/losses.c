/* Mirrors pyref/reference/losses.py: each loss with its gradient under it, of a single output;
   `row_loss` adds the outputs of a row in order. */

/* Its half is the factor in EACH_SUM. */
INLINE double half_squared_error(double y, double t) { return (y - t) * (y - t); }

INLINE double half_squared_error_gradient(double y, double t) { return y - t; }

INLINE double mean_squared_error(double y, double t) { return (y - t) * (y - t); }

INLINE double mean_squared_error_gradient(double y, double t) { return 2.0 * (y - t); }

INLINE double mean_absolute_error(double y, double t) { return abs_(y - t); }

INLINE double mean_absolute_error_gradient(double y, double t)
{
    return y > t ? 1.0 : y < t ? -1.0 : 0.0;
}

INLINE double huber(double y, double t)
{
    double distance = abs_(y - t);
    return distance <= 1.0 ? 0.5 * (distance * distance) : distance - 0.5;
}

INLINE double huber_gradient(double y, double t)
{
    double d = y - t;
    return d < -1.0 ? -1.0 : d > 1.0 ? 1.0 : d;
}

INLINE double poisson(double y, double t) { return y - t * log_(y + 1e-8); }

INLINE double poisson_gradient(double y, double t) { return 1.0 - t / (y + 1e-8); }

INLINE double binary_cross_entropy(double z, double t)
{
    double above = z > 0.0 ? z : 0.0;
    return (above - z * t) + softplus(-abs_(z));
}

INLINE double binary_cross_entropy_gradient(double y, double t) { return y - t; }

/* Of a whole row: the classes share a total.  See softmax. */
static double cross_entropy(const double *restrict z, const double *restrict t,
                            double *restrict powers, int64_t outputs)
{
    double largest = largest_of(z, outputs), total_power = 0.0, log_total, total = 0.0;
    for (int64_t j = 0; j < WHOLE(WIDTH * panels_of(outputs)); j++)
        powers[j] = exp_(z[j] - largest);
    for (int64_t j = 0; j < outputs; j++)
        total_power += powers[j];
    log_total = log_(total_power);
    for (int64_t j = 0; j < outputs; j++)
        if (t[j] != 0.0)
            total += t[j] * (log_total - (z[j] - largest));
    return total;
}

INLINE double cross_entropy_gradient(double y, double t) { return y - t; }

INLINE double undivided(double rows, double outputs)
{
    (void)rows, (void)outputs;
    return 1.0;
}

INLINE double per_row(double rows, double outputs)
{
    (void)outputs;
    return rows;
}

INLINE double per_output(double rows, double outputs) { return rows * outputs; }

/* LOSSES: name, function, gradient, divisor, what the loss reads (outputs y, or, fused, z), and the
   factor of a row's sum.  The cross-entropy is no sum of functions of single outputs. */
#define EACH_SUM(LOSS)                                                                    \
    LOSS(HALF_SQUARED_ERROR, half_squared_error, undivided, y, 0.5)                       \
    LOSS(MEAN_SQUARED_ERROR, mean_squared_error, per_output, y, 1.0)                      \
    LOSS(MEAN_ABSOLUTE_ERROR, mean_absolute_error, per_output, y, 1.0)                    \
    LOSS(HUBER, huber, per_output, y, 1.0)                                                \
    LOSS(POISSON, poisson, per_output, y, 1.0)                                            \
    LOSS(BINARY_CROSS_ENTROPY, binary_cross_entropy, per_output, z, 1.0)
#define EACH_LOSS(LOSS) EACH_SUM(LOSS) LOSS(CROSS_ENTROPY, cross_entropy, per_row, z, 1.0)

INLINE int is_fused(int32_t loss) { return loss == BINARY_CROSS_ENTROPY || loss == CROSS_ENTROPY; }

/* Of the rows at `order` (NULL: from the first), in that order. */
static double total_weight(const double *weights, const int64_t *order, int64_t count)
{
    double total = 0.0;
    for (int64_t i = 0; i < count; i++)
        total += weights[order ? order[i] : i];
    return total != 0.0 ? total : 1.0;
}

#define DIVISOR(name, function, divisor, reads, factor) \
    case name: return divisor(rows, (double)outputs);

static double loss_divisor(int32_t loss, double rows, int64_t outputs)
{
    switch (loss) {
    EACH_LOSS(DIVISOR)
    }
    return 1.0;
}

#define TERMS(name, function, divisor, reads, factor)               \
    case name:                                                      \
        EACH_NUMBER(area) terms[i] = function(reads[i], t[i]);      \
        return factor;

/* What each output adds to the sum of its row; returns the factor of the sum. */
static double loss_terms(int32_t loss, const number *restrict z, const number *restrict y,
                         const number *restrict t, double *restrict terms, Area area)
{
    switch (loss) {
    EACH_SUM(TERMS)
    }
    return 1.0;
}

/* Of the rows of a block, before the division; `terms` and `space` are room. */
static void row_loss(int32_t loss, const Layer *last, const number *t, Block block, double *terms,
                     double *space, double *result)
{
    int64_t begin = begin_of(block), height = block.height, outputs = last->units;
    int64_t panels = panels_of(outputs);
    double factor = loss_terms(loss, last->z + begin, last->y + begin, t + begin, terms + begin,
                               area_of(block));
    for (int64_t r = block.top; r < block.bottom; r++) {
        double total = 0.0;
        if (loss == CROSS_ENTROPY)
            total = cross_entropy(row_of(last->z + WIDTH * r, space, height, outputs),
                                  row_of(t + WIDTH * r, space + WIDTH * panels, height, outputs),
                                  space + 2 * WIDTH * panels, outputs);
        else
            for (int64_t j = 0; j < outputs; j++)
                total += terms[at(height, r, j)];
        result[r] = factor * total;
    }
}

#define GRADIENT(name, function, divisor, reads, factor)                   \
    case name:                                                             \
        EACH_NUMBER(area) errors[i] = function##_gradient(y[i], t[i]);     \
        return;

static void loss_gradient(int32_t loss, const number *restrict y, const number *restrict t,
                          double *restrict errors, Area area)
{
    switch (loss) {
    EACH_LOSS(GRADIENT)
    }
}

/* 1/divisor where that is a power of two, else 0.0: then a multiplication gives the same bits as a
   division, four times as soon. */
static double exact_reciprocal(double divisor)
{
    double reciprocal = 1.0 / divisor;
    return bits_of(divisor) << 12 == 0 && reciprocal >= DBL_MIN ? reciprocal : 0.0;
}

/* deltas = errors * weights / divisor */
static void weigh(const double *restrict errors, const double *restrict weights, double divisor,
                  number *restrict deltas, int64_t count)
{
    double reciprocal = exact_reciprocal(divisor);
    if (reciprocal != 0.0)
        for (int64_t i = 0; i < count; i++)
            deltas[i] = (number)(errors[i] * weights[i] * reciprocal);
    else
        for (int64_t i = 0; i < count; i++)
            deltas[i] = (number)(errors[i] * weights[i] / divisor);
}

/* Of the rows of a block; `weights` holds that of each row WIDTH times, `errors` and `space` are
   room. */
static void output_deltas(int32_t loss, const Layer *last, const number *t, const double *weights,
                          double divisor, Block block, double *errors, double *space)
{
    int64_t begin = begin_of(block), rows = block.bottom - block.top;
    loss_gradient(loss, last->y + begin, t + begin, errors + begin, area_of(block));
    if (!is_fused(loss))
        layer_errors(last, errors, block, space);
    for (int64_t p = 0; p < panels_of(last->units); p++) {
        int64_t first = WIDTH * p * block.height + begin;
        weigh(errors + first, weights + begin, divisor, last->deltas + first, WIDTH * rows);
    }
    clear_beyond(last->deltas, block);
}

/* In place, of one row of targets in panels. */
static void smoothed(number *t, double smoothing, int64_t height, int64_t outputs)
{
    double share = smoothing / (double)outputs;
    for (int64_t j = 0; j < outputs; j++)
        t[at(height, 0, j)] = (number)(t[at(height, 0, j)] * (1.0 - smoothing) + share);
}

/* The place of the largest output of a row; of one output, whether it is at least 0.5. */
static int64_t class_of(const number *row, int64_t height, int64_t outputs)
{
    int64_t best = 0;
    if (outputs == 1)
        return row[0] >= 0.5;
    for (int64_t j = 0; j < outputs; j++)
        best = row[at(height, 0, j)] > row[at(height, 0, best)] ? j : best;
    return best;
}

static int is_correct(const number *y, const number *t, int64_t height, int64_t outputs)
{
    return class_of(y, height, outputs) == class_of(t, height, outputs);
}
