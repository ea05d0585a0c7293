/* The three sums of a layer in tiles: equals reference/layer.c function by function.

   A block begins and ends with whole panels; what lies beyond the last unit is computed along. */

static void pre_activations(const Layer *layer, const number *x, Block block)
{
    product(block.bottom - block.top, layer->inputs, block.left >> SHIFT, panels_of(block.right),
            x + WIDTH * block.top, block.height, layer->weights, 0,
            layer->has_biases ? layer->biases : NULL, layer->z + WIDTH * block.top, NULL);
}

static void errors_below(const Layer *layer, Block block, number *errors, double *space)
{
    product(block.bottom - block.top, layer->units, block.left >> SHIFT, panels_of(block.right),
            layer->deltas + WIDTH * block.top, block.height, layer->weights, layer->inputs, NULL,
            errors + WIDTH * block.top, (number *)space);
}

/* To the gradients, or with `step` to the weights: see gradient_tile. */
static void add_to_weights(const Layer *layer, const number *x, Block block, number *to, int more,
                           const double *step)
{
    int64_t rows = block.bottom - block.top;
    const number *deltas = layer->deltas + WIDTH * block.top;
    x = x + WIDTH * block.top;
    if (layer->units <= NARROW && rows >= SEVERAL)
        narrow_gradient(layer->inputs, layer->units, rows, x, block.height, deltas, to, more, step);
    else
        gradient(layer->inputs, rows, block.left >> SHIFT, panels_of(block.right), x, block.height,
                 deltas, to, more, step);
}

static void add_to_biases(const Layer *layer, const number *ones, Block block, number *to, int more,
                          const double *step)
{
    gradient(1, block.bottom - block.top, block.left >> SHIFT, panels_of(block.right), ones,
             block.height, layer->deltas + WIDTH * block.top, to, more, step);
}

static void weight_gradients(const Layer *layer, const number *x, Block block, int more)
{
    add_to_weights(layer, x, block, layer->weight_gradients, more, NULL);
}

static void bias_gradients(const Layer *layer, const number *ones, Block block, int more)
{
    add_to_biases(layer, ones, block, layer->bias_gradients, more, NULL);
}

/* Equals sgd_update for a row before this one, whose weights were left for now (batch.c), and then
   pre_activations; all units at once. */
static void due_pre_activations(const Run *run, const Layer *layer, const number *x, Block block)
{
    due_product(layer->inputs, panels_of(layer->units), run->due_x, run->due_deltas, run->rate, x,
                block.height, layer->weights, layer->has_biases ? layer->biases : NULL, layer->z);
}

/* Equals weight_gradients, bias_gradients and then sgd_update without momentum: the weights change
   while their gradients are in registers, and the gradients are stored nowhere.  It saves a small
   batch the way of all gradients to memory and back. */
static void step_at_once(const Layer *layer, const number *x, const number *ones, Block block,
                         const double *step)
{
    add_to_weights(layer, x, block, layer->weights, 0, step);
    if (layer->has_biases)
        add_to_biases(layer, ones, block, layer->biases, 0, step);
}

/* Of a single row: the biases step at once, the weights together with the next row's sums. */
static void leave_step(Run *run, const Layer *layer, const number *x, Block block)
{
    row_out(x, run->due_x, block.height, layer->inputs);
    row_out(layer->deltas, run->due_deltas, block.height, WIDTH * panels_of(layer->units));
    if (layer->has_biases)
        add_to_biases(layer, run->ones, block, layer->biases, 0, &run->rate);
    run->step_is_due = 1;
}

/* Where no row follows. */
static void take_due_step(Run *run)
{
    const Layer *layer = run->layers;
    if (run->step_is_due)
        gradient(layer->inputs, 1, 0, panels_of(layer->units), run->due_x, 1, run->due_deltas,
                 layer->weights, 0, &run->rate);
    run->step_is_due = 0;
}
