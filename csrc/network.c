/* Mirrors pyref/network.py: a tile of rows forward and backward through the layers. */

INLINE void pre_activations(const Layer *layer, const double *restrict row, double *restrict z)
{
    for (int64_t j = 0; j < layer->units; j++)
        z[j] = layer->has_biases ? layer->biases[j] : 0.0;
    for (int64_t k = 0; k < layer->inputs; k++)
        for (int64_t j = 0; j < layer->units; j++)
            z[j] = z[j] + row[k] * layer->weights[k * layer->stride + j];
}

INLINE void scaled_by(const double *rows, const uint8_t *kept, double factor,
                      double *result, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        result[i] = rows[i] * (kept[i] ? factor : 0.0);
}

INLINE double kept_factor(const Layer *layer) { return 1.0 / (1.0 - layer->drop_rate); }

/* Where each row that a layer reads stands: the tile's rows from `from` to before `to`.  `first` is
   the tile's place in the batch; below 0, nothing is dropped. */
INLINE void find_rows(Layer *layers, int64_t place, int64_t from, int64_t to, int64_t first)
{
    Layer *layer = &layers[place];
    if (place > 0)
        for (int64_t r = from; r < to; r++)
            layer->read[r] = layers[place - 1].y + r * layers[place - 1].stride;
    if (first >= 0 && layer->drop_rate != 0.0)
        for (int64_t r = from; r < to; r++) {
            double *x = layer->x + r * layer->inputs;
            scaled_by(layer->read[r], layer->kept + (first + r) * layer->inputs,
                      kept_factor(layer), x, layer->inputs);
            layer->read[r] = x;
        }
}

/* z and y of these rows, for the units from `left` to before `right`, whole vectors of them.  All
   units are needed at once where one depends on the others (softmax), and by PLAIN. */
INLINE void layer_outputs(const Layer *layer, int64_t from, int64_t to, int64_t left,
                          int64_t right, int32_t instruction_set)
{
    int64_t begin = from * layer->stride + left;
    if (instruction_set == PLAIN)
        for (int64_t r = from; r < to; r++)
            pre_activations(layer, layer->read[r], layer->z + r * layer->stride);
    else
        product(to - from, layer->inputs, right - left, layer->read + from,
                layer->weights + left, layer->stride, 8,
                layer->has_biases ? layer->biases + left : NULL, layer->z + begin, layer->stride,
                instruction_set);
    if (right - left >= layer->units)
        CHOICE(outputs_of)(layer->activation, layer->z + begin, layer->y + begin, to - from,
                           layer->units, layer->stride);
    else
        for (; begin < to * layer->stride; begin += layer->stride)
            CHOICE(outputs_of)(layer->activation, layer->z + begin, layer->y + begin, 1,
                               right - left, right - left);
}

/* layers[0].read says where the rows of the tile are. */
INLINE void forward(Run *run, Tile *tile, int32_t instruction_set)
{
    for (int64_t place = 0; place < run->layer_count; place++) {
        const Layer *layer = &run->layers[place];
        find_rows(run->layers, place, 0, tile->rows, tile->first);
        tile->place = place;
        divide(run, tile, forward_units,
               parts_of_layer(tile, layer, layer->units, layer->activation), instruction_set);
    }
}

INLINE int32_t predict_body(Run *run, double *result, int32_t instruction_set)
{
    Tile tile = {.inputs = run->inputs, .result = result};
    for (; tile.first < run->rows; tile.first += run->tile_rows) {
        int64_t left = run->rows - tile.first;
        tile.rows = left < run->tile_rows ? left : run->tile_rows;
        divide(run, &tile, predict_rows, tile.rows / ROWS_AT_LEAST, instruction_set);
    }
    return FINISHED;
}

INLINE void errors_below(const Layer *layer, const double *restrict deltas,
                         double *restrict errors)
{
    for (int64_t k = 0; k < layer->inputs; k++) {
        const double *weights = layer->weights + k * layer->stride;
        double error = 0.0;
        for (int64_t j = 0; j < layer->units; j++)
            error = error + deltas[j] * weights[j];
        errors[k] = error;
    }
}

