/* The fast forms of the three sums of training, for one instruction set.

   kernel.c includes this file once for each, with
       NAME(f)   f with the set's name behind it       TARGET   its function attribute
       LANES     doubles in one of its vectors         ROWS, VECTORS   the shape of a tile
   A tile holds ROWS x VECTORS sums in registers while it walks along the summed index, so that each
   sum is still one running sum, in the reference's order, multiplied and then added: the same bits
   as the plain loops of network.c, which tests compare with these.

   Shapes were measured on Zen 4 with gcc 12 and clang 14, in GFLOP/s of a peak of 59:  AVX-512
   12 x 1: 52, 4 x 4: 40 (only where a broadcast is used once do compilers fold it into the
   multiplication);  AVX2 6 x 2: 51, 3 x 4: 48;  SSE2 6 x 2: 18 of 30.  Vectors wider than the
   set's own, and loops over arrays instead of vectors, end in memory (5 to 25). */

#define COLUMNS (LANES * VECTORS)
#if LANES > 1
typedef double NAME(vector) __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
#else
typedef double NAME(vector);
#endif
#define LOAD(place) (*(const NAME(vector) *)(place))
#define STORE(place, value) (*(NAME(vector) *)(place) = (value))

/* z[r][c] = start[r][c] + the sum over k of x[r][k] * w[k][c], for `height` rows and COLUMNS
   columns; start NULL is 0.0. */
INLINE void NAME(product_tile)(int height, int64_t count, const double *const *x, int64_t first,
                               const double *w, int64_t w_stride, const double *start,
                               int64_t start_stride, double *z, int64_t z_stride)
{
    NAME(vector) sum[ROWS][VECTORS];
    const double *row[ROWS];
    UNROLL for (int r = 0; r < height; r++) {
        row[r] = x[r] + first;
        UNROLL for (int v = 0; v < VECTORS; v++)
            sum[r][v] = start ? LOAD(start + r * start_stride + v * LANES) : (NAME(vector)){0};
    }
    for (int64_t k = 0; k < count; k++) {
        NAME(vector) of_w[VECTORS];
        UNROLL for (int v = 0; v < VECTORS; v++)
            of_w[v] = LOAD(w + k * w_stride + v * LANES);
        UNROLL for (int r = 0; r < height; r++)
            UNROLL for (int v = 0; v < VECTORS; v++)
                sum[r][v] = sum[r][v] + row[r][k] * of_w[v];
    }
    UNROLL for (int r = 0; r < height; r++)
        UNROLL for (int v = 0; v < VECTORS; v++)
            STORE(z + r * z_stride + v * LANES, sum[r][v]);
}

#define PRODUCT_CASE(height)                                                                          \
    case height:                                                                                 \
        NAME(product_tile)(height, count, x, first, w, w_stride, start, start_stride, z, z_stride); \
        break;

TARGET static void NAME(product_rows)(int64_t height, int64_t count, const double *const *x,
                                      int64_t first, const double *w, int64_t w_stride,
                                      const double *start, int64_t start_stride, double *z,
                                      int64_t z_stride)
{
    switch (height) {
    EACH_HEIGHT(PRODUCT_CASE)
    }
}

/* Equals pre_activations (start: the biases) and errors_below (w: the weights, packed) for many
   rows.  Column c of w stands at w[c / 8 * w_panel + c % 8]; `columns` is a multiple of 8.
   The summed index goes in blocks of about 400 kB of w, which stay in the second-level cache. */
TARGET static void NAME(product)(int64_t rows, int64_t count, int64_t columns,
                                 const double *const *x, const double *w, int64_t w_stride,
                                 int64_t w_panel, const double *start, double *z,
                                 int64_t z_stride)
{
    int64_t block = block_length(count, 50000 / columns);
    for (int64_t k = 0; k < count; k += block) {
        int64_t depth = count - k < block ? count - k : block;
        for (int64_t r = 0, height; r < rows; r += height) {
            height = tile_height(rows - r, ROWS);
            for (int64_t c = 0; c < columns; c += COLUMNS) {
                double *at = z + r * z_stride + c;
                NAME(product_rows)(height, depth, x + r, k,
                                   w + k * w_stride + c / 8 * w_panel + c % 8, w_stride,
                                   k ? at : start ? start + c : NULL, k ? z_stride : 0, at,
                                   z_stride);
            }
        }
    }
}

