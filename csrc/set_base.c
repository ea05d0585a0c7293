/* The kernel in vectors that every processor of the kind has: SSE2 on x86-64, NEON on aarch64. */

#include "sets.h"

#if defined(__GNUC__) && !defined(__clang__)
/* Python asks that sums of integers wrap, which ours never do: of the tiles here gcc would make
   two and three times as many loops, 22 KB in both precisions, that take as long. */
#pragma GCC optimize("no-wrapv")
#endif
#define SET NAME(pyref_base)
#define PLAIN_LOOPS 0
#if defined(__GNUC__) && SINGLE && FLT_EVAL_METHOD == 0
#define LANES 4
#elif defined(__GNUC__) && !SINGLE
#define LANES 2
#else   /* a compiler without vector types, or which takes floats for doubles on their way to one */
#define LANES 1
#endif
#define VECTORS 4
#define DUE_VECTORS (LANES == 1 ? WIDTH : 4)
#define MOST_VECTORS 8
#if defined(__aarch64__)   /* which has 32 registers for vectors, and x86-64 16 */
#define ROWS 4
#define TALL(vectors) 4
#else
#define ROWS 2
#define TALL(vectors) 3
#endif
#define MOST_ROWS 4
#define INPUTS_TOGETHER 2
#define ROWS_AT_ONCE 4
#define UNROLL_STEPS UNROLL
#define PANELS 1
#define EACH_SHAPE(CASE) UP_TO_4(CASE, VECTORS)
#define EACH_TALL_SHAPE(CASE) CASE(1, 8)
#include "set.c"
