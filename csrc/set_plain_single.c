/* The kernel as the reference has it, in single precision. */

#define SINGLE 1
#include "set_plain.c"
