/* Mirrors pyref/network.py: a tile of rows forward and backward through the layers. */

/* From layer to layer, weights row by row, then biases: into panels, or out of them. */
INLINE void parameters(const Run *run, double *flat, double *panels, int into_panels)
{
    for (int64_t place = 0; place < run->layer_count; place++) {
        const Layer *layer = &run->layers[place];
        double *of_layer = panels + (layer->weights - run->parameters);
        for (int64_t k = 0; k < layer->inputs + (layer->has_biases != 0); k++) {
            double *row = k < layer->inputs ? of_layer + 8 * k
                                            : panels + (layer->biases - run->parameters);
            int64_t height = k < layer->inputs ? layer->inputs : 1;
            if (into_panels)
                row_in(flat, row, height, layer->units);
            else
                row_out(row, flat, height, layer->units);
            flat += layer->units;
        }
    }
}

/* Of row r of a tile whose panels have this height; x is what the layer reads. */
static void pre_activations(const Layer *layer, const double *x, int64_t height, int64_t r)
{
    for (int64_t j = 0; j < layer->units; j++) {
        double total = layer->has_biases ? layer->biases[j] : 0.0;
        for (int64_t k = 0; k < layer->inputs; k++)
            total = total + x[at(height, r, k)] * layer->weights[at(layer->inputs, k, j)];
        layer->z[at(height, r, j)] = total;
    }
}

/* The rows from `from` to before `to` of a tile that begins at `first` in its batch, in the panels
   from `left` to before `right`.  `kept` says whether; the factor belongs to what is. */
static void scaled_by(const double *rows, const Layer *layer, int64_t first, int64_t from,
                      int64_t to, int64_t height, int64_t left, int64_t right, double *result)
{
    double factor = 1.0 / (1.0 - layer->drop_rate);
    for (int64_t p = left; p < right; p++)
        for (int64_t r = from; r < to; r++)
            for (int64_t k = 8 * p; k < least(8 * p + 8, layer->inputs); k++)
                result[at(height, r, k)] = rows[at(height, r, k)]
                    * (layer->kept[(first + r) * layer->inputs + k] ? factor : 0.0);
}

/* z and y of the tile's rows from `from` to before `to`, for the panels of units from `left` to
   before `right`, and what the layer above reads of them.  Where one unit depends on the others
   (softmax), all are needed at once. */
static void layer_outputs(const Run *run, const Tile *tile, int64_t place, const double *x,
                          int64_t from, int64_t to, int64_t left, int64_t right, double *space)
{
    const Layer *layer = &run->layers[place];
    int64_t height = run->height, begin = 8 * (left * height + from);
    if (TILES)
        product(to - from, layer->inputs, left, right, x + 8 * from, height, layer->weights, 0,
                layer->has_biases ? layer->biases : NULL, layer->z + 8 * from, NULL);
    else
        for (int64_t r = from; r < to; r++)
            pre_activations(layer, x, height, r);
    if (layer->activation == SOFTMAX)
        softmax_rows(layer->z + begin, layer->y + begin, to - from, height, layer->units, space);
    else
        activation_outputs(layer->activation, layer->z + begin, layer->y + begin,
                           area_of(to - from, right - left, height));
    if (tile->in_training && place + 1 < run->layer_count && layer[1].drop_rate != 0.0)
        scaled_by(layer->y, &layer[1], tile->first, from, to, height, left, right, layer[1].x);
}

/* layers[0].x holds the rows of the tile. */
static void forward(Run *run, Tile *tile)
{
    for (tile->place = 0; tile->place < run->layer_count; tile->place++) {
        const Layer *layer = &run->layers[tile->place];
        divide(run, tile, forward_units,
               parts_of_layer(tile, layer, layer->units, layer->activation));
    }
}

static int32_t predict(Run *run, double *result)
{
    Tile tile = {.examples = &run->training, .result = result};
    for (; tile.first < run->training.rows; tile.first += run->tile_rows) {
        tile.rows = least(run->training.rows - tile.first, run->tile_rows);
        if (is_small(run, tile.rows))
            small_predict(run, &tile);
        else
            divide(run, &tile, predict_rows, tile.rows / ROWS_AT_LEAST);
    }
    return FINISHED;
}

