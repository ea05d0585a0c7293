/* The kernel: the files of csrc/ in the order of the reference, and the only place that knows
   instruction sets.

   Each function below has one body, inlined into a copy for each instruction set; which copy runs
   is decided once per call.  They give the same bits: every sum keeps its order, and a vector
   holds values of different sums. */

#include <stdint.h>
#include <string.h>

#include "arithmetic.h"
#include "kernel.h"
#include "elementary.c"
#include "generator.c"
#include "activations.c"
#include "losses.c"
#include "network.c"
#include "regularization.c"
#include "optimizers.c"
#include "schedules.c"
#include "stopping.c"
#include "run.c"
#include "training.c"

#if defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))
#define HAS_AVX 1
#define FOR_AVX2 __attribute__((target("avx2")))
#if defined(__clang__)
#define FOR_AVX512 __attribute__((target("avx512f,avx512dq")))
#else   /* gcc would use half of the width by itself */
#define FOR_AVX512 __attribute__((target("avx512f,avx512dq,prefer-vector-width=512")))
#endif
#else
#define HAS_AVX 0
#define FOR_AVX2
#define FOR_AVX512
#endif

static int32_t best_instruction_set(void)
{
#if HAS_AVX
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"))
        return AVX512;
    if (__builtin_cpu_supports("avx2"))
        return AVX2;
#endif
    return PLAIN;
}

/* Defines `name` around an inlined name_body: a copy for each instruction set, and the choice. */
#define FOR_EACH_INSTRUCTION_SET(name, parameters, arguments)                    \
    static int32_t name##_plain parameters { return name##_body arguments; }     \
    FOR_AVX2 static int32_t name##_avx2 parameters { return name##_body arguments; }     \
    FOR_AVX512 static int32_t name##_avx512 parameters { return name##_body arguments; } \
    static int32_t name parameters                                               \
    {                                                                            \
        uint64_t environment = enter_arithmetic();                               \
        int32_t status = instruction_set == AVX512 ? name##_avx512 arguments     \
                         : instruction_set == AVX2 ? name##_avx2 arguments       \
                                                   : name##_plain arguments;     \
        leave_arithmetic(environment);                                           \
        return status;                                                           \
    }

FOR_EACH_INSTRUCTION_SET(train, (Run *run, int32_t instruction_set), (run, instruction_set))

FOR_EACH_INSTRUCTION_SET(evaluate, (Run *run, int32_t instruction_set), (run, instruction_set))

FOR_EACH_INSTRUCTION_SET(predict, (Run *run, double *result, int32_t instruction_set),
                         (run, result, instruction_set))

#define APPLY(function)                        \
    for (int64_t i = 0; i < count; i++)         \
        y[i] = function(x[i]);                  \
    break

INLINE int32_t elementary_body(int32_t function, const double *x, double *y, int64_t count,
                               int32_t instruction_set)
{
    (void)instruction_set;
    switch (function) {
    case ELEMENTARY_EXP: APPLY(exp_);
    case ELEMENTARY_EXPM1: APPLY(expm1_);
    case ELEMENTARY_LOG: APPLY(log_);
    case ELEMENTARY_TANH: APPLY(tanh_);
    case ELEMENTARY_SIGMOID: APPLY(sigmoid);
    case ELEMENTARY_SOFTPLUS: APPLY(softplus);
    }
    return FINISHED;
}

FOR_EACH_INSTRUCTION_SET(elementary,
                         (int32_t function, const double *x, double *y, int64_t count,
                          int32_t instruction_set),
                         (function, x, y, count, instruction_set))

static int64_t first_not_finite(const double *values, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        if (values[i] - values[i] != 0.0)
            return i;
    return -1;
}
