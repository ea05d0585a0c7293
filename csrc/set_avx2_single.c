/* The kernel for AVX2, in single precision. */

#define SINGLE 1
#include "set_avx2.c"