/* The errors of row r. */
static void errors_below(const Layer *layer, int64_t height, int64_t r, double *errors)
{
    for (int64_t k = 0; k < layer->inputs; k++) {
        double error = 0.0;
        for (int64_t j = 0; j < layer->units; j++)
            error = error
                + layer->deltas[at(height, r, j)] * layer->weights[at(layer->inputs, k, j)];
        errors[at(height, r, k)] = error;
    }
}

/* Adds a tile's rows, in order, to what the batch's rows before have left. */
static void weight_gradients(const Layer *layer, const double *x, int64_t height, int64_t rows)
{
    for (int64_t r = 0; r < rows; r++)
        for (int64_t k = 0; k < layer->inputs; k++)
            for (int64_t j = 0; j < layer->units; j++) {
                double *gradient = &layer->weight_gradients[at(layer->inputs, k, j)];
                *gradient = *gradient + x[at(height, r, k)] * layer->deltas[at(height, r, j)];
            }
}

/* Likewise. */
static void bias_gradients(const Layer *layer, int64_t height, int64_t rows)
{
    for (int64_t r = 0; r < rows; r++)
        for (int64_t j = 0; j < layer->units; j++)
            layer->bias_gradients[j] = layer->bias_gradients[j] + layer->deltas[at(height, r, j)];
}

/* The deltas of the layer below, for the panels of its units from `left` to before `right`: see
   layer_outputs. */
static void deltas_below(const Run *run, const Tile *tile, int64_t left, int64_t right,
                         double *space)
{
    const Layer *layer = &run->layers[tile->place], *below = layer - 1;
    int64_t rows = tile->rows, height = run->height, begin = 8 * left * height;
    if (TILES)
        product(rows, layer->units, left, right, layer->deltas, height, layer->weights,
                layer->inputs, NULL, below->deltas, space);
    else
        for (int64_t r = 0; r < rows; r++)
            errors_below(layer, height, r, below->deltas);
    if (layer->drop_rate != 0.0)
        scaled_by(below->deltas, layer, tile->first, 0, rows, height, left, right,
                  below->deltas);
    if (below->activation == SOFTMAX)
        softmax_rows_deltas(below->deltas + begin, below->y + begin, rows, height, below->units,
                            space);
    else
        activation_deltas(below->activation, below->deltas + begin, below->z + begin,
                          below->y + begin, area_of(rows, right - left, height));
    if (right == panels_of(below->units))   /* an infinite delta times a weight of 0 is none */
        clear_beyond(below->deltas, height, 0, rows, below->units);
}

/* With `step` (tiles only) the parameters take the step of plain SGD at once, and their gradients
   are stored nowhere. */
static void layer_gradients(const Run *run, const Layer *layer, const double *x, const Tile *tile,
                            int64_t left, int64_t right)
{
    int64_t rows = tile->rows, height = run->height;
    int more = tile->first > 0;
    if (TILES) {
        const double *step = tile->step;
        double *to = step ? layer->weights : layer->weight_gradients;
        if (layer->units <= NARROW && rows >= SEVERAL)
            narrow_gradient(layer->inputs, layer->units, rows, x, height, layer->deltas, to,
                            more, step);
        else
            gradient(layer->inputs, rows, left, right, x, height, layer->deltas, to, more,
                     step);
        if (layer->has_biases)
            gradient(1, rows, left, right, run->ones, height, layer->deltas,
                     step ? layer->biases : layer->bias_gradients, more, step);
        return;
    }
    if (!more) {
        memset(layer->weight_gradients + 8 * left * layer->inputs, 0,
               (size_t)((right - left) * 8 * layer->inputs) * sizeof(double));
        if (layer->has_biases)
            memset(layer->bias_gradients + 8 * left, 0, (size_t)(right - left) * 64);
    }
    weight_gradients(layer, x, height, rows);
    if (layer->has_biases)
        bias_gradients(layer, height, rows);
}

/* From the output layer's deltas to all gradients. */
static void backward(Run *run, Tile *tile)
{
    for (tile->place = run->layer_count - 1; tile->place > 0; tile->place--) {
        const Layer *layer = &run->layers[tile->place];
        divide(run, tile, backward_units,
               parts_of_layer(tile, layer, layer->inputs, layer[-1].activation));
    }
    divide(run, tile, add_gradients, ANY);
}
