/* Matrices in panels of eight columns: see run.h. */

/* Where row i of column j stands, in panels of so many rows. */
INLINE int64_t at(int64_t height, int64_t i, int64_t j)
{
    return ((j >> 3) * height + i) * 8 + (j & 7);
}

INLINE int64_t panels_of(int64_t columns) { return (columns + 7) >> 3; }

INLINE int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* Copies a row into panels, or out of them; `panels` points to its first number there. */
INLINE void row_in(const double *row, double *panels, int64_t height, int64_t columns)
{
    for (; columns >= 8; columns -= 8, row += 8, panels += 8 * height)
        memcpy(panels, row, 8 * sizeof(double));
    for (int64_t j = 0; j < columns; j++)
        panels[j] = row[j];
}

INLINE void row_out(const double *panels, double *row, int64_t height, int64_t columns)
{
    for (; columns >= 8; columns -= 8, row += 8, panels += 8 * height)
        memcpy(row, panels, 8 * sizeof(double));
    for (int64_t j = 0; j < columns; j++)
        row[j] = panels[j];
}

/* The row as an array: where it stands, if one panel holds it, else a copy. */
INLINE const double *row_of(const double *panels, double *copy, int64_t height, int64_t columns)
{
    if (columns <= 8)
        return panels;
    row_out(panels, copy, height, columns);
    return copy;
}

/* Sets to 0 what lies beyond the last column, in the rows from `from` to before `to`. */
INLINE void clear_beyond(double *panels, int64_t height, int64_t from, int64_t to, int64_t columns)
{
    for (int64_t j = columns; j < 8 * panels_of(columns); j++)
        for (int64_t r = from; r < to; r++)
            panels[at(height, r, j)] = 0.0;
}
