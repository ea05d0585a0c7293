/* The kernel as the reference has it: the loops of network.c as they stand. */

#include "sets.h"

#define SET pyref_plain
#define TILES 0
#define LANES 1
#define ROWS 4
#define VECTORS 4
#define EACH_SHAPE(CASE) UP_TO_4(CASE, 1) UP_TO_4(CASE, 2) UP_TO_4(CASE, 3)
#define TALL(vectors) 4
#define MOST_ROWS 4
#define PANELS 1
#define EACH_TALL_SHAPE(CASE) 
#include "set.c"
