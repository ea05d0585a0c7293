/* Mirrors pyref/network.py: a tile of rows forward and backward through the layers. */

INLINE void pre_activations(const Layer *layer, const double *restrict row, double *restrict z)
{
    int64_t units = layer->units;
    for (int64_t j = 0; j < units; j++)
        z[j] = layer->has_biases ? layer->biases[j] : 0.0;
    for (int64_t k = 0; k < layer->inputs; k++)
        for (int64_t j = 0; j < units; j++)
            z[j] = z[j] + row[k] * layer->weights[k * units + j];
}

INLINE void scaled_by(const double *rows, const uint8_t *kept, double factor,
                      double *result, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        result[i] = rows[i] * (kept[i] ? factor : 0.0);
}

/* What a layer reads.  `first` is the tile's place in the batch; below 0, nothing is dropped. */
INLINE const double *layer_inputs(const Layer *layers, int64_t place, const double *tile,
                                  int64_t first)
{
    if (first >= 0 && layers[place].drop_rate != 0.0)
        return layers[place].x;
    return place == 0 ? tile : layers[place - 1].y;
}

INLINE double kept_factor(const Layer *layer) { return 1.0 / (1.0 - layer->drop_rate); }

INLINE void forward(Layer *layers, int64_t layer_count, const double *tile, int64_t rows,
                    int64_t first)
{
    for (int64_t place = 0; place < layer_count; place++) {
        Layer *layer = &layers[place];
        const double *x = layer_inputs(layers, place, tile, first);
        if (x == layer->x)
            scaled_by(layer_inputs(layers, place, tile, -1), layer->kept + first * layer->inputs,
                      kept_factor(layer), layer->x, rows * layer->inputs);
        for (int64_t r = 0; r < rows; r++)
            pre_activations(layer, x + r * layer->inputs, layer->z + r * layer->units);
        activation_outputs(layer->activation, layer->z, layer->y, rows, layer->units);
    }
}

INLINE int32_t predict_body(Run *run, double *result, int32_t instruction_set)
{
    const Layer *last = &run->layers[run->layer_count - 1];
    int64_t width = run->layers[0].inputs;
    (void)instruction_set;
    for (int64_t done = 0; done < run->rows; done += run->tile_rows) {
        int64_t rows = run->rows - done < run->tile_rows ? run->rows - done : run->tile_rows;
        forward(run->layers, run->layer_count, run->inputs + done * width, rows, -1);
        memcpy(result + done * last->units, last->y,
               (size_t)(rows * last->units) * sizeof(double));
    }
    return FINISHED;
}

INLINE void errors_below(const Layer *layer, const double *restrict deltas,
                         double *restrict errors)
{
    for (int64_t k = 0; k < layer->inputs; k++) {
        const double *weights = layer->weights + k * layer->units;
        double error = 0.0;
        for (int64_t j = 0; j < layer->units; j++)
            error = error + deltas[j] * weights[j];
        errors[k] = error;
    }
}

/* Adds a tile's rows, in order, to what the batch's rows before have left. */
INLINE void weight_gradients(const Layer *layer, const double *tile, int64_t rows)
{
    int64_t inputs = layer->inputs, units = layer->units;
    for (int64_t r = 0; r < rows; r++) {
        const double *restrict row = tile + r * inputs;
        const double *restrict deltas = layer->deltas + r * units;
        double *restrict gradients = layer->weight_gradients;
        for (int64_t k = 0; k < inputs; k++)
            for (int64_t j = 0; j < units; j++)
                gradients[k * units + j] = gradients[k * units + j] + row[k] * deltas[j];
    }
}

INLINE void bias_gradients(const Layer *layer, int64_t rows)
{
    int64_t units = layer->units;
    for (int64_t r = 0; r < rows; r++)
        for (int64_t j = 0; j < units; j++)
            layer->bias_gradients[j] = layer->bias_gradients[j] + layer->deltas[r * units + j];
}

/* From the output layer's deltas to all gradients. */
INLINE void backward(Layer *layers, int64_t layer_count, const double *tile, int64_t rows,
                     int64_t first)
{
    for (int64_t place = layer_count - 1; place >= 0; place--) {
        Layer *layer = &layers[place];
        weight_gradients(layer, layer_inputs(layers, place, tile, first), rows);
        if (layer->has_biases)
            bias_gradients(layer, rows);
        if (place > 0) {
            Layer *below = &layers[place - 1];
            for (int64_t r = 0; r < rows; r++)
                errors_below(layer, layer->deltas + r * layer->units,
                             below->deltas + r * below->units);
            if (layer->drop_rate != 0.0)
                scaled_by(below->deltas, layer->kept + first * layer->inputs, kept_factor(layer),
                          below->deltas, rows * layer->inputs);
            activation_deltas(below->activation, below->deltas, below->z, below->y, below->deltas,
                              rows, below->units);
        }
    }
}
