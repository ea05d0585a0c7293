/* The structures that Python and C share: plain declarations, read by C and by cffi.

   A `number` is what a network keeps: double, or float in single precision.  To those who only hand
   pointers on, it is void.

   Every buffer belongs to the caller; the kernel allocates nothing, keeps nothing between calls,
   prints nothing and never exits.

   What has a column for each unit (weights, gradients, a tile's pre-activations and activations)
   stands in panels of as many columns as fit in a cache line, 8 doubles or 16 floats: row i of the
   first columns, row i + 1 of the same columns, and after the last row the columns that follow
   (`at` in panels.h).  A vector of units is side by side so in every row, and whoever walks down a
   panel walks straight through memory.  Columns beyond the last unit hold 0. */

enum { DOUBLES = 8, SINGLES = 16 };   /* in a panel's row */

/* The names of the reference's tables. */
enum {  /* ACTIVATIONS */
    IDENTITY, THRESHOLD, SIGMOID, TANH, RELU, LEAKY_RELU, ELU, SOFTPLUS, SOFTSIGN, SILU, GELU,
    EXP, SOFTMAX
};
enum {  /* LOSSES */
    HALF_SQUARED_ERROR, MEAN_SQUARED_ERROR, MEAN_ABSOLUTE_ERROR, HUBER, POISSON,
    BINARY_CROSS_ENTROPY, CROSS_ENTROPY
};
enum {  /* OPTIMIZERS */
    SGD, RMSPROP, ADAGRAD, ADAM, ADAM_W, RPROP, IRPROP_MINUS, RPROP_MINUS, RPROP_PLUS, IRPROP_PLUS,
    QUICKPROP, LBFGS
};
enum {  /* SCHEDULES */
    CONSTANT, STEP, EXPONENTIAL, INVERSE_SCALING, COSINE, REDUCE_ON_PLATEAU
};
enum {  /* RULES */
    TARGET_LOSS, PATIENCE, VALIDATION_PATIENCE, GAP, GENERALIZATION_LOSS, PROGRESS_QUOTIENT,
    CONSECUTIVE_INCREASES, TRAINING_PROGRESS
};

/* What `train` returns. */
enum {
    PAUSED,               /* the slice is over: call again */
    FINISHED,             /* all epochs are done */
    STOPPED,              /* something ended the training: see stopped_by and converged */
    DIVERGED_IN_BATCH,    /* the loss of the batch at `position` is not finite */
    DIVERGED_AFTER_EPOCH  /* a weight or the validation loss is not finite */
};

/* Why L-BFGS has nothing left to do: a call before may have found that out too. */
enum {
    NOT_CONVERGED, GRADIENT_VANISHED, TOO_LEVEL, NOTHING_MOVED, LOSS_UNCHANGED, CONVERGED_BEFORE
};

/* Instruction sets.  PLAIN runs csrc/reference/ as it stands, on whole batches; the others what is
   in csrc/fast/, in vectors: BASE in those that every processor of the kind has. */
enum { PLAIN, BASE, AVX2, AVX512 };

/* The Mersenne twister's 624 words, and how many of them have been used. */
typedef struct {
    uint32_t words[624];
    int32_t position;
} Stream;

typedef struct {
    int64_t inputs, units;
    int32_t activation;
    int32_t has_biases;
    number *weights, *biases;                    /* into the parameters */
    number *weight_gradients, *bias_gradients;   /* into the gradients */
    number *x;                  /* what the layer reads of a tile of rows: y below, if none drop */
    number *z, *y;              /* what forward computed */
    number *deltas;
    double drop_rate;           /* of what the layer reads; 0: nothing below */
    uint8_t *kept;              /* batch_size x inputs: 0 where it is dropped */
} Layer;

/* What a user set: the kind, and the attributes of the Python object in their order, as doubles.
   The structures after it name them; `settings` is read as the one of that kind. */
typedef struct {
    int32_t kind;
    double settings[8];
} Settings;

typedef struct { double learning_rate, momentum, nesterov; } SgdSettings;
typedef struct { double learning_rate, alpha, epsilon, momentum, centered; } RMSpropSettings;
typedef struct { double learning_rate, epsilon, initial_accumulator_value; } AdagradSettings;
typedef struct { double learning_rate, beta1, beta2, epsilon; } AdamSettings;
typedef struct { double learning_rate, beta1, beta2, epsilon, weight_decay; } AdamWSettings;
typedef struct {
    double learning_rate, eta_minus, eta_plus, smallest_step, largest_step;
} RpropSettings;
typedef struct {
    double first_step_low, first_step_high, eta_minus, eta_plus, smallest_step, largest_step;
} IRpropMinusSettings;
typedef IRpropMinusSettings RpropMinusSettings;
typedef IRpropMinusSettings RpropPlusSettings;
typedef IRpropMinusSettings IRpropPlusSettings;
typedef struct { double learning_rate, maximum_growth; } QuickpropSettings;
typedef struct {
    double learning_rate, history_size, tolerance_gradient, tolerance_change;
} LbfgsSettings;

typedef struct { double l1, l2, dropout, input_dropout, clip_value, clip_norm; } Regularization;

typedef struct { double every, factor; } StepSettings;
typedef struct { double factor; } ExponentialSettings;
typedef struct { double power; } InverseScalingSettings;
typedef struct { double epochs, lowest, warmup; } CosineSettings;
typedef struct {
    double factor, patience, threshold, cooldown, lowest;
} ReduceOnPlateauSettings;

