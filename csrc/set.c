/* The kernel for one instruction set: the reference's files, and their fast forms or not.

   set_plain.c, set_base.c and the others include this file and say what it is compiled for:

       SET              the name of the table at the end
       PLAIN_LOOPS      1: all of it is reference/, loop by loop; 0: what fast/ has comes from there
       LANES            numbers in a vector
       ROWS, VECTORS    the largest tile of the gradient, in inputs and vectors of units
       TALL(vectors)    how many rows of a product go with so many vectors, at most MOST_ROWS
       PANELS           how many panels of a product are worked on together
       EACH_SHAPE(CASE), EACH_TALL_SHAPE(CASE)   all tiles, and those higher than ROWS

   All sets give the same bits: every sum keeps its order, and a vector holds values of different
   sums. */

#if defined(__GNUC__) && !defined(__clang__)
/* Copies of whole functions and loops, for cases that are seldom or no quicker by themselves: a
   twelfth of a set.  What is to be inlined or unrolled says so. */
#pragma GCC optimize("no-ipa-cp-clone", "no-inline-functions", "no-split-loops", \
                     "no-split-paths", "no-tree-partial-pre")
#endif
#if defined(__GNUC__) && !PLAIN_LOOPS   /* what only the training loop calls */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#endif
#include "panels.h"
#include "reference/elementary.c"
#include "reference/generator.c"
#include "reference/activations.c"
#include "reference/losses.c"
#include "reference/parameters.c"
#include "reference/run.c"
#include "reference/regularization.c"
#include "reference/gradient_descent.c"
#include "reference/full_batch.c"
#include "reference/optimizers.c"
#if defined(__GNUC__) && !PLAIN_LOOPS
#pragma GCC diagnostic pop
#endif
#if PLAIN_LOOPS
#include "reference/layer.c"
#include "reference/network.c"
#include "reference/batch.c"
#else
#include "fast/threads.c"
#include "fast/gather.c"
#include "fast/tiles.c"
#include "fast/layer.c"
#include "fast/small.c"
#include "fast/row.c"
#include "fast/network.c"
#include "fast/batch.c"
#endif

#if PLAIN_LOOPS
/* The training loop gains nothing from vectors: it is compiled here for all sets.  What it asks for
   by these names is done by the set that the run has. */
#define TRAINING_LOOP train
#define OF_SET(name) ((const InstructionSet *)run->set)->name
#define batch_gradients(run, order, batch) OF_SET(batch_gradients)(run, order, batch)
#define take_step(run, batch_loss) OF_SET(take_step)(run, batch_loss)
#define evaluate(run) OF_SET(validate)(run)
#define pauses(run, rows) OF_SET(pauses)(run, rows)
#define regularize(regularization, run, gradients) \
    OF_SET(regularize)(regularization, run, gradients)
#define all_finite(values, count) (OF_SET(first_not_finite)(values, count) < 0)
#define shuffled(stream, order, n) OF_SET(shuffled)(stream, order, n)
#define plus(values, factor, others, count) OF_SET(plus)(values, factor, others, count)
#define times(factor, values, count) OF_SET(times)(factor, values, count)
#define dot(run, a, b) OF_SET(sum_by_units)(run, a, b, 0, 1)
#include "reference/schedules.c"
#include "reference/stopping.c"
#include "reference/line_search.c"
#include "reference/lbfgs.c"
#include "reference/search.c"
#include "reference/training.c"
#else
#define TRAINING_LOOP NULL
#endif

#if !SINGLE
#define APPLY(function)                             \
    for (int64_t i = 0; i < WHOLE(count); i++)      \
        y[i] = function(x[i]);                      \
    break

static void elementary_of_vectors(int32_t function, const double *restrict x, double *restrict y,
                                  int64_t count)
{
    switch (function) {
    case ELEMENTARY_EXP: APPLY(exp_);
    case ELEMENTARY_EXPM1: APPLY(expm1_);
    case ELEMENTARY_LOG: APPLY(log_);
    case ELEMENTARY_TANH: APPLY(tanh_);
    case ELEMENTARY_SIGMOID: APPLY(sigmoid);
    case ELEMENTARY_SOFTPLUS: APPLY(softplus);
    case ELEMENTARY_COS_PI: APPLY(cos_pi);
    case ELEMENTARY_POWER:
        for (int64_t i = 0; i < WHOLE(count); i++)
            y[i] = power(x[i], y[i]);
    }
}

/* For tests, and for a look at each function when the kernel is loaded. */
static int32_t elementary(int32_t function, const double *x, double *y, int64_t count)
{
    double last_x[LANES] = {0.0}, last_y[LANES] = {0.0};
    int64_t whole = WHOLE(count);
    size_t bytes = (size_t)(count - whole) * sizeof(double);
    elementary_of_vectors(function, x, y, whole);
    memcpy(last_x, x + whole, bytes);
    memcpy(last_y, y + whole, bytes);
    elementary_of_vectors(function, last_x, last_y, LANES);
    memcpy(y + whole, last_y, bytes);
    return FINISHED;
}
#endif

/* The caller's thread may have any floating-point environment; see arithmetic.h. */
#if PLAIN_LOOPS
#define CALL(call)                                  \
    uint64_t environment = enter_arithmetic();      \
    int32_t status;                                 \
    run->set = &SET;                                \
    status = call;                                  \
    leave_arithmetic(environment);                  \
    return status

static int32_t most_threads(void) { return 1; }

static int32_t fitting_set(const Run *run, int32_t best)
{
    (void)run;
    return best;
}
#else
#define CALL(call)                                  \
    Team team;                                      \
    uint64_t environment = enter_arithmetic();      \
    int32_t status;                                 \
    run->set = &SET;                                \
    begin_team(&team, run);                         \
    status = call;                                  \
    end_team(&team);                                \
    leave_arithmetic(environment);                  \
    return status
#endif

static int32_t call_train(Run *run) { CALL(NAME(pyref_plain).training_loop(run)); }

static int32_t call_evaluate(Run *run) { CALL(evaluate(run)); }

static int32_t call_predict(Run *run, number *result) { CALL(predict(run, result)); }

#if SINGLE   /* which computes them in double */
#define call_elementary NULL
#else
static int32_t call_elementary(int32_t function, const double *x, double *y, int64_t count)
{
    uint64_t environment = enter_arithmetic();
    int32_t status = elementary(function, x, y, count);
    leave_arithmetic(environment);
    return status;
}
#endif

const InstructionSet SET = {
    call_train, call_evaluate, call_predict, call_elementary, first_not_finite,
    parameters_in_panels, most_threads, fitting_set,
    TRAINING_LOOP, shuffled, batch_gradients, take_step, evaluate, pauses, regularize, plus, times,
    sum_by_units
};
