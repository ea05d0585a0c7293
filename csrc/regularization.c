/* Mirrors pyref/regularization.py: penalties, dropout, clipping. */

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

static void add_penalties(double l1, double l2, const double *restrict weights,
                          double *restrict gradient, int64_t count)
{
    if (l2 != 0.0)
        for (int64_t i = 0; i < count; i++)
            gradient[i] = gradient[i] + l2 * weights[i];
    if (l1 != 0.0)
        for (int64_t i = 0; i < count; i++)
            gradient[i] = weights[i] > 0.0   ? gradient[i] + l1
                          : weights[i] < 0.0 ? gradient[i] - l1
                                             : gradient[i];
}

static void clip_values(double limit, double *gradient, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        gradient[i] = gradient[i] < -limit ? -limit : gradient[i] > limit ? limit : gradient[i];
}

/* The eight units of a panel walk down their weights together. */
static double norm(const Layer *layers, int64_t layer_count)
{
    double total = 0.0;
    for (int64_t place = 0; place < layer_count; place++) {
        const Layer *layer = &layers[place];
        for (int64_t first = 0; first < layer->units; first += 8) {
            const double *g = layer->weight_gradients + first * layer->inputs;
            double of_unit[8] = {0.0};
            for (int64_t k = 0; k < layer->inputs; k++, g += 8)
                for (int64_t j = 0; j < 8; j++)
                    of_unit[j] += g[j] * g[j];
            for (int64_t j = 0; j < least(layer->units - first, 8); j++) {
                double b = layer->has_biases ? layer->bias_gradients[first + j] : 0.0;
                total += of_unit[j] + b * b;
            }
        }
    }
    return sqrt_(total);
}

static void scale_to_norm(double limit, const Layer *layers, int64_t layer_count,
                          double *gradients, int64_t count)
{
    double factor = limit / (norm(layers, layer_count) + 1e-6);
    if (factor < 1.0)
        for (int64_t i = 0; i < count; i++)
            gradients[i] = gradients[i] * factor;
}

static void regularize(const Regularization *regularization, const Layer *layers,
                       int64_t layer_count, double *gradients, int64_t count)
{
    for (int64_t place = 0; place < layer_count; place++)
        add_penalties(regularization->l1, regularization->l2, layers[place].weights,
                      layers[place].weight_gradients,
                      8 * panels_of(layers[place].units) * layers[place].inputs);
    if (regularization->clip_value != 0.0)
        clip_values(regularization->clip_value, gradients, count);
    if (regularization->clip_norm != 0.0)
        scale_to_norm(regularization->clip_norm, layers, layer_count, gradients, count);
}
