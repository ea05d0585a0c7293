/* Mirrors pyref/reference/lbfgs.py: one iteration.

   The pairs that Python keeps in a list stand in a ring here, so that the oldest makes room without
   moving the others.  Of a point only its gradients are kept: its parameters are those of the
   start, moved along the direction, and to move them once more gives the same bits.

   A call may return PAUSED in the middle of an iteration; the counters of its loops are therefore
   kept in run->search, and the next call goes on from there. */

static double largest(const number *values, int64_t count)
{
    double result = 0.0;
    for (int64_t i = 0; i < count; i++)
        result = abs_(values[i]) > result ? abs_(values[i]) : result;
    return result;
}

/* The network, away from where the iteration has begun. */
static void moved(const Run *run, double step)
{
    const Search *search = &run->search;
    copy_rows(search->start, run->parameters, run->parameter_count);
    for (int64_t place = 0; place < run->layer_count; place++) {
        const Layer *layer = &run->layers[place];
        int64_t columns = WIDTH * panels_of(layer->units);
        const number *of_layer = search->direction + (layer->weights - run->parameters);
        plus(layer->weights, step, of_layer, columns * layer->inputs);
        clear_beyond(layer->weights, block_of(layer->inputs, 0, layer->inputs, 0, layer->units));
        if (layer->has_biases) {
            plus(layer->biases, step, of_layer + columns * layer->inputs, columns);
            clear_beyond(layer->biases, block_of(1, 0, 1, 0, layer->units));
        }
    }
}

/* memory[2 * pair] and memory[2 * pair + 1] of the reference: s and y, the oldest first. */
static int64_t place_of_pair(const Search *search, int64_t pair)
{
    return (search->oldest + pair) % search->room;
}

static number *s_of_pair(const Run *run, int64_t pair)
{
    return memory_list(run, 2 * place_of_pair(&run->search, pair));
}

static number *y_of_pair(const Run *run, int64_t pair)
{
    return memory_list(run, 2 * place_of_pair(&run->search, pair) + 1);
}

/* run->search.direction, which is q until it is finished. */
static int32_t search_direction(Run *run, const number *gradients)
{
    enum { LIKE_ROWS = 4 };   /* of a batch, which take about as long as a turn, at most */
    Search *search = &run->search;
    int64_t count = run->parameter_count, pairs = search->pairs;
    number *q = search->direction;
    if (search->turns == 0) {
        copy_rows(gradients, q, count);
        times(-1.0, q, count);
    }
    while (search->turns < pairs) {
        int64_t pair = pairs - 1 - search->turns++;
        double sy = search->products[place_of_pair(search, pair)];
        search->alphas[pair] = dot(run, s_of_pair(run, pair), q) / sy;
        plus(q, -search->alphas[pair], y_of_pair(run, pair), count);
        if (search->turns == pairs) {
            const number *y = y_of_pair(run, pairs - 1);
            sy = search->products[place_of_pair(search, pairs - 1)];
            times(sy / dot(run, y, y), q, count);
        }
        if (pauses(run, LIKE_ROWS))
            return PAUSED;
    }
    while (search->turns < 2 * pairs) {
        int64_t pair = search->turns++ - pairs;
        double sy = search->products[place_of_pair(search, pair)];
        double beta = dot(run, y_of_pair(run, pair), q) / sy;
        plus(q, search->alphas[pair] - beta, s_of_pair(run, pair), count);
        if (pauses(run, LIKE_ROWS))
            return PAUSED;
    }
    return FINISHED;
}

/* Room for gradients that none of three points needs. */
static number *free_gradients(const Run *run, Point a, Point b, Point c)
{
    number *place = run->search.gradients;
    while (place == a.gradients || place == b.gradients || place == c.gradients)
        place += run->parameter_count;
    return place;
}

/* The loss and the gradients of the network as it is. */
static int32_t point_at(Run *run, Point *point);

