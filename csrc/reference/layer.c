/* Mirrors pyref/reference/layer.py: the three sums of a layer, as plain loops.

   Each is given the block of what it computes; `at` says where a number stands.  fast/layer.c has
   the same functions for vectors. */

/* z[r][j] = biases[j] (or 0.0), then + x[r][k] * weights[k][j] for k = 0, 1, 2 ... */
static void pre_activations(const Layer *layer, const number *x, Block block)
{
    for (int64_t r = block.top; r < block.bottom; r++)
        for (int64_t j = block.left; j < block.right; j++) {
            number total = layer->has_biases ? layer->biases[j] : 0;
            for (int64_t k = 0; k < layer->inputs; k++) {
                number product =
                    x[at(block.height, r, k)] * layer->weights[at(layer->inputs, k, j)];
                total = total + product;
            }
            layer->z[at(block.height, r, j)] = total;
        }
}

/* errors[r][k] = the sum over j of deltas[r][j] * weights[k][j]; `space` is for copies. */
static void errors_below(const Layer *layer, Block block, number *errors, double *space)
{
    (void)space;
    for (int64_t r = block.top; r < block.bottom; r++)
        for (int64_t k = block.left; k < block.right; k++) {
            number error = 0;
            for (int64_t j = 0; j < layer->units; j++) {
                number product =
                    layer->deltas[at(block.height, r, j)] * layer->weights[at(layer->inputs, k, j)];
                error = error + product;
            }
            errors[at(block.height, r, k)] = error;
        }
}

/* gradient[k][j] = the sum over r of x[r][k] * deltas[r][j], in the order of the rows: from 0.0, or
   with `more` from what earlier rows have left.  The block is one of the deltas. */
static void weight_gradients(const Layer *layer, const number *x, Block block, int more)
{
    for (int64_t k = 0; k < layer->inputs && !more; k++)
        for (int64_t j = block.left; j < block.right; j++)
            layer->weight_gradients[at(layer->inputs, k, j)] = 0;
    for (int64_t r = block.top; r < block.bottom; r++)
        for (int64_t k = 0; k < layer->inputs; k++)
            for (int64_t j = block.left; j < block.right; j++) {
                number *gradient = &layer->weight_gradients[at(layer->inputs, k, j)];
                number product =
                    x[at(block.height, r, k)] * layer->deltas[at(block.height, r, j)];
                *gradient = *gradient + product;
            }
}

/* gradient[j] = the sum over r of deltas[r][j], likewise; `ones` is for those who multiply. */
static void bias_gradients(const Layer *layer, const number *ones, Block block, int more)
{
    number *gradient = layer->bias_gradients;
    (void)ones;
    for (int64_t j = block.left; j < block.right && !more; j++)
        gradient[j] = 0;
    for (int64_t r = block.top; r < block.bottom; r++)
        for (int64_t j = block.left; j < block.right; j++)
            gradient[j] = gradient[j] + layer->deltas[at(block.height, r, j)];
}
