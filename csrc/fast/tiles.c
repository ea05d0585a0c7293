/* Tiles: the sums of layer.c in registers; set.c says what the names in capitals are.

   A tile holds sums of some rows and some vectors of units, while it walks along the summed index.
   So each sum is still one running sum, in the reference's order, multiplied and then added: the
   same bits as the plain loops of reference/layer.c, which tests compare with these.

   (Vector)(a product) rounds it where there are no vectors and a compiler keeps more digits of a
   float than it has.

   What limits a tile is how many instructions come between its products, and their order.  Several
   steps in a row save the counting; but then compilers take all products of one sum first, and each
   waits for the one before: AVX2 lost a third.  PIN holds them to the order that is written here.
   In shares of the multiply-then-add peak, Zen 3, gcc 12: AVX2 forward 63 % without, 83 % with it,
   90 % in assembly by hand; gradient 70 and 82 %.  AVX-512 (gcc 12, Xeon, 8 x 3): 97 %, without
   pins.  Asking for the next panel, shorter depths, inputs in blocks and panels from right to left
   gained nothing: it is not memory that they wait for. */

#if LANES > 1
typedef number Vector __attribute__((vector_size(sizeof(number) * LANES), aligned(sizeof(number)),
                                     may_alias));
#else
typedef number Vector;
#endif
#if SINGLE && LANES > 1   /* in doubles, and back */
typedef double Wide __attribute__((vector_size(sizeof(double) * LANES), aligned(8)));
#define WIDENED(vector) __builtin_convertvector(vector, Wide)
#define ROUNDED(wide) __builtin_convertvector(wide, Vector)
#endif
#define LOAD(place) (*(const Vector *)(place))
#define STORE(place, value) (*(Vector *)(place) = (value))

/* Where vector v of a tile's columns stands, its first one being at 0 and a panel `apart` numbers
   from the next. */
#define OF(v, apart) ((v) * LANES / WIDTH * (apart) + (v) * LANES % WIDTH)

/* Every sum of a tile. */
#define EACH_SUM_OF_TILE(i, v)                   \
    UNROLL for (int i = 0; i < tall; i++)        \
        UNROLL for (int v = 0; v < vectors; v++)

/* One step along the inputs: sum[i][v] += x[i] * w[v]. */
INLINE void add_products(int tall, int vectors, Vector sum[MOST_ROWS][MOST_VECTORS],
                         const number *x, const number *w, int64_t w_apart)
{
    Vector of_w[MOST_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++)
        of_w[v] = LOAD(w + OF(v, w_apart));
    EACH_SUM_OF_TILE(i, v)
        sum[i][v] = sum[i][v] + (Vector)(x[WIDTH * i] * of_w[v]);
    EACH_SUM_OF_TILE(i, v)
        PIN(sum[i][v]);
}

/* z[i][v] = start[i][v] + the sum over k of x[i][k] * w[k][v]; start NULL is 0.0. */
INLINE void product_tile(int tall, int vectors, int64_t count, const number *x, int64_t x_apart,
                         const number *w, int64_t w_apart, const number *start,
                         int64_t start_step, int64_t start_apart, number *z)
{
    Vector sum[MOST_ROWS][MOST_VECTORS];
    EACH_SUM_OF_TILE(i, v)
        sum[i][v] = start ? LOAD(start + i * start_step + OF(v, start_apart)) : (Vector){0};
    for (; count >= WIDTH; count -= WIDTH, x += x_apart, w += WIDTH * WIDTH)
        for (int first = 0; first < WIDTH; first += 8)
            UNROLL_STEPS for (int k = first; k < first + 8; k++)
                add_products(tall, vectors, sum, x + k, w + WIDTH * k, w_apart);
    for (int k = 0; k < count; k++)
        add_products(tall, vectors, sum, x + k, w + WIDTH * k, w_apart);
    EACH_SUM_OF_TILE(i, v)
        STORE(z + WIDTH * i + OF(v, x_apart), sum[i][v]);
}

/* weights - step * gradient: the step of plain SGD. */
INLINE Vector stepped(Vector weights, double step, Vector gradient)
{
#if SINGLE && LANES > 1
    return ROUNDED(WIDENED(weights) - step * WIDENED(gradient));
#else
    return (Vector)(weights - step * gradient);
#endif
}

