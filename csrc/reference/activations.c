/* Mirrors pyref/reference/activations.py: the activations, each with its derivative. */

INLINE double identity(double z) { return z; }

INLINE double identity_derivative(double z, double y)
{
    (void)z, (void)y;
    return 1.0;
}

INLINE double threshold(double z) { return z >= 0.0 ? 1.0 : 0.0; }

INLINE double threshold_derivative(double z, double y)
{
    (void)z, (void)y;
    return 0.0;
}

INLINE double sigmoid_derivative(double z, double y)
{
    (void)z;
    return y * (1.0 - y);
}

INLINE double tanh_derivative(double z, double y)
{
    (void)z;
    return 1.0 - y * y;
}

INLINE double relu(double z) { return z <= 0.0 ? 0.0 : z; }

INLINE double relu_derivative(double z, double y)
{
    (void)y;
    return z <= 0.0 ? 0.0 : 1.0;
}

INLINE double leaky_relu(double z) { return z < 0.0 ? 0.01 * z : z; }

INLINE double leaky_relu_derivative(double z, double y)
{
    (void)y;
    return z < 0.0 ? 0.01 : 1.0;
}

/* Only below 0 is the exponential wanted, so expm1's own range check is not. */
INLINE double elu(double z)
{
    double below = expm1_part(z < -40.0 ? -40.0 : z);
    return z < 0.0 ? below : z;
}

INLINE double elu_derivative(double z, double y) { return z < 0.0 ? y + 1.0 : 1.0; }

INLINE double softplus_derivative(double z, double y)
{
    (void)y;
    return sigmoid(z);
}

INLINE double softsign(double z) { return z / (1.0 + abs_(z)); }

INLINE double softsign_derivative(double z, double y)
{
    double root = 1.0 / (1.0 + abs_(z));
    (void)y;
    return root * root;
}

INLINE double silu(double z) { return z * sigmoid(z); }

INLINE double silu_derivative(double z, double y)
{
    double s = sigmoid(z);
    return s + y * (1.0 - s);
}

INLINE double gelu_gate(double z)
{
    double near = z < -40.0 ? -40.0 : z > 40.0 ? 40.0 : z;
    return sigmoid(1.5957691216057308 * (near + 0.044715 * (near * near * near)));
}

INLINE double gelu(double z) { return z * gelu_gate(z); }

INLINE double gelu_derivative(double z, double y)
{
    double near = z < -40.0 ? -40.0 : z > 40.0 ? 40.0 : z;
    double gate = gelu_gate(z);
    return gate + y * (1.0 - gate) * (1.5957691216057308 * (1.0 + 0.134145 * (near * near)));
}

INLINE double exp_derivative(double z, double y)
{
    (void)z;
    return y;
}

INLINE double largest_of(const double *row, int64_t units)
{
    double largest = row[0];
    for (int64_t j = 0; j < units; j++)
        largest = row[j] > largest ? row[j] : largest;
    return largest;
}

/* The loops without sums go over whole vectors; what they make beyond the last unit is not read. */
static void softmax(const double *restrict z, double *restrict y, int64_t units)
{
    double largest = largest_of(z, units), total = 0.0;
    int64_t whole = WHOLE(WIDTH * panels_of(units));
    for (int64_t j = 0; j < whole; j++)
        y[j] = exp_(z[j] - largest);
    for (int64_t j = 0; j < units; j++)
        total += y[j];
    for (int64_t j = 0; j < whole; j++)
        y[j] = y[j] / total;
}

INLINE void softmax_deltas(const double *errors, const double *y, double *deltas, int64_t units)
{
    double mean_error = 0.0;
    for (int64_t j = 0; j < units; j++)
        mean_error += errors[j] * y[j];
    for (int64_t j = 0; j < units; j++)
        deltas[j] = y[j] * (errors[j] - mean_error);
}

/* Of rows in panels; `space` is room for copies of rows. */
static void softmax_rows(const number *z, number *y, int64_t rows, int64_t height, int64_t units,
                         double *space)
{
    double *result = space + WIDTH * panels_of(units);
    for (int64_t r = 0; r < rows; r++) {
        softmax(row_of(z + WIDTH * r, space, height, units), result, units);
        rounded_row_in(result, y + WIDTH * r, height, units);
    }
}

/* For errors that are numbers, of which deltas are made that are kept, and for doubles on the way
   to the output deltas. */
