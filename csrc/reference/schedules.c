/* Mirrors pyref/reference/schedules.py: the learning rate of an epoch.  Names and settings are
   declared in ../run.h. */

/* What is not a number stands for the None of a validation loss. */
INLINE int was_measured(double loss) { return loss == loss; }

static double step_rate(const double *state, double learning_rate)
{
    return learning_rate * state[0];
}

static void step_after_epoch(const StepSettings *step, double *state)
{
    state[1] += 1.0;
    if (state[1] >= step->every) {
        state[0] *= step->factor;
        state[1] = 0.0;
    }
}

static double exponential_rate(const double *state, double learning_rate)
{
    return learning_rate * state[0];
}

static void exponential_after_epoch(const ExponentialSettings *exponential, double *state)
{
    state[0] *= exponential->factor;
}

static double inverse_scaling_rate(const InverseScalingSettings *scaling, double learning_rate,
                                   double epoch)
{
    return learning_rate / power(epoch + 1.0, scaling->power);
}

static double cosine_rate(const CosineSettings *cosine, double learning_rate, double epoch)
{
    if (epoch < cosine->warmup)
        return learning_rate * ((epoch + 1.0) / (cosine->warmup + 1.0));
    if (epoch >= cosine->epochs)
        return cosine->lowest;
    double t = (epoch - cosine->warmup) / (cosine->epochs - cosine->warmup);
    return cosine->lowest + (learning_rate - cosine->lowest) * (0.5 * (1.0 + cos_pi(t)));
}

static double reduce_on_plateau_rate(const ReduceOnPlateauSettings *plateau, const double *state,
                                     double learning_rate)
{
    double rate = learning_rate * state[0];
    return rate > plateau->lowest ? rate : plateau->lowest;
}

static void reduce_on_plateau_after_epoch(const ReduceOnPlateauSettings *plateau, double *state,
                                          double loss)
{
    if (was_measured(loss) && loss < state[1] * (1.0 - plateau->threshold)) {
        state[1] = loss;
        state[2] = 0.0;
    } else {
        state[2] += 1.0;
    }
    if (state[3] > 0.0) {
        state[3] -= 1.0;
        state[2] = 0.0;
    }
    if (was_measured(loss) && state[2] > plateau->patience) {
        state[0] *= plateau->factor;
        state[2] = 0.0;
        state[3] = plateau->cooldown;
    }
}

/* SCHEDULES: whatever schedule it is. */
static double rate_of_epoch(const Settings *schedule, const double *state, double learning_rate,
                            int64_t epoch)
{
    const void *settings = schedule->settings;
    switch (schedule->kind) {
    case STEP: return step_rate(state, learning_rate);
    case EXPONENTIAL: return exponential_rate(state, learning_rate);
    case INVERSE_SCALING: return inverse_scaling_rate(settings, learning_rate, (double)epoch);
    case COSINE: return cosine_rate(settings, learning_rate, (double)epoch);
    case REDUCE_ON_PLATEAU: return reduce_on_plateau_rate(settings, state, learning_rate);
    case CONSTANT: break;
    }
    return learning_rate;
}

static void after_epoch(const Settings *schedule, double *state, double loss)
{
    const void *settings = schedule->settings;
    switch (schedule->kind) {
    case STEP: step_after_epoch(settings, state); break;
    case EXPONENTIAL: exponential_after_epoch(settings, state); break;
    case REDUCE_ON_PLATEAU: reduce_on_plateau_after_epoch(settings, state, loss); break;
    }
}
