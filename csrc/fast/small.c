/* The fast form of a batch through a network of very small layers; see tiles.c.

   Here a layer's values stand unit by unit, the rows of the batch side by side: value j of row r at
   [j * span + r], and a vector holds the same unit of several rows.  A layer of two units then
   fills vectors as well as a wide one.  2-2-1 in batches of 4 is one chain of waiting for results:
   everything around it must be short. */

/* As many rows as a vector holds doubles, which everything but the sums is computed in. */
#define SMALL_LANES (SINGLE && LANES > 1 ? LANES / 2 : LANES)
#if LANES > 1
typedef number RowVector __attribute__((vector_size(sizeof(number) * SMALL_LANES),
                                        aligned(sizeof(number)), may_alias));
#else
typedef number RowVector;
#endif
#define LOAD_ROWS(place) (*(const RowVector *)(place))
#define STORE_ROWS(place, value) (*(RowVector *)(place) = (value))

enum { SMALL_UNITS = 4, SMALL_INPUTS = 8, SMALL_ROWS = 128 };

/* Equals pre_activations for every row. */
static void small_sums(const Layer *layer, const number *restrict x, int64_t span)
{
    for (int64_t j = 0; j < layer->units; j++)
        for (int64_t r = 0; r < span; r += SMALL_LANES) {
            RowVector sum = (layer->has_biases ? layer->biases[j] : 0) - (RowVector){0};
            for (int64_t k = 0; k < layer->inputs; k++)
                sum = sum
                    + (RowVector)(LOAD_ROWS(x + k * span + r) * layer->weights[WIDTH * k + j]);
            STORE_ROWS(layer->z + j * span + r, sum);
        }
}

/* Equals errors_below for every row. */
static void small_errors(const Layer *layer, number *errors, int64_t span)
{
    for (int64_t k = 0; k < layer->inputs; k++)
        for (int64_t r = 0; r < span; r += SMALL_LANES) {
            RowVector error = {0};
            for (int64_t j = 0; j < layer->units; j++)
                error = error
                    + (RowVector)(LOAD_ROWS(layer->deltas + j * span + r)
                                  * layer->weights[WIDTH * k + j]);
            STORE_ROWS(errors + k * span + r, error);
        }
}

/* The sum over the rows of x * d; NULL is 1.0. */
INLINE number small_sum(const number *x, const number *d, int64_t rows)
{
    number sum = 0;
    for (int64_t r = 0; r < rows; r++) {
        number product = x ? x[r] * d[r] : d[r];
        sum = sum + product;
    }
    return sum;
}

/* Equals weight_gradients and bias_gradients; with `step`, sgd_update after them. */
static void small_gradients(const Layer *layer, const number *x, int64_t rows, int64_t span,
                            const double *step)
{
    number *weights = step ? layer->weights : layer->weight_gradients;
    number *biases = step ? layer->biases : layer->bias_gradients;
    for (int64_t j = 0; j < layer->units; j++) {
        const number *d = layer->deltas + j * span;
        for (int64_t k = 0; k < layer->inputs; k++) {
            number sum = small_sum(x + k * span, d, rows);
            weights[WIDTH * k + j] = step ? (number)(weights[WIDTH * k + j] - *step * sum) : sum;
        }
        if (layer->has_biases) {
            number sum = small_sum(NULL, d, rows);
            biases[j] = step ? (number)(biases[j] - *step * sum) : sum;
        }
    }
}

/* Whether all layers are so small, and the rows go through them without dice and together. */
static int is_small(const Run *run, int64_t rows)
{
    int small = rows <= least(run->tile_rows, SMALL_ROWS)
        && run->layers[0].inputs <= SMALL_INPUTS && !drops(run) && run->smoothing == 0.0;
    for (int64_t place = 0; place < run->layer_count; place++)
        small &= run->layers[place].units <= SMALL_UNITS
            && run->layers[place].activation != SOFTMAX;
    return small;
}

/* All rows of so many units, in whole vectors. */
INLINE Area small_area(int64_t units, int64_t span)
{
    Area area = {1, (units * span + LANES - 1) / LANES * LANES, 0};
    return area;
}

/* Equals gather and forward. */
static void small_forward(Run *run, const Tile *tile, int64_t span)
{
    const Examples *examples = tile->examples;
    int64_t inputs = run->layers[0].inputs, outputs = run->layers[run->layer_count - 1].units;
    for (int64_t r = 0; r < tile->rows; r++) {
        int64_t row = tile->order ? tile->order[tile->first + r] : tile->first + r;
        for (int64_t k = 0; k < inputs; k++)
            run->layers[0].x[k * span + r] = examples->inputs[row * inputs + k];
        for (int64_t j = 0; j < outputs && !tile->result; j++)
            run->tile_targets[j * span + r] = examples->targets[row * outputs + j];
        run->tile_weights[r] = examples->weights ? examples->weights[row] : 1.0;
    }
    for (int64_t place = 0; place < run->layer_count; place++) {
        const Layer *layer = &run->layers[place];
        small_sums(layer, layer->x, span);
        activation_outputs(layer->activation, layer->z, layer->y, small_area(layer->units, span));
    }
}

INLINE int64_t span_of(int64_t rows)
{
    return (rows + SMALL_LANES - 1) / SMALL_LANES * SMALL_LANES;
}

static void small_predict(Run *run, const Tile *tile)
{
    const Layer *last = &run->layers[run->layer_count - 1];
    int64_t span = span_of(tile->rows);
    small_forward(run, tile, span);
    for (int64_t r = 0; r < tile->rows; r++)
        for (int64_t j = 0; j < last->units; j++)
            tile->result[(tile->first + r) * last->units + j] = last->y[j * span + r];
}

/* Equals gather, forward, add_losses, output_deltas and backward for all rows of the batch. */
static void small_batch(Run *run, const Tile *tile)
{
    Layer *layers = run->layers, *last = layers + run->layer_count - 1;
    int64_t span = span_of(tile->rows), outputs = last->units;
    Area area = small_area(outputs, span);
    small_forward(run, tile, span);
    double factor = loss_terms(run->loss, last->z, last->y, run->tile_targets, run->tile_terms,
                               area);
    for (int64_t r = 0; r < tile->rows; r++) {
        double total = 0.0;
        for (int64_t j = 0; j < outputs; j++)
            total += run->tile_terms[j * span + r];
        run->batch_loss_sum += factor * total * run->tile_weights[r];
    }
    if (tile->step && !one_finite(run->batch_loss_sum))
        return;   /* before the weights are touched */
    loss_gradient(run->loss, last->y, run->tile_targets, run->tile_terms, area);
    if (!is_fused(run->loss))
        activation_errors(last->activation, run->tile_terms, last->z, last->y, area);
    for (int64_t j = 0; j < outputs; j++)
        weigh(run->tile_terms + j * span, run->tile_weights, tile->divisor,
              last->deltas + j * span, span);
    for (Layer *layer = last; layer >= layers; layer--) {
        const Layer *below = layer - 1;
        if (layer > layers) {
            small_errors(layer, below->deltas, span);
            activation_deltas(below->activation, below->deltas, below->z, below->y,
                              small_area(below->units, span));
        }
        small_gradients(layer, layer->x, tile->rows, span, tile->step);
    }
}
