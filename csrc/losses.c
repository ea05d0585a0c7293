/* Mirrors pyref/losses.py: the losses of one row, each with its gradient. */

INLINE double half_squared_error(const double *y, const double *t, int64_t outputs)
{
    double total = 0.0;
    for (int64_t j = 0; j < outputs; j++) {
        double difference = y[j] - t[j];
        total += difference * difference;
    }
    return 0.5 * total;
}

INLINE void half_squared_error_gradient(const double *y, const double *t, double *gradient,
                                        int64_t outputs)
{
    for (int64_t j = 0; j < outputs; j++)
        gradient[j] = y[j] - t[j];
}

INLINE double mean_squared_error(const double *y, const double *t, int64_t outputs)
{
    double total = 0.0;
    for (int64_t j = 0; j < outputs; j++) {
        double difference = y[j] - t[j];
        total += difference * difference;
    }
    return total;
}

INLINE void mean_squared_error_gradient(const double *y, const double *t, double *gradient,
                                        int64_t outputs)
{
    for (int64_t j = 0; j < outputs; j++)
        gradient[j] = 2.0 * (y[j] - t[j]);
}

INLINE double mean_absolute_error(const double *y, const double *t, int64_t outputs)
{
    double total = 0.0;
    for (int64_t j = 0; j < outputs; j++)
        total += abs_(y[j] - t[j]);
    return total;
}

INLINE void mean_absolute_error_gradient(const double *y, const double *t, double *gradient,
                                         int64_t outputs)
{
    for (int64_t j = 0; j < outputs; j++)
        gradient[j] = y[j] > t[j] ? 1.0 : y[j] < t[j] ? -1.0 : 0.0;
}

INLINE double huber(const double *y, const double *t, int64_t outputs)
{
    double total = 0.0;
    for (int64_t j = 0; j < outputs; j++) {
        double distance = abs_(y[j] - t[j]);
        total += distance <= 1.0 ? 0.5 * (distance * distance) : distance - 0.5;
    }
    return total;
}

INLINE void huber_gradient(const double *y, const double *t, double *gradient, int64_t outputs)
{
    for (int64_t j = 0; j < outputs; j++) {
        double d = y[j] - t[j];
        gradient[j] = d < -1.0 ? -1.0 : d > 1.0 ? 1.0 : d;
    }
}

INLINE double poisson(const double *y, const double *t, int64_t outputs)
{
    double total = 0.0;
    for (int64_t j = 0; j < outputs; j++)
        total += y[j] - t[j] * log_(y[j] + 1e-8);
    return total;
}

INLINE void poisson_gradient(const double *y, const double *t, double *gradient, int64_t outputs)
{
    for (int64_t j = 0; j < outputs; j++)
        gradient[j] = 1.0 - t[j] / (y[j] + 1e-8);
}

INLINE double binary_cross_entropy(const double *z, const double *t, int64_t outputs)
{
    double total = 0.0;
    for (int64_t j = 0; j < outputs; j++) {
        double above = z[j] > 0.0 ? z[j] : 0.0;
        total += (above - z[j] * t[j]) + softplus(-abs_(z[j]));
    }
    return total;
}

INLINE void binary_cross_entropy_gradient(const double *y, const double *t, double *gradient,
                                          int64_t outputs)
{
    for (int64_t j = 0; j < outputs; j++)
        gradient[j] = y[j] - t[j];
}

INLINE double cross_entropy(const double *z, const double *t, int64_t outputs)
{
    double largest = largest_of(z, outputs), total_power = 0.0, log_total, total = 0.0;
    for (int64_t j = 0; j < outputs; j++)
        total_power += exp_(z[j] - largest);
    log_total = log_(total_power);
    for (int64_t j = 0; j < outputs; j++)
        if (t[j] != 0.0)
            total += t[j] * (log_total - (z[j] - largest));
    return total;
}

INLINE void cross_entropy_gradient(const double *y, const double *t, double *gradient,
                                   int64_t outputs)
{
    for (int64_t j = 0; j < outputs; j++)
        gradient[j] = y[j] - t[j];
}

INLINE double undivided(double rows, int64_t outputs)
{
    (void)rows, (void)outputs;
    return 1.0;
}

INLINE double per_row(double rows, int64_t outputs)
{
    (void)outputs;
    return rows;
}

INLINE double per_output(double rows, int64_t outputs) { return rows * (double)outputs; }

/* LOSSES: name, function, gradient, divisor, and what the loss reads: outputs y, or, fused, z. */
#define EACH_LOSS(ROW)                                                                          \
    ROW(HALF_SQUARED_ERROR, half_squared_error, half_squared_error_gradient, undivided, y, 0)   \
    ROW(MEAN_SQUARED_ERROR, mean_squared_error, mean_squared_error_gradient, per_output, y, 0)  \
    ROW(MEAN_ABSOLUTE_ERROR, mean_absolute_error, mean_absolute_error_gradient, per_output, y, 0) \
    ROW(HUBER, huber, huber_gradient, per_output, y, 0)                                         \
    ROW(POISSON, poisson, poisson_gradient, per_output, y, 0)                                   \
    ROW(BINARY_CROSS_ENTROPY, binary_cross_entropy, binary_cross_entropy_gradient, per_output, z, 1) \
    ROW(CROSS_ENTROPY, cross_entropy, cross_entropy_gradient, per_row, z, 1)

#define DIVISOR(name, function, gradient, divisor, reads, fused) \
    case name: return divisor(rows, outputs);
#define ROW_LOSS(name, function, gradient, divisor, reads, fused) \
    case name: return function(reads, t, outputs);
#define GRADIENT(name, function, gradient, divisor, reads, fused) \
    case name: gradient(y, t, result, outputs); is_fused = fused; break;

INLINE double loss_divisor(int32_t loss, double rows, int64_t outputs)
{
    switch (loss) {
    EACH_LOSS(DIVISOR)
    }
    return 1.0;
}

INLINE double row_loss(int32_t loss, const double *z, const double *y, const double *t,
                       int64_t outputs)
{
    switch (loss) {
    EACH_LOSS(ROW_LOSS)
    }
    return 0.0;
}

/* Of one row. */
INLINE void output_deltas(int32_t loss, int32_t activation, const double *z, const double *y,
                          const double *t, double weight, double divisor, double *result,
                          int64_t outputs)
{
    int is_fused = 0;
    switch (loss) {
    EACH_LOSS(GRADIENT)
    }
    if (!is_fused)
        activation_deltas(activation, result, z, y, result, 1, outputs, outputs);
    for (int64_t j = 0; j < outputs; j++)
        result[j] = result[j] * weight / divisor;
}

INLINE void smoothed(const double *t, double smoothing, double *result, int64_t outputs)
{
    double share = smoothing / (double)outputs;
    for (int64_t j = 0; j < outputs; j++)
        result[j] = t[j] * (1.0 - smoothing) + share;
}

/* The place of the largest output; of one output, whether it is at least 0.5. */
INLINE int64_t class_of(const double *outputs, int64_t count)
{
    int64_t best = 0;
    if (count == 1)
        return outputs[0] >= 0.5;
    for (int64_t j = 0; j < count; j++)
        best = outputs[j] > outputs[best] ? j : best;
    return best;
}

INLINE int is_correct(const double *y, const double *t, int64_t outputs)
{
    return class_of(y, outputs) == class_of(t, outputs);
}
