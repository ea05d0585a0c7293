/* Mirrors the table of pyref/optimizers.py. */

/* One of the lists that the optimizer remembers. */
INLINE double *memory_list(const Run *run, int64_t place)
{
    return run->memory + place * run->parameter_count;
}

/* OPTIMIZERS: one step of whatever optimizer it is, with the loss of its batch. */
INLINE void optimizer_step(Run *run, double loss)
{
    const void *settings = run->optimizer.settings;
    double rate = run->rate, *scalars = run->scalars;
    double *weights = run->parameters, *gradient = run->gradients;
    int64_t count = run->parameter_count;

    switch (run->optimizer.kind) {
    case SGD:
        sgd_update(settings, rate, weights, gradient, memory_list(run, 0), count);
        break;
    case RMSPROP: {
        const RMSpropSettings *rmsprop = settings;
        rmsprop_update(rmsprop, rate, weights, gradient, memory_list(run, 0), memory_list(run, 1),
                       memory_list(run, rmsprop->centered != 0.0 ? 2 : 1), count);
        break;
    }
    case ADAGRAD:
        adagrad_update(settings, rate, weights, gradient, memory_list(run, 0), count);
        break;
    case ADAM:
        adam_begin_step(settings, scalars);
        adam_update(settings, rate, scalars, weights, gradient, memory_list(run, 0),
                    memory_list(run, 1), count);
        break;
    case ADAM_W:
        adam_begin_step(settings, scalars);
        adam_w_update(settings, rate, scalars, weights, gradient, memory_list(run, 0),
                      memory_list(run, 1), count);
        break;
    case RPROP: {
        const RpropSettings *rprop = settings;
        rprop_update(rprop->eta_minus, rprop->eta_plus, rprop->smallest_step, rprop->largest_step,
                     weights, gradient, memory_list(run, 0), memory_list(run, 1), count);
        break;
    }
    case IRPROP_MINUS: {
        const IRpropMinusSettings *rprop = settings;
        rprop_update(rprop->eta_minus, rprop->eta_plus, rprop->smallest_step, rprop->largest_step,
                     weights, gradient, memory_list(run, 0), memory_list(run, 1), count);
        break;
    }
    case IRPROP_PLUS:
        irprop_plus_begin_step(scalars, loss);
        irprop_plus_update(settings, scalars, weights, gradient, memory_list(run, 0),
                           memory_list(run, 1), count);
        break;
    case QUICKPROP:
        quickprop_update(settings, rate, weights, gradient, memory_list(run, 0),
                         memory_list(run, 1), count);
        break;
    }
}
