/* The kernel as the reference has it: what tests compare the others with. */

#include "sets.h"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("Os")   /* nobody waits for it */
#endif
#define SET NAME(pyref_plain)
#define PLAIN_LOOPS 1
#define LANES 1
#include "set.c"
