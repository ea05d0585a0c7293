"""Two engines for one computation: the Python reference, and the C kernel through a bridge."""
