"""Model files and run files: JSON that a person can read, with every bit of every number."""
