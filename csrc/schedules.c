/* Mirrors pyref/schedules.py: the learning rate of an epoch. */

/* SCHEDULES: whatever schedule it is. */
INLINE double schedule_rate(const Settings *schedule, const double *state, double learning_rate,
                            int64_t epoch)
{
    (void)schedule, (void)state, (void)epoch;
    return learning_rate;
}

INLINE void schedule_after_epoch(const Settings *schedule, double *state, double loss)
{
    (void)schedule, (void)state, (void)loss;
}
