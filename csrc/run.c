/* Mirrors pyref/run.py: what a training needs. */

static int shuffles(const Run *run)
{
    return run->shuffle && run->batch_size < run->training.rows;
}

static int drops(const Run *run)
{
    return run->regularization.dropout > 0.0 || run->regularization.input_dropout > 0.0;
}

static void copy_rows(const double *source, double *destination, int64_t count)
{
    memcpy(destination, source, (size_t)count * sizeof(double));
}
