/* The kernel as the reference has it: what tests compare the others with. */

#include "sets.h"

#if defined(__GNUC__) && !defined(__clang__)
/* Nobody waits for it, and it is smaller.  Not "Os", which would switch -Ofast off, and that has to
   be noticed when the kernel is loaded. */
#pragma GCC optimize("no-tree-vectorize")
#endif
#undef INLINE   /* into loops that shall vectorise: here there are none, and calls are smaller */
#if defined(__GNUC__)
#define INLINE static __attribute__((unused))
#else
#define INLINE static
#endif
#define SET NAME(pyref_plain)
#define PLAIN_LOOPS 1
#define LANES 1
#include "set.c"
