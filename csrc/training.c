/* Mirrors pyref/training.py: batches, epochs, and the end.

   `train` works in slices: it returns PAUSED when its budget of rows is used up, which may be
   between two tiles of a batch, and goes on from there at the next call. */

/* The top bit says whether the exponent is that of infinity and of what is not a number. */
INLINE uint64_t not_finite(double value)
{
    return (bits_of(value) & 0x7fffffffffffffff) + 0x0010000000000000;
}

/* The place of the first such value, or -1. */
static int64_t first_not_finite(const double *values, int64_t count)
{
    for (int64_t block = 0; block < count; block += 512) {
        int64_t end = least(block + 512, count);
        uint64_t found = 0;
        for (int64_t i = block; i < end; i++)
            found |= not_finite(values[i]);
        for (int64_t i = block; i < end && found >> 63; i++)
            if (not_finite(values[i]) >> 63)
                return i;
    }
    return -1;
}

static int all_finite(const double *values, int64_t count)
{
    return first_not_finite(values, count) < 0;
}

/* Of the rows at `order` (NULL: from the first), in that order. */
static double total_weight(const double *weights, const int64_t *order, int64_t count)
{
    double total = 0.0;
    for (int64_t i = 0; i < count; i++)
        total += weights[order ? order[i] : i];
    return total != 0.0 ? total : 1.0;
}

static void start_epoch(Run *run)
{
    const double *learning_rate = run->optimizer.settings;   /* always the first setting */
    run->rate = rate_of_epoch(&run->schedule, run->schedule_state, *learning_rate, run->epoch);
    if (shuffles(run))
        shuffled(&run->stream, run->order, run->training.rows);
    else
        for (int64_t i = 0; i < run->training.rows; i++)
            run->order[i] = i;
    run->under_way = 1;
}

enum { AHEAD = 16 };   /* rows; 1,000,000 rows of 8-16-4 took 220 ns each, and 190 so */

/* Rows that are drawn lie anywhere: the beginning of one that will soon be wanted is asked for, and
   the processor finds the rest. */
INLINE void ask_for(const double *row, int64_t count)
{
    for (int64_t i = 0; i < least(count, 32); i += 8)
        PREFETCH(row + i);
}

/* Copies the inputs of rows of the tile into the panels x; training drops some. */
static void gather_inputs(const Run *run, const Tile *tile, int64_t from, int64_t to, double *x)
{
    const double *inputs = tile->examples->inputs;
    const Layer *first = run->layers;
    for (int64_t r = from; r < to; r++) {
        int64_t row = tile->order ? tile->order[tile->first + r] : tile->first + r;
        if (tile->first + r + AHEAD < tile->ordered)
            ask_for(inputs + tile->order[tile->first + r + AHEAD] * first->inputs, first->inputs);
        row_in(inputs + row * first->inputs, x + 8 * r, run->height, first->inputs);
    }
    if (tile->in_training && first->drop_rate != 0.0)
        scaled_by(x, first, tile->first, from, to, run->height, 0, panels_of(first->inputs), x);
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
        row_in(examples->targets + row * outputs, run->tile_targets + 8 * r, run->height, outputs);
        for (int64_t l = 8 * r; l < 8 * r + 8; l++)
            run->tile_weights[l] = examples->weights ? examples->weights[row] : 1.0;
        if (tile->in_training && run->smoothing != 0.0)
            smoothed(run->tile_targets + 8 * r, run->smoothing, run->height, outputs);
    }
}

/* The weighted losses of the tile's rows from `from` to before `to`. */
static void row_losses(Run *run, int64_t from, int64_t to, double *space)
{
    const Layer *last = &run->layers[run->layer_count - 1];
    row_loss(run->loss, last->z, last->y, run->tile_targets, from, to, run->height, last->units,
             run->tile_terms, space, run->tile_losses);
    for (int64_t r = from; r < to; r++)
        run->tile_losses[r] = run->tile_losses[r] * run->tile_weights[8 * r];
}

/* The losses of the tile's rows, added in order. */
static double add_losses(const Run *run, double sum, int64_t rows)
{
    for (int64_t r = 0; r < rows; r++)
        sum += run->tile_losses[r];
    return sum;
}

/* What a batch needs before its first tile. */
static void begin_batch(Run *run, const int64_t *order, int64_t batch)
{
    const double *weights = run->training.weights;
    run->batch_loss_sum = run->loss_sum;
    run->batch_weight = weights ? total_weight(weights, order, batch) : (double)batch;
    if (drops(run)) {
        run->batch_stream = run->stream;
        draw_dropout(run->layers, run->layer_count, batch, &run->stream);
    }
}

/* Tile by tile, into run->gradients; with `step`, see layer_gradients, one tile is the batch.  The
   first tile finds the weights changed. */
