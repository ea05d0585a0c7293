/* Equals reference/batch.c, tile by tile and in slices: a call ends with PAUSED when its budget of
   rows is used up, which may be between two tiles of a batch, and goes on from there. */

/* The weighted losses of some rows of the tile. */
static void row_losses(Run *run, Block outputs, double *space)
{
    const Layer *last = &run->layers[run->layer_count - 1];
    row_loss(run->loss, last, run->tile_targets, outputs, run->tile_terms, space, run->tile_losses);
    for (int64_t r = outputs.top; r < outputs.bottom; r++)
        run->tile_losses[r] = run->tile_losses[r] * run->tile_weights[WIDTH * r];
}

/* The losses of the tile's rows, added in order. */
static double add_losses(const Run *run, double sum, int64_t rows)
{
    for (int64_t r = 0; r < rows; r++)
        sum += run->tile_losses[r];
    return sum;
}

/* Equals row_loss and output_deltas. */
static void losses_and_deltas(Run *run, const Tile *tile, int64_t part, int64_t parts,
                              double *space)
{
    const Layer *last = &run->layers[run->layer_count - 1];
    Block outputs = block_of_rows(run, tile, part, parts);
    outputs.right = last->units;
    row_losses(run, outputs, space);
    output_deltas(run->loss, last, run->tile_targets, run->tile_weights, tile->divisor, outputs,
                  run->tile_terms, space);
}

/* What a batch needs before its first tile. */
static void begin_batch(Run *run, const int64_t *order, int64_t batch)
{
    const double *weights = run->training.weights;
    run->batch_loss_sum = run->loss_sum;
    run->batch_weight = weights ? total_weight(weights, order, batch) : (double)batch;
    if (drops(run)) {
        run->batch_stream = run->stream;   /* a batch that is broken off begins here again */
        draw_dropout(run->layers, run->layer_count, batch, &run->stream);
    }
}

/* The first tile finds the weights changed by whoever called last. */
static int32_t gradients_or_step(Run *run, const int64_t *order, int64_t batch, const double *step)
{
    Tile tile = {.examples = &run->training, .order = order, .in_training = 1, .step = step,
                 .ordered = order ? run->training.rows - run->position : 0};
    int64_t inputs = run->layers[0].inputs, outputs = run->layers[run->layer_count - 1].units;
    int small = is_small(run, batch);

    for (; run->batch_done < batch; run->batch_done += tile.rows, run->budget -= tile.rows) {
        tile.first = run->batch_done;
        tile.rows = least(batch - run->batch_done, run->tile_rows);
        if (run->budget <= 0) {
            take_due_step(run);
            return PAUSED;
        }
        if (tile.first == 0)
            begin_batch(run, order, batch);
        tile.divisor = loss_divisor(run->loss, run->batch_weight, outputs);
        tile.leaves_step = step && batch == 1 && run->team == NULL
            && run->position + 1 < run->training.rows;
        if (small) {
            small_batch(run, &tile);
            run->budget -= tile.rows;
            break;
        }
        divide(run, &tile, gather_rows,
               run->x_apart > 0 ? ANY : tile.rows * inputs / NUMBERS_AT_LEAST);
        forward(run, &tile);
        run->step_is_due = 0;
        divide(run, &tile, losses_and_deltas, tile.rows * outputs / OUTPUTS_AT_LEAST);
        run->batch_loss_sum = add_losses(run, run->batch_loss_sum, tile.rows);
        if (step && !one_finite(run->batch_loss_sum))
            break;   /* before the weights are touched */
        backward(run, &tile);
    }
    run->batch_done = 0;
    return FINISHED;
}

/* Equals train_batch, for one whole batch after the other that the epoch and the slice have left.
   What train_batch does after the last of them is left to it. */
static int32_t whole_batches(Run *run, const int64_t *order, int64_t batch)
{
    for (;; order += batch) {
        int32_t status = gradients_or_step(run, order, batch, &run->rate);
        if (status != FINISHED || run->budget <= 0
            || run->training.rows - run->position < 2 * batch
            || !one_finite(run->batch_loss_sum))
            return status;
        run->position += batch;
        run->loss_sum = run->batch_loss_sum;
    }
}

static int32_t batch_gradients(Run *run, const int64_t *order, int64_t batch)
{
    if (!order || !steps_at_once(run, batch))
        return gradients_or_step(run, order, batch, NULL);
    return batch == 1 && goes_by_row(run) ? row_batches(run, order)
                                          : whole_batches(run, order, batch);
}

/* Whether the slice is over, after work like that of so many rows. */
static int pauses(Run *run, int64_t rows)
{
    run->budget -= rows;
    return run->budget <= 0;
}

/* Equals optimizer_step over all parameters. */
static void step_units(Run *run, const Tile *tile, int64_t part, int64_t parts, double *space)
{
    (void)space;
    for (int64_t place = 0; place < run->layer_count; place++) {
        const Layer *layer = &run->layers[place];
        Block block = block_of_units(run, tile, layer->units, part, parts);
        int64_t weights = layer->weights - run->parameters;
        int64_t biases = layer->biases - run->parameters;
        int64_t right = WIDTH * panels_of(block.right);
        optimizer_step(run, weights + block.left * layer->inputs, weights + right * layer->inputs);
        if (layer->has_biases)
            optimizer_step(run, biases + block.left, biases + right);
    }
}

static void take_step(Run *run, double batch_loss)
{
    Tile tile = {0};
    if (steps_at_once(run, least(run->training.rows - run->position, run->batch_size)))
        return;   /* batch_gradients has taken it */
    begin_step(run, batch_loss);
    divide(run, &tile, step_units, run->parameter_count / STEPS_AT_LEAST);
}

/* Equals the loop of evaluate. */
static void evaluate_rows(Run *run, const Tile *tile, int64_t part, int64_t parts, double *space)
{
    Block rows = block_of_rows(run, tile, part, parts);
    gather_inputs(run, tile, rows.top, rows.bottom, run->layers->x);
    gather_targets(run, tile, rows.top, rows.bottom);
    forward_rows(run, tile, rows, space);
    rows.right = run->layers[run->layer_count - 1].units;
    row_losses(run, rows, space);
}

static int32_t evaluate(Run *run)
{
    const Layer *last = &run->layers[run->layer_count - 1];
    Tile tile = {.examples = &run->validation};
    if (run->validated == 0) {
        run->validation_loss_sum = 0.0;
        run->correct = 0;
    }
    for (; run->validated < run->validation.rows; run->validated += tile.rows) {
        tile.first = run->validated;
        tile.rows = least(run->validation.rows - run->validated, run->tile_rows);
        if (run->budget <= 0)
            return PAUSED;
        divide(run, &tile, evaluate_rows, tile.rows / ROWS_AT_LEAST);
        run->validation_loss_sum = add_losses(run, run->validation_loss_sum, tile.rows);
        for (int64_t r = 0; r < tile.rows; r++)
            run->correct += is_correct(last->y + WIDTH * r, run->tile_targets + WIDTH * r,
                                       run->height, last->units);
        run->budget -= tile.rows;
    }
    run->validated = 0;
    return FINISHED;
}
