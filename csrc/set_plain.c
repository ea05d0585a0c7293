/* The kernel as the reference has it: what tests compare the others with. */

#include "sets.h"

#define SET pyref_plain
#define PLAIN_LOOPS 1
#include "set.c"
