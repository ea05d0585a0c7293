/* The kernel for one instruction set: the files of csrc/ in the order of the reference.

   set_plain.c, set_base.c and the others include this file and say what it is compiled for:

       SET              the name of the table at the end
       TILES            whether the sums of training take their fast forms (tiles.c)
       LANES            doubles in a vector
       ROWS, VECTORS    the largest tile of the gradient, in inputs and vectors of units
       TALL(vectors)    how many rows of a product go with so many vectors, at most MOST_ROWS
       PANELS           how many panels of a product are worked on together
       EACH_SHAPE(CASE), EACH_TALL_SHAPE(CASE)   all tiles, and those higher than ROWS

   All sets give the same bits: every sum keeps its order, and a vector holds values of different
   sums. */

#include "elementary.c"
#include "generator.c"
#include "panels.c"
#include "activations.c"
#include "losses.c"
#include "threads.c"
#include "tiles.c"
#include "run.c"
#include "small.c"
#include "network.c"
#include "regularization.c"
#include "gradient_descent.c"
#include "full_batch.c"
#include "optimizers.c"
#include "schedules.c"
#include "stopping.c"
#include "training.c"
#include "parts.c"

#define APPLY(function)                        \
    for (int64_t i = 0; i < count; i++)         \
        y[i] = function(x[i]);                  \
    break

static int32_t elementary(int32_t function, const double *x, double *y, int64_t count)
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
        for (int64_t i = 0; i < count; i++)
            y[i] = power(x[i], y[i]);
    }
    return FINISHED;
}

/* The caller's thread may have any floating-point environment; see arithmetic.h. */
#define WITH_TEAM(call)                             \
    Team team;                                      \
    uint64_t environment = enter_arithmetic();      \
    int32_t status;                                 \
    begin_team(&team, run);                         \
    status = call;                                  \
    end_team(&team);                                \
    leave_arithmetic(environment);                  \
    return status

static int32_t call_train(Run *run) { WITH_TEAM(train(run)); }

static int32_t call_evaluate(Run *run) { WITH_TEAM(evaluate(run)); }

static int32_t call_full_gradients(Run *run) { WITH_TEAM(full_gradients(run)); }

static int32_t call_predict(Run *run, double *result) { WITH_TEAM(predict(run, result)); }

static int32_t call_elementary(int32_t function, const double *x, double *y, int64_t count)
{
    uint64_t environment = enter_arithmetic();
    int32_t status = elementary(function, x, y, count);
    leave_arithmetic(environment);
    return status;
}

const InstructionSet SET = {
    call_train, call_evaluate, call_full_gradients, call_predict, call_elementary,
    first_not_finite, parameters, most_threads, fitting_set
};
