/* Mirrors pyref/reference/search.py: L-BFGS in the place of batches. */

/* Into run->batch_loss_sum and run->gradients. */
static int32_t full_gradients(Run *run)
{
    return batch_gradients(run, NULL, run->training.rows);
}

/* Of their parameters; where an activation has changed, Python forgets run->search.last. */
static int same_network(const number *a, const number *b, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        if (a[i] != b[i])
            return 0;
    return 1;
}

static int32_t point_at(Run *run, Point *point)
{
    const Regularization *regularization = &run->regularization;
    int64_t outputs = run->layers[run->layer_count - 1].units;
    double divisor = loss_divisor(run->loss, run->training.total_weight, outputs);
    int32_t status = full_gradients(run);
    if (status != FINISHED)
        return status;
    regularize(regularization, run, run->gradients);
    point->loss_sum = run->batch_loss_sum;
    point->loss = point->loss_sum / divisor + penalties(regularization, run);
    copy_rows(run->gradients, point->gradients, run->parameter_count);
    return FINISHED;
}

static int is_finite(const Run *run, const Point *point)
{
    double length = norm(run, point->gradients);
    return one_finite(point->loss) && one_finite(length);
}

/* An iteration that pauses leaves the network where it has begun: nobody sees it elsewhere. */
static int32_t search_step(Run *run)
{
    const LbfgsSettings *lbfgs = (const void *)run->optimizer.settings;
    Search *search = &run->search;
    int64_t count = run->parameter_count;
    int32_t status;
    Point end;

    if (search->pairs == search->room && (double)search->room < lbfgs->history_size)
        return PAUSED;   /* the caller has to make room first */
    if (!search->is_known || !same_network(search->start, run->parameters, count)) {
        search->is_known = 0;
        search->last.gradients = search->gradients;
        status = point_at(run, &search->last);
        if (status != FINISHED)
            return status;
        if (!is_finite(run, &search->last))
            return DIVERGED_IN_BATCH;
        copy_rows(run->parameters, search->start, count);
        search->is_known = 1;
    }
    status = lbfgs_iteration(run, &end);
    if (status != FINISHED) {
        copy_rows(search->start, run->parameters, count);
        return status;
    }
    if (!is_finite(run, &end))
        return DIVERGED_IN_BATCH;
    run->position = run->training.rows;
    run->loss_sum = search->last.loss_sum;
    search->last = end;
    copy_rows(run->parameters, search->start, count);
    return FINISHED;
}
