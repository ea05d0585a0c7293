/* The fastest that one thread can multiply and then add doubles: independent sums in registers, no
   memory.  The share of it that a training reaches is what is left of the machine's speed. */

/* Turns x COUNT products and sums of vectors; returns how many of doubles that were.  For all the
   compiler knows, the empty assembler statement changes x: so it computes every product afresh. */
#define SUMS(name, bytes, count, target, constraint)                       \
    target static double name(long turns, double *result)                  \
    {                                                                      \
        typedef double vector __attribute__((vector_size(bytes)));         \
        vector sum[count], x = (vector){0} + 1e-9, total = {0};            \
        for (int i = 0; i < count; i++)                                    \
            sum[i] = (vector){0} + i;                                      \
        for (long turn = 0; turn < turns; turn++)                          \
            for (int i = 0; i < count; i++) {                              \
                __asm__ volatile("" : "+" constraint(x));                  \
                sum[i] = sum[i] + x * x;                                   \
            }                                                              \
        for (int i = 0; i < count; i++)                                    \
            total += sum[i];                                               \
        *result = total[0];                                                \
        return turns * (double)count * (bytes / 8) * 2;                    \
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

/* Multiplies and adds for a while; returns how often, or 0 for a set that this processor lacks. */
double multiply_and_add(int instruction_set, long turns)
{
    static volatile double kept;   /* or the compiler would leave out what nobody reads */
    double result, count;
    if ((instruction_set == 1 && !HAS_AVX2) || (instruction_set == 2 && !HAS_AVX512))
        return 0.0;
    count = instruction_set == 2   ? avx512(turns, &result)
            : instruction_set == 1 ? avx2(turns, &result)
                                   : base(turns, &result);
    kept = result;
    return count;
}
