/* Mirrors pyref/reference/stopping.py: the rules that end a training. */

static int waited_too_long(double *state, double loss, double minimum_improvement, double epochs)
{
    if (loss < state[0] - minimum_improvement) {
        state[0] = loss;
        state[1] = 0.0;
    } else {
        state[1] += 1.0;
    }
    return state[1] >= epochs;
}

static int target_loss_says_stop(const TargetLossSettings *rule, double loss)
{
    return loss <= rule->loss;
}

static int patience_says_stop(const PatienceSettings *rule, double *state, double loss)
{
    return waited_too_long(state, loss, rule->minimum_improvement, rule->epochs);
}

static int validation_patience_says_stop(const ValidationPatienceSettings *rule, double *state,
                                         double validation_loss)
{
    if (!was_measured(validation_loss)) {
        state[1] += 1.0;
        return 0;
    }
    return waited_too_long(state, validation_loss, rule->minimum_improvement, rule->epochs);
}

static int gap_says_stop(const GapSettings *rule, double loss, double validation_loss)
{
    return was_measured(validation_loss) && abs_(validation_loss - loss) <= rule->gap;
}

static double ratio(double numerator, double denominator)
{
    if (denominator == 0.0)
        return numerator == 0.0 ? 0.0 : double_of(INFINITY_BITS);
    return numerator / abs_(denominator);
}

static int strip_ends(double *state, double strip)
{
    state[0] += 1.0;
    if (state[0] < strip)
        return 0;
    state[0] = 0.0;
    return 1;
}

static void add_to_strip(double *state, double loss)
{
    if (state[0] == 0.0) {
        state[1] = loss;
        state[2] = loss;
        return;
    }
    state[1] += loss;
    if (loss < state[2])
        state[2] = loss;
}

static double training_progress(const double *state, double strip)
{
    double lowest = strip * state[2];
    return 1000.0 * ratio(state[1] - lowest, lowest);
}

static double generalization_loss(double validation_loss, double lowest)
{
    return 100.0 * ratio(validation_loss - lowest, lowest);
}

static int generalization_loss_says_stop(const GeneralizationLossSettings *rule, double *state,
                                         double validation_loss)
{
    if (was_measured(validation_loss) && validation_loss < state[1])
        state[1] = validation_loss;
    if (!strip_ends(state, rule->strip) || !was_measured(validation_loss))
        return 0;
    return generalization_loss(validation_loss, state[1]) > rule->threshold;
}

static int progress_quotient_says_stop(const ProgressQuotientSettings *rule, double *state,
                                       double loss, double validation_loss)
{
    add_to_strip(state, loss);
    if (was_measured(validation_loss) && validation_loss < state[3])
        state[3] = validation_loss;
    if (!strip_ends(state, rule->strip) || !was_measured(validation_loss))
        return 0;
    double lost = generalization_loss(validation_loss, state[3]);
    return ratio(lost, training_progress(state, rule->strip)) > rule->threshold;
}

static int consecutive_increases_says_stop(const ConsecutiveIncreasesSettings *rule,
                                           double *state, double validation_loss)
{
    if (!strip_ends(state, rule->strip) || !was_measured(validation_loss))
        return 0;
    state[2] = validation_loss > state[1] ? state[2] + 1.0 : 0.0;
    state[1] = validation_loss;
    return state[2] >= rule->strips;
}

static int training_progress_says_stop(const TrainingProgressSettings *rule, double *state,
                                       double loss)
{
    add_to_strip(state, loss);
    if (!strip_ends(state, rule->strip))
        return 0;
    return training_progress(state, rule->strip) < rule->threshold;
}

/* RULES: whatever rule it is. */
static int says_stop(Rule *rule, double loss, double validation_loss)
{
    const void *settings = rule->settings.settings;
    switch (rule->settings.kind) {
    case TARGET_LOSS: return target_loss_says_stop(settings, loss);
    case PATIENCE: return patience_says_stop(settings, rule->state, loss);
    case VALIDATION_PATIENCE:
        return validation_patience_says_stop(settings, rule->state, validation_loss);
    case GAP: return gap_says_stop(settings, loss, validation_loss);
    case GENERALIZATION_LOSS:
        return generalization_loss_says_stop(settings, rule->state, validation_loss);
    case PROGRESS_QUOTIENT:
        return progress_quotient_says_stop(settings, rule->state, loss, validation_loss);
    case CONSECUTIVE_INCREASES:
        return consecutive_increases_says_stop(settings, rule->state, validation_loss);
    case TRAINING_PROGRESS: return training_progress_says_stop(settings, rule->state, loss);
    }
    return 0;
}
