"""Tables of data: reading them, choosing the task, preparing columns, scaling, splitting.

In reading order: sources (where a table comes from), streams (its bytes), formats/ (a reader for
each form that tables have), cells (from a field to a number, a gap or a word), columns (all cells
in memory), layout (which columns are what), table (a whole file), kinds (what each column can be
used for), targets (classes, labels or numbers to learn), preparation (from columns to inputs),
fitting (what decides that), raw_rows (those of a caller), examples, splitting, scaling, passes
(what takes the time, and an engine can do faster).  Nothing here computes with a network.
"""
