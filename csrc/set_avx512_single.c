/* The kernel for AVX-512, in single precision. */

#define SINGLE 1
#include "set_avx512.c"
