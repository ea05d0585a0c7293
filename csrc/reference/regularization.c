/* Mirrors pyref/reference/regularization.py: penalties, dropout, clipping. */

/* `kept` says whether; the factor 1/(1 - rate) is applied where it is read. */
static void draw_kept(double rate, uint8_t *kept, int64_t rows, int64_t units, Stream *stream)
{
    for (int64_t i = 0; i < rows * units; i++)
        kept[i] = random_double(stream) < rate ? 0 : 1;
}

static void draw_dropout(Layer *layers, int64_t layer_count, int64_t rows, Stream *stream)
{
    for (int64_t place = 0; place < layer_count; place++)
        if (layers[place].drop_rate != 0.0)
            draw_kept(layers[place].drop_rate, layers[place].kept, rows, layers[place].inputs,
                      stream);
}

/* The rows and columns of a block; `first` is the place of row 0 in its batch. */
static void scaled_by(const number *rows, const Layer *layer, int64_t first, Block block,
                      number *result)
{
    double factor = 1.0 / (1.0 - layer->drop_rate);
    for (int64_t p = block.left; p < block.right; p += WIDTH)
        for (int64_t r = block.top; r < block.bottom; r++)
            for (int64_t k = p; k < least(p + WIDTH, block.right); k++)
                result[at(block.height, r, k)] = (number)(rows[at(block.height, r, k)]
                    * (layer->kept[(first + r) * layer->inputs + k] ? factor : 0.0));
}

static void add_penalties(double l1, double l2, const number *restrict weights,
                          number *restrict gradient, int64_t count)
{
    for (int64_t i = 0; i < WHOLE(count); i++) {
        double g = gradient[i], w = weights[i];
        g = l2 != 0.0 ? g + l2 * w : g;
        if (l1 != 0.0)
            g = w > 0.0 ? g + l1 : w < 0.0 ? g - l1 : g;
        gradient[i] = (number)g;
    }
}

static double absolute_sum(const Run *run, const number *rows)
{
    return sum_by_units(run, rows, rows, 1, 1);
}

static double penalties(const Regularization *regularization, const Run *run)
{
    const number *weights = run->parameters;
    double total = 0.0;
    if (regularization->l2 != 0.0)
        total += 0.5 * regularization->l2 * sum_by_units(run, weights, weights, 0, 0);
    if (regularization->l1 != 0.0)
        total += regularization->l1 * sum_by_units(run, weights, weights, 1, 0);
    return total;
}

static void clip_values(double limit, number *gradient, int64_t count)
{
    for (int64_t i = 0; i < WHOLE(count); i++)
        gradient[i] = (number)(gradient[i] < -limit  ? -limit
                               : gradient[i] > limit ? limit
                                                     : gradient[i]);
}

static double norm(const Run *run, const number *gradients)
{
    return sqrt_(dot(run, gradients, gradients));
}

static void scale_to_norm(double limit, const Run *run, number *gradients)
{
    double factor = limit / (norm(run, gradients) + 1e-6);
    if (factor < 1.0)
        for (int64_t i = 0; i < WHOLE(run->parameter_count); i++)
            gradients[i] = (number)(gradients[i] * factor);
}

static void regularize(const Regularization *regularization, const Run *run, number *gradients)
{
    int penalised = regularization->l1 != 0.0 || regularization->l2 != 0.0;
    for (int64_t place = 0; place < run->layer_count && penalised; place++) {
        const Layer *layer = &run->layers[place];
        add_penalties(regularization->l1, regularization->l2, layer->weights,
                      gradients + (layer->weights - run->parameters),
                      WIDTH * panels_of(layer->units) * layer->inputs);
    }
    if (regularization->clip_value != 0.0)
        clip_values(regularization->clip_value, gradients, run->parameter_count);
    if (regularization->clip_norm != 0.0)
        scale_to_norm(regularization->clip_norm, run, gradients);
}
