/* Mirrors pyref/reference/network.py: the way forward through the layers, and the way back.

   layers[0].x holds the rows.  fast/network.c has the same functions for threads. */

/* Of so many rows; with `kept`, some of what the layers would read is dropped. */
static void forward(const Run *run, int64_t rows, int kept)
{
    number *y = run->layers[0].x;
    for (int64_t place = 0; place < run->layer_count; place++) {
        const Layer *layer = &run->layers[place];
        Block read = block_of(run->height, 0, rows, 0, layer->inputs);
        Block block = block_of(run->height, 0, rows, 0, layer->units);
        number *x = y;
        if (kept && layer->drop_rate != 0.0) {
            x = layer->x;
            scaled_by(y, layer, 0, read, x);
        }
        pre_activations(layer, x, block);
        layer_outputs(layer, block, run->space);
        y = layer->y;   /* what the next layer reads */
    }
}

/* Row by row, into rows side by side. */
static int32_t predict(Run *run, number *result)
{
    const Layer *first = run->layers, *last = run->layers + run->layer_count - 1;
    for (int64_t row = 0; row < run->training.rows; row++) {
        row_in(run->training.inputs + row * first->inputs, first->x, run->height, first->inputs);
        forward(run, 1, 0);
        row_out(last->y, result + row * last->units, run->height, last->units);
    }
    return FINISHED;
}

/* From the output layer's deltas to all gradients. */
static void backward(const Run *run, int64_t rows)
{
    for (int64_t place = run->layer_count - 1; place >= 0; place--) {
        const Layer *layer = &run->layers[place];
        Block block = block_of(run->height, 0, rows, 0, layer->units);
        weight_gradients(layer, layer->x, block, 0);
        if (layer->has_biases)
            bias_gradients(layer, run->ones, block, 0);
        if (place > 0) {
            const Layer *below = layer - 1;
            Block read = block_of(run->height, 0, rows, 0, below->units);
            errors_below(layer, read, below->deltas, run->space);
            if (layer->drop_rate != 0.0)
                scaled_by(below->deltas, layer, 0, read, below->deltas);
            layer_deltas(below, read, run->space);
        }
    }
}
