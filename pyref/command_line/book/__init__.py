"""The reference as a book, for `pyref read`: its chapters, and the mirror in C beside them."""
