/* Mirrors pyref/stopping.py: the rules that end a training. */

INLINE int waited_too_long(double *state, double loss, double minimum_improvement, double epochs)
{
    if (loss < state[0] - minimum_improvement) {
        state[0] = loss;
        state[1] = 0.0;
    } else {
        state[1] += 1.0;
    }
    return state[1] >= epochs;
}

INLINE int target_loss_says_stop(const TargetLossSettings *rule, double loss)
{
    return loss <= rule->loss;
}

INLINE int patience_says_stop(const PatienceSettings *rule, double *state, double loss)
{
    return waited_too_long(state, loss, rule->minimum_improvement, rule->epochs);
}

INLINE int validation_patience_says_stop(const ValidationPatienceSettings *rule, double *state,
                                         double validation_loss)
{
    return waited_too_long(state, validation_loss, rule->minimum_improvement, rule->epochs);
}

INLINE int gap_says_stop(const GapSettings *rule, double loss, double validation_loss)
{
    return abs_(validation_loss - loss) <= rule->gap;
}

/* RULES: whatever rule it is. */
INLINE int says_stop(Rule *rule, double loss, double validation_loss)
{
    const void *settings = rule->settings.settings;
    switch (rule->settings.kind) {
    case TARGET_LOSS: return target_loss_says_stop(settings, loss);
    case PATIENCE: return patience_says_stop(settings, rule->state, loss);
    case VALIDATION_PATIENCE:
        return validation_patience_says_stop(settings, rule->state, validation_loss);
    default: return gap_says_stop(settings, loss, validation_loss);
    }
}
