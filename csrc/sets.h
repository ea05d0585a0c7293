/* The instruction sets that the kernel is compiled for: two object files each, one for either
   precision, whose one name that is seen from outside is its table of calls.

   set_avx2_single.c and the like are compiled with SINGLE 1.  `number` is then float, and else
   double, and NAME gives the table its name.  What is computed from numbers is double: where an
   expression has numbers alone, one of them is widened first, but for the sums of a layer. */

#ifndef SINGLE
#define SINGLE 0
#endif
#if SINGLE
#define NAME(set) set##_single
#else
#define NAME(set) set
#endif

#if !defined(_POSIX_C_SOURCE) && !defined(_WIN32)
#define _POSIX_C_SOURCE 200809L   /* -std=c11 would hide the threads' signal masks */
#endif

#include <stdint.h>
#include <string.h>

#include "arithmetic.h"

#if defined(HANDS_ON)   /* kernel.c, which has pointers alone */
typedef void number;
#elif SINGLE
typedef float number;
#else
typedef double number;
#endif

#include "run.h"

#define WIDTH (SINGLE ? SINGLES : DOUBLES)   /* of a panel, */
#define SHIFT (SINGLE ? 4 : 3)               /* and its logarithm */

typedef struct {
    int32_t (*train)(Run *run);
    int32_t (*evaluate)(Run *run);
    int32_t (*predict)(Run *run, number *result);
    int32_t (*elementary)(int32_t function, const double *x, double *y, int64_t count);
    int64_t (*first_not_finite)(const number *values, int64_t count);
    void (*parameters)(const Run *run, number *flat, number *panels, int into_panels);
    int32_t (*most_threads)(void);
    int32_t (*fitting_set)(const Run *run, int32_t best);

    /* `train` of the plain set alone; and what it asks of the set that the run has. */
    int32_t (*training_loop)(Run *run);
    void (*shuffled)(Stream *stream, int64_t *order, int64_t n);
    int32_t (*batch_gradients)(Run *run, const int64_t *order, int64_t batch);
    void (*take_step)(Run *run, double batch_loss);
    int32_t (*validate)(Run *run);
    int (*pauses)(Run *run, int64_t rows);
    void (*regularize)(const Regularization *regularization, const Run *run, number *gradients);
    void (*plus)(number *values, double factor, const number *others, int64_t count);
    void (*times)(double factor, number *values, int64_t count);
    double (*sum_by_units)(const Run *run, const number *a, const number *b, int of_sizes,
                           int with_biases);
} InstructionSet;

#if defined(__GNUC__) && !defined(_WIN32)
#define HIDDEN __attribute__((visibility("hidden")))
#else
#define HIDDEN
#endif
extern HIDDEN const InstructionSet pyref_plain, pyref_base, pyref_avx2, pyref_avx512;
extern HIDDEN const InstructionSet pyref_plain_single, pyref_base_single, pyref_avx2_single,
    pyref_avx512_single;

#if defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))
#define HAS_AVX 1
#else
#define HAS_AVX 0
#endif

#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#define NO_UNROLL _Pragma("clang loop unroll(disable)")
#elif defined(__GNUC__)
#define UNROLL _Pragma("GCC unroll 16")
#define NO_UNROLL _Pragma("GCC unroll 1")
#else
#define UNROLL
#define NO_UNROLL
#endif

#if defined(__GNUC__)
#define PREFETCH(place) __builtin_prefetch(place)
#else
#define PREFETCH(place) ((void)(place))
#endif

/* For all that the compiler knows, this changes the value.  clang, held to an order, moves sums out
   of registers, and keeps the order without. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__)
#define PIN(value) __asm__ volatile("" : "+x"(value))
#elif defined(__GNUC__) && !defined(__clang__) && defined(__aarch64__)
#define PIN(value) __asm__ volatile("" : "+w"(value))
#else
#define PIN(value) ((void)0)
#endif

/* Vectors of two lists of lanes of a and b, b's being counted on. */
#if defined(__clang__)
#define LANES_OF(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define LANES_OF(a, b, ...) __builtin_shuffle(a, b, (LaneNumbers){__VA_ARGS__})
#endif

#define UP_TO_4(CASE, v) CASE(1, v) CASE(2, v) CASE(3, v) CASE(4, v)
#define UP_TO_8(CASE, v) UP_TO_4(CASE, v) CASE(5, v) CASE(6, v) CASE(7, v) CASE(8, v)
#define FROM_9_TO_12(CASE, v) CASE(9, v) CASE(10, v) CASE(11, v) CASE(12, v)