/* g[k][c] = (more ? g[k][c] : 0.0) + the sum over r of x[r][k] * d[r][c], for `height` inputs.
   With `step`, g are weights, and take the step of plain SGD: g[k][c] - *step * the sum. */
INLINE void NAME(gradient_tile)(int height, int64_t rows, const double *const *x, int64_t k,
                                const double *d, int64_t d_stride, double *g, int64_t g_stride,
                                int more, const double *step)
{
    NAME(vector) sum[ROWS][VECTORS];
    UNROLL for (int i = 0; i < height; i++)
        UNROLL for (int v = 0; v < VECTORS; v++)
            sum[i][v] = more ? LOAD(g + i * g_stride + v * LANES) : (NAME(vector)){0};
    for (int64_t r = 0; r < rows; r++) {
        const double *row = x[r] + k;
        NAME(vector) of_d[VECTORS];
        UNROLL for (int v = 0; v < VECTORS; v++)
            of_d[v] = LOAD(d + r * d_stride + v * LANES);
        UNROLL for (int i = 0; i < height; i++)
            UNROLL for (int v = 0; v < VECTORS; v++)
                sum[i][v] = sum[i][v] + row[i] * of_d[v];
    }
    UNROLL for (int i = 0; i < height; i++)
        UNROLL for (int v = 0; v < VECTORS; v++) {
            double *at = g + i * g_stride + v * LANES;
            if (step)
                STORE(at, LOAD(at) - *step * sum[i][v]);
            else
                STORE(at, sum[i][v]);
        }
}

#define GRADIENT_CASE(height)                                                          \
    case height:                                                                       \
        NAME(gradient_tile)(height, rows, x, k, d, d_stride, g, g_stride, more, step); \
        break;

TARGET static void NAME(gradient_inputs)(int64_t height, int64_t rows, const double *const *x,
                                         int64_t k, const double *d, int64_t d_stride, double *g,
                                         int64_t g_stride, int more, const double *step)
{
    switch (height) {
    EACH_HEIGHT(GRADIENT_CASE)
    }
}

/* Equals weight_gradients, and with `step` sgd_update after it, for the inputs from `first` to
   before `last`.  The rows' next inputs are asked for early: they lie far apart. */
TARGET static void NAME(gradient)(int64_t first, int64_t last, int64_t rows, int64_t columns,
                                  const double *const *x, const double *d, int64_t d_stride,
                                  double *g, int64_t g_stride, int more, const double *step)
{
    for (int64_t k = first, height; k < last; k += height) {
        height = tile_height(last - k, ROWS);
        for (int64_t r = 0; r < rows; r++) {
            PREFETCH(x[r] + k + ROWS);
            PREFETCH(x[r] + k + ROWS + 8);
        }
        for (int64_t c = 0; c < columns; c += COLUMNS)
            NAME(gradient_inputs)(height, rows, x, k, d + c, d_stride, g + k * g_stride + c,
                                  g_stride, more, step);
    }
}

/* What has a loop for each name of a table is compiled once for the set, and not at every place
   that calls it: it took the compiler minutes. */
TARGET static void NAME(outputs_of)(int32_t activation, const double *z, double *y, int64_t rows,
                                    int64_t units, int64_t stride)
{
    activation_outputs(activation, z, y, rows, units, stride);
}

TARGET static void NAME(deltas_of)(int32_t activation, const double *errors, const double *z,
                                   const double *y, double *deltas, int64_t rows, int64_t units,
                                   int64_t stride)
{
    activation_deltas(activation, errors, z, y, deltas, rows, units, stride);
}

TARGET static double NAME(loss_of)(int32_t loss, const double *z, const double *y, const double *t,
                                   int64_t outputs)
{
    return row_loss(loss, z, y, t, outputs);
}

TARGET static void NAME(output_deltas_of)(int32_t loss, int32_t activation, const double *z,
                                          const double *y, const double *t, double weight,
                                          double divisor, double *result, int64_t outputs)
{
    output_deltas(loss, activation, z, y, t, weight, divisor, result, outputs);
}

#undef LOAD
#undef STORE
#include "small.c"

#undef PRODUCT_CASE
#undef GRADIENT_CASE
#undef COLUMNS
#undef NAME
#undef TARGET
#undef LANES
#undef ROWS
#undef VECTORS
#undef EACH_HEIGHT
