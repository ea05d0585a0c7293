"""What the commands ask: the options, what their values may be, and what holds without them."""
