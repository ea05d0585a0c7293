"""How help is set, and the lists of names at the end of the help texts."""
