/* Mirrors pyref/reference/gradient_descent.py: one step over all parameters.

   Where the reference goes through a list several times, one loop here does it all for a parameter
   at once. */

static void sgd_update(const SgdSettings *sgd, double rate, number *restrict weights,
                       const number *restrict gradient, number *restrict velocity, int64_t count)
{
    double momentum = sgd->momentum;
    int looks_ahead = sgd->nesterov != 0.0;
    if (momentum == 0.0) {
        for (int64_t i = 0; i < count; i++)
            weights[i] = (number)(weights[i] - rate * gradient[i]);
        return;
    }
    for (int64_t i = 0; i < count; i++) {
        double g = gradient[i], v = momentum * velocity[i] + g;
        velocity[i] = (number)v;
        weights[i] = (number)(weights[i] - rate * (looks_ahead ? g + momentum * v : v));
    }
}

static void rmsprop_update(const RMSpropSettings *rmsprop, double rate, number *restrict weights,
                           const number *restrict gradient, number *restrict square,
                           number *restrict average, number *restrict velocity, int64_t count)
{
    double alpha = rmsprop->alpha, rest = 1.0 - alpha, epsilon = rmsprop->epsilon;
    double momentum = rmsprop->momentum;
    int centered = rmsprop->centered != 0.0, moving = momentum != 0.0;
    for (int64_t i = 0; i < count; i++) {
        double g = gradient[i];
        double spread = alpha * square[i] + rest * (g * g);
        square[i] = (number)spread;
        if (centered) {
            double a = alpha * average[i] + rest * g;
            average[i] = (number)a;
            spread = spread - a * a;
            spread = spread > 0.0 ? spread : 0.0;
        }
        double quotient = g / (sqrt_(spread) + epsilon);
        if (moving) {
            quotient = momentum * velocity[i] + quotient;
            velocity[i] = (number)quotient;
        }
        weights[i] = (number)(weights[i] - rate * quotient);
    }
}

static void adagrad_update(const AdagradSettings *adagrad, double rate, number *restrict weights,
                           const number *restrict gradient, number *restrict total, int64_t count)
{
    double epsilon = adagrad->epsilon;
    for (int64_t i = 0; i < count; i++) {
        double g = gradient[i];
        double s = total[i] + g * g;
        total[i] = (number)s;
        weights[i] = (number)(weights[i] - rate * (g / (sqrt_(s) + epsilon)));
    }
}

static void adam_begin_step(const AdamSettings *adam, double *scalars)
{
    scalars[0] = scalars[0] * adam->beta1;
    scalars[1] = scalars[1] * adam->beta2;
}

/* The weights are multiplied by `kept` before. */
INLINE void adam_step(const AdamSettings *adam, double rate, double kept, const double *scalars,
                      number *restrict weights, const number *restrict gradient,
                      number *restrict mean, number *restrict square, int64_t count)
{
    double beta1 = adam->beta1, rest1 = 1.0 - beta1, beta2 = adam->beta2, rest2 = 1.0 - beta2;
    double epsilon = adam->epsilon;
    double step = rate / (1.0 - scalars[0]);
    double scale = 1.0 / sqrt_(1.0 - scalars[1]);
    for (int64_t i = 0; i < count; i++) {
        double g = gradient[i];
        double m = beta1 * mean[i] + rest1 * g;
        double s = beta2 * square[i] + rest2 * (g * g);
        mean[i] = (number)m;
        square[i] = (number)s;
        weights[i] = (number)(weights[i] * kept - step * (m / (sqrt_(s) * scale + epsilon)));
    }
}

static void adam_update(const AdamSettings *adam, double rate, const double *scalars,
                        number *restrict weights, const number *restrict gradient,
                        number *restrict mean, number *restrict square, int64_t count)
{
    adam_step(adam, rate, 1.0, scalars, weights, gradient, mean, square, count);
}

static void adam_w_update(const AdamWSettings *adam_w, double rate, const double *scalars,
                          number *restrict weights, const number *restrict gradient,
                          number *restrict mean, number *restrict square, int64_t count)
{
    /* The settings of AdamW begin with those of Adam. */
    adam_step((const AdamSettings *)adam_w, rate, 1.0 - rate * adam_w->weight_decay, scalars,
              weights, gradient, mean, square, count);
}
