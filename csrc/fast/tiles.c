/* Tiles: the sums of layer.c in registers; set.c says what the names in capitals are.

   A tile holds sums of some rows and some vectors of units, while it walks along the summed index.
   So each sum is still one running sum, in the reference's order, multiplied and then added: the
   same bits as the plain loops of reference/layer.c, which tests compare with these.

   What limits a tile is how many instructions come between its products, and their order.  Several
   steps in a row save the counting; but then compilers take all products of one sum first, and each
   waits for the one before: AVX2 lost a third.  PIN holds them to the order that is written here.
   In shares of the multiply-then-add peak, Zen 3, gcc 12: AVX2 forward 63 % without, 83 % with it;
   gradient 70 and 82 %.  AVX-512 (gcc 12, Xeon, 8 x 3): 97 %, without pins. */

#if LANES > 1
typedef double Vector __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
#else
typedef double Vector;
#endif
#define LOAD(place) (*(const Vector *)(place))
#define STORE(place, value) (*(Vector *)(place) = (value))

/* Where vector v of a tile's columns stands, its first one being at 0 and a panel `apart` doubles
   from the next. */
#define OF(v, apart) ((v) * LANES / 8 * (apart) + (v) * LANES % 8)

/* Every sum of a tile. */
#define EACH_SUM_OF_TILE(i, v)                   \
    UNROLL for (int i = 0; i < tall; i++)        \
        UNROLL for (int v = 0; v < vectors; v++)

/* One step along the inputs: sum[i][v] += x[i] * w[v]. */
INLINE void add_products(int tall, int vectors, Vector sum[MOST_ROWS][MOST_VECTORS],
                         const double *x, const double *w, int64_t w_apart)
{
    Vector of_w[MOST_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++)
        of_w[v] = LOAD(w + OF(v, w_apart));
    EACH_SUM_OF_TILE(i, v)
        sum[i][v] = sum[i][v] + x[8 * i] * of_w[v];
    EACH_SUM_OF_TILE(i, v)
        PIN(sum[i][v]);
}

/* z[i][v] = start[i][v] + the sum over k of x[i][k] * w[k][v]; start NULL is 0.0. */
INLINE void product_tile(int tall, int vectors, int64_t count, const double *x, int64_t x_apart,
                         const double *w, int64_t w_apart, const double *start,
                         int64_t start_step, int64_t start_apart, double *z)
{
    Vector sum[MOST_ROWS][MOST_VECTORS];
    EACH_SUM_OF_TILE(i, v)
        sum[i][v] = start ? LOAD(start + i * start_step + OF(v, start_apart)) : (Vector){0};
    for (; count >= 8; count -= 8, x += x_apart, w += 64)
        UNROLL_STEPS for (int k = 0; k < 8; k++)
            add_products(tall, vectors, sum, x + k, w + 8 * k, w_apart);
    for (int k = 0; k < count; k++)
        add_products(tall, vectors, sum, x + k, w + 8 * k, w_apart);
    EACH_SUM_OF_TILE(i, v)
        STORE(z + 8 * i + OF(v, x_apart), sum[i][v]);
}

/* One step along the rows: sum[i][v] += x[i] * d[v]; INPUTS_TOGETHER inputs stand side by side. */
INLINE void add_row(int tall, int vectors, Vector sum[MOST_ROWS][MOST_VECTORS],
                    const double *const *x, int64_t r, const double *d, int64_t d_apart)
{
    Vector of_d[MOST_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++)
        of_d[v] = LOAD(d + 8 * r + OF(v, d_apart));
    EACH_SUM_OF_TILE(i, v)
        sum[i][v] = sum[i][v] + x[i / INPUTS_TOGETHER][8 * r + i % INPUTS_TOGETHER] * of_d[v];
    EACH_SUM_OF_TILE(i, v)
        PIN(sum[i][v]);
}

/* g[i][v] = (more ? g[i][v] : 0.0) + the sum over rows r of x[r][i] * d[r][v], for the inputs from
   k on.  With `step`, g are weights, and take the step of plain SGD: g[i][v] - *step * the sum. */
