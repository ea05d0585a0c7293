/* Mirrors pyref/training.py: batches, epochs, and the end.

   `train` works in slices: it returns PAUSED when its budget of rows is used up, which may be
   between two tiles of a batch, and goes on from there at the next call. */

INLINE int all_finite(const double *values, int64_t count)
{
    int finite = 1;
    for (int64_t i = 0; i < count; i++)
        finite &= values[i] - values[i] == 0.0;
    return finite;
}

/* Of the rows at `order` (NULL: from the first), in that order. */
INLINE double total_weight(const double *weights, const int64_t *order, int64_t count)
{
    double total = 0.0;
    for (int64_t i = 0; i < count; i++)
        total += weights[order ? order[i] : i];
    return total != 0.0 ? total : 1.0;
}

INLINE void start_epoch(Run *run)
{
    const double *learning_rate = run->optimizer.settings;   /* always the first setting */
    run->rate = rate_of_epoch(&run->schedule, run->schedule_state, *learning_rate, run->epoch);
    if (shuffles(run))
        shuffled(&run->stream, run->order, run->rows);
    else
        for (int64_t i = 0; i < run->rows; i++)
            run->order[i] = i;
    run->under_way = 1;
}

/* Finds rows of the tile, and what goes with them; smooths the labels of training rows. */
INLINE void gather(Run *run, const Tile *tile, int64_t from, int64_t to)
{
    int64_t width = run->layers[0].inputs;
    int64_t outputs = run->layers[run->layer_count - 1].units;
    for (int64_t r = from; r < to; r++) {
        int64_t row = tile->order ? tile->order[tile->first + r] : tile->first + r;
        run->layers[0].read[r] = tile->inputs + row * width;
        run->tile_targets[r] = tile->targets + row * outputs;
        run->tile_weights[r] = tile->weights ? tile->weights[row] : 1.0;
        if (tile->in_training && run->smoothing != 0.0) {
            double *smooth = run->smooth_targets + r * outputs;
            smoothed(run->tile_targets[r], run->smoothing, smooth, outputs);
            run->tile_targets[r] = smooth;
        }
    }
}

INLINE void row_losses(Run *run, int64_t from, int64_t to, int32_t instruction_set)
{
    const Layer *last = &run->layers[run->layer_count - 1];
    for (int64_t r = from; r < to; r++)
        run->tile_losses[r] =
            CHOICE(loss_of)(run->loss, last->z + r * last->stride, last->y + r * last->stride,
                            run->tile_targets[r], last->units) * run->tile_weights[r];
}

/* The losses of the tile's rows, added in order. */
INLINE double add_losses(const Run *run, double sum, int64_t rows)
{
    for (int64_t r = 0; r < rows; r++)
        sum += run->tile_losses[r];
    return sum;
}

/* What a batch needs before its first tile. */
INLINE void begin_batch(Run *run, const int64_t *order, int64_t batch)
{
    run->batch_loss_sum = run->loss_sum;
    run->batch_weight = run->weights ? total_weight(run->weights, order, batch) : (double)batch;
    if (drops(run)) {
        run->batch_stream = run->stream;
        draw_dropout(run->layers, run->layer_count, batch, &run->stream);
    }
}

/* Whether small.c may do the whole batch. */
INLINE int is_small(const Run *run, int64_t batch, int32_t instruction_set)
{
    int small = instruction_set != PLAIN && batch <= run->tile_rows && batch <= SMALL_ROWS
        && run->layers[0].inputs <= SMALL_UNITS && !drops(run);
    for (int64_t place = 0; place < run->layer_count; place++)
        small &= run->layers[place].units <= SMALL_UNITS
            && (run->layers[place].activation != SOFTMAX || place == run->layer_count - 1);
    return small;
}

/* Losses and output deltas of rows that stand side by side.  Where every output stands for itself
   and every row weighs 1, the deltas of all rows are computed as if they were one. */
INLINE void small_losses(Run *run, const Layer *last, int64_t rows, int64_t span, double divisor,
                         int32_t instruction_set)
{
    double z[SMALL_UNITS], y[SMALL_UNITS], deltas[SMALL_UNITS], t[SMALL_UNITS * SMALL_ROWS];
    int64_t outputs = last->units;
    int as_one = last->activation != SOFTMAX && !run->weights;
    double sum = run->batch_loss_sum;
    for (int64_t r = 0; r < rows; r++) {
        for (int64_t j = 0; j < outputs; j++) {
            z[j] = last->z[j * span + r];
            y[j] = last->y[j * span + r];
            t[j * span + r] = run->tile_targets[r][j];
        }
        if (last->activation == SOFTMAX)
            softmax(z, y, outputs);
        sum += CHOICE(loss_of)(run->loss, z, y, run->tile_targets[r], outputs)
            * run->tile_weights[r];
        if (!as_one) {
            CHOICE(output_deltas_of)(run->loss, last->activation, z, y, run->tile_targets[r],
                                     run->tile_weights[r], divisor, deltas, outputs);
            for (int64_t j = 0; j < outputs; j++)
                last->deltas[j * span + r] = deltas[j];
        }
    }
    run->batch_loss_sum = sum;
    if (as_one)
        CHOICE(output_deltas_of)(run->loss, last->activation, last->z, last->y, t, 1.0, divisor,
                                 last->deltas, outputs * span);
}