typedef struct { double loss; } TargetLossSettings;
typedef struct { double epochs, minimum_improvement; } PatienceSettings;
typedef struct { double epochs, minimum_improvement, restore_best; } ValidationPatienceSettings;
typedef struct { double gap; } GapSettings;
typedef struct { double threshold, strip, restore_best; } GeneralizationLossSettings;
typedef struct { double threshold, strip, restore_best; } ProgressQuotientSettings;
typedef struct { double strips, strip, restore_best; } ConsecutiveIncreasesSettings;
typedef struct { double threshold, strip, restore_best; } TrainingProgressSettings;

typedef struct {
    Settings settings;
    double state[4];        /* what the rule has seen */
    int32_t restore_best;
} Rule;

/* Rows to learn from, or to be judged by; weights NULL: every row weighs 1. */
typedef struct {
    const number *inputs, *targets;
    const double *weights;
    int64_t rows;
    double total_weight;
} Examples;

/* What L-BFGS and its line search know of other parameters; see lbfgs.py and line_search.py. */
typedef struct {
    double loss_sum, loss;
    number *gradients;       /* among those of the search */
} Point;

typedef struct {
    double step, loss, slope;
    Point found;
    int32_t is_open;         /* the slice was over before the rows were */
} Trial;

enum {
    TRIALS = 25,             /* after the first */
    TRIED_POINTS = 4         /* the start, two between which is searched, and the one tried */
};

typedef struct {
    int32_t is_known;        /* whether the parameters `start` are those of `last`: */
    Point last;              /* where the iteration before has ended, and this one begins */
    number *start, *direction;
    number *gradients;       /* TRIED_POINTS x parameter_count */

    int64_t room;            /* of the ring that run->memory is: pairs of lists */
    int64_t oldest, pairs;   /* those in it */
    double *products;        /* s.y of each, at the same place */
    double *alphas;          /* of the direction under way */
    int64_t remembered;      /* pairs, since the call began */

    int64_t turns;           /* of the direction's two loops that are done */
    int32_t has_direction;
    double slope;            /* along it */
    Trial trials[TRIALS + 1];
    int64_t tried, asked;    /* how many of them are done; for how many the search has asked */
} Search;

typedef struct {
    int32_t is_single;       /* the precision of all numbers: float; else double */
    Layer *layers;
    int64_t layer_count;
    int64_t tile_rows;       /* how many rows pass through the layers together */
    int64_t height;          /* of their panels: whole vectors of rows, and one more: odd */
    number *ones;            /* a panel of 1.0: what a bias is multiplied with */
    number *tile_targets;
    double *tile_terms;      /* of the outputs: what each adds to the loss, and then its delta */
    double *tile_weights;    /* of each row, once for each column of a panel */
    double *tile_losses;     /* of each row */
    double *space;           /* for each thread, room for copies: see buffers.py */
    int64_t space_length;
    int64_t x_apart;         /* from one thread's inputs of the tile to the next one's; 0: shared */
    int32_t threads;         /* that may work on this run, the caller's included */
    void *team;              /* the kernel's own, within one call */

    int64_t parameter_count; /* with the gaps in panels */
    number *parameters;      /* layer by layer, weights, then biases */
    number *memory;          /* what the optimizer remembers: lists like the parameters */
    int64_t memory_count;    /* of them; for L-BFGS see the search */
    double scalars[4];       /* and what it counts for all of them */
    number *gradients;
    number *due_x, *due_deltas;   /* of the row whose step the first layer's weights still need */
    int32_t step_is_due;
    number *best;            /* the parameters of the lowest validation loss, or NULL */
    Search search;           /* of L-BFGS */

    int32_t loss;
    double smoothing;
    Settings optimizer, schedule;
    double schedule_state[4];
    double rate;             /* the learning rate of the epoch under way */
    Regularization regularization;   /* a limit of 0: no clipping */
    int64_t batch_size;      /* at most the training rows */
    int32_t shuffle;
    Stream stream;
    Stream batch_stream;     /* as the batch under way found it */

    Examples training, validation;   /* inputs NULL without validation rows */

    int64_t *order;          /* the rows of the epoch under way, in drawn order */
    int32_t under_way;       /* whether an epoch is */
    int64_t epoch, position;
    double loss_sum;

    int64_t batch_done;      /* rows of the batch under way whose gradients are added */
    double batch_loss_sum, batch_weight;
    int64_t validated, correct;                  /* the same of the validation under way */
    double validation_loss_sum;

    Rule *rules;
    int64_t rule_count, stopped_by;              /* stopped_by: -1 while no rule said stop */
    int32_t converged;
    double best_loss;
    int64_t best_epoch;

    int64_t epochs_left;
    int64_t budget;          /* how many rows this slice may still pass through the layers */
    double *losses;          /* one for each epoch finished */
    int64_t recorded, record_capacity;
    int64_t validation_every;    /* so many epochs */
    int64_t *validation_epochs;
    double *validation_losses, *validation_accuracies;
    int64_t validations;     /* recorded */

    const void *set;         /* the kernel's own, within one call: the instruction set */
} Run;

/* Room for copies that a thread needs: whole rows of a layer, and panels of turned weights. */
enum { ROW_COPIES = 3, TURNED_PANELS = 4, DEPTH = 1024 };

/* For tests: single functions of the specification, over arrays. */
enum { ELEMENTARY_EXP, ELEMENTARY_EXPM1, ELEMENTARY_LOG, ELEMENTARY_TANH, ELEMENTARY_SIGMOID,
       ELEMENTARY_SOFTPLUS, ELEMENTARY_COS_PI,
       ELEMENTARY_POWER };   /* to the exponents that y holds before */
