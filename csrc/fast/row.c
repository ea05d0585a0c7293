/* The fast form of batches of one row in plain SGD, through narrow layers; see tiles.c.

   No layer has more units than a panel has columns, and vectors hold them side by side.  From the
   weights to the same weights, such a batch is one chain of waiting for results: what stands around
   it must be little, and nothing may be read as a vector that was just stored number by number,
   which processors wait for.  (AVX2: 2-2-1 took 175 ns a row, 4-8-3 461; 118 and 150 so.) */

enum { ROW_INPUTS = 64, PANEL = WIDTH / LANES };   /* vectors in a panel's row */

/* Whether the weights take their step while their gradients are still in registers: in plain SGD
   that reads nothing else, in a batch of one tile. */
static int steps_at_once(const Run *run, int64_t batch)
{
    const SgdSettings *sgd = (const void *)run->optimizer.settings;
    const Regularization *r = &run->regularization;
    return batch <= run->tile_rows && run->optimizer.kind == SGD && sgd->momentum == 0.0
        && r->l1 == 0.0 && r->l2 == 0.0 && r->clip_value == 0.0 && r->clip_norm == 0.0;
}

/* Whether all layers are so narrow, and the row goes through them without dice. */
static int goes_by_row(const Run *run)
{
    int narrow = run->layers[0].inputs <= ROW_INPUTS && !drops(run) && run->smoothing == 0.0;
    for (int64_t place = 0; narrow && place < run->layer_count; place++)
        narrow = run->layers[place].units <= WIDTH && run->layers[place].activation != SOFTMAX;
    return narrow;
}

/* The instruction set for this run where `best` could be had.  The shorter a vector, the sooner its
   sums and quotients are there: a batch that fits in fewer lanes takes those.  (2-2-1 in batches of
   4: 28 ns a row in AVX2 and 35 in AVX-512; in batches of 1 with momentum: 91 in SSE2 and 105 in
   AVX2.) */
static int32_t fitting_set(const Run *run, int32_t best)
{
    if (best >= AVX2 && run->batch_size == 1 && steps_at_once(run, 1) && goes_by_row(run))
        return AVX2;
    if (best <= BASE || !is_small(run, run->batch_size) || run->batch_size > 4)
        return best;
    return run->batch_size > 2 ? AVX2 : BASE;
}

/* All units of a layer, in so many vectors. */
#define ROW_AREA(vectors) ((Area){1, (vectors) * LANES, 0})

/* Equals pre_activations and layer_outputs. */
INLINE void row_forward(int vectors, const Layer *layer, const number *x)
{
    Vector sum[PANEL];
    UNROLL for (int v = 0; v < vectors; v++)
        sum[v] = layer->has_biases ? LOAD(layer->biases + v * LANES) : (Vector){0};
    for (int64_t k = 0; k < layer->inputs; k++)
        UNROLL for (int v = 0; v < vectors; v++)
            sum[v] = sum[v] + (Vector)(x[k] * LOAD(layer->weights + WIDTH * k + v * LANES));
    UNROLL for (int v = 0; v < vectors; v++)
        STORE(layer->z + v * LANES, sum[v]);
    activation_outputs(layer->activation, layer->z, layer->y, ROW_AREA(vectors));
}

/* Equals row_loss and output_deltas.  Where the loss is no number, it returns 0. */
INLINE int row_loss_and_deltas(int vectors, Run *run, int64_t row, double divisor)
{
    const Layer *last = run->layers + run->layer_count - 1;
    const Examples *examples = &run->training;
    double *terms = run->tile_terms, total = 0.0, factor;
    double weight = examples->weights ? examples->weights[row] : 1.0;
    for (int64_t j = 0; j < last->units; j++)
        run->tile_targets[j] = examples->targets[row * last->units + j];
    for (int j = 0; j < vectors * LANES; j++)
        run->tile_weights[j] = weight;
    factor = loss_terms(run->loss, last->z, last->y, run->tile_targets, terms, ROW_AREA(vectors));
    for (int64_t j = 0; j < last->units; j++)
        total += terms[j];
    run->batch_loss_sum = run->loss_sum + factor * total * weight;
    if (!one_finite(run->batch_loss_sum))
        return 0;
    loss_gradient(run->loss, last->y, run->tile_targets, terms, ROW_AREA(vectors));
    if (!is_fused(run->loss))
        activation_errors(last->activation, terms, last->z, last->y, ROW_AREA(vectors));
    weigh(terms, run->tile_weights, divisor, last->deltas, vectors * LANES);
    return 1;
}

