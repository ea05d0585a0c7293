"""Tables of data: reading them, choosing the task, scaling, splitting.

In reading order: sources (where a table comes from), records (from bytes to fields), cells (from a
field to a number), layout (which columns are what), tables (the numbers of a whole file), targets
(classes, labels or numbers to learn), examples, splitting, scaling.  Nothing here computes with a
network.
"""
