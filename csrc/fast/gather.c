/* Equals `gather` of reference/batch.c, and what drops inputs, for a tile: its rows, which in
   training lie anywhere, into panels. */

enum { AHEAD = 16 };   /* rows; 1,000,000 rows of 8-16-4 took 220 ns each, and 190 so */

/* The beginning of a row that will soon be wanted is asked for; the processor finds the rest. */
INLINE void ask_for(const number *row, int64_t count)
{
    for (int64_t i = 0; i < least(count, 4 * WIDTH); i += WIDTH)
        PREFETCH(row + i);
}

/* Copies the inputs of rows of the tile into the panels x; training drops some. */
static void gather_inputs(const Run *run, const Tile *tile, int64_t from, int64_t to, number *x)
{
    const number *inputs = tile->examples->inputs;
    const Layer *first = run->layers;
    for (int64_t r = from; r < to; r++) {
        int64_t row = tile->order ? tile->order[tile->first + r] : tile->first + r;
        if (tile->first + r + AHEAD < tile->ordered)
            ask_for(inputs + tile->order[tile->first + r + AHEAD] * first->inputs, first->inputs);
        row_in(inputs + row * first->inputs, x + WIDTH * r, run->height, first->inputs);
    }
    if (tile->in_training && first->drop_rate != 0.0)
        scaled_by(x, first, tile->first, block_of(run->height, from, to, 0, first->inputs), x);
}

/* And their targets and weights; training smooths labels. */
static void gather_targets(Run *run, const Tile *tile, int64_t from, int64_t to)
{
    const Examples *examples = tile->examples;
    int64_t outputs = run->layers[run->layer_count - 1].units;
    for (int64_t r = from; r < to; r++) {
        int64_t row = tile->order ? tile->order[tile->first + r] : tile->first + r;
        if (tile->first + r + AHEAD < tile->ordered)
            ask_for(examples->targets + tile->order[tile->first + r + AHEAD] * outputs, outputs);
        row_in(examples->targets + row * outputs, run->tile_targets + WIDTH * r, run->height,
               outputs);
        for (int64_t l = WIDTH * r; l < WIDTH * r + WIDTH; l++)
            run->tile_weights[l] = examples->weights ? examples->weights[row] : 1.0;
        if (tile->in_training && run->smoothing != 0.0)
            smoothed(run->tile_targets + WIDTH * r, run->smoothing, run->height, outputs);
    }
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