static Trial trial_at(Run *run, double step, Trial a, Trial b)
{
    Search *search = &run->search;
    Trial trial = {.step = step};
    if (search->asked < search->tried)
        return search->trials[search->asked++];
    trial.found.gradients = free_gradients(run, search->last, a.found, b.found);
    moved(run, step);
    if (point_at(run, &trial.found) == PAUSED) {
        trial.is_open = 1;
        return trial;
    }
    trial.loss = trial.found.loss;
    trial.slope = dot(run, trial.found.gradients, search->direction);
    if (!one_finite(trial.loss) || !one_finite(trial.slope))
        trial.loss = double_of(INFINITY_BITS);
    search->trials[search->tried++] = trial;
    search->asked++;
    return trial;
}

/* memory + [s, y] and scalars + [sy], of which at most so many pairs are kept. */
static void remember(Run *run, const number *s, const number *y, double sy, double history_size)
{
    Search *search = &run->search;
    for (; (double)search->pairs >= history_size; search->pairs--)
        search->oldest = place_of_pair(search, 1);
    search->pairs++;
    search->remembered++;
    copy_rows(s, s_of_pair(run, search->pairs - 1), run->parameter_count);
    copy_rows(y, y_of_pair(run, search->pairs - 1), run->parameter_count);
    search->products[place_of_pair(search, search->pairs - 1)] = sy;
}

static int32_t lbfgs_why_converged(const Run *run, Point start, Point end, const number *s);

/* From run->search.last to `end`, whose parameters are then the network's. */
static int32_t lbfgs_iteration(Run *run, Point *end)
{
    const LbfgsSettings *lbfgs = (const void *)run->optimizer.settings;
    Search *search = &run->search;
    Point start = search->last;
    Trial best, of_start = {.loss = start.loss, .found = start};
    int64_t count = run->parameter_count;
    double rate = run->rate, narrowest, sy;
    number *s = search->direction, *y;

    *end = start;
    if (!search->has_direction) {
        if (largest(start.gradients, count) <= lbfgs->tolerance_gradient) {
            run->converged = GRADIENT_VANISHED;
            return FINISHED;
        }
        if (search_direction(run, start.gradients) == PAUSED)
            return PAUSED;
        search->turns = search->tried = 0;
        search->slope = dot(run, start.gradients, search->direction);
        if (!(-double_of(INFINITY_BITS) < search->slope
              && search->slope < -lbfgs->tolerance_change)) {
            run->converged = TOO_LEVEL;
            return FINISHED;
        }
        search->has_direction = 1;
    }
    of_start.slope = search->slope;
    search->asked = 0;

    if (search->pairs == 0) {
        double first = 1.0 / absolute_sum(run, start.gradients);
        rate = (first < 1.0 ? first : 1.0) * rate;
    }
    narrowest = lbfgs->tolerance_change / largest(search->direction, count);
    best = strong_wolfe(run, of_start, rate, narrowest);
    if (best.is_open)
        return PAUSED;
    *end = best.found;
    if (end->gradients == start.gradients)
        copy_rows(search->start, run->parameters, count);
    else
        moved(run, best.step);
    search->has_direction = 0;

    times(best.step, s, count);
    y = free_gradients(run, start, *end, start);
    copy_rows(end->gradients, y, count);
    plus(y, -1.0, start.gradients, count);
    sy = dot(run, s, y);
    if (sy > 1e-10 && dot(run, y, y) > 0.0)
        remember(run, s, y, sy, lbfgs->history_size);
    run->converged = lbfgs_why_converged(run, start, *end, s);
    return FINISHED;
}

static int32_t lbfgs_why_converged(const Run *run, Point start, Point end, const number *s)
{
    const LbfgsSettings *lbfgs = (const void *)run->optimizer.settings;
    if (largest(end.gradients, run->parameter_count) <= lbfgs->tolerance_gradient)
        return GRADIENT_VANISHED;
    if (largest(s, run->parameter_count) <= lbfgs->tolerance_change)
        return NOTHING_MOVED;
    if (abs_(end.loss - start.loss) < lbfgs->tolerance_change)
        return LOSS_UNCHANGED;
    return NOT_CONVERGED;
}