/* One step along the rows: sum[i][v] += x[i] * d[v]; INPUTS_TOGETHER inputs stand side by side. */
INLINE void add_row(int tall, int vectors, Vector sum[MOST_ROWS][MOST_VECTORS],
                    const number *const *x, int64_t r, const number *d, int64_t d_apart)
{
    Vector of_d[MOST_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++)
        of_d[v] = LOAD(d + WIDTH * r + OF(v, d_apart));
    EACH_SUM_OF_TILE(i, v)
        sum[i][v] = sum[i][v]
            + (Vector)(x[i / INPUTS_TOGETHER][WIDTH * r + i % INPUTS_TOGETHER] * of_d[v]);
    EACH_SUM_OF_TILE(i, v)
        PIN(sum[i][v]);
}

/* g[i][v] = (more ? g[i][v] : 0.0) + the sum over rows r of x[r][i] * d[r][v], for the inputs from
   k on.  With `step`, g are weights, and take the step of plain SGD: g[i][v] - *step * the sum. */
INLINE void gradient_tile(int tall, int vectors, int64_t k, int64_t rows, const number *x,
                          int64_t height, const number *d, int64_t d_apart, number *g,
                          int64_t g_apart, int more, const double *step)
{
    const number *of_x[(MOST_ROWS + INPUTS_TOGETHER - 1) / INPUTS_TOGETHER];
    Vector sum[MOST_ROWS][MOST_VECTORS];
    int64_t r = 0;
    g = g + WIDTH * k;
    UNROLL for (int i = 0; i < tall; i += INPUTS_TOGETHER)
        of_x[i / INPUTS_TOGETHER] = x + at(height, 0, k + i);
    EACH_SUM_OF_TILE(i, v)
        sum[i][v] = more ? LOAD(g + WIDTH * i + OF(v, g_apart)) : (Vector){0};
    for (; r + ROWS_AT_ONCE <= rows; r += ROWS_AT_ONCE)
        UNROLL for (int u = 0; u < ROWS_AT_ONCE; u++)
            add_row(tall, vectors, sum, of_x, r + u, d, d_apart);
    for (; r < rows; r++)
        add_row(tall, vectors, sum, of_x, r, d, d_apart);
    EACH_SUM_OF_TILE(i, v) {
        number *place = g + WIDTH * i + OF(v, g_apart);
        if (step)
            sum[i][v] = stepped(LOAD(place), *step, sum[i][v]);
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

static void product_of_shape(int64_t tall, int64_t vectors, int64_t count, const number *x,
                             int64_t x_apart, const number *w, int64_t w_apart,
                             const number *start, int64_t start_step, int64_t start_apart,
                             number *z)
{
    switch (tall * 16 + vectors) {
    EACH_SHAPE(PRODUCT_CASE)
    EACH_TALL_SHAPE(PRODUCT_CASE)
    }
}

/* From input k on, as many tiles as fit; returns the input after them. */
static int64_t gradient_of_shape(int64_t tall, int64_t vectors, int64_t k, int64_t inputs,
                                 int64_t rows, const number *x, int64_t height, const number *d,
                                 int64_t d_apart, number *g, int64_t g_apart, int more,
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
#if SINGLE
typedef int32_t LaneNumbers __attribute__((vector_size(4 * LANES)));
#else
typedef int64_t LaneNumbers __attribute__((vector_size(8 * LANES)));
#endif
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
#elif LANES == 16
#define LOW_1 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30
#define HIGH_1 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31
#define LOW_2 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define HIGH_2 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define LOW_4 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27
#define HIGH_4 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31
#define LOW_8 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define HIGH_8 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31
#endif
#define EXCHANGE(distance)                                           \
    UNROLL for (int i = 0; i < LANES; i++)                           \
        if (!(i & distance)) {                                       \
            Vector a = row[i], b = row[i + distance];                \
            row[i] = LANES_OF(a, b, LOW_##distance);                 \
            row[i + distance] = LANES_OF(a, b, HIGH_##distance);     \
        }

/* WIDTH rows of as many numbers, turned: to[i][j] = from[j][i]. */
INLINE void turn_block(const number *from, number *to)
{
    for (int top = 0; top < WIDTH; top += LANES)
        for (int left = 0; left < WIDTH; left += LANES) {
            Vector row[LANES];
            UNROLL for (int i = 0; i < LANES; i++)
                row[i] = LOAD(from + WIDTH * (top + i) + left);
#if LANES > 1
            EXCHANGE(1)
#endif
#if LANES > 2
            EXCHANGE(2)
#endif
#if LANES > 4
            EXCHANGE(4)
#endif
#if LANES > 8
            EXCHANGE(8)
#endif
            UNROLL for (int i = 0; i < LANES; i++)
                STORE(to + WIDTH * (left + i) + top, row[i]);
        }
}

/* turned[k / WIDTH][j][k % WIDTH] = weights[j / WIDTH][k][j % WIDTH], for `depth` units from
   `first`, with which a panel begins, and the inputs of the panels from `left` to before `right`;
   0 beyond the last.  Panels of turned weights are `depth` high, rounded up to whole panels.  The
   same inputs of the next panel of units lie far away, and are asked for. */
static void turn(const number *weights, int64_t inputs, int64_t first, int64_t depth, int64_t left,
                 int64_t right, number *turned)
{
    number last[WIDTH * WIDTH];
    for (int64_t k = WIDTH * left; k < WIDTH * right; k += WIDTH)
        for (int64_t j = first; j < first + depth; j += WIDTH, turned += WIDTH * WIDTH) {
            const number *from = weights + at(inputs, k, j);
            for (int i = 0; i < WIDTH * WIDTH; i += WIDTH)
                PREFETCH(from + WIDTH * inputs + i);
            if (k + WIDTH <= inputs) {
                turn_block(from, turned);
                continue;
            }
            memset(last, 0, sizeof last);
            memcpy(last, from, (size_t)(inputs - k) * WIDTH * sizeof(number));
            turn_block(last, turned);
        }
}

/* The columns of a matrix product, from the panel `left` to before `right`:

       z[r][c] = start[c] (NULL: 0.0) + the sum over k of x[r][k] * w[k][c]

   `inputs` 0: the forward product, as pre_activations; start are the biases.  Else the backward
   one, as errors_below: w are the weights of so many inputs, whose inputs become the columns, a few
   panels at a time, in `space`.  A row by itself has sums of so many columns at once that none
   waits for its own last addition (784 to 128, AVX2: 12.2 us with 2 vectors, 7.6 with 8). */
static void product(int64_t rows, int64_t count, int64_t left, int64_t right, const number *x,
                    int64_t height, const number *w, int64_t inputs, const number *start,
                    number *z, number *space)
{
    int64_t apart = WIDTH * height, depth, panels, tall, vectors;
    int64_t most_vectors = rows > 1 ? VECTORS : MOST_VECTORS;
    int64_t most_panels = rows > 1 ? PANELS : (MOST_VECTORS * LANES + WIDTH - 1) / WIDTH;
    for (int64_t k = 0; k < count; k += depth) {
        depth = least(count - k, DEPTH);
        for (int64_t p = left; p < right; p += panels) {
            const number *of_w = w + WIDTH * (p * count + k);
            int64_t w_apart = WIDTH * count;
            panels = share(right - p, most_panels);
            if (inputs > 0) {
                turn(w, inputs, k, depth, p, p + panels, space);
                of_w = space;
                w_apart = WIDTH * WIDTH * panels_of(depth);
            }
            for (int64_t c = 0; c < WIDTH * panels; c += LANES * vectors) {
                int64_t place = p * apart + c / WIDTH * apart + c % WIDTH;
                vectors = share((WIDTH * panels - c) / LANES, most_vectors);
                for (int64_t r = 0; r < rows; r += tall) {
                    number *to = z + place + WIDTH * r;
                    const number *from = k ? to : start ? start + WIDTH * p + c : NULL;
                    tall = share(rows - r, TALL(vectors));
                    product_of_shape(tall, vectors, depth, x + k * height + WIDTH * r, apart,
                                     of_w + c / WIDTH * w_apart + c % WIDTH, w_apart, from,
                                     k ? WIDTH : 0, k ? apart : WIDTH, to);
                }
            }
        }
    }
}

/* Equals weight_gradients, and with `step` sgd_update after it, for some panels of units. */
static void gradient(int64_t inputs, int64_t rows, int64_t left, int64_t right, const number *x,
                     int64_t height, const number *d, number *g, int more, const double *step)
{
    int64_t d_apart = WIDTH * height, g_apart = WIDTH * inputs, vectors;
    for (int64_t c = WIDTH * left; c < WIDTH * right; c += LANES * vectors) {
        vectors = share((WIDTH * right - c) / LANES, VECTORS);
        for (int64_t k = 0; k < inputs;)
            k = gradient_of_shape(least(inputs - k, ROWS), vectors, k, inputs, rows, x, height,
                                  d + c / WIDTH * d_apart + c % WIDTH, d_apart,
                                  g + c / WIDTH * g_apart + c % WIDTH, g_apart, more, step);
    }
}

/* The step that is due from a row before (gradient_tile with `step`, of that row alone), and the
   product of this one with the weights after it. */
INLINE void due_tile(int vectors, int64_t inputs, const number *due_x, const number *due_deltas,
                     double step, const number *x, int64_t apart, number *w, const number *start,
                     number *z)
{
    Vector sum[DUE_VECTORS], d[DUE_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) {
        sum[v] = start ? LOAD(start + v * LANES) : (Vector){0};
        d[v] = LOAD(due_deltas + v * LANES);
    }
    for (int64_t k = 0; k < inputs; k++) {
        number before = due_x[k], now = x[at(apart / WIDTH, 0, k)];
        UNROLL for (int v = 0; v < vectors; v++) {
            number *place = w + WIDTH * k + OF(v, WIDTH * inputs);
            Vector gradient = (Vector){0} + (Vector)(before * d[v]);
            Vector weights = stepped(LOAD(place), step, gradient);
            STORE(place, weights);
            sum[v] = sum[v] + (Vector)(now * weights);
        }
    }
    UNROLL for (int v = 0; v < vectors; v++)
        STORE(z + OF(v, apart), sum[v]);
}

/* For all units: each weight passes through the processor once, where stepping and then multiplying
   fetch it twice.  A vector of weights takes 2.4 cycles, in L1 too: its six operations would fit in
   1.5, but each waits for the one before.  Two loops one after the other, operations in other
   orders and several steps in a row take as long (AVX2, Zen 3). */
static void due_product(int64_t inputs, int64_t panels, const number *due_x,
                        const number *due_deltas, double step, const number *x, int64_t height,
                        number *w, const number *start, number *z)
{
    int64_t apart = WIDTH * height, p = 0;
    for (; WIDTH * p + DUE_VECTORS * LANES <= WIDTH * panels; p += DUE_VECTORS * LANES / WIDTH)
        due_tile(DUE_VECTORS, inputs, due_x, due_deltas + WIDTH * p, step, x, apart,
                 w + WIDTH * p * inputs, start ? start + WIDTH * p : NULL, z + p * apart);
    for (; p < panels; p++)
        due_tile(WIDTH / LANES, inputs, due_x, due_deltas + WIDTH * p, step, x, apart,
                 w + WIDTH * p * inputs, start ? start + WIDTH * p : NULL, z + p * apart);
}

enum { NARROW = 4, SEVERAL = 8, SIDE_BY_SIDE = 6 };   /* units; rows; panels of inputs */

/* The same for all of a few units, with the inputs side by side in the vectors instead of them:
   784-1 in batches of 128 took 750 ns a row, and 570 so.  Online, what it stores once more costs
   more than it saves. */
static void narrow_gradient(int64_t inputs, int64_t units, int64_t rows, const number *x,
                            int64_t height, const number *d, number *g, int more,
                            const double *step)
{
    number sums[WIDTH * NARROW * SIDE_BY_SIDE], *sum;
    for (int64_t k = 0; k < inputs; k += WIDTH * SIDE_BY_SIDE) {
        int64_t count = least(inputs - k, WIDTH * SIDE_BY_SIDE);
        for (int64_t i = 0; i < count && more; i++)
            for (int64_t j = 0; j < units; j++)
                sums[at(units, j, i)] = g[WIDTH * (k + i) + j];
        gradient(units, rows, 0, panels_of(count), d, height, x + k * height, sums, more, NULL);
        for (int64_t i = 0; i < count; i++)
            for (int64_t j = 0; j < units; j++) {
                number *place = g + WIDTH * (k + i) + j;
                sum = sums + at(units, j, i);
                *place = step ? (number)(*place - *step * *sum) : *sum;
            }
    }
}
