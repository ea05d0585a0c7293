/* The kernel for AVX-512. */

#include "sets.h"

#if HAS_AVX
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl"))), \
                             apply_to = function)
#pragma clang attribute push(__attribute__((min_vector_width(512))), apply_to = function)
#else   /* gcc would use half of the width by itself */
#pragma GCC target("avx512f,avx512dq,avx512vl,prefer-vector-width=512")
#endif
#define SET NAME(pyref_avx512)
#define PLAIN_LOOPS 0
#if SINGLE
#define LANES 16
#else
#define LANES 8
#endif
#define VECTORS 3
#define DUE_VECTORS 3
#define MOST_VECTORS VECTORS
#define ROWS 8
#define PANELS 3
#define TALL(vectors) ((vectors) < 3 ? 12 : 8)   /* 24 sums fit in the 32 registers */
#define MOST_ROWS 12
#define INPUTS_TOGETHER 8
#define ROWS_AT_ONCE 1
#define UNROLL_STEPS NO_UNROLL
#undef PIN
#define PIN(value) ((void)0)
#define EACH_SHAPE(CASE) UP_TO_8(CASE, 1) UP_TO_8(CASE, 2) UP_TO_8(CASE, 3)
#define EACH_TALL_SHAPE(CASE) FROM_9_TO_12(CASE, 1) FROM_9_TO_12(CASE, 2)
#include "set.c"
#if defined(__clang__)
#pragma clang attribute pop
#pragma clang attribute pop
#endif
#endif
