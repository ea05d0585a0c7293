/* The kernel: the files of csrc/ in the order of the reference, and the only place that knows
   instruction sets.

   Each function below has one body, inlined into a copy for each instruction set; which copy runs
   is decided once per call.  They give the same bits: every sum keeps its order, and a vector
   holds values of different sums. */

#if !defined(_POSIX_C_SOURCE) && !defined(_WIN32)
#define _POSIX_C_SOURCE 200809L   /* -std=c11 would hide the threads' signal masks */
#endif

#include <stdint.h>
#include <string.h>

#include "arithmetic.h"
#include "kernel.h"
#include "elementary.c"
#include "generator.c"
#include "activations.c"
#include "losses.c"

#if defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))
#define HAS_AVX 1
#define FOR_AVX2 __attribute__((target("avx2")))
#if defined(__clang__)
#define FOR_AVX512 __attribute__((target("avx512f,avx512dq,avx512vl"), min_vector_width(512)))
#else   /* gcc would use half of the width by itself; clang would drop the list for this word */
#define FOR_AVX512 \
    __attribute__((target("avx512f,avx512dq,avx512vl,prefer-vector-width=512")))
#endif
#else
#define HAS_AVX 0
#define FOR_AVX2
#define FOR_AVX512
#endif

#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#elif defined(__GNUC__)
#define UNROLL _Pragma("GCC unroll 16")
#else
#define UNROLL
#endif
#if defined(__GNUC__)
#define PREFETCH(place) __builtin_prefetch(place)
#else
#define PREFETCH(place) ((void)0)
#endif

/* A number of units, up to whole vectors of every instruction set. */
INLINE int64_t padded(int64_t units) { return (units + 7) & ~(int64_t)7; }

/* Equal parts of at most `most` (at least 64): no sliver at the end. */
INLINE int64_t block_length(int64_t count, int64_t most)
{
    int64_t blocks;
    most = most < 64 ? 64 : most;
    blocks = (count + most - 1) / most;
    return blocks ? (count + blocks - 1) / blocks : 1;
}

INLINE int64_t tile_height(int64_t left, int64_t most)
{
    return left <= most ? left : left < most + most / 2 ? (left + 1) / 2 : most;
}

/* packed[k / 8][j][k % 8] = weights[k][j]; past the last input there is 0.  `from` is a multiple
   of 8, `to` likewise or the number of inputs. */
INLINE void pack(const double *weights, int64_t stride, int64_t from, int64_t to, int64_t units,
                 double *packed)
{
    for (int64_t k = from; k < to; k += 8) {
        int64_t depth = to - k < 8 ? to - k : 8;
        for (int64_t j = 0; j < units; j++)
            for (int64_t i = 0; i < depth; i++)
                packed[k * units + j * 8 + i] = weights[(k + i) * stride + j];
    }
}

/* The largest layers and batches that small.c is for. */
enum { SMALL_UNITS = 16, SMALL_ROWS = 64 };

#define UP_TO_4(ROW) ROW(1) ROW(2) ROW(3) ROW(4)
#define UP_TO_6(ROW) UP_TO_4(ROW) ROW(5) ROW(6)
#define UP_TO_12(ROW) UP_TO_6(ROW) ROW(7) ROW(8) ROW(9) ROW(10) ROW(11) ROW(12)

#define NAME(f) f##_base
#define TARGET
#if defined(__GNUC__)
#define LANES 2
#define ROWS 6
#define VECTORS 2
#define EACH_HEIGHT UP_TO_6
#else   /* a compiler without vector types */
#define LANES 1
#define ROWS 4
#define VECTORS 4
#define EACH_HEIGHT UP_TO_4
#endif
#include "tiles.c"

#if HAS_AVX
#define NAME(f) f##_avx2
#define TARGET FOR_AVX2
#define LANES 4
#define ROWS 6
#define VECTORS 2
#define EACH_HEIGHT UP_TO_6
#include "tiles.c"

