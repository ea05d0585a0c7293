"""Where a table comes from: a file, standard input, a database, or a data set that comes with the
package.

The sets are CSV files in `pyref/datasets`:

iris     Fisher's 150 flowers ("The use of multiple measurements in taxonomic problems", Annals of
         Eugenics 7, 1936): four measurements in cm, three species.  The variant is Fisher's own
         table, as in R and scikit-learn; the copy at the UCI repository differs from it in the
         35th and the 38th row.
xor      The exclusive or of two bits, 4 rows.
parity4  Whether an odd number of four bits is 1, 16 rows.
moons    Two interleaved half circles of radius 1, 150 points each, the second one moved by
         (1, 0.5), with normal noise of deviation 0.15 on both coordinates.
spirals  The two intertwined spirals of Lang and Witbrock ("Learning to tell two spirals apart",
         1988), 97 points each: angle i·π/16, radius 6.5·(104 − i)/104, for i from 0 to 96.
"""

import os
import sys
from contextlib import nullcontext
from io import BytesIO
from typing import BinaryIO, ContextManager, NamedTuple, Optional

from .. import own_files
from ..guessing import closest, did_you_mean

BUILT_IN = ("iris", "xor", "moons", "spirals", "parity4")

DATABASE = "sqlite:"
# What a model beside the data is named without.
ENDINGS = (".csv", ".tsv", ".txt", ".npy", ".npz", ".arff", ".parquet", ".sqlite", ".db")
PACKED = (".gz", ".bz2", ".xz")


class Source(NamedTuple):
    """`name` is what messages call it; `stem` is how the names of files made from it begin.

    `part` says what of a file that holds several tables: a table, a query, names of arrays.  Where
    `header` (whether the first row holds the names), `separator` or `decimal` are None, they are
    found from what is written there.  `thousands` is the mark in whole numbers of more than three
    digits, where there is one; `encoding` that of a text which is not UTF-8.
    """

    name: str
    path: Optional[str]  # None: standard input
    stem: str
    part: Optional[str] = None
    header: Optional[bool] = None
    separator: Optional[str] = None
    decimal: Optional[str] = None
    thousands: Optional[str] = None
    encoding: Optional[str] = None

    def open(self) -> ContextManager[BinaryIO]:
        if self.path is None:
            if sys.stdin is None:
                raise ValueError("standard input is closed")
            return nullcontext(sys.stdin.buffer)  # not ours to close
        if self.name in BUILT_IN:
            return BytesIO(own_files.contents_of(file_of(self.name)))
        return open(self.path, "rb")


def file_of(built_in: str) -> str:
    return f"datasets/{built_in}.csv"


def find(data: str) -> Source:
    """The source that `data` names: "-", a built-in set, or a path; after a question mark, what of
    it: sqlite:FILE?TABLE, sqlite:FILE?select …, FILE.npz?x,y.

    A file that has the name of a built-in set is reached as ./iris.  Raises ValueError where there
    is no such file.

    >>> find("iris").stem, find("-").name
    ('iris', 'standard input')
    """
    if data == "-":
        return Source("standard input", None, "stdin")
    if data in BUILT_IN:
        return Source(data, own_files.path_of(file_of(data)), data)
    path, part = data, None
    if data.startswith(DATABASE):
        path, _, part = data[len(DATABASE) :].partition("?")
    elif "?" in data and not os.path.exists(data):
        path, _, part = data.partition("?")
    if os.path.isdir(path):
        raise ValueError(f"{path}: this is a folder, a CSV file is needed")
    if not os.path.exists(path):
        raise ValueError(
            f"{path}: there is no such file, and no built-in data set of that name "
            f"(these are {', '.join(BUILT_IN)}){did_you_mean(closest(path, BUILT_IN))}"
        )
    return Source(data, path, stem_of(path), part or None)


def stem_of(path: str) -> str:
    """
    >>> stem_of("a/houses.csv.gz"), stem_of("iris.data")
    ('a/houses', 'iris.data')
    """
    for endings in (PACKED, ENDINGS):
        stem, ending = os.path.splitext(path)
        if ending.lower() in endings:
            path = stem
    return path
