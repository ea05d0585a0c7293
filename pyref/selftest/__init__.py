"""Whether this installation computes what every other one computes: the golden digests.

`golden.json` holds recipes, which say everything that decides the result of a small training, and
the SHA-256 of what comes out.  `recipes.py` trains them again, `write.py` writes the digests.
"""
