"""Many trainings: recipes whose options have several values, by several seeds, over folds or not;
the file in which each stands as a line, what they say together, and some of them again."""
