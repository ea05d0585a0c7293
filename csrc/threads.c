/* Threads: several take the parts of one piece of work, with the same bits in any number.

   The thread that called the kernel goes through the steps of the reference.  Where a step falls
   into parts that share no sum (rows of a tile on their way through the layers, weights whose
   gradients are added up), it offers the parts to all, takes them as the others do, and goes on
   when the last is done.  A thread that the system has put to sleep holds no part, so that nobody
   waits for it: fixed halves took up to twenty times as long on a busy machine.

   Threads begin and end within one call of the kernel. */

#if !defined(PYREF_NO_THREADS) && !defined(__STDC_NO_ATOMICS__) && !defined(__wasm__) \
    && (defined(__unix__) || defined(__APPLE__))
#define HAS_THREADS 1
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#else
#define HAS_THREADS 0
#endif

enum { MOST_THREADS = 64 };

/* Rows that pass through the layers together, and where they come from or go to. */
typedef struct {
    const double *inputs, *targets, *weights;
    const int64_t *order;    /* the rows at these places; NULL: first, first + 1, ... */
    int64_t first, rows;
    int in_training;
    const double *step;      /* see layer_gradients */
    double divisor;          /* of the batch's loss */
    double *result;          /* of a prediction */
} Tile;

/* Work that is divided: `part` is one of `parts`. */
typedef int32_t Work(Run *run, const Tile *tile, int64_t part, int64_t parts,
                     int32_t instruction_set);
static Work predict_rows, train_rows, pack_weights, add_gradients, take_step, evaluate_rows;

/* How much a part is worth. */
enum { ROWS_AT_LEAST = 8, STEPS_AT_LEAST = 4096, ANY = 1 << 20 };

/* Where a part of `count` things begins, in whole blocks. */
INLINE int64_t part_begin(int64_t count, int64_t block, int64_t part, int64_t parts)
{
    int64_t begin = (count * part / parts + block - 1) / block * block;
    return begin < count ? begin : count;
}

#if HAS_THREADS

typedef struct {
    _Alignas(64) atomic_int left;   /* how many parts nobody has taken; below 0: go home */
    _Alignas(64) atomic_int done;
    _Alignas(64) Run *run;
    const Tile *tile;
    Work *work;
    int parts;
    int32_t instruction_set;
    int32_t helpers;
    pthread_t threads[MOST_THREADS - 1];
} Team;

/* What belongs to a part is read after it was taken: until it is done, nothing else is offered. */
static int take_part(Team *team)
{
    int left = atomic_load_explicit(&team->left, memory_order_relaxed);
    while (left > 0)
        if (atomic_compare_exchange_weak_explicit(&team->left, &left, left - 1,
                                                  memory_order_acquire, memory_order_relaxed)) {
            team->work(team->run, team->tile, team->parts - left, team->parts,
                       team->instruction_set);
            atomic_fetch_add_explicit(&team->done, 1, memory_order_release);
            return 1;
        }
    return left;
}

/* A work follows the one before within microseconds, mostly. */
static int linger(int waited)
{
    if (waited >= 2000) {
        sched_yield();
        return waited;
    }
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
    return waited + 1;
}

static void *help(void *argument)
{
    Team *team = argument;
    int taken, waited = 0;
    (void)enter_arithmetic();
    while ((taken = take_part(team)) >= 0)
        waited = taken ? 0 : linger(waited);
    return NULL;
}

/* Where the system refuses a thread, the others do its work.  Signals are for the caller's. */
static void begin_team(Team *team, Run *run, int32_t instruction_set)
{
    sigset_t all, before;
    atomic_init(&team->left, 0);
    atomic_init(&team->done, 0);
    team->run = run;
    team->instruction_set = instruction_set;
    team->helpers = 0;
    run->team = NULL;
    if (run->threads < 2)
        return;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (team->helpers < run->threads - 1 && team->helpers < MOST_THREADS - 1
           && pthread_create(&team->threads[team->helpers], NULL, help, team) == 0)
        team->helpers++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (team->helpers > 0)
        run->team = team;
}

static void end_team(Team *team)
{
    atomic_store_explicit(&team->left, -1, memory_order_relaxed);
    for (int32_t i = 0; i < team->helpers; i++)
        pthread_join(team->threads[i], NULL);
    team->run->team = NULL;
}

/* Into as many parts as there are threads, or twice as many, but at most `most`. */
INLINE void divide(Run *run, const Tile *tile, Work *work, int64_t most, int32_t instruction_set)
{
    Team *team = run->team;
    int64_t parts = team ? team->helpers + 1 : 1;
    int waited = 0;
    parts = most < parts ? most : 2 * parts <= most ? 2 * parts : parts;
    if (!team || parts < 2) {
        work(run, tile, 0, 1, instruction_set);
        return;
    }
    team->tile = tile;
    team->work = work;
    team->parts = (int)parts;
    atomic_store_explicit(&team->done, 0, memory_order_relaxed);
    atomic_store_explicit(&team->left, (int)parts, memory_order_release);
    while (take_part(team) > 0)
        ;
    while (atomic_load_explicit(&team->done, memory_order_acquire) < (int)parts)
        waited = linger(waited);
}

static int32_t most_threads(void) { return MOST_THREADS; }

#else

typedef struct { Run *run; } Team;

static void begin_team(Team *team, Run *run, int32_t instruction_set)
{
    (void)instruction_set;
    team->run = run;
    run->team = NULL;
}

static void end_team(Team *team) { (void)team; }

INLINE void divide(Run *run, const Tile *tile, Work *work, int64_t most, int32_t instruction_set)
{
    (void)most;
    work(run, tile, 0, 1, instruction_set);
}

static int32_t most_threads(void) { return 1; }

#endif
