/* Mirrors the table of pyref/reference/optimizers.py. */

/* One of the lists that the optimizer remembers. */
static number *memory_list(const Run *run, int64_t place)
{
    return run->memory + place * run->parameter_count;
}

/* OPTIMIZERS: the step's beginning, with the loss of its batch, and the step of the parameters
   from `from` to before `to`, of whatever optimizer it is. */
static void begin_step(Run *run, double loss)
{
    switch (run->optimizer.kind) {
    case ADAM:
    case ADAM_W:   /* its settings begin with those of Adam */
        adam_begin_step((const void *)run->optimizer.settings, run->scalars);
        break;
    case IRPROP_PLUS:
        irprop_plus_begin_step(run->scalars, loss);
        break;
    }
}

static void optimizer_step(Run *run, int64_t from, int64_t to)
{
    const void *settings = run->optimizer.settings;
    double rate = run->rate, *scalars = run->scalars;
    number *weights = run->parameters + from, *gradient = run->gradients + from;
    number *list[3] = {NULL};
    int64_t count = WHOLE(to - from);

    for (int64_t place = 0; place < least(run->memory_count, 3); place++)
        list[place] = memory_list(run, place) + from;

    switch (run->optimizer.kind) {
    case SGD:
        sgd_update(settings, rate, weights, gradient, list[0], count);
        break;
    case RMSPROP: {
        const RMSpropSettings *rmsprop = settings;
        rmsprop_update(rmsprop, rate, weights, gradient, list[0], list[1],
                       list[rmsprop->centered != 0.0 ? 2 : 1], count);
        break;
    }
    case ADAGRAD:
        adagrad_update(settings, rate, weights, gradient, list[0], count);
        break;
    case ADAM:
        adam_update(settings, rate, scalars, weights, gradient, list[0],
                    list[1], count);
        break;
    case ADAM_W:
        adam_w_update(settings, rate, scalars, weights, gradient, list[0],
                      list[1], count);
        break;
    case RPROP: {
        const RpropSettings *rprop = settings;
        rprop_update(rprop->eta_minus, rprop->eta_plus, rprop->smallest_step, rprop->largest_step,
                     1, weights, gradient, list[0], list[1], count);
        break;
    }
    case IRPROP_MINUS: {
        const IRpropMinusSettings *rprop = settings;
        rprop_update(rprop->eta_minus, rprop->eta_plus, rprop->smallest_step, rprop->largest_step,
                     1, weights, gradient, list[0], list[1], count);
        break;
    }
    case RPROP_MINUS: {
        const RpropMinusSettings *rprop = settings;
        rprop_update(rprop->eta_minus, rprop->eta_plus, rprop->smallest_step, rprop->largest_step,
                     0, weights, gradient, list[0], list[1], count);
        break;
    }
    case RPROP_PLUS:
        rprop_plus_update(settings, weights, gradient, list[0], list[1], count);
        break;
    case IRPROP_PLUS:
        irprop_plus_update(settings, scalars, weights, gradient, list[0],
                           list[1], count);
        break;
    case QUICKPROP:
        quickprop_update(settings, rate, weights, gradient, list[0],
                         list[1], count);
        break;
    }
}