static int batch_gradients(Run *run, const int64_t *order, int64_t batch, const double *step)
{
    Tile tile = {.examples = &run->training, .order = order, .in_training = 1, .step = step,
                 .ordered = order ? run->training.rows - run->position : 0};
    int64_t inputs = run->layers[0].inputs, outputs = run->layers[run->layer_count - 1].units;
    int small = is_small(run, batch);

    for (; run->batch_done < batch; run->batch_done += tile.rows, run->budget -= tile.rows) {
        tile.first = run->batch_done;
        tile.rows = least(batch - run->batch_done, run->tile_rows);
        if (run->budget <= 0)
            return PAUSED;
        if (tile.first == 0)
            begin_batch(run, order, batch);
        tile.divisor = loss_divisor(run->loss, run->batch_weight, outputs);
        if (small) {
            small_batch(run, &tile);
            run->budget -= tile.rows;
            break;
        }
        divide(run, &tile, gather_rows,
               run->x_apart > 0 ? ANY : tile.rows * inputs / NUMBERS_AT_LEAST);
        forward(run, &tile);
        divide(run, &tile, lose_rows, tile.rows * outputs / OUTPUTS_AT_LEAST);
        run->batch_loss_sum = add_losses(run, run->batch_loss_sum, tile.rows);
        if (step && !all_finite(&run->batch_loss_sum, 1))
            break;   /* before the weights are touched */
        backward(run, &tile);
    }
    run->batch_done = 0;
    return FINISHED;
}

/* Into run->batch_loss_sum and run->gradients. */
static int32_t full_gradients(Run *run)
{
    return batch_gradients(run, NULL, run->training.rows, NULL);
}

/* Whether the weights may take their step while their gradients are still in registers.  It saves
   a small batch the way of all gradients to memory and back. */
static int steps_at_once(const Run *run, int64_t batch)
{
    const SgdSettings *sgd = (const void *)run->optimizer.settings;
    const Regularization *r = &run->regularization;
    return TILES && batch <= run->tile_rows && run->optimizer.kind == SGD && sgd->momentum == 0.0
        && r->l1 == 0.0 && r->l2 == 0.0 && r->clip_value == 0.0 && r->clip_norm == 0.0;
}

static int train_batch(Run *run)
{
    int64_t batch = least(run->training.rows - run->position, run->batch_size);
    int at_once = steps_at_once(run, batch);
    int status = batch_gradients(run, run->order + run->position, batch,
                                 at_once ? &run->rate : NULL);
    if (status != FINISHED)
        return status;
    if (!all_finite(&run->batch_loss_sum, 1))
        return DIVERGED_IN_BATCH;
    if (!at_once) {
        regularize(&run->regularization, run->layers, run->layer_count, run->gradients,
                   run->parameter_count);
        begin_step(run, run->batch_loss_sum - run->loss_sum);
        divide(run, NULL, take_step, run->parameter_count / STEPS_AT_LEAST);
    }
    run->position += batch;
    run->loss_sum = run->batch_loss_sum;
    return FINISHED;
}

/* Over the validation rows; the sums are kept in the run. */
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
            run->correct += is_correct(last->y + 8 * r, run->tile_targets + 8 * r, run->height,
                                       last->units);
        run->budget -= tile.rows;
    }
    run->validated = 0;
    return FINISHED;
}

static int finish_epoch(Run *run)
{
    int64_t outputs = run->layers[run->layer_count - 1].units;
    double loss = run->loss_sum / loss_divisor(run->loss, run->training.total_weight, outputs);
    double validation_loss = 0.0;
    int validates = run->validation.inputs != NULL;

    if (validates) {
        if (evaluate(run) == PAUSED)
            return PAUSED;
        validation_loss = run->validation_loss_sum
            / loss_divisor(run->loss, run->validation.total_weight, outputs);
    }
    if (!all_finite(run->parameters, run->parameter_count) || !all_finite(&validation_loss, 1))
        return DIVERGED_AFTER_EPOCH;

    run->epoch += 1;
    run->under_way = 0;
    run->position = 0;
    run->loss_sum = 0.0;
    run->losses[run->recorded] = loss;
    if (validates) {
        run->validation_losses[run->recorded] = validation_loss;
        run->validation_accuracies[run->recorded] =
            (double)run->correct / (double)run->validation.rows;
        if (validation_loss < run->best_loss) {
            run->best_loss = validation_loss;
            run->best_epoch = run->epoch;
            if (run->best)
                copy_rows(run->parameters, run->best, run->parameter_count);
        }
    }
    run->recorded += 1;
    after_epoch(&run->schedule, run->schedule_state, validates ? validation_loss : loss);
    for (int64_t place = 0; place < run->rule_count; place++)
        if (says_stop(&run->rules[place], loss, validation_loss) && run->stopped_by < 0)
            run->stopped_by = place;
    if (run->stopped_by >= 0 && run->rules[run->stopped_by].restore_best)
        copy_rows(run->best, run->parameters, run->parameter_count);
    return FINISHED;
}

static int32_t train(Run *run)
{
    while (run->epochs_left > 0) {
        int status;
        if (run->recorded == run->record_capacity)
            return PAUSED;
        if (!run->under_way)
            start_epoch(run);
        while (run->position < run->training.rows)
            if ((status = train_batch(run)) != FINISHED)
                return status;
        if ((status = finish_epoch(run)) != FINISHED)
            return status;
        run->epochs_left -= 1;
        if (run->stopped_by >= 0)
            return STOPPED;
    }
    return FINISHED;
}
