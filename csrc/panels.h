/* Matrices in panels of WIDTH columns (run.h says why): where a number stands, and blocks. */

INLINE int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* Where row i of column j stands, in panels of so many rows. */
INLINE int64_t at(int64_t height, int64_t i, int64_t j)
{
    return ((j >> SHIFT) * height + i) * WIDTH + (j & (WIDTH - 1));
}

INLINE int64_t panels_of(int64_t columns) { return (columns + WIDTH - 1) >> SHIFT; }

/* A part of a matrix whose panels have `height` rows: the rows from `top` to before `bottom`, the
   columns from `left`, where a panel begins, to before `right`. */
typedef struct { int64_t height, top, bottom, left, right; } Block;

INLINE Block block_of(int64_t height, int64_t top, int64_t bottom, int64_t left, int64_t right)
{
    Block block = {height, top, bottom, left, right};
    return block;
}

/* Where its first number stands. */
INLINE int64_t begin_of(Block block) { return at(block.height, block.top, block.left); }

/* So many numbers, which fill whole vectors: said again where compilers shall see it.  What they
   made for numbers that are left over was half of the code of such loops. */
#define WHOLE(count) ((count) & -(int64_t)LANES)

/* Where numbers stand that are treated alike, each by itself: `blocks` runs of `numbers` each, from
   the beginning of one to that of the next `apart`.  What lies beyond the last column of a panel is
   treated like the rest, so that nothing is left over that would not fill a vector. */
typedef struct { int64_t blocks, numbers, apart; } Area;

INLINE Area area_of(Block block)
{
    Area area = {panels_of(block.right) - (block.left >> SHIFT), WIDTH * (block.bottom - block.top),
                 WIDTH * block.height};
    return area;
}

#define EACH_NUMBER(area)                                                                 \
    for (int64_t b = 0; b < (area).blocks; b++)                                           \
        for (int64_t n = 0, i = b * (area).apart; n < WHOLE((area).numbers); n++, i++)

/* Copies a row into panels, or out of them; `panels` points to its first number there. */
INLINE void row_in(const number *row, number *panels, int64_t height, int64_t columns)
{
    for (; columns >= WIDTH; columns -= WIDTH, row += WIDTH, panels += WIDTH * height)
        memcpy(panels, row, WIDTH * sizeof(number));
    for (int64_t j = 0; j < columns; j++)
        panels[j] = row[j];
}

INLINE void row_out(const number *panels, number *row, int64_t height, int64_t columns)
{
    for (; columns >= WIDTH; columns -= WIDTH, row += WIDTH, panels += WIDTH * height)
        memcpy(row, panels, WIDTH * sizeof(number));
    for (int64_t j = 0; j < columns; j++)
        row[j] = panels[j];
}

/* The row as an array of doubles: where it stands, if one panel holds it, else a copy. */
INLINE const double *row_of(const number *panels, double *copy, int64_t height, int64_t columns)
{
#if !SINGLE
    if (columns <= WIDTH)
        return panels;
#endif
    for (int64_t j = 0; j < columns; j += WIDTH, panels += WIDTH * height)
        for (int64_t l = 0; l < WIDTH; l++)
            copy[j + l] = panels[l];
    return copy;
}

/* And back into panels, rounded. */
INLINE void rounded_row_in(const double *row, number *panels, int64_t height, int64_t columns)
{
    for (int64_t j = 0; j < columns; j++)
        panels[at(height, 0, j)] = (number)row[j];
}

/* Sets to 0 what lies beyond the last column, in the rows of a block that reaches to it. */
INLINE void clear_beyond(number *panels, Block block)
{
    for (int64_t j = block.right; j < WIDTH * panels_of(block.right); j++)
        for (int64_t r = block.top; r < block.bottom; r++)
            panels[at(block.height, r, j)] = 0;
}

/* Between the order of the reference's `parameters` and panels: from layer to layer, weights row by
   row, then biases. */
INLINE void parameters_in_panels(const Run *run, number *flat, number *panels, int into_panels)
{
    for (int64_t place = 0; place < run->layer_count; place++) {
        const Layer *layer = &run->layers[place];
        number *of_layer = panels + (layer->weights - run->parameters);
        for (int64_t k = 0; k < layer->inputs + (layer->has_biases != 0); k++) {
            number *row = k < layer->inputs ? of_layer + WIDTH * k
                                            : panels + (layer->biases - run->parameters);
            int64_t height = k < layer->inputs ? layer->inputs : 1;
            if (into_panels)
                row_in(flat, row, height, layer->units);
            else
                row_out(row, flat, height, layer->units);
            flat += layer->units;
        }
    }
}
