/* The kernel as the reference has it: the loops of network.c as they stand. */

#include "sets.h"

#define SET pyref_plain
#define TILES 0
#define LANES 1
#define ROWS 1
#define VECTORS 1
#define PANELS 1
#define TALL(vectors) ROWS
#define MOST_ROWS ROWS
#define EACH_SHAPE(CASE) CASE(1, 1)
#define EACH_TALL_SHAPE(CASE)
#include "set.c"