#define NAME(f) f##_avx512
#define TARGET FOR_AVX512
#define LANES 8
#define ROWS 12
#define VECTORS 1
#define EACH_HEIGHT UP_TO_12
#include "tiles.c"
#define CHOICE(f) \
    (instruction_set == AVX512 ? f##_avx512 : instruction_set == AVX2 ? f##_avx2 : f##_base)
#else
#define CHOICE(f) f##_base
#endif

#include "threads.c"

INLINE void product(int64_t rows, int64_t count, int64_t columns, const double *const *x,
                    const double *w, int64_t w_stride, int64_t w_panel, const double *start,
                    double *z, int64_t z_stride, int32_t instruction_set)
{
    CHOICE(product)(rows, count, columns, x, w, w_stride, w_panel, start, z, z_stride);
}

INLINE void gradient(int64_t first, int64_t last, int64_t rows, int64_t columns,
                     const double *const *x, const double *d, int64_t d_stride, double *g,
                     int64_t g_stride, int more, const double *step, int32_t instruction_set)
{
    CHOICE(gradient)(first, last, rows, columns, x, d, d_stride, g, g_stride, more, step);
}

INLINE void small_sums(const Layer *layer, const double *x, int64_t span, int32_t instruction_set)
{
    CHOICE(small_sums)(layer, x, span);
}

INLINE void small_errors(const Layer *layer, double *errors, int64_t span,
                         int32_t instruction_set)
{
    CHOICE(small_errors)(layer, errors, span);
}

INLINE void small_gradients(const Layer *layer, const double *x, int64_t rows, int64_t span,
                            const double *step, int32_t instruction_set)
{
    CHOICE(small_gradients)(layer, x, rows, span, step);
}

#include "network.c"
#include "regularization.c"
#include "gradient_descent.c"
#include "full_batch.c"
#include "optimizers.c"
#include "schedules.c"
#include "stopping.c"
#include "run.c"
#include "training.c"
#include "parts.c"

static int32_t best_instruction_set(void)
{
#if HAS_AVX
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"))
        return AVX512;
    if (__builtin_cpu_supports("avx2"))
        return AVX2;
#endif
    return BASE;
}

/* Defines `name` around an inlined name_body: a copy for each instruction set, and the choice. */
#define COPY_FOR(name, suffix, target, constant, parameters, arguments) \
    target static int32_t name##_##suffix parameters                     \
    {                                                                    \
        instruction_set = constant;                                      \
        return name##_body arguments;                                    \
    }
#define COPIES(name, parameters, arguments)                              \
    COPY_FOR(name, plain, , PLAIN, parameters, arguments)                \
    COPY_FOR(name, base, , BASE, parameters, arguments)                  \
    COPY_FOR(name, avx2, FOR_AVX2, AVX2, parameters, arguments)          \
    COPY_FOR(name, avx512, FOR_AVX512, AVX512, parameters, arguments)
#define CHOSEN(name, arguments)                                          \
    (instruction_set == AVX512 ? name##_avx512 arguments                 \
     : instruction_set == AVX2 ? name##_avx2 arguments                   \
     : instruction_set == BASE ? name##_base arguments                   \
                               : name##_plain arguments)

#define WORK(name)                                                                    \
    COPIES(name, (Run *run, const Tile *tile, int64_t part, int64_t parts,            \
                  int32_t instruction_set),                                           \
           (run, tile, part, parts, instruction_set))                                 \
    static int32_t name(Run *run, const Tile *tile, int64_t part, int64_t parts,      \
                        int32_t instruction_set)                                      \
    {                                                                                 \
        return CHOSEN(name, (run, tile, part, parts, instruction_set));               \
    }
WORK(predict_rows)
WORK(evaluate_rows)
WORK(forward_units)
WORK(lose_rows)
WORK(backward_units)
WORK(add_gradients)
WORK(take_step)

/* Calls from Python; those that train or predict bring threads. */
#define CALL(name, parameters, arguments)                                \
    COPIES(name, parameters, arguments)                                  \
    static int32_t name parameters                                       \
    {                                                                    \
        uint64_t environment = enter_arithmetic();                       \
        int32_t status = CHOSEN(name, arguments);                        \
        leave_arithmetic(environment);                                   \
        return status;                                                   \
    }
#define CALL_WITH_THREADS(name, parameters, arguments)                   \
    COPIES(name, parameters, arguments)                                  \
    static int32_t name parameters                                       \
    {                                                                    \
        uint64_t environment = enter_arithmetic();                       \
        Team team;                                                       \
        int32_t status;                                                  \
        begin_team(&team, run, instruction_set);                         \
        status = CHOSEN(name, arguments);                                \
        end_team(&team);                                                 \
        leave_arithmetic(environment);                                   \
        return status;                                                   \
    }

CALL_WITH_THREADS(train, (Run *run, int32_t instruction_set), (run, instruction_set))

CALL_WITH_THREADS(full_gradients, (Run *run, int32_t instruction_set), (run, instruction_set))

CALL_WITH_THREADS(evaluate, (Run *run, int32_t instruction_set), (run, instruction_set))

CALL_WITH_THREADS(predict, (Run *run, double *result, int32_t instruction_set),
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
    case ELEMENTARY_COS_PI: APPLY(cos_pi);
    case ELEMENTARY_POWER:
        for (int64_t i = 0; i < count; i++)
            y[i] = power(x[i], y[i]);
    }
    return FINISHED;
}

CALL(elementary,
     (int32_t function, const double *x, double *y, int64_t count, int32_t instruction_set),
     (function, x, y, count, instruction_set))

static int64_t first_not_finite(const double *values, int64_t count)
{
    for (int64_t block = 0; block < count; block += 512) {
        int64_t end = block + 512 < count ? block + 512 : count;
        if (!all_finite(values + block, end - block))
            for (int64_t i = block; i < end; i++)
                if (values[i] - values[i] != 0.0)
                    return i;
    }
    return -1;
}
