/* What a thread does with its part; alone, it has the only one.  See threads.c. */

/* Where a part of `count` things begins, in whole blocks. */
static int64_t part_begin(int64_t count, int64_t block, int64_t part, int64_t parts)
{
    return least((count * part / parts + block - 1) / block * block, count);
}

static void gather_rows(Run *run, const Tile *tile, int64_t part, int64_t parts, double *space)
{
    int64_t from = part_begin(tile->rows, 1, part, parts);
    int64_t to = part_begin(tile->rows, 1, part + 1, parts);
    (void)space;
    if (run->x_apart > 0)
        gather_inputs(run, tile, 0, tile->rows, x_of(run, run->layers, part));
    else
        gather_inputs(run, tile, from, to, run->layers->x);
    gather_targets(run, tile, from, to);
}

/* Rows of a prediction or validation go through all layers by themselves. */
static void forward_rows(Run *run, const Tile *tile, int64_t from, int64_t to, double *space)
{
    gather_inputs(run, tile, from, to, run->layers->x);
    if (!tile->result)
        gather_targets(run, tile, from, to);
    for (int64_t place = 0; place < run->layer_count; place++)
        layer_outputs(run, tile, place, place > 0 ? run->layers[place - 1].y : run->layers->x,
                      from, to, 0, panels_of(run->layers[place].units), space);
}

static void predict_rows(Run *run, const Tile *tile, int64_t part, int64_t parts, double *space)
{
    const Layer *last = &run->layers[run->layer_count - 1];
    int64_t from = part_begin(tile->rows, 8, part, parts);
    int64_t to = part_begin(tile->rows, 8, part + 1, parts);
    forward_rows(run, tile, from, to, space);
    for (int64_t r = from; r < to; r++)
        row_out(last->y + 8 * r, tile->result + (tile->first + r) * last->units, run->height,
                last->units);
}

static void evaluate_rows(Run *run, const Tile *tile, int64_t part, int64_t parts, double *space)
{
    int64_t from = part_begin(tile->rows, 8, part, parts);
    int64_t to = part_begin(tile->rows, 8, part + 1, parts);
    forward_rows(run, tile, from, to, space);
    row_losses(run, from, to, space);
}

/* In training, what is divided are units: a thread keeps their weights in its cache from batch to
   batch.  With rows divided, every batch sent half of the weights from one to the other, and two
   threads could take longer than one. */
static void forward_units(Run *run, const Tile *tile, int64_t part, int64_t parts, double *space)
{
    const Layer *layer = &run->layers[tile->place];
    int64_t panels = panels_of(layer->units);
    layer_outputs(run, tile, tile->place, x_of(run, layer, part), 0, tile->rows,
                  part_begin(panels, 1, part, parts), part_begin(panels, 1, part + 1, parts),
                  space);
}

static void lose_rows(Run *run, const Tile *tile, int64_t part, int64_t parts, double *space)
{
    const Layer *last = &run->layers[run->layer_count - 1];
    int64_t from = part_begin(tile->rows, 8, part, parts);
    int64_t to = part_begin(tile->rows, 8, part + 1, parts);
    row_losses(run, from, to, space);
    output_deltas(run->loss, last->activation, last->z, last->y, run->tile_targets,
                  run->tile_weights, tile->divisor, from, to, run->height, last->units, space,
                  last->deltas);
}

static void backward_units(Run *run, const Tile *tile, int64_t part, int64_t parts, double *space)
{
    int64_t panels = panels_of(run->layers[tile->place].inputs);
    deltas_below(run, tile, part_begin(panels, 1, part, parts),
                 part_begin(panels, 1, part + 1, parts), space);
}

static void add_gradients(Run *run, const Tile *tile, int64_t part, int64_t parts, double *space)
{
    (void)space;
    for (int64_t place = run->layer_count - 1; place >= 0; place--) {
        const Layer *layer = &run->layers[place];
        int64_t panels = panels_of(layer->units);
        int64_t left = part_begin(panels, 1, part, parts);
        int64_t right = part_begin(panels, 1, part + 1, parts);
        if (left < right)
            layer_gradients(run, layer, x_of(run, layer, part), tile, left, right);
    }
}

static void take_step(Run *run, const Tile *tile, int64_t part, int64_t parts, double *space)
{
    (void)tile, (void)space;
    for (int64_t place = 0; place < run->layer_count; place++) {
        const Layer *layer = &run->layers[place];
        int64_t panels = panels_of(layer->units), panel = 8 * layer->inputs;
        int64_t left = part_begin(panels, 1, part, parts);
        int64_t right = part_begin(panels, 1, part + 1, parts);
        int64_t weights = layer->weights - run->parameters;
        int64_t biases = layer->biases - run->parameters;
        optimizer_step(run, weights + left * panel, weights + right * panel);
        if (layer->has_biases)
            optimizer_step(run, biases + 8 * left, biases + 8 * right);
    }
}
