/* Mirrors pyref/reference/run.py: what a training needs. */

static int shuffles(const Run *run)
{
    return run->shuffle && run->batch_size < run->training.rows;
}

static int drops(const Run *run)
{
    return run->regularization.dropout > 0.0 || run->regularization.input_dropout > 0.0;
}
