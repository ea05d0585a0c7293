"""What may be said of a training: the options of the commands, which recipes in Python are written
in too, what their values may be, and what holds without them."""