/* Equals forward, add_losses, output_deltas and backward for all rows of the batch. */
INLINE void small_batch(Run *run, int64_t rows, double divisor, const double *step,
                        int32_t instruction_set)
{
    Layer *layers = run->layers;
    int64_t span = (rows + 3) & ~(int64_t)3, width = layers[0].inputs;
    for (int64_t r = 0; r < rows; r++)
        for (int64_t k = 0; k < width; k++)
            run->side_by_side[k * span + r] = layers[0].read[r][k];
    for (int64_t place = 0; place < run->layer_count; place++) {
        Layer *layer = &layers[place];
        int64_t values = layer->units * span;
        small_sums(layer, place ? layers[place - 1].y : run->side_by_side, span, instruction_set);
        if (layer->activation != SOFTMAX)
            CHOICE(outputs_of)(layer->activation, layer->z, layer->y, 1, values, values);
    }
    small_losses(run, &layers[run->layer_count - 1], rows, span, divisor,
                 instruction_set);
    if (step && !all_finite(&run->batch_loss_sum, 1))
        return;   /* before the weights are touched */
    for (int64_t place = run->layer_count - 1; place >= 0; place--) {
        Layer *layer = &layers[place], *below = &layers[place - 1];
        int64_t values = layer->inputs * span;
        if (place > 0) {
            small_errors(layer, below->deltas, span, instruction_set);
            CHOICE(deltas_of)(below->activation, below->deltas, below->z, below->y, below->deltas,
                              1, values, values);
        }
        small_gradients(layer, place ? below->y : run->side_by_side, rows, span, step,
                        instruction_set);
    }
}

/* Tile by tile, into run->gradients; with `step`, see layer_gradients, one tile is the batch.  The
   first tile finds the weights changed. */
INLINE int batch_gradients(Run *run, const int64_t *order, int64_t batch, const double *step,
                           int small, int32_t instruction_set)
{
    Tile tile = {.inputs = run->inputs, .targets = run->targets, .weights = run->weights,
                 .order = order, .in_training = 1, .step = step};
    int64_t outputs = run->layers[run->layer_count - 1].units;

    for (; run->batch_done < batch; run->batch_done += tile.rows, run->budget -= tile.rows) {
        int64_t left = batch - run->batch_done;
        tile.first = run->batch_done;
        tile.rows = left < run->tile_rows ? left : run->tile_rows;
        if (run->budget <= 0)
            return PAUSED;
        if (tile.first == 0)
            begin_batch(run, order, batch);
        tile.divisor = loss_divisor(run->loss, run->batch_weight, outputs);
        gather(run, &tile, 0, tile.rows);
        if (small) {
            small_batch(run, tile.rows, tile.divisor, step, instruction_set);
            run->budget -= tile.rows;
            break;
        }
        forward(run, &tile, instruction_set);
        divide(run, &tile, lose_rows, tile.rows * outputs / OUTPUTS_AT_LEAST, instruction_set);
        run->batch_loss_sum = add_losses(run, run->batch_loss_sum, tile.rows);
        if (step && !all_finite(&run->batch_loss_sum, 1))
            return FINISHED;   /* before the weights are touched */
        backward(run, &tile, instruction_set);
    }
    run->batch_done = 0;
    return FINISHED;
}

/* Into run->batch_loss_sum and run->gradients. */
INLINE int32_t full_gradients_body(Run *run, int32_t instruction_set)
{
    return batch_gradients(run, NULL, run->rows, NULL,
                           is_small(run, run->rows, instruction_set), instruction_set);
}

/* Whether the weights may take their step while their gradients are still in registers.  It saves
   a small batch the way of all gradients to memory and back: 784-30-10 in batches of 10 went from
   2.9 to 2.3 microseconds a row. */
INLINE int steps_at_once(const Run *run, int64_t batch, int32_t instruction_set)
{
    const SgdSettings *sgd = (const void *)run->optimizer.settings;
    const Regularization *r = &run->regularization;
    return instruction_set != PLAIN && batch <= run->tile_rows && run->optimizer.kind == SGD
        && sgd->momentum == 0.0 && r->l1 == 0.0 && r->l2 == 0.0 && r->clip_value == 0.0
        && r->clip_norm == 0.0;
}

