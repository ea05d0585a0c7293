/* What a thread does with its part of a tile; alone, it has the only one.  See threads.c. */

INLINE int32_t predict_rows_body(Run *run, const Tile *tile, int64_t part, int64_t parts,
                                 int32_t instruction_set)
{
    const Layer *last = &run->layers[run->layer_count - 1];
    int64_t from = part_begin(tile->rows, 4, part, parts);
    int64_t to = part_begin(tile->rows, 4, part + 1, parts);
    for (int64_t r = from; r < to; r++)
        run->layers[0].read[r] = tile->inputs + (tile->first + r) * run->layers[0].inputs;
    forward(run->layers, run->layer_count, from, to, -1, instruction_set);
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
    forward(run->layers, run->layer_count, from, to, -1, instruction_set);
    row_losses(run, from, to, instruction_set);
    return FINISHED;
}

/* Forward, and back as far as the deltas. */
INLINE int32_t train_rows_body(Run *run, const Tile *tile, int64_t part, int64_t parts,
                               int32_t instruction_set)
{
    Layer *last = &run->layers[run->layer_count - 1];
    int64_t from = part_begin(tile->rows, 4, part, parts);
    int64_t to = part_begin(tile->rows, 4, part + 1, parts);
    gather(run, tile, from, to);
    forward(run->layers, run->layer_count, from, to, tile->first, instruction_set);
    row_losses(run, from, to, instruction_set);
    for (int64_t r = from; r < to; r++)
        CHOICE(output_deltas_of)(run->loss, last->activation, last->z + r * last->stride,
                                 last->y + r * last->stride, run->tile_targets[r],
                                 run->tile_weights[r], tile->divisor,
                                 last->deltas + r * last->stride, last->units);
    backward(run->layers, run->layer_count, from, to, tile->first, instruction_set);
    return FINISHED;
}

/* All weights stand in one array: a part is a piece of it, up to whole blocks of inputs.  This is
   the first input of a layer that belongs to the part or to a later one. */
INLINE int64_t first_input(const Run *run, const Layer *layer, int64_t block, int64_t part,
                           int64_t parts)
{
    int64_t place = run->parameter_count * part / parts - (layer->weights - run->parameters);
    int64_t k = place <= 0 ? 0 : ((place - 1) / layer->stride / block + 1) * block;
    return k < layer->inputs ? k : layer->inputs;
}

INLINE int32_t pack_weights_body(Run *run, const Tile *tile, int64_t part, int64_t parts,
                                 int32_t instruction_set)
{
    (void)tile, (void)instruction_set;
    for (int64_t place = 1; place < run->layer_count; place++) {
        const Layer *layer = &run->layers[place];
        int64_t from = first_input(run, layer, 8, part, parts);
        int64_t to = first_input(run, layer, 8, part + 1, parts);
        pack(layer->weights, layer->stride, from, to, layer->units, layer->packed);
    }
    return FINISHED;
}

INLINE int32_t add_gradients_body(Run *run, const Tile *tile, int64_t part, int64_t parts,
                                  int32_t instruction_set)
{
    for (int64_t place = run->layer_count - 1; place >= 0; place--) {
        const Layer *layer = &run->layers[place];
        int64_t from = first_input(run, layer, 12, part, parts);
        int64_t to = first_input(run, layer, 12, part + 1, parts);
        if (from < to)
            layer_gradients(layer, from, to, tile->rows, tile->first, tile->step,
                            instruction_set);
        if (from < to && to == layer->inputs && layer->has_biases) {
            if (tile->first == 0)
                memset(layer->bias_gradients, 0, (size_t)layer->stride * sizeof(double));
            bias_gradients(layer, tile->rows);
        }
    }
    return FINISHED;
}

INLINE int32_t take_step_body(Run *run, const Tile *tile, int64_t part, int64_t parts,
                              int32_t instruction_set)
{
    (void)tile, (void)instruction_set;
    optimizer_step(run, part_begin(run->parameter_count, 8, part, parts),
                   part_begin(run->parameter_count, 8, part + 1, parts));
    return FINISHED;
}
