/* Threads: several take the parts of one piece of work, with the same bits in any number.

   The thread that called the kernel goes through the steps of the reference.  Where a step falls
   into parts that share no sum (units of a layer, rows), it offers the parts to all, takes its
   own, and goes on when the last is done.  Each thread has a part of its own in all pieces of
   work, whose numbers stay in its cache; but one that the system has put to sleep holds up nobody:
   whoever is free takes what has not been begun.

   Threads begin and end within one call of the kernel. */

#include "thread_platform.h"

enum { MOST_THREADS = 31 };

/* Rows that pass through the layers together, and where they come from or go to. */
typedef struct {
    const Examples *examples;
    const int64_t *order;    /* the rows at these places; NULL: first, first + 1, ... */
    int64_t ordered;         /* how many places there are, this tile's and later ones */
    int64_t first, rows;
    int in_training;
    const double *step;      /* the learning rate, where layers step_at_once, or NULL */
    int leaves_step;         /* whether the first layer's weights take theirs with the next row */
    double divisor;          /* of the batch's loss */
    int64_t place;           /* of the layer at work */
    number *result;          /* of a prediction */
} Tile;

/* Work that is divided: `part` is one of `parts`, and `space` room for copies of rows. */
typedef void Work(Run *run, const Tile *tile, int64_t part, int64_t parts, double *space);

/* What a part must hold at least: a microsecond of work or two, twice what a meeting costs. */
enum {
    ROWS_AT_LEAST = 8, NUMBERS_AT_LEAST = 8192, OUTPUTS_AT_LEAST = 512,
    PRODUCTS_AT_LEAST = 50000, STEPS_AT_LEAST = 4096, ANY = MOST_THREADS
};

/* Where a part of `count` things begins, in whole blocks. */
static int64_t part_begin(int64_t count, int64_t block, int64_t part, int64_t parts)
{
    return least((count * part / parts + block - 1) / block * block, count);
}

/* A part of the tile's rows, by eights; of no columns so far. */
static Block block_of_rows(const Run *run, const Tile *tile, int64_t part, int64_t parts)
{
    return block_of(run->height, part_begin(tile->rows, 8, part, parts),
                    part_begin(tile->rows, 8, part + 1, parts), 0, 0);
}

/* All rows of the tile, and a part of so many units, in whole panels. */
static Block block_of_units(const Run *run, const Tile *tile, int64_t units, int64_t part,
                            int64_t parts)
{
    int64_t panels = panels_of(units);
    return block_of(run->height, 0, tile->rows, WIDTH * part_begin(panels, 1, part, parts),
                    least(WIDTH * part_begin(panels, 1, part + 1, parts), units));
}

/* How many parts a layer's way forward or back is worth; a softmax needs all units at once. */
static int64_t parts_of_layer(const Tile *tile, const Layer *layer, int64_t units,
                              int32_t activation)
{
    int64_t parts = tile->rows * layer->inputs * layer->units / PRODUCTS_AT_LEAST;
    return activation == SOFTMAX ? 1 : least(parts, panels_of(units));
}

static double *space_of(const Run *run, int64_t part)
{
    return run->space + part * run->space_length;
}

/* What a layer reads in training.  The inputs are everybody's own: they are read twice by all, and
   to fetch them from another processor's cache takes longer than to gather them once more.  (Two
   threads on 784-128-10 in batches of 128 were 1.45 times as fast as one, and are 1.88.) */
static number *x_of(const Run *run, const Layer *layer, int64_t part)
{
    return layer->x + (layer == run->layers ? part * run->x_apart : 0);
}

#if HAS_THREADS

typedef struct Team Team;

typedef struct {
    Team *team;
    int number;              /* the caller's thread is 0 */
    Thread thread;
} Helper;

struct Team {
    _Alignas(64) Shared left;   /* one bit for each part that nobody has taken, or GO_HOME */
    _Alignas(64) Shared done;
    _Alignas(64) Run *run;
    const Tile *tile;
    Work *work;
    int parts;
    int helpers;
    Helper helper[MOST_THREADS - 1];
};

#define GO_HOME (1u << MOST_THREADS)

/* What belongs to a part is read after it was taken: until it is done, nothing else is offered. */
static int take_part(Team *team, int number)
{
    unsigned left = peek(&team->left);
    while (left != 0 && left != GO_HOME) {
        int part = number;
        if (!(left >> part & 1))
            for (part = 0; !(left >> part & 1); part++)
                ;
        if (replace(&team->left, &left, left & ~(1u << part))) {
            team->work(team->run, team->tile, part, team->parts, space_of(team->run, part));
            release_one_more(&team->done);
            return 1;
        }
    }
    return left == GO_HOME ? -1 : 0;
}

/* A work follows the one before within microseconds, mostly. */
static int linger(int waited)
{
    if (waited >= 2000) {
        let_others_run();
        return waited;
    }
    pause_processor();
    return waited + 1;
}

static void help(void *argument)
{
    Helper *helper = argument;
    int taken, waited = 0;
    (void)enter_arithmetic();
    while ((taken = take_part(helper->team, helper->number)) >= 0)
        waited = taken ? 0 : linger(waited);
}

/* Where the system refuses a thread, the others do its work. */
static void begin_team(Team *team, Run *run)
{
    int most = run->threads < MOST_THREADS ? run->threads : MOST_THREADS;
    put(&team->left, 0);
    put(&team->done, 0);
    team->run = run;
    team->helpers = 0;
    run->team = NULL;
    if (most < 2)
        return;
    for (int i = 0; i < most - 1; i++) {
        Helper *helper = &team->helper[i];
        helper->team = team;
        helper->number = i + 1;
        helper->thread.job = help;
        helper->thread.argument = helper;
        if (!begin_thread(&helper->thread))
            break;
        team->helpers++;
    }
    if (team->helpers > 0)
        run->team = team;
}

static void end_team(Team *team)
{
    put(&team->left, GO_HOME);
    for (int i = 0; i < team->helpers; i++)
        join_thread(&team->helper[i].thread);
    team->run->team = NULL;
}

/* Into as many parts as there are threads, but at most `most`. */
static void divide(Run *run, const Tile *tile, Work *work, int64_t most)
{
    Team *team = run->team;
    int parts = team ? team->helpers + 1 : 1, waited = 0;
    parts = most < parts ? (int)most : parts;
    if (parts < 2) {
        work(run, tile, 0, 1, run->space);
        return;
    }
    team->tile = tile;
    team->work = work;
    team->parts = parts;
    put(&team->done, 0);
    release(&team->left, (1u << parts) - 1);
    while (take_part(team, 0) > 0)
        ;
    while (acquire(&team->done) < (unsigned)parts)
        waited = linger(waited);
}

static int32_t most_threads(void) { return MOST_THREADS; }

#else

typedef struct { Run *run; } Team;

static void begin_team(Team *team, Run *run)
{
    team->run = run;
    run->team = NULL;
}

static void end_team(Team *team) { (void)team; }

static void divide(Run *run, const Tile *tile, Work *work, int64_t most)
{
    (void)most;
    work(run, tile, 0, 1, run->space);
}

static int32_t most_threads(void) { return 1; }

#endif