/* Equals errors_below and layer_deltas.  Inputs stand side by side; lanes beyond the last repeat
   it. */
INLINE void row_errors(int vectors, const Layer *layer, const Layer *below)
{
    Vector sum[PANEL];
    UNROLL for (int v = 0; v < vectors; v++)
        sum[v] = (Vector){0};
    for (int64_t j = 0; j < layer->units; j++)
        UNROLL for (int v = 0; v < vectors; v++) {
            Vector weights = {0};   /* which compilers may not see is filled below */
            number *lane = (number *)&weights;
            UNROLL for (int l = 0; l < LANES; l++)
                lane[l] = layer->weights[WIDTH * least(v * LANES + l, layer->inputs - 1) + j];
            sum[v] = sum[v] + (Vector)(layer->deltas[j] * weights);
        }
    UNROLL for (int v = 0; v < vectors; v++)
        STORE(below->deltas + v * LANES, sum[v]);
    activation_deltas(below->activation, below->deltas, below->z, below->y, ROW_AREA(vectors));
}

/* The first `count` numbers of a vector, and 0 beyond them. */
INLINE Vector first_of(Vector values, int64_t count)
{
#if LANES > 1
    LaneNumbers lane;
    UNROLL for (int l = 0; l < LANES; l++)
        lane[l] = l;
    return (Vector)((LaneNumbers)values & (lane < (LaneNumbers){0} + (int)count));
#else
    return count > 0 ? values : 0;
#endif
}

/* Equals weight_gradients, bias_gradients and sgd_update. */
INLINE void row_step(int vectors, const Layer *layer, const number *x, double rate)
{
    Vector d[PANEL];
    UNROLL for (int v = 0; v < vectors; v++)
        d[v] = first_of(LOAD(layer->deltas + v * LANES), layer->units - v * LANES);
    for (int64_t k = 0; k < layer->inputs; k++)
        UNROLL for (int v = 0; v < vectors; v++) {
            number *place = layer->weights + WIDTH * k + v * LANES;
            STORE(place, stepped(LOAD(place), rate, (Vector){0} + (Vector)(x[k] * d[v])));
        }
    if (layer->has_biases)
        UNROLL for (int v = 0; v < vectors; v++) {
            number *place = layer->biases + v * LANES;
            STORE(place, stepped(LOAD(place), rate, (Vector){0} + d[v]));
        }
}

/* Each of these is compiled for one vector, which may hold a layer's units, and for a panel. */
#define ONE_OR_PANEL(layer, function, ...) \
    ((layer)->units <= LANES ? function(1, __VA_ARGS__) : function(PANEL, __VA_ARGS__))

/* Equals batch_gradients for one row, and the step after them. */
static void row_batch(Run *run, int64_t row, double divisor)
{
    Layer *layers = run->layers, *last = layers + run->layer_count - 1;
    const number *inputs = run->training.inputs + row * layers->inputs, *x = inputs;
    for (Layer *layer = layers; layer <= last; layer++) {
        ONE_OR_PANEL(layer, row_forward, layer, x);
        x = layer->y;
    }
    if (!ONE_OR_PANEL(last, row_loss_and_deltas, run, row, divisor))
        return;   /* before the weights are touched */
    for (Layer *layer = last; layer > layers; layer--) {
        ONE_OR_PANEL(layer - 1, row_errors, layer, layer - 1);
        ONE_OR_PANEL(layer, row_step, layer, (layer - 1)->y, run->rate);
    }
    ONE_OR_PANEL(layers, row_step, layers, inputs, run->rate);
}

/* Equals train_batch, for one row after the other that the epoch and the slice have left.  What
   train_batch does after the last of them is left to it. */
static int32_t row_batches(Run *run, const int64_t *order)
{
    const double *weights = run->training.weights;
    int64_t outputs = run->layers[run->layer_count - 1].units;
    double divisor = loss_divisor(run->loss, 1.0, outputs);
    if (run->budget <= 0)
        return PAUSED;
    for (;; order++) {
        if (weights)
            divisor = loss_divisor(run->loss, total_weight(weights, order, 1), outputs);
        row_batch(run, *order, divisor);
        run->budget -= 1;
        if (run->budget <= 0 || run->position + 1 == run->training.rows
            || !one_finite(run->batch_loss_sum))
            return FINISHED;
        run->position += 1;
        run->loss_sum = run->batch_loss_sum;
    }
}
