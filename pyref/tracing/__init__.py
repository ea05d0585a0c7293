"""One training step with every number: what the functions of the reference took and gave.

trace (its form, and how one is made), watching (which functions are watched, and what is kept of
them), of_example (a step that was published), of_model (the next step of a model on a row).

Nothing is computed here: the Python engine's own step is taken, and watched.
"""