/* Adds a tile's rows, in order, to what the batch's rows before have left. */
INLINE void weight_gradients(const Layer *layer, int64_t rows)
{
    for (int64_t r = 0; r < rows; r++) {
        const double *restrict row = layer->read[r];
        const double *restrict deltas = layer->deltas + r * layer->stride;
        for (int64_t k = 0; k < layer->inputs; k++) {
            double *restrict gradients = layer->weight_gradients + k * layer->stride;
            for (int64_t j = 0; j < layer->units; j++)
                gradients[j] = gradients[j] + row[k] * deltas[j];
        }
    }
}

/* Likewise, of the units from `left` to before `right`. */
INLINE void bias_gradients(const Layer *layer, int64_t rows, int64_t left, int64_t right)
{
    for (int64_t r = 0; r < rows; r++)
        for (int64_t j = left; j < right; j++)
            layer->bias_gradients[j] =
                layer->bias_gradients[j] + layer->deltas[r * layer->stride + j];
}

/* The deltas of the layer below, for its units from `left` to before `right`: see layer_outputs.
   The first tile of a batch finds the weights changed, and packs them anew. */
INLINE void deltas_below(Layer *layers, int64_t place, const Tile *tile, int64_t left,
                         int64_t right, int32_t instruction_set)
{
    const Layer *layer = &layers[place], *below = &layers[place - 1];
    int64_t rows = tile->rows, begin = left, end = rows * below->stride;
    int64_t last = right < layer->inputs ? right : layer->inputs;
    if (instruction_set == PLAIN) {
        for (int64_t r = 0; r < rows; r++)
            errors_below(layer, layer->deltas + r * layer->stride,
                         below->deltas + r * below->stride);
    } else {
        if (tile->first == 0)
            pack(layer->weights, layer->stride, left, last, layer->units, layer->packed);
        product(rows, layer->units, right - left, layer->delta_rows,
                layer->packed + left * layer->units, 8, 8 * layer->units, NULL,
                below->deltas + left, below->stride, instruction_set);
    }
    if (layer->drop_rate != 0.0)
        for (int64_t r = 0; r < rows; r++) {
            double *errors = below->deltas + r * below->stride + left;
            scaled_by(errors, layer->kept + (tile->first + r) * layer->inputs + left,
                      kept_factor(layer), errors, last - left);
        }
    if (right - left >= below->units)
        CHOICE(deltas_of)(below->activation, below->deltas, below->z, below->y, below->deltas,
                          rows, below->units, below->stride);
    else
        for (; begin < end; begin += below->stride)
            CHOICE(deltas_of)(below->activation, below->deltas + begin, below->z + begin,
                              below->y + begin, below->deltas + begin, 1, right - left,
                              right - left);
}

/* With `step` (tiles only) the weights take the step of plain SGD at once, and their gradients are
   stored nowhere. */
INLINE void layer_gradients(const Layer *layer, const Tile *tile, int64_t left, int64_t right,
                            int32_t instruction_set)
{
    int64_t last = right < layer->units ? right : layer->units;
    if (instruction_set == PLAIN) {
        if (tile->first == 0)
            memset(layer->weight_gradients, 0,
                   (size_t)(layer->inputs * layer->stride) * sizeof(double));
        weight_gradients(layer, tile->rows);
    } else {
        gradient(0, layer->inputs, tile->rows, right - left, layer->read, layer->deltas + left,
                 layer->stride, (tile->step ? layer->weights : layer->weight_gradients) + left,
                 layer->stride, tile->first > 0, tile->step, instruction_set);
    }
    if (layer->has_biases) {
        if (tile->first == 0)
            memset(layer->bias_gradients + left, 0, (size_t)(last - left) * sizeof(double));
        bias_gradients(layer, tile->rows, left, last);
    }
}

/* From the output layer's deltas to all gradients. */
INLINE void backward(Run *run, Tile *tile, int32_t instruction_set)
{
    for (int64_t place = run->layer_count - 1; place > 0; place--) {
        const Layer *layer = &run->layers[place];
        tile->place = place;
        divide(run, tile, backward_units,
               parts_of_layer(tile, layer, layer->inputs, run->layers[place - 1].activation),
               instruction_set);
    }
    divide(run, tile, add_gradients, ANY, instruction_set);
}
