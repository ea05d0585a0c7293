/* Mirrors pyref/run.py: what a training puts aside. */

INLINE int shuffles(const Run *run) { return run->shuffle && run->batch_size < run->rows; }

INLINE int drops(const Run *run)
{
    return run->regularization.dropout > 0.0 || run->regularization.input_dropout > 0.0;
}

INLINE void copy_rows(const double *source, double *destination, int64_t count)
{
    memcpy(destination, source, (size_t)count * sizeof(double));
}

/* Python restores. */
INLINE void snapshot(Run *run)
{
    copy_rows(run->parameters, run->saved_parameters, run->parameter_count);
    copy_rows(run->memory, run->saved_memory, run->memory_count * run->parameter_count);
    memcpy(run->saved_scalars, run->scalars, sizeof run->scalars);
    if (shuffles(run) || drops(run))
        run->saved_stream = run->stream;
    run->saved_under_way = run->under_way;
    run->saved_position = run->position;
    run->saved_loss_sum = run->loss_sum;
}
