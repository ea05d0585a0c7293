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

/* Where each row that a layer reads stands.  `first` is the tile's place in the batch; below 0,
   nothing is dropped.  Here and below, rows are those of the tile from `from` to before `to`. */
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

/* layers[0].read says where the rows of the tile are. */
INLINE void forward(Layer *layers, int64_t layer_count, int64_t from, int64_t to, int64_t first,
                    int32_t instruction_set)
{
    for (int64_t place = 0; place < layer_count; place++) {
        Layer *layer = &layers[place];
        int64_t begin = from * layer->stride;
        find_rows(layers, place, from, to, first);
        if (instruction_set == PLAIN)
            for (int64_t r = from; r < to; r++)
                pre_activations(layer, layer->read[r], layer->z + r * layer->stride);
        else
            product(to - from, layer->inputs, padded(layer->units), layer->read + from,
                    layer->weights, layer->stride, 8, layer->has_biases ? layer->biases : NULL,
                    layer->z + begin, layer->stride, instruction_set);
        CHOICE(outputs_of)(layer->activation, layer->z + begin, layer->y + begin, to - from,
                           layer->units, layer->stride);
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

/* Adds a tile's rows, in order, to what the batch's rows before have left, for the inputs from
   `first` to before `last`. */
INLINE void weight_gradients(const Layer *layer, int64_t first, int64_t last, int64_t rows)
{
    for (int64_t r = 0; r < rows; r++) {
        const double *restrict row = layer->read[r];
        const double *restrict deltas = layer->deltas + r * layer->stride;
        for (int64_t k = first; k < last; k++) {
            double *restrict gradients = layer->weight_gradients + k * layer->stride;
            for (int64_t j = 0; j < layer->units; j++)
                gradients[j] = gradients[j] + row[k] * deltas[j];
        }
    }
}

INLINE void bias_gradients(const Layer *layer, int64_t rows)
{
    for (int64_t r = 0; r < rows; r++)
        for (int64_t j = 0; j < layer->units; j++)
            layer->bias_gradients[j] =
                layer->bias_gradients[j] + layer->deltas[r * layer->stride + j];
}

/* From the output layer's deltas to those of all layers. */
INLINE void backward(Layer *layers, int64_t layer_count, int64_t from, int64_t to, int64_t first,
                     int32_t instruction_set)
{
    for (int64_t place = layer_count - 1; place > 0; place--) {
        Layer *layer = &layers[place], *below = &layers[place - 1];
        int64_t begin = from * below->stride;
        if (instruction_set == PLAIN)
            for (int64_t r = from; r < to; r++)
                errors_below(layer, layer->deltas + r * layer->stride,
                             below->deltas + r * below->stride);
        else
            product(to - from, layer->units, padded(layer->inputs), layer->delta_rows + from,
                    layer->packed, 8, 8 * layer->units, NULL, below->deltas + begin,
                    below->stride, instruction_set);
        if (layer->drop_rate != 0.0)
            for (int64_t r = from; r < to; r++) {
                double *errors = below->deltas + r * below->stride;
                scaled_by(errors, layer->kept + (first + r) * layer->inputs, kept_factor(layer),
                          errors, layer->inputs);
            }
        CHOICE(deltas_of)(below->activation, below->deltas + begin, below->z + begin,
                          below->y + begin, below->deltas + begin, to - from, below->units,
                          below->stride);
    }
}

/* From all deltas of a tile to the gradients of the layer's weights from these inputs.  With
   `step` (tiles only) the weights take the step of plain SGD at once, and their gradients are
   stored nowhere. */
INLINE void layer_gradients(const Layer *layer, int64_t from, int64_t to, int64_t rows,
                            int64_t first, const double *step, int32_t instruction_set)
{
    if (instruction_set == PLAIN) {
        if (first == 0)
            memset(layer->weight_gradients + from * layer->stride, 0,
                   (size_t)((to - from) * layer->stride) * sizeof(double));
        weight_gradients(layer, from, to, rows);
    } else {
        gradient(from, to, rows, padded(layer->units), layer->read, layer->deltas, layer->stride,
                 step ? layer->weights : layer->weight_gradients, layer->stride, first > 0, step,
                 instruction_set);
    }
}
