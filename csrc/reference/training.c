/* Mirrors pyref/reference/training.py: batches, epochs, and the end.

   What Python raises or yields is returned here: whatever is not FINISHED ends the call, and
   `train` goes on from there when it is called again.  What Python holds in an empty run.order is
   run->under_way; held_out is run->validation, and evaluate leaves its sums in the run.  Nothing
   can break into C, so there is no `unbroken`. */

static void start_epoch(Run *run)
{
    const double *learning_rate = run->optimizer.settings;   /* the first of all that follow it */
    run->rate = rate_of_epoch(&run->schedule, run->schedule_state, *learning_rate, run->epoch);
    if (shuffles(run))
        shuffled(&run->stream, run->order, run->training.rows);
    else
        for (int64_t i = 0; i < run->training.rows; i++)
            run->order[i] = i;
    run->under_way = 1;
}

static int32_t train_batch(Run *run)
{
    int64_t batch = least(run->training.rows - run->position, run->batch_size);
    int32_t status = batch_gradients(run, run->order + run->position, batch);
    if (status != FINISHED)
        return status;
    if (!one_finite(run->batch_loss_sum))
        return DIVERGED_IN_BATCH;
    regularize(&run->regularization, run, run->gradients);

    take_step(run, run->batch_loss_sum - run->loss_sum);
    run->position += batch;
    run->loss_sum = run->batch_loss_sum;
    return FINISHED;
}

static void record(Run *run, double loss, double validation_loss)
{
    run->losses[run->recorded++] = loss;
    if (!was_measured(validation_loss))
        return;
    run->validation_epochs[run->validations] = run->epoch;
    run->validation_losses[run->validations] = validation_loss;
    run->validation_accuracies[run->validations++] =
        (double)run->correct / (double)run->validation.rows;
    if (validation_loss < run->best_loss) {
        run->best_loss = validation_loss;
        run->best_epoch = run->epoch;
        if (run->best)
            copy_rows(run->parameters, run->best, run->parameter_count);
    }
}

static void ask_rules(Run *run, double loss, double validation_loss)
{
    for (int64_t place = 0; place < run->rule_count; place++)
        if (says_stop(&run->rules[place], loss, validation_loss) && run->stopped_by < 0)
            run->stopped_by = place;
    if (run->stopped_by >= 0 && run->rules[run->stopped_by].restore_best && run->best_epoch)
        copy_rows(run->best, run->parameters, run->parameter_count);
}

static int32_t finish_epoch(Run *run)
{
    int64_t outputs = run->layers[run->layer_count - 1].units;
    double loss = run->loss_sum / loss_divisor(run->loss, run->training.total_weight, outputs);
    double validation_loss = double_of(NAN_BITS);
    int has_validation = run->validation.inputs != NULL;
    int measures = has_validation && (run->epoch + 1) % run->validation_every == 0;
    if (measures) {
        int32_t status = evaluate(run);
        if (status != FINISHED)
            return status;
        validation_loss = run->validation_loss_sum
            / loss_divisor(run->loss, run->validation.total_weight, outputs);
    }
    if (!all_finite(run->parameters, run->parameter_count)
        || (measures && !one_finite(validation_loss)))
        return DIVERGED_AFTER_EPOCH;

    run->epoch += 1;
    run->under_way = 0;
    run->position = 0;
    run->loss_sum = 0.0;
    record(run, loss, validation_loss);
    after_epoch(&run->schedule, run->schedule_state, has_validation ? validation_loss : loss);
    ask_rules(run, loss, validation_loss);
    return FINISHED;
}

static int32_t train(Run *run)
{
    int searches = run->optimizer.kind == LBFGS;
    while (run->epochs_left > 0) {
        int32_t status;
        if (run->recorded == run->record_capacity)
            return PAUSED;   /* the caller has to take the records first */
        if (!run->under_way)
            start_epoch(run);
        while (run->position < run->training.rows)
            if ((status = searches ? search_step(run) : train_batch(run)) != FINISHED)
                return status;
        if ((status = finish_epoch(run)) != FINISHED)
            return status;
        run->epochs_left -= 1;
        if (run->stopped_by >= 0 || run->converged != NOT_CONVERGED)
            return STOPPED;
    }
    return FINISHED;
}
