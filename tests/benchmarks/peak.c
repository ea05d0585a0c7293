/* The fastest that one thread can multiply and then add doubles: independent sums in registers, no
   memory.  The share of it that a training reaches is what is left of the machine's speed. */

#include <time.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec + 1e-9 * time.tv_nsec;
}

/* Turns x COUNT products and sums of vectors.  For all the compiler knows, the empty assembler
   statement changes x: so it computes every product afresh. */
#define SUMS(name, bytes, count, target, constraint)                       \
    target static double name(long turns, double *result)                  \
    {                                                                      \
        typedef double vector __attribute__((vector_size(bytes)));         \
        vector sum[count], x = (vector){0} + 1e-9, total = {0};            \
        double began = now(), seconds;                                     \
        for (int i = 0; i < count; i++)                                    \
            sum[i] = (vector){0} + i;                                      \
        for (long turn = 0; turn < turns; turn++)                          \
            for (int i = 0; i < count; i++) {                              \
                __asm__ volatile("" : "+" constraint(x));                  \
                sum[i] = sum[i] + x * x;                                   \
            }                                                              \
        seconds = now() - began;                                           \
        for (int i = 0; i < count; i++)                                    \
            total += sum[i];                                               \
        *result = total[0];                                                \
        return turns * (double)count * (bytes / 8) * 2 / seconds;          \
    }

#if defined(__x86_64__)
SUMS(base, 16, 12, , "x")
SUMS(avx2, 32, 12, __attribute__((target("avx2"))), "x")
SUMS(avx512, 64, 16, __attribute__((target("avx512f"))), "v")
#define HAS_AVX2 __builtin_cpu_supports("avx2")
#define HAS_AVX512 __builtin_cpu_supports("avx512f")
#elif defined(__aarch64__)
SUMS(base, 16, 16, , "w")
#define avx2 base
#define avx512 base
#define HAS_AVX2 0
#define HAS_AVX512 0
#else
#error "no assembler constraint known for this processor's vectors"
#endif

/* FLOP/s, the best of 30 short runs; 0 for a set that this processor lacks. */
double peak(int instruction_set)
{
    double best = 0.0, result;
    if ((instruction_set == 1 && !HAS_AVX2) || (instruction_set == 2 && !HAS_AVX512))
        return 0.0;
    for (int run = 0; run < 30; run++) {
        double found = instruction_set == 2   ? avx512(100000, &result)
                       : instruction_set == 1 ? avx2(200000, &result)
                                              : base(200000, &result);
        best = found > best ? found : best;
    }
    return best;
}
