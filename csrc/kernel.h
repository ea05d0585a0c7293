/* The calls of the kernel: plain declarations, read by C and by cffi. */

static int32_t best_instruction_set(void);

/* How many threads a run may have: 1 where the kernel was built without them. */
static int32_t most_threads(void);

/* Between the reference's order (network.parameters, one number after the other) and panels. */
static void take_parameters(const Run *run, const number *flat, number *panels);
static void give_parameters(const Run *run, const number *panels, number *flat);

/* Train until the slice's budget is used up; evaluate the validation rows likewise. */
static int32_t train(Run *run, int32_t instruction_set);
static int32_t evaluate(Run *run, int32_t instruction_set);

/* The outputs for the training rows, of which only the inputs are read. */
static int32_t predict(Run *run, number *result, int32_t instruction_set);

/* The place of the first value that is infinite or not a number, or -1. */
static int64_t first_not_finite(const number *values, int64_t count, int32_t is_single);

/* Whether one of the numbers is whole (0 of either sign is) */
static int32_t holds_whole(const number *values, int64_t count, int32_t is_single);

/* A number that changes, all but surely, when any bit of so many bytes does. */
static uint64_t fingerprint(const void *values, int64_t bytes);

/* Rounds numbers to single precision; and makes doubles of such numbers, subnormal ones too. */
static void narrow(const double *values, float *narrowed, int64_t count);
static void widen(const float *values, double *widened, int64_t count);

/* Reading a block of text: see fast/reading.c. */
typedef struct {
    int64_t at, rows, others;                    /* what was read */
    int64_t width, slots, most_rows, most_others;
    int32_t separator, decimal;
} Reading;
static void read_rows(Reading *reading, const uint8_t *text, int64_t length, const int32_t *slots,
                      double *values, int64_t *others);

/* Writing numbers: see fast/writing.c. */
enum { DECIMALS_LENGTH = 28 };   /* bytes that a number takes at most, with ", " behind it */
static int64_t write_decimals(const double *values, int64_t count, uint8_t *text, int64_t *bytes);

/* Passes over rows, column by column: see fast/columns.c. */
static void scale_rows(const double *rows, int64_t count, int64_t width, const double *means,
                       const double *deviations, double *scaled);
static void sum_columns(const double *rows, const int64_t *order, int64_t count, int64_t apart,
                        int64_t width, double *sums, uint8_t *same);
static void sum_squares(const double *rows, int64_t count, int64_t width, const double *means,
                        double *sums);
static void take_rows(const double *rows, const int64_t *order, int64_t count, int64_t apart,
                      int64_t width, double *taken);
static void answers_of(const double *outputs, int64_t count, int64_t width, int64_t *answers);
static void shuffled(Stream *stream, int64_t *order, int64_t n);

/* For tests. */
static int32_t elementary(int32_t function, const double *x, double *y, int64_t count,
                          int32_t instruction_set);
static double random_double(Stream *stream);
