/* The kernel for AVX2. */

#include "sets.h"

#if HAS_AVX
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC target("avx2")
#endif
#define SET NAME(pyref_avx2)
#define PLAIN_LOOPS 0
#if SINGLE
#define LANES 8
#else
#define LANES 4
#endif
#define VECTORS 2
#define DUE_VECTORS 4
#define MOST_VECTORS 8
#define ROWS 6
#define PANELS 1
#define TALL(vectors) 6   /* 12 sums fit in the 16 registers */
#define INPUTS_TOGETHER 2
#define ROWS_AT_ONCE 4
#define UNROLL_STEPS UNROLL
#define MOST_ROWS 6
#define EACH_SHAPE(CASE) UP_TO_4(CASE, VECTORS) CASE(5, VECTORS) CASE(6, VECTORS)
#define EACH_TALL_SHAPE(CASE) CASE(1, 4) CASE(1, 6) CASE(1, 8)
#include "set.c"
#if defined(__clang__)
#pragma clang attribute pop
#endif
#endif
