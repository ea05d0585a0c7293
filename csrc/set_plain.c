/* The kernel as the reference has it: what tests compare the others with. */

#include "sets.h"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-tree-vectorize")   /* nobody waits for it, and it is 29 KB smaller */
#endif
#define SET NAME(pyref_plain)
#define PLAIN_LOOPS 1
#include "set.c"
