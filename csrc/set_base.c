/* The kernel in vectors that every processor of the kind has: SSE2 on x86-64, NEON on aarch64. */

#include "sets.h"

#define SET pyref_base
#define TILES 1
#if defined(__GNUC__)
#define LANES 2
#define VECTORS 2
#else   /* a compiler without vector types */
#define LANES 1
#define VECTORS 4
#endif
#define ROWS 4
#define PANELS 1
#define TALL(vectors) ROWS
#define MOST_ROWS ROWS
#define EACH_SHAPE(CASE) UP_TO_4(CASE, VECTORS)
#define EACH_TALL_SHAPE(CASE)
#include "set.c"
