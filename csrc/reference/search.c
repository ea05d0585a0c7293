/* Mirrors pyref/reference/search.py, whose loop is Python's: what it asks for all rows. */

/* Into run->batch_loss_sum and run->gradients. */
static int32_t full_gradients(Run *run)
{
    return batch_gradients(run, NULL, run->training.rows);
}
