/* Mirrors pyref/reference/full_batch.py: one step over all parameters. */

static void rprop_update(double eta_minus, double eta_plus, double smallest, double largest,
                         int rests, double *restrict weights, const double *restrict gradient,
                         double *restrict before, double *restrict step, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        double g = gradient[i], w = weights[i];
        double agreement = g * before[i];
        double factor = agreement > 0.0 ? eta_plus : agreement < 0.0 ? eta_minus : 1.0;
        double s = step[i] * factor;
        double b = rests && agreement < 0.0 ? 0.0 : g;
        s = s < smallest ? smallest : s > largest ? largest : s;
        step[i] = s;
        before[i] = b;
        w = b > 0.0 ? w - s : w;
        weights[i] = b < 0.0 ? w + s : w;
    }
}

static void take_back(double *restrict weights, const double *restrict gradient,
                      const double *restrict before, const double *restrict step, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        double back = before[i] > 0.0 ? weights[i] + step[i] : weights[i] - step[i];
        weights[i] = gradient[i] * before[i] < 0.0 ? back : weights[i];
    }
}

static void rprop_plus_update(const RpropPlusSettings *rprop, double *restrict weights,
                              const double *restrict gradient, double *restrict before,
                              double *restrict step, int64_t count)
{
    take_back(weights, gradient, before, step, count);
    rprop_update(rprop->eta_minus, rprop->eta_plus, rprop->smallest_step, rprop->largest_step, 1,
                 weights, gradient, before, step, count);
}

static void irprop_plus_begin_step(double *scalars, double loss)
{
    scalars[1] = loss > scalars[0] ? 1.0 : 0.0;
    scalars[0] = loss;
}

static void irprop_plus_update(const IRpropPlusSettings *irprop, const double *scalars,
                               double *restrict weights, const double *restrict gradient,
                               double *restrict before, double *restrict step, int64_t count)
{
    if (scalars[1] != 0.0)
        take_back(weights, gradient, before, step, count);
    rprop_update(irprop->eta_minus, irprop->eta_plus, irprop->smallest_step, irprop->largest_step,
                 1, weights, gradient, before, step, count);
}

static double quickprop_step(double rate, double growth, double shrink, double step, double slope,
                             double before)
{
    double ahead = step > 0.0 ? slope : -slope, ahead_before = step > 0.0 ? before : -before;
    double change = ahead_before - ahead;
    int farther = (ahead > shrink * ahead_before) | (change == 0.0);
    double factor = farther ? growth : ahead / change;
    double next = (ahead > 0.0 ? rate * slope : 0.0) + factor * step;
    return step == 0.0 ? rate * slope : next;
}

static void quickprop_update(const QuickpropSettings *quickprop, double rate,
                             double *restrict weights, const double *restrict gradient,
                             double *restrict before, double *restrict step, int64_t count)
{
    double growth = quickprop->maximum_growth;
    double shrink = growth / (1.0 + growth);
    for (int64_t i = 0; i < count; i++) {
        double slope = -gradient[i];
        step[i] = quickprop_step(rate, growth, shrink, step[i], slope, before[i]);
        before[i] = slope;
        weights[i] = weights[i] + step[i];
    }
}
