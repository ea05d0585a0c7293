/* Mirrors pyref/reference/full_batch.py: one step over all parameters. */

static void rprop_update(double eta_minus, double eta_plus, double smallest, double largest,
                         int rests, number *restrict weights, const number *restrict gradient,
                         number *restrict before, number *restrict step, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        double g = gradient[i], w = weights[i];
        double agreement = g * before[i];
        double factor = agreement > 0.0 ? eta_plus : agreement < 0.0 ? eta_minus : 1.0;
        double s = step[i] * factor;
        double b = rests && agreement < 0.0 ? 0.0 : g;
        s = s < smallest ? smallest : s > largest ? largest : s;
        step[i] = (number)s;
        before[i] = (number)b;
        w = b > 0.0 ? w - s : w;
        weights[i] = (number)(b < 0.0 ? w + s : w);
    }
}

static void take_back(number *restrict weights, const number *restrict gradient,
                      const number *restrict before, const number *restrict step, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        double w = weights[i], s = step[i], b = before[i];
        double back = b > 0.0 ? w + s : w - s;
        weights[i] = (number)(gradient[i] * b < 0.0 ? back : w);
    }
}

static void rprop_plus_update(const RpropPlusSettings *rprop, number *restrict weights,
                              const number *restrict gradient, number *restrict before,
                              number *restrict step, int64_t count)
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
                               number *restrict weights, const number *restrict gradient,
                               number *restrict before, number *restrict step, int64_t count)
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
                             number *restrict weights, const number *restrict gradient,
                             number *restrict before, number *restrict step, int64_t count)
{
    double growth = quickprop->maximum_growth;
    double shrink = growth / (1.0 + growth);
    for (int64_t i = 0; i < count; i++) {
        double slope = -gradient[i];
        double next = quickprop_step(rate, growth, shrink, step[i], slope, before[i]);
        step[i] = (number)next;
        before[i] = (number)slope;
        weights[i] = (number)(weights[i] + next);
    }
}
