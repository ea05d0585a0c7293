/* The kernel as Python calls it: each call goes to the instruction set that it names. */

#define HANDS_ON
#include "sets.h"
#include "kernel.h"
#include "reference/generator.c"
#include "fast/reading.c"
#include "fast/writing.c"
#include "fast/columns.c"

static const InstructionSet *const sets[2][4] = {
    {&pyref_plain, &pyref_base,
#if HAS_AVX
     &pyref_avx2, &pyref_avx512,
#endif
    },
    {&pyref_plain_single, &pyref_base_single,
#if HAS_AVX
     &pyref_avx2_single, &pyref_avx512_single,
#endif
    },
};

static const InstructionSet *set_of(const Run *run, int32_t instruction_set)
{
    return sets[run->is_single != 0][instruction_set];
}

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

static void take_parameters(const Run *run, const number *flat, number *panels)
{
    set_of(run, BASE)->parameters(run, (number *)flat, panels, 1);   /* only reads `flat` */
}

static void give_parameters(const Run *run, const number *panels, number *flat)
{
    set_of(run, BASE)->parameters(run, flat, (number *)panels, 0);
}

static int32_t train(Run *run, int32_t instruction_set)
{
    return set_of(run, set_of(run, BASE)->fitting_set(run, instruction_set))->train(run);
}

static int32_t evaluate(Run *run, int32_t instruction_set)
{
    return set_of(run, instruction_set)->evaluate(run);
}

static int32_t predict(Run *run, number *result, int32_t instruction_set)
{
    return set_of(run, instruction_set)->predict(run, result);
}

static int64_t first_not_finite(const number *values, int64_t count, int32_t is_single)
{
    return sets[is_single != 0][best_instruction_set()]->first_not_finite(values, count);
}

/* In every rounding mode: what is far from 0 is whole, and of the rest a sum with 0x1.8p52 leaves
   nothing behind the point.  Only of infinity and NaN it says nothing. */
static inline int32_t is_whole(double x)
{
    return (x + 0x1.8p52) - 0x1.8p52 == x || x >= 0x1p51 || x <= -0x1p51;
}

static int32_t holds_whole(const number *values, int64_t count, int32_t is_single)
{
    const double *doubles = (const double *)values;
    const float *singles = (const float *)values;
    int32_t found = 0;
    if (is_single)
        for (int64_t i = 0; i < count; i++)
            found |= is_whole((double)singles[i]);
    else
        for (int64_t i = 0; i < count; i++)
            found |= is_whole(doubles[i]);
    return found;
}

/* Eight products go on side by side, as fast as memory delivers: word by word, and with a length of
   the copy that no compiler knows, it was a quarter of that. */
static uint64_t fingerprint(const void *values, int64_t bytes)
{
    uint64_t lane[8] = {1, 2, 3, 4, 5, 6, 7, 8}, all = (uint64_t)bytes;
    for (int64_t at = 0; at < bytes; at += 64) {
        uint64_t words[8] = {0};
        if (bytes - at < 64)
            memcpy(words, (const char *)values + at, (size_t)(bytes - at));
        else
            memcpy(words, (const char *)values + at, 64);
        for (int l = 0; l < 8; l++) {
            uint64_t mixed = (lane[l] ^ words[l]) * 0x9e3779b97f4a7c15;
            lane[l] = mixed ^ mixed >> 32;
        }
    }
    for (int l = 0; l < 8; l++)
        all = (all ^ lane[l]) * 0xff51afd7ed558ccd;
    return all;
}

static int32_t elementary(int32_t function, const double *x, double *y, int64_t count,
                          int32_t instruction_set)
{
    return sets[0][instruction_set]->elementary(function, x, y, count);
}
