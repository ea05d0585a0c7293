/* Mirrors pyref/optimizers.py: one step over all parameters. */

INLINE void sgd_update(const SgdSettings *sgd, double rate, double *restrict weights,
                       const double *restrict gradient, double *restrict velocity, int64_t count)
{
    double momentum = sgd->momentum;
    if (momentum == 0.0) {
        for (int64_t i = 0; i < count; i++)
            weights[i] = weights[i] - rate * gradient[i];
        return;
    }
    for (int64_t i = 0; i < count; i++)
        velocity[i] = momentum * velocity[i] + gradient[i];
    if (sgd->nesterov != 0.0)
        for (int64_t i = 0; i < count; i++)
            weights[i] = weights[i] - rate * (gradient[i] + momentum * velocity[i]);
    else
        for (int64_t i = 0; i < count; i++)
            weights[i] = weights[i] - rate * velocity[i];
}

/* OPTIMIZERS: one step of whatever optimizer it is, with the loss of its batch. */
INLINE void optimizer_step(Run *run, double loss)
{
    const void *settings = run->optimizer.settings;
    double *memory = run->memory;
    (void)loss;
    switch (run->optimizer.kind) {
    default:
        sgd_update(settings, run->rate, run->parameters, run->gradients, memory,
                   run->parameter_count);
    }
}
