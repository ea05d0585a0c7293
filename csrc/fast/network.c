/* Equals reference/network.c: the way forward through the layers and the way back, for a tile of
   rows, divided among threads.

   In training, what is divided are units: a thread keeps their weights in its cache from batch to
   batch.  With rows divided, every batch sent half of the weights from one to the other, and two
   threads could take longer than one.  In prediction and validation it is rows, which go through
   all layers by themselves. */

/* z and y of one layer, and what the layer above reads of them. */
static void layer_forward(const Run *run, const Tile *tile, int64_t place, const number *x,
                          Block block, double *space)
{
    const Layer *layer = &run->layers[place];
    if (place == 0 && run->step_is_due)
        due_pre_activations(run, layer, x, block);
    else
        pre_activations(layer, x, block);
    layer_outputs(layer, block, space);
    if (tile->in_training && place + 1 < run->layer_count && layer[1].drop_rate != 0.0)
        scaled_by(layer->y, &layer[1], tile->first, block, layer[1].x);
}

/* Equals the body of the loop of forward. */
static void forward_units(Run *run, const Tile *tile, int64_t part, int64_t parts, double *space)
{
    const Layer *layer = &run->layers[tile->place];
    layer_forward(run, tile, tile->place, x_of(run, layer, part),
                  block_of_units(run, tile, layer->units, part, parts), space);
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

/* The rows of a block, through all layers. */
static void forward_rows(const Run *run, const Tile *tile, Block rows, double *space)
{
    const number *x = run->layers[0].x;
    for (int64_t place = 0; place < run->layer_count; place++) {
        rows.right = run->layers[place].units;
        layer_forward(run, tile, place, x, rows, space);
        x = run->layers[place].y;
    }
}

/* Equals the body of the loop of predict. */
static void predict_rows(Run *run, const Tile *tile, int64_t part, int64_t parts, double *space)
{
    const Layer *last = &run->layers[run->layer_count - 1];
    Block rows = block_of_rows(run, tile, part, parts);
    gather_inputs(run, tile, rows.top, rows.bottom, run->layers->x);
    forward_rows(run, tile, rows, space);
    for (int64_t r = rows.top; r < rows.bottom; r++)
        row_out(last->y + WIDTH * r, tile->result + (tile->first + r) * last->units, run->height,
                last->units);
}

static int32_t predict(Run *run, number *result)
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

/* The deltas of the layer below, for some of its units. */
static void backward_units(Run *run, const Tile *tile, int64_t part, int64_t parts, double *space)
{
    const Layer *layer = &run->layers[tile->place], *below = layer - 1;
    Block block = block_of_units(run, tile, below->units, part, parts);
    errors_below(layer, block, below->deltas, space);
    if (layer->drop_rate != 0.0)
        scaled_by(below->deltas, layer, tile->first, block, below->deltas);
    layer_deltas(below, block, space);
    if (block.right == below->units)   /* an infinite delta times a weight of 0 is none */
        clear_beyond(below->deltas, block);
}

/* Equals what backward does with weight_gradients and bias_gradients. */
static void add_gradients(Run *run, const Tile *tile, int64_t part, int64_t parts, double *space)
{
    (void)space;
    for (int64_t place = run->layer_count - 1; place >= 0; place--) {
        const Layer *layer = &run->layers[place];
        Block block = block_of_units(run, tile, layer->units, part, parts);
        const number *x = x_of(run, layer, part);
        if (block.left >= block.right)
            continue;
        if (tile->step && !(place == 0 && tile->leaves_step)) {
            step_at_once(layer, x, run->ones, block, tile->step);
            continue;
        }
        if (tile->step) {
            leave_step(run, layer, x, block);
            continue;
        }
        weight_gradients(layer, x, block, tile->first > 0);
        if (layer->has_biases)
            bias_gradients(layer, run->ones, block, tile->first > 0);
    }
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
