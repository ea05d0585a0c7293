/* The kernel as Python calls it: each call goes to the instruction set that it names. */

#include "sets.h"
#include "kernel.h"
#include "reference/generator.c"
#include "fast/reading.c"
#include "fast/columns.c"

static const InstructionSet *const sets[] = {
    &pyref_plain, &pyref_base,
#if HAS_AVX
    &pyref_avx2, &pyref_avx512,
#endif
};

static int32_t best_instruction_set(void)
{
#if HAS_AVX
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl"))
        return AVX512;
    if (__builtin_cpu_supports("avx2"))
        return AVX2;
#endif
    return BASE;
}

static int32_t most_threads(void) { return pyref_base.most_threads(); }

static void take_parameters(const Run *run, const double *flat, double *panels)
{
    pyref_base.parameters(run, (double *)flat, panels, 1);   /* reads `flat`, and writes it not */
}

static void give_parameters(const Run *run, const double *panels, double *flat)
{
    pyref_base.parameters(run, flat, (double *)panels, 0);
}

static int32_t train(Run *run, int32_t instruction_set)
{
    return sets[pyref_base.fitting_set(run, instruction_set)]->train(run);
}

static int32_t evaluate(Run *run, int32_t instruction_set)
{
    return sets[instruction_set]->evaluate(run);
}

static int32_t predict(Run *run, double *result, int32_t instruction_set)
{
    return sets[instruction_set]->predict(run, result);
}

static int64_t first_not_finite(const double *values, int64_t count)
{
    return sets[best_instruction_set()]->first_not_finite(values, count);
}

/* Eight products go on side by side, as fast as memory delivers. */
static uint64_t fingerprint(const double *values, int64_t count)
{
    uint64_t lane[8] = {1, 2, 3, 4, 5, 6, 7, 8}, all = (uint64_t)count;
    for (int64_t i = 0; i < count; i++) {
        uint64_t mixed = (lane[i & 7] ^ bits_of(values[i])) * 0x9e3779b97f4a7c15;
        lane[i & 7] = mixed ^ mixed >> 32;
    }
    for (int l = 0; l < 8; l++)
        all = (all ^ lane[l]) * 0xff51afd7ed558ccd;
    return all;
}

static int32_t elementary(int32_t function, const double *x, double *y, int64_t count,
                          int32_t instruction_set)
{
    return sets[instruction_set]->elementary(function, x, y, count);
}