INLINE void gradient_tile(int tall, int vectors, int64_t k, int64_t rows, const double *x,
                          int64_t height, const double *d, int64_t d_apart, double *g,
                          int64_t g_apart, int more, const double *step)
{
    const double *of_x[(MOST_ROWS + INPUTS_TOGETHER - 1) / INPUTS_TOGETHER];
    Vector sum[MOST_ROWS][MOST_VECTORS];
    int64_t r = 0;
    g = g + 8 * k;
    UNROLL for (int i = 0; i < tall; i += INPUTS_TOGETHER)
        of_x[i / INPUTS_TOGETHER] = x + at(height, 0, k + i);
    EACH_SUM_OF_TILE(i, v)
        sum[i][v] = more ? LOAD(g + 8 * i + OF(v, g_apart)) : (Vector){0};
    for (; r + ROWS_AT_ONCE <= rows; r += ROWS_AT_ONCE)
        UNROLL for (int u = 0; u < ROWS_AT_ONCE; u++)
            add_row(tall, vectors, sum, of_x, r + u, d, d_apart);
    for (; r < rows; r++)
        add_row(tall, vectors, sum, of_x, r, d, d_apart);
    EACH_SUM_OF_TILE(i, v) {
        double *place = g + 8 * i + OF(v, g_apart);
        if (step)
            sum[i][v] = LOAD(place) - *step * sum[i][v];
        STORE(place, sum[i][v]);
    }
}

/* Every shape of a tile is a loop of its own. */
#define PRODUCT_CASE(tall, vectors)                                                      \
    case tall * 16 + vectors:                                                            \
        product_tile(tall, vectors, count, x, x_apart, w, w_apart, start, start_step,    \
                     start_apart, z);                                                      \
        return;
#define GRADIENT_CASE(tall, vectors)                                                       \
    case tall * 16 + vectors:                                                              \
        for (; k + tall <= inputs; k += tall)                                              \
            gradient_tile(tall, vectors, k, rows, x, height, d, d_apart, g, g_apart, more, \
                          step);                                                           \
        return k;

static void product_of_shape(int64_t tall, int64_t vectors, int64_t count, const double *x,
                             int64_t x_apart, const double *w, int64_t w_apart,
                             const double *start, int64_t start_step, int64_t start_apart,
                             double *z)
{
    switch (tall * 16 + vectors) {
    EACH_SHAPE(PRODUCT_CASE)
    EACH_TALL_SHAPE(PRODUCT_CASE)
    }
}

/* From input k on, as many tiles as fit; returns the input after them. */
static int64_t gradient_of_shape(int64_t tall, int64_t vectors, int64_t k, int64_t inputs,
                                 int64_t rows, const double *x, int64_t height, const double *d,
                                 int64_t d_apart, double *g, int64_t g_apart, int more,
                                 const double *step)
{
    switch (tall * 16 + vectors) {
    EACH_SHAPE(GRADIENT_CASE)
    }
    return inputs;
}

/* How many of `left` to take at once: at most `most`, and no sliver at the end. */
INLINE int64_t share(int64_t left, int64_t most)
{
    return left <= most ? left : left < most + most / 2 + 1 ? (left + 1) / 2 : most;
}

/* A square of numbers in LANES vectors is turned by exchanges: of neighbours between neighbouring
   vectors, then of pairs of them between pairs of vectors, and so on. */