INLINE int train_batch(Run *run, int32_t instruction_set)
{
    int64_t left = run->rows - run->position;
    int64_t batch = run->batch_size < left ? run->batch_size : left;
    int at_once = steps_at_once(run, batch, instruction_set);
    int small = is_small(run, batch, instruction_set);
    int status = batch_gradients(run, run->order + run->position, batch,
                                 at_once ? &run->rate : NULL, small, instruction_set);

    if (status != FINISHED)
        return status;
    if (!all_finite(&run->batch_loss_sum, 1))
        return DIVERGED_IN_BATCH;
    if (at_once && !small) {
        for (int64_t place = 0; place < run->layer_count; place++) {
            Layer *layer = &run->layers[place];
            if (layer->has_biases)
                sgd_update((const void *)run->optimizer.settings, run->rate, layer->biases,
                           layer->bias_gradients, NULL, layer->stride);
        }
    } else if (!at_once) {
        regularize(&run->regularization, run->layers, run->layer_count, run->gradients,
                   run->parameter_count);
        begin_step(run, run->batch_loss_sum - run->loss_sum);
        divide(run, NULL, take_step, run->parameter_count / STEPS_AT_LEAST, instruction_set);
    }
    run->position += batch;
    run->loss_sum = run->batch_loss_sum;
    return FINISHED;
}

/* Over the validation rows; the sums are kept in the run. */
INLINE int32_t evaluate_body(Run *run, int32_t instruction_set)
{
    const Layer *last = &run->layers[run->layer_count - 1];
    Tile tile = {.inputs = run->validation_inputs, .targets = run->validation_targets,
                 .weights = run->validation_weights};
    if (run->validated == 0) {
        run->validation_loss_sum = 0.0;
        run->correct = 0;
    }
    for (; run->validated < run->validation_rows; run->validated += tile.rows) {
        int64_t left = run->validation_rows - run->validated;
        tile.first = run->validated;
        tile.rows = left < run->tile_rows ? left : run->tile_rows;
        if (run->budget <= 0)
            return PAUSED;
        divide(run, &tile, evaluate_rows, tile.rows / ROWS_AT_LEAST, instruction_set);
        run->validation_loss_sum = add_losses(run, run->validation_loss_sum, tile.rows);
        for (int64_t r = 0; r < tile.rows; r++)
            run->correct += is_correct(last->y + r * last->stride, run->tile_targets[r],
                                       last->units);
        run->budget -= tile.rows;
    }
    run->validated = 0;
    return FINISHED;
}

INLINE int finish_epoch(Run *run, int32_t instruction_set)
{
    int64_t outputs = run->layers[run->layer_count - 1].units;
    double loss = run->loss_sum / loss_divisor(run->loss, run->total_weight, outputs);
    double validation_loss = 0.0;

    if (run->validation_inputs) {
        if (evaluate_body(run, instruction_set) == PAUSED)
            return PAUSED;
        validation_loss =
            run->validation_loss_sum / loss_divisor(run->loss, run->validation_weight, outputs);
    }
    if (!all_finite(run->parameters, run->parameter_count) || !all_finite(&validation_loss, 1))
        return DIVERGED_AFTER_EPOCH;

    run->epoch += 1;
    run->under_way = 0;
    run->position = 0;
    run->loss_sum = 0.0;
    run->losses[run->recorded] = loss;
    if (run->validation_inputs) {
        run->validation_losses[run->recorded] = validation_loss;
        run->validation_accuracies[run->recorded] =
            (double)run->correct / (double)run->validation_rows;
        if (validation_loss < run->best_loss) {
            run->best_loss = validation_loss;
            run->best_epoch = run->epoch;
            if (run->best)
                copy_rows(run->parameters, run->best, run->parameter_count);
        }
    }
    run->recorded += 1;
    after_epoch(&run->schedule, run->schedule_state,
                run->validation_inputs ? validation_loss : loss);
    for (int64_t place = 0; place < run->rule_count; place++)
        if (says_stop(&run->rules[place], loss, validation_loss) && run->stopped_by < 0)
            run->stopped_by = place;
    if (run->stopped_by >= 0 && run->rules[run->stopped_by].restore_best)
        copy_rows(run->best, run->parameters, run->parameter_count);
    return FINISHED;
}

INLINE int32_t train_body(Run *run, int32_t instruction_set)
{
    while (run->epochs_left > 0) {
        int status;
        if (run->recorded == run->record_capacity)
            return PAUSED;
        if (run->begun == 0) {
            snapshot(run);
            run->begun = 1;
        }
        if (!run->under_way)
            start_epoch(run);
        while (run->position < run->rows)
            if ((status = train_batch(run, instruction_set)) != FINISHED)
                return status;
        if ((status = finish_epoch(run, instruction_set)) != FINISHED)
            return status;
        run->begun = 0;
        run->epochs_left -= 1;
        if (run->stopped_by >= 0)
            return STOPPED;
    }
    return FINISHED;
}
