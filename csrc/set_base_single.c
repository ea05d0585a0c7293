/* The kernel in vectors that every processor of the kind has, in single precision. */

#define SINGLE 1
#include "set_base.c"