#if LANES > 1
typedef int64_t LaneNumbers __attribute__((vector_size(8 * LANES)));
#endif
#if LANES == 2
#define LOW_1 0, 2
#define HIGH_1 1, 3
#elif LANES == 4
#define LOW_1 0, 4, 2, 6
#define HIGH_1 1, 5, 3, 7
#define LOW_2 0, 1, 4, 5
#define HIGH_2 2, 3, 6, 7
#elif LANES == 8
#define LOW_1 0, 8, 2, 10, 4, 12, 6, 14
#define HIGH_1 1, 9, 3, 11, 5, 13, 7, 15
#define LOW_2 0, 1, 8, 9, 4, 5, 12, 13
#define HIGH_2 2, 3, 10, 11, 6, 7, 14, 15
#define LOW_4 0, 1, 2, 3, 8, 9, 10, 11
#define HIGH_4 4, 5, 6, 7, 12, 13, 14, 15
#endif
#define EXCHANGE(distance)                                           \
    UNROLL for (int i = 0; i < LANES; i++)                           \
        if (!(i & distance)) {                                       \
            Vector a = row[i], b = row[i + distance];                \
            row[i] = LANES_OF(a, b, LOW_##distance);                 \
            row[i + distance] = LANES_OF(a, b, HIGH_##distance);     \
        }

/* Eight rows of eight numbers, turned: to[i][j] = from[j][i]. */
INLINE void turn_block(const double *from, double *to)
{
    for (int top = 0; top < 8; top += LANES)
        for (int left = 0; left < 8; left += LANES) {
            Vector row[LANES];
            UNROLL for (int i = 0; i < LANES; i++)
                row[i] = LOAD(from + 8 * (top + i) + left);
#if LANES > 1
            EXCHANGE(1)
#endif
#if LANES > 2
            EXCHANGE(2)
#endif
#if LANES > 4
            EXCHANGE(4)
#endif
            UNROLL for (int i = 0; i < LANES; i++)
                STORE(to + 8 * (left + i) + top, row[i]);
        }
}

/* turned[k / 8][j][k % 8] = weights[j / 8][k][j % 8], for `depth` units from `first`, with which a
   panel begins, and the inputs of the panels from `left` to before `right`; 0 beyond the last.
   Panels of turned weights are `depth` high, rounded up to whole eights.  The same inputs of the
   next eight units lie far away, and are asked for. */
static void turn(const double *weights, int64_t inputs, int64_t first, int64_t depth, int64_t left,
                 int64_t right, double *turned)
{
    double last[64];
    for (int64_t k = 8 * left; k < 8 * right; k += 8)
        for (int64_t j = first; j < first + depth; j += 8, turned += 64) {
            const double *from = weights + at(inputs, k, j);
            for (int i = 0; i < 64; i += 8)
                PREFETCH(from + 8 * inputs + i);
            if (k + 8 <= inputs) {
                turn_block(from, turned);
                continue;
            }
            memset(last, 0, sizeof last);
            memcpy(last, from, (size_t)(inputs - k) * 8 * sizeof(double));
            turn_block(last, turned);
        }
}

/* The columns of a matrix product, from the panel `left` to before `right`:

       z[r][c] = start[c] (NULL: 0.0) + the sum over k of x[r][k] * w[k][c]

   `inputs` 0: the forward product, as pre_activations; start are the biases.  Else the backward
   one, as errors_below: w are the weights of so many inputs, whose inputs become the columns, a few
   panels at a time, in `space`.  A row by itself has sums of so many columns at once that none
   waits for its own last addition (784 to 128, AVX2: 12.2 us with 2 vectors, 7.6 with 8). */
static void product(int64_t rows, int64_t count, int64_t left, int64_t right, const double *x,
                    int64_t height, const double *w, int64_t inputs, const double *start,
                    double *z, double *space)
{
    int64_t apart = 8 * height, depth, panels, tall, vectors;
    int64_t most_vectors = rows > 1 ? VECTORS : MOST_VECTORS;
    int64_t most_panels = rows > 1 ? PANELS : (MOST_VECTORS * LANES + 7) / 8;
    for (int64_t k = 0; k < count; k += depth) {
        depth = least(count - k, DEPTH);
        for (int64_t p = left; p < right; p += panels) {
            const double *of_w = w + 8 * (p * count + k);
            int64_t w_apart = 8 * count;
            panels = share(right - p, most_panels);
            if (inputs > 0) {
                turn(w, inputs, k, depth, p, p + panels, space);
                of_w = space;
                w_apart = 64 * panels_of(depth);
            }
            for (int64_t c = 0; c < 8 * panels; c += LANES * vectors) {
                int64_t place = p * apart + c / 8 * apart + c % 8;
                vectors = share((8 * panels - c) / LANES, most_vectors);
                for (int64_t r = 0; r < rows; r += tall) {
                    double *to = z + place + 8 * r;
                    const double *from = k ? to : start ? start + 8 * p + c : NULL;
                    tall = share(rows - r, TALL(vectors));
                    product_of_shape(tall, vectors, depth, x + k * height + 8 * r, apart,
                                     of_w + c / 8 * w_apart + c % 8, w_apart, from, k ? 8 : 0,
                                     k ? apart : 8, to);
                }
            }
        }
    }
}

/* Equals weight_gradients, and with `step` sgd_update after it, for some panels of units. */
static void gradient(int64_t inputs, int64_t rows, int64_t left, int64_t right, const double *x,
                     int64_t height, const double *d, double *g, int more, const double *step)
{
    int64_t d_apart = 8 * height, g_apart = 8 * inputs, vectors;
    for (int64_t c = 8 * left; c < 8 * right; c += LANES * vectors) {
        vectors = share((8 * right - c) / LANES, VECTORS);
        for (int64_t k = 0; k < inputs;)
            k = gradient_of_shape(least(inputs - k, ROWS), vectors, k, inputs, rows, x, height,
                                  d + c / 8 * d_apart + c % 8, d_apart,
                                  g + c / 8 * g_apart + c % 8, g_apart, more, step);
    }
}

/* The step that is due from a row before (gradient_tile with `step`, of that row alone), and the
   product of this one with the weights after it. */
INLINE void due_tile(int vectors, int64_t inputs, const double *due_x, const double *due_deltas,
                     double step, const double *x, int64_t apart, double *w, const double *start,
                     double *z)
{
    Vector sum[DUE_VECTORS], d[DUE_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) {
        sum[v] = start ? LOAD(start + v * LANES) : (Vector){0};
        d[v] = LOAD(due_deltas + v * LANES);
    }
    for (int64_t k = 0; k < inputs; k++) {
        double before = due_x[k], now = x[at(apart / 8, 0, k)];
        UNROLL for (int v = 0; v < vectors; v++) {
            double *place = w + 8 * k + OF(v, 8 * inputs);
            Vector gradient = (Vector){0} + before * d[v];
            Vector weights = LOAD(place) - step * gradient;
            STORE(place, weights);
            sum[v] = sum[v] + now * weights;
        }
    }
    UNROLL for (int v = 0; v < vectors; v++)
        STORE(z + OF(v, apart), sum[v]);
}

/* For all units: each weight passes through the processor once, where stepping and then multiplying
   fetch it twice. */
static void due_product(int64_t inputs, int64_t panels, const double *due_x,
                        const double *due_deltas, double step, const double *x, int64_t height,
                        double *w, const double *start, double *z)
{
    int64_t apart = 8 * height, p = 0;
    for (; 8 * p + DUE_VECTORS * LANES <= 8 * panels; p += DUE_VECTORS * LANES / 8)
        due_tile(DUE_VECTORS, inputs, due_x, due_deltas + 8 * p, step, x, apart, w + 8 * p * inputs,
                 start ? start + 8 * p : NULL, z + p * apart);
    for (; p < panels; p++)
        due_tile(8 / LANES, inputs, due_x, due_deltas + 8 * p, step, x, apart, w + 8 * p * inputs,
                 start ? start + 8 * p : NULL, z + p * apart);
}

enum { NARROW = 4, SEVERAL = 8, SIDE_BY_SIDE = 6 };   /* units; rows; panels of inputs */

/* The same for all of a few units, with the inputs side by side in the vectors instead of them:
   784-1 in batches of 128 took 750 ns a row, and 570 so.  Online, what it stores once more costs
   more than it saves. */
static void narrow_gradient(int64_t inputs, int64_t units, int64_t rows, const double *x,
                            int64_t height, const double *d, double *g, int more,
                            const double *step)
{
    double sums[8 * NARROW * SIDE_BY_SIDE], *sum;
    for (int64_t k = 0; k < inputs; k += 8 * SIDE_BY_SIDE) {
        int64_t count = least(inputs - k, 8 * SIDE_BY_SIDE);
        for (int64_t i = 0; i < count && more; i++)
            for (int64_t j = 0; j < units; j++)
                sums[at(units, j, i)] = g[8 * (k + i) + j];
        gradient(units, rows, 0, panels_of(count), d, height, x + k * height, sums, more, NULL);
        for (int64_t i = 0; i < count; i++)
            for (int64_t j = 0; j < units; j++) {
                double *place = g + 8 * (k + i) + j;
                sum = sums + at(units, j, i);
                *place = step ? *place - *step * *sum : *sum;
            }
    }
}
