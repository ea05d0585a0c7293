/* What a thread does with its part; alone, it has the only one.  See threads.c. */

/* Where a part of `count` things begins, in whole blocks. */
INLINE int64_t part_begin(int64_t count, int64_t block, int64_t part, int64_t parts)
{
    int64_t begin = (count * part / parts + block - 1) / block * block;
    return begin < count ? begin : count;
}

/* Rows of a prediction or validation go through all layers by themselves. */
INLINE void forward_rows(Run *run, int64_t from, int64_t to, int32_t instruction_set)
{
    for (int64_t place = 0; place < run->layer_count; place++) {
        find_rows(run->layers, place, from, to, -1);
        layer_outputs(&run->layers[place], from, to, 0, padded(run->layers[place].units),
                      instruction_set);
    }
}

INLINE int32_t predict_rows_body(Run *run, const Tile *tile, int64_t part, int64_t parts,
                                 int32_t instruction_set)
{
    const Layer *last = &run->layers[run->layer_count - 1];
    int64_t from = part_begin(tile->rows, 4, part, parts);
    int64_t to = part_begin(tile->rows, 4, part + 1, parts);
    for (int64_t r = from; r < to; r++)
        run->layers[0].read[r] = tile->inputs + (tile->first + r) * run->layers[0].inputs;
    forward_rows(run, from, to, instruction_set);
    for (int64_t r = from; r < to; r++)
        copy_rows(last->y + r * last->stride, tile->result + (tile->first + r) * last->units,
                  last->units);
    return FINISHED;
}

INLINE int32_t evaluate_rows_body(Run *run, const Tile *tile, int64_t part, int64_t parts,
                                  int32_t instruction_set)
{
    int64_t from = part_begin(tile->rows, 4, part, parts);
    int64_t to = part_begin(tile->rows, 4, part + 1, parts);
    gather(run, tile, from, to);
    forward_rows(run, from, to, instruction_set);
    row_losses(run, from, to, instruction_set);
    return FINISHED;
}

/* In training, what is divided are units: a thread keeps their weights in its cache from batch to
   batch.  With rows divided, every batch sent half of the weights from one to the other, and two
   threads could take longer than one. */
INLINE int32_t forward_units_body(Run *run, const Tile *tile, int64_t part, int64_t parts,
                                  int32_t instruction_set)
{
    const Layer *layer = &run->layers[tile->place];
    int64_t units = padded(layer->units);
    layer_outputs(layer, 0, tile->rows, part_begin(units, 8, part, parts),
                  part_begin(units, 8, part + 1, parts), instruction_set);
    return FINISHED;
}

INLINE int32_t lose_rows_body(Run *run, const Tile *tile, int64_t part, int64_t parts,
                              int32_t instruction_set)
{
    Layer *last = &run->layers[run->layer_count - 1];
    int64_t from = part_begin(tile->rows, 4, part, parts);
    int64_t to = part_begin(tile->rows, 4, part + 1, parts);
    row_losses(run, from, to, instruction_set);
    for (int64_t r = from; r < to; r++)
        CHOICE(output_deltas_of)(run->loss, last->activation, last->z + r * last->stride,
                                 last->y + r * last->stride, run->tile_targets[r],
                                 run->tile_weights[r], tile->divisor,
                                 last->deltas + r * last->stride, last->units);
    return FINISHED;
}

INLINE int32_t backward_units_body(Run *run, const Tile *tile, int64_t part, int64_t parts,
                                   int32_t instruction_set)
{
    int64_t units = padded(run->layers[tile->place].inputs);
    deltas_below(run->layers, tile->place, tile, part_begin(units, 8, part, parts),
                 part_begin(units, 8, part + 1, parts), instruction_set);
    return FINISHED;
}

INLINE int32_t add_gradients_body(Run *run, const Tile *tile, int64_t part, int64_t parts,
                                  int32_t instruction_set)
{
    for (int64_t place = run->layer_count - 1; place >= 0; place--) {
        int64_t units = padded(run->layers[place].units);
        int64_t left = part_begin(units, 8, part, parts);
        int64_t right = part_begin(units, 8, part + 1, parts);
        if (left < right)
            layer_gradients(&run->layers[place], tile, left, right, instruction_set);
    }
    return FINISHED;
}

INLINE int32_t take_step_body(Run *run, const Tile *tile, int64_t part, int64_t parts,
                              int32_t instruction_set)
{
    (void)tile, (void)instruction_set;
    if (parts == 1) {
        optimizer_step(run, 0, run->parameter_count);
        return FINISHED;
    }
    for (int64_t place = 0; place < run->layer_count; place++) {
        const Layer *layer = &run->layers[place];
        int64_t units = padded(layer->units);
        int64_t left = part_begin(units, 8, part, parts);
        int64_t right = part_begin(units, 8, part + 1, parts);
        int64_t begin = layer->weights - run->parameters;
        int64_t lists = left < right ? layer->inputs + layer->has_biases : 0;
        for (int64_t list = 0; list < lists; list++, begin += layer->stride)
            optimizer_step(run, begin + left, begin + right);
    }
    return FINISHED;
}
