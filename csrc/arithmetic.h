/*
 * The arithmetic that every result of pyref rests on: IEEE 754 doubles, rounded to nearest even
 * after each + - * /, nothing fused, nothing reordered, no subnormal flushed to zero.
 *
 * sets.h includes this file before any other of csrc/. It stops builds that cannot keep that
 * promise, tells the compiler not to fuse, and puts the processor's floating-point environment
 * in order while the kernel runs. It also holds the few operations that Python has built in and
 * C has not without its mathematics library.
 *
 * Wherever the C standard library owns the name of a mirrored Python function, the C function
 * carries a trailing underscore: exp_ mirrors exp. A static function named exp would be replaced
 * by the compiler's own idea of exp where the argument is constant, and MSVC refuses it.
 */
#ifndef PYREF_ARITHMETIC_H
#define PYREF_ARITHMETIC_H

#include <float.h>
#include <stdint.h>
#include <string.h>
#if !defined(__GNUC__)
#include <math.h>   /* for sqrt */
#endif

#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) \
    || defined(__NO_SIGNED_ZEROS__) || defined(_M_FP_FAST) \
    || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ > 0)
#error "pyref: compile without -ffast-math, -Ofast and their parts (/fp:fast): they change results"
#endif

/* 2 is x87 arithmetic, which keeps too many bits; negative is unknown. 16, which gcc reports for
 * processors with half precision, says nothing about doubles. */
#if FLT_EVAL_METHOD == 2 || FLT_EVAL_METHOD < 0
#error "pyref: doubles are computed with more bits than they store (x87); use -msse2 -mfpmath=sse"
#endif
#if defined(_M_IX86) && (!defined(_M_IX86_FP) || _M_IX86_FP < 2)
#error "pyref: doubles are computed with more bits than they store (x87); use /arch:SSE2"
#endif
#if DBL_MANT_DIG != 53 || DBL_MAX_EXP != 1024
#error "pyref: double is not IEEE 754 binary64"
#endif

/* No fused multiply-add. The command line says so as well; a build that forgets it still agrees. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#elif defined(_MSC_VER)
#pragma fp_contract(off)
#endif

#if defined(_MSC_VER)
#include <intrin.h>
#define INLINE static __forceinline
#define NO_REORDERING() _ReadWriteBarrier()
#elif defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#define NO_REORDERING() __asm__ volatile("" ::: "memory")
#else
#define INLINE static inline
#define NO_REORDERING() ((void)0)
#endif


/* The caller's thread may flush subnormals to zero or round upwards: a library built with -Ofast
 * sets that for its whole process. enter_arithmetic sets what pyref needs and returns what was
 * there, leave_arithmetic puts it back. On processors not named here both do nothing. Between the
 * two, read the numbers from memory and write the results there: what is computed from constants
 * alone might move across. */

INLINE uint64_t enter_arithmetic(void)
{
    uint64_t saved = 0;
#if defined(_MSC_VER) && (defined(_M_X64) || defined(_M_IX86))
    saved = _mm_getcsr();
    _mm_setcsr(0x1f80);
#elif defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))
    saved = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(0x1f80);
#elif defined(__GNUC__) && defined(__aarch64__)
    __asm__ volatile("mrs %0, fpcr" : "=r"(saved));
    __asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)0));
#elif defined(__GNUC__) && defined(__arm__) && defined(__ARM_FP) && (__ARM_FP & 8)
    uint32_t status;
    __asm__ volatile("vmrs %0, fpscr" : "=r"(status));
    __asm__ volatile("vmsr fpscr, %0" : : "r"((uint32_t)0));
    saved = status;
#endif
    NO_REORDERING();
    return saved;
}

INLINE void leave_arithmetic(uint64_t saved)
{
    NO_REORDERING();
#if defined(_MSC_VER) && (defined(_M_X64) || defined(_M_IX86))
    _mm_setcsr((unsigned int)saved);
#elif defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))
    __builtin_ia32_ldmxcsr((unsigned int)saved);
#elif defined(__GNUC__) && defined(__aarch64__)
    __asm__ volatile("msr fpcr, %0" : : "r"(saved));
#elif defined(__GNUC__) && defined(__arm__) && defined(__ARM_FP) && (__ARM_FP & 8)
    __asm__ volatile("vmsr fpscr, %0" : : "r"((uint32_t)saved));
#else
    (void)saved;
#endif
}


/* The 64 bits of a double, as a number, and back. */

INLINE uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

INLINE double double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* abs, math.copysign and math.sqrt of Python.  The square root is one instruction, rounded as
 * IEEE 754 says, on every processor that has doubles. */

INLINE double sqrt_(double x)
{
#if defined(__GNUC__)
    return __builtin_sqrt(x);
#else
    return sqrt(x);
#endif
}

INLINE double abs_(double x)
{
    return double_of(bits_of(x) & 0x7fffffffffffffff);
}

INLINE double copysign_(double x, double sign)
{
    return double_of((bits_of(x) & 0x7fffffffffffffff) | (bits_of(sign) & 0x8000000000000000));
}

#endif
