/* The kernel for AVX2. */

#include "sets.h"

#if HAS_AVX
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC target("avx2")
#endif
#define SET pyref_avx2
#define PLAIN_LOOPS 0
#define LANES 4
#define VECTORS 2
#define ROWS 4
#define PANELS 1
#define TALL(vectors) 6   /* 12 sums fit in the 16 registers */
#define MOST_ROWS 6
#define EACH_SHAPE(CASE) UP_TO_4(CASE, VECTORS)
#define EACH_TALL_SHAPE(CASE) CASE(5, VECTORS) CASE(6, VECTORS)
#include "set.c"
#if defined(__clang__)
#pragma clang attribute pop
#endif
#endif
