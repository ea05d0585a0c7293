/* Mirrors pyref/reference/batch.py: the loss and the gradients of a batch, the step, and a look at
   other rows.

   fast/batch.c has the same functions for rows that pass through the layers tile by tile. */

/* Row `row` of the examples becomes row r of what the network works on; row r of a panel begins at
   WIDTH * r, and a row's weight stands there WIDTH times. */
static void gather(Run *run, const Examples *examples, int64_t row, int64_t r)
{
    const Layer *first = run->layers;
    int64_t inputs = first->inputs, outputs = run->layers[run->layer_count - 1].units;
    row_in(examples->inputs + row * inputs, first->x + WIDTH * r, run->height, inputs);
    row_in(examples->targets + row * outputs, run->tile_targets + WIDTH * r, run->height, outputs);
    for (int64_t l = WIDTH * r; l < WIDTH * r + WIDTH; l++)
        run->tile_weights[l] = examples->weights ? examples->weights[row] : 1.0;
}

/* Into run->batch_loss_sum, which begins with run->loss_sum, and run->gradients.  `order` says
   which rows (NULL: all). */
static int32_t batch_gradients(Run *run, const int64_t *order, int64_t batch)
{
    const Layer *last = run->layers + run->layer_count - 1;
    const double *weights = run->training.weights;
    Block outputs = block_of(run->height, 0, batch, 0, last->units);
    double weight = weights ? total_weight(weights, order, batch) : (double)batch;

    for (int64_t r = 0; r < batch; r++) {
        gather(run, &run->training, order ? order[r] : r, r);
        if (run->smoothing != 0.0)
            smoothed(run->tile_targets + WIDTH * r, run->smoothing, run->height, last->units);
    }
    if (drops(run))
        draw_dropout(run->layers, run->layer_count, batch, &run->stream);

    forward(run, batch, 1);
    row_loss(run->loss, last, run->tile_targets, outputs, run->tile_terms, run->space,
             run->tile_losses);
    run->batch_loss_sum = run->loss_sum;
    for (int64_t r = 0; r < batch; r++)
        run->batch_loss_sum += run->tile_losses[r] * run->tile_weights[WIDTH * r];

    output_deltas(run->loss, last, run->tile_targets, run->tile_weights,
                  loss_divisor(run->loss, weight, last->units), outputs, run->tile_terms,
                  run->space);
    backward(run, batch);
    return FINISHED;
}

/* Whether to return soon, after work like that of so many rows: here, never. */
static int pauses(Run *run, int64_t rows)
{
    (void)run, (void)rows;
    return 0;
}

static void take_step(Run *run, double batch_loss)
{
    begin_step(run, batch_loss);
    optimizer_step(run, 0, run->parameter_count);
}

/* Into run->validation_loss_sum and run->correct. */
static int32_t evaluate(Run *run)
{
    const Layer *last = run->layers + run->layer_count - 1;
    Block outputs = block_of(run->height, 0, 1, 0, last->units);
    run->validation_loss_sum = 0.0;
    run->correct = 0;
    for (int64_t row = 0; row < run->validation.rows; row++) {
        gather(run, &run->validation, row, 0);
        forward(run, 1, 0);
        row_loss(run->loss, last, run->tile_targets, outputs, run->tile_terms, run->space,
                 run->tile_losses);
        run->validation_loss_sum += run->tile_losses[0] * run->tile_weights[0];
        run->correct += is_correct(last->y, run->tile_targets, run->height, last->units);
    }
    return FINISHED;
}
