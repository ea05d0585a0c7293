/* The kernel without Python: trains the cases that cases.py has written, wherever this runs.

       driver                 prints the best instruction set, and how many threads there may be
       driver SET THREADS     reads cases from standard input, and prints a line of numbers for each
                              result: 16 hexadecimal digits of their bits as doubles, however the
                              processor orders its bytes

   Of the structures in run.h it knows only what it asks for by name.  All else comes as an image of
   the memory that a Run reaches; members.h, written with it, says what lies where. */

#include "kernel.c"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    size_t offset, size;     /* size 0: a pointer */
    int count;
} Member;

typedef struct {
    const char *name;
    size_t size;
    const Member *members;   /* NULL: a number */
} Type;

#include "members.h"

typedef struct {
    const Type *type;
    int64_t count;
    char *memory;
} Block;

enum { SLICE = 1000 };   /* rows, so that long batches are broken off between their tiles */

static void check(int is_right, const char *what)
{
    if (is_right)
        return;
    fprintf(stderr, "driver: %s\n", what);
    exit(2);
}

static const char *word(void)
{
    static char text[64];
    check(scanf("%63s", text) == 1, "the cases end too early");
    return text;
}

static int64_t whole(void) { return strtoll(word(), NULL, 10); }

static uint64_t bits(void) { return strtoull(word(), NULL, 16); }

static double next_double(void) { return double_of(bits()); }

/* At the beginning of a cache line, as Python has them. */
static void *zeros(int64_t count, size_t size)
{
    char *memory = calloc((size_t)count * size + 64, 1);
    check(memory != NULL, "there is not enough memory");
    return memory + (64 - (uintptr_t)memory % 64) % 64;
}

static void store(char *place, size_t size, uint64_t value)
{
    uint32_t word_of_it = (uint32_t)value;
    if (size == 8)
        memcpy(place, &value, 8);
    else if (size == 4)
        memcpy(place, &word_of_it, 4);
    else
        *place = (char)value;
}

static void store_pointer(char *place, const Block *blocks)
{
    int64_t block = whole(), element = whole();
    char *memory = blocks[block].memory;   /* block 0: NULL */
    void *pointer = block ? memory + (size_t)element * blocks[block].type->size : NULL;
    memcpy(place, &pointer, sizeof pointer);
}

/* The numbers that are not 0: how many, and where. */
static void read_numbers(char *memory, size_t size)
{
    for (int64_t left = whole(); left > 0; left--) {
        int64_t place = whole();
        store(memory + (size_t)place * size, size, bits());
    }
}

static void read_structure(char *memory, const Type *type, const Block *blocks)
{
    for (const Member *member = type->members; member->count; member++)
        if (member->size)
            read_numbers(memory + member->offset, member->size);
        else
            store_pointer(memory + member->offset, blocks);
}

static const Type *type_named(const char *name)
{
    const Type *type = types;
    while (type->name && strcmp(type->name, name))
        type++;
    check(type->name != NULL, "a type that members.h does not know");
    return type;
}

/* Block 1 is the Run. */
static Run *read_image(void)
{
    int64_t count = whole();
    Block *blocks = zeros(count + 1, sizeof(Block));
    for (Block *block = blocks + 1; block <= blocks + count; block++) {
        block->type = type_named(word());
        block->count = whole();
        block->memory = zeros(block->count, block->type->size);
    }
    for (Block *block = blocks + 1; block <= blocks + count; block++)
        if (!block->type->members)
            read_numbers(block->memory, block->type->size);
        else
            for (int64_t i = 0; i < block->count; i++)
                read_structure(block->memory + (size_t)i * block->type->size, block->type, blocks);
    return (Run *)blocks[1].memory;
}

static void print_numbers(const double *values, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        uint64_t value = bits_of(values[i]);
        int is_nan = (value & 0x7fffffffffffffff) > 0x7ff0000000000000;
        printf("%016llx", (unsigned long long)(is_nan ? 0x7ff8000000000000 : value));
    }
}

/* The numbers of a network. */
static void print_kept(const Run *run, const void *values, int64_t count)
{
    double *wide = zeros(count, sizeof(double));
    if (run->is_single)
        widen(values, wide, count);
    print_numbers(run->is_single ? wide : values, count);
}

static void train_case(int32_t set, int32_t threads)
{
    Run *run = read_image();
    const Layer *layers = run->layers, *last = layers + run->layer_count - 1;
    int64_t outputs = run->training.rows * last->units, count = 0;
    for (const Layer *layer = layers; layer <= last; layer++)
        count += layer->units * (layer->inputs + (layer->has_biases != 0));
    void *parameters = zeros(count, sizeof(double)), *answers = zeros(outputs, sizeof(double));

    run->threads = threads;
    do
        run->budget = SLICE;
    while (train(run, set) == PAUSED);
    give_parameters(run, run->parameters, parameters);
    predict(run, answers, set);

    print_numbers(run->losses, run->recorded);
    if (run->validation.inputs) {
        print_numbers(run->validation_losses, run->validations);
        print_numbers(run->validation_accuracies, run->validations);
    }
    putchar('\n');
    print_kept(run, parameters, count);
    putchar('\n');
    print_kept(run, answers, outputs);
    putchar('\n');
}

static void elementary_case(int32_t set)
{
    int32_t function = (int32_t)whole();
    int64_t count = whole();
    double *x = zeros(count, sizeof(double)), *y = zeros(count, sizeof(double));
    for (int64_t i = 0; i < count; i++) {
        x[i] = next_double();
        y[i] = next_double();   /* the exponent, for `power` */
    }
    elementary(function, x, y, count, set);
    print_numbers(y, count);
    putchar('\n');
}

/* As a library built with -ffast-math does for its whole process. */
static void flush_to_zero(void)
{
#if defined(FLUSHING)
    volatile double smallest = double_of(1), one = 1.0;
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | 0x8040);
#elif defined(__aarch64__)
    __asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)1 << 24));
#elif defined(__arm__)
    __asm__ volatile("vmsr fpscr, %0" : : "r"((uint32_t)1 << 24));
#endif
    check(smallest * one == 0.0, "this processor does not flush to zero");
#endif
}

int main(int count, char **arguments)
{
    if (count < 3) {
        printf("%d %d\n", best_instruction_set(), most_threads());
        return 0;
    }
    flush_to_zero();
    int32_t set = (int32_t)atoi(arguments[1]), threads = (int32_t)atoi(arguments[2]);
    for (int64_t left = whole(); left > 0; left--)
        if (strcmp(word(), "train") == 0)
            train_case(set, threads);
        else
            elementary_case(set);
    return 0;
}