#define SOFTMAX_ROWS_DELTAS(name, value)                                                    \
    static void name(value *deltas, const number *y, int64_t rows, int64_t height,          \
                     int64_t units, double *space)                                          \
    {                                                                                       \
        int64_t whole = WIDTH * panels_of(units);                                           \
        double *errors = space + whole, *result = space + 2 * whole;                        \
        for (int64_t r = 0; r < rows; r++) {                                                \
            for (int64_t j = 0; j < units; j++)                                             \
                errors[j] = deltas[at(height, r, j)];                                       \
            softmax_deltas(errors, row_of(y + WIDTH * r, space, height, units), result, units);\
            for (int64_t j = 0; j < units; j++)                                             \
                deltas[at(height, r, j)] = (value)result[j];                                \
        }                                                                                   \
    }

SOFTMAX_ROWS_DELTAS(softmax_rows_deltas, number)

/* ACTIVATIONS: those that take each unit by itself, with their names, functions, derivatives. */
#define EACH_ACTIVATION(ROW)                           \
    ROW(IDENTITY, identity, identity_derivative)       \
    ROW(THRESHOLD, threshold, threshold_derivative)    \
    ROW(SIGMOID, sigmoid, sigmoid_derivative)          \
    ROW(TANH, tanh_, tanh_derivative)                  \
    ROW(RELU, relu, relu_derivative)                   \
    ROW(LEAKY_RELU, leaky_relu, leaky_relu_derivative) \
    ROW(ELU, elu, elu_derivative)                      \
    ROW(SOFTPLUS, softplus, softplus_derivative)       \
    ROW(SOFTSIGN, softsign, softsign_derivative)       \
    ROW(SILU, silu, silu_derivative)                   \
    ROW(GELU, gelu, gelu_derivative)                   \
    ROW(EXP, exp_, exp_derivative)

#define OUTPUTS(name, function, derivative)                  \
    case name:                                               \
        EACH_NUMBER(area) y[i] = (number)function(z[i]);     \
        return;

/* Activation.outputs, of units by themselves. */
static void activation_outputs(int32_t activation, const number *restrict z, number *restrict y,
                               Area area)
{
    switch (activation) {
    EACH_ACTIVATION(OUTPUTS)
    }
}

#define DELTAS(name, function, derivative)                                     \
    case name:                                                                 \
        EACH_NUMBER(area) errors[i] = errors[i] * derivative(z[i], y[i]);      \
        return;

/* Activation.deltas likewise, in the place of the errors.  0 stays 0. */
static void activation_errors(int32_t activation, double *restrict errors,
                              const number *restrict z, const number *restrict y, Area area)
{
    switch (activation) {
    EACH_ACTIVATION(DELTAS)
    }
}

/* The same where they are kept: what is not double passes through a few doubles at a time. */
static void activation_deltas(int32_t activation, number *restrict deltas,
                              const number *restrict z, const number *restrict y, Area area)
{
#if SINGLE
    enum { FEW = 64 };
    double errors[FEW];
    for (int64_t b = 0; b < area.blocks; b++)
        for (int64_t i = b * area.apart, end = i + area.numbers; i < end; i += FEW) {
            Area few = {1, least(end - i, FEW), 0};
            for (int64_t l = 0; l < WHOLE(few.numbers); l++)
                errors[l] = deltas[i + l];
            activation_errors(activation, errors, z + i, y + i, few);
            for (int64_t l = 0; l < WHOLE(few.numbers); l++)
                deltas[i + l] = (number)errors[l];
        }
#else
    activation_errors(activation, deltas, z, y, area);
#endif
}

#if SINGLE
SOFTMAX_ROWS_DELTAS(softmax_rows_errors, double)
#else
#define softmax_rows_errors softmax_rows_deltas
#endif

/* The same for the rows and units of a block, of a layer with whatever activation; of a softmax all
   units are needed at once. */
static void layer_outputs(const Layer *layer, Block block, double *space)
{
    const number *z = layer->z + begin_of(block);
    number *y = layer->y + begin_of(block);
    if (layer->activation == SOFTMAX)
        softmax_rows(z, y, block.bottom - block.top, block.height, layer->units, space);
    else
        activation_outputs(layer->activation, z, y, area_of(block));
}

static void layer_deltas(const Layer *layer, Block block, double *space)
{
    const number *z = layer->z + begin_of(block), *y = layer->y + begin_of(block);
    number *deltas = layer->deltas + begin_of(block);
    if (layer->activation == SOFTMAX)
        softmax_rows_deltas(deltas, y, block.bottom - block.top, block.height, layer->units, space);
    else
        activation_deltas(layer->activation, deltas, z, y, area_of(block));
}

/* In place, where the errors are those of the outputs. */
static void layer_errors(const Layer *layer, double *errors, Block block, double *space)
{
    const number *z = layer->z + begin_of(block), *y = layer->y + begin_of(block);
    errors = errors + begin_of(block);
    if (layer->activation == SOFTMAX)
        softmax_rows_errors(errors, y, block.bottom - block.top, block.height, layer->units, space);
    else
        activation_errors(layer->activation, errors, z, y, area_of(block));
}
