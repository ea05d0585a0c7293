/* Passes over rows of numbers, column by column: pyref/tables/passes.py, with the same bits.

   Every column has its own sum, which adds its values in the order of the rows. */

static void scale_rows(const double *rows, int64_t count, int64_t width, const double *means,
                       const double *deviations, double *scaled)
{
    uint64_t environment = enter_arithmetic();
    for (int64_t r = 0; r < count; r++)
        for (int64_t c = 0; c < width; c++)
            scaled[r * width + c] = (rows[r * width + c] - means[c]) / deviations[c];
    leave_arithmetic(environment);
}

/* The first columns of some rows, which stand `apart` numbers from each other: those that `order`
   lists, or all of them where it is NULL.  `same` says of which columns all values are the same. */
static void sum_columns(const double *rows, const int64_t *order, int64_t count, int64_t apart,
                        int64_t width, double *sums, uint8_t *same)
{
    uint64_t environment = enter_arithmetic();
    const double *first = count ? rows + (order ? order[0] : 0) * apart : rows;
    for (int64_t c = 0; c < width; c++) {
        sums[c] = 0.0;
        same[c] = 1;
    }
    for (int64_t r = 0; r < count; r++) {
        const double *row = rows + (order ? order[r] : r) * apart;
        for (int64_t c = 0; c < width; c++)
            sums[c] += row[c];
        for (int64_t c = 0; c < width; c++)
            same[c] &= row[c] == first[c];
    }
    leave_arithmetic(environment);
}

/* The sums of squared differences from the means. */
static void sum_squares(const double *rows, int64_t count, int64_t width, const double *means,
                        double *sums)
{
    uint64_t environment = enter_arithmetic();
    for (int64_t c = 0; c < width; c++)
        sums[c] = 0.0;
    for (int64_t r = 0; r < count; r++)
        for (int64_t c = 0; c < width; c++) {
            double difference = rows[r * width + c] - means[c];
            sums[c] += difference * difference;
        }
    leave_arithmetic(environment);
}

/* class_of of pyref/reference/losses.py, of each row of outputs. */
static void answers_of(const double *outputs, int64_t count, int64_t width, int64_t *answers)
{
    for (int64_t r = 0; r < count; r++) {
        const double *row = outputs + r * width;
        int64_t best = width == 1 && row[0] >= 0.5;
        for (int64_t j = 1; j < width; j++)
            if (row[j] > row[best])
                best = j;
        answers[r] = best;
    }
}

static void narrow(const double *values, float *narrowed, int64_t count)
{
    uint64_t environment = enter_arithmetic();
    for (int64_t i = 0; i < count; i++)
        narrowed[i] = (float)values[i];
    leave_arithmetic(environment);
}

static void widen(const float *values, double *widened, int64_t count)
{
    uint64_t environment = enter_arithmetic();
    for (int64_t i = 0; i < count; i++)
        widened[i] = values[i];
    leave_arithmetic(environment);
}

/* The first columns of some rows, side by side. */
static void take_rows(const double *rows, const int64_t *order, int64_t count, int64_t apart,
                      int64_t width, double *taken)
{
    for (int64_t r = 0; r < count; r++)
        memcpy(taken + r * width, rows + (order ? order[r] : r) * apart,
               (size_t)width * sizeof *taken);
}
