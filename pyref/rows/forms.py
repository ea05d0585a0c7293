"""The answer for rows, in the form that the rows had.

Lists come back for lists, and one flat array('d') for flat buffers, or array('f') for those that a
network of single precision has read in place.  A two-dimensional array of NumPy comes back as one;
a table of pandas or polars as a table, whose columns are named and which has the index of the rows
(polars has none).  These libraries are never imported: whoever hands over one of their objects has
done that.
"""

import sys
from typing import Any, Callable, List, Optional

from .data import Table
from .precision import in_precision

TABLES = ("DataFrame", "Series")  # of pandas and polars


def library_of(data: Any) -> Optional[str]:
    """"numpy", "pandas" or "polars" for a two-dimensional array or a table of theirs, else None."""
    for kind in type(data).__mro__:  # a class of the user's own may be derived from theirs
        library = kind.__module__.partition(".")[0]
        if library == "numpy" and kind.__name__ == "ndarray":
            return library if data.ndim == 2 else None
        if library in ("pandas", "polars") and kind.__name__ in TABLES:
            return library
    return None


def in_the_form_of(
    data: Any, rows: Table, outputs: Table, names: Callable[[], List[str]]
) -> Any:
    """`outputs`, in the form of `data`, of which `rows` were made; `names` are its columns'."""
    library = library_of(data)
    if library is None:
        return outputs.lists() if rows.form is None else in_precision(outputs.flat(), rows.form)
    if library == "polars":
        return sys.modules[library].DataFrame(outputs.lists(), schema=names(), orient="row")
    numpy = sys.modules["numpy"]  # on which pandas is built
    flat = in_precision(outputs.flat(), rows.form or "d")
    numbers = numpy.frombuffer(flat, rows.form or "d").reshape(outputs.count, outputs.width)
    if library == "numpy":
        return numbers
    return sys.modules[library].DataFrame(numbers, index=data.index, columns=names())


def answers_in_the_form_of(data: Any, answers: List[Any], name: Optional[str]) -> Any:
    """One answer for each row: a list; for an array of NumPy an array, unless the answers are lists
    themselves; for a table a Series, called `name`."""
    library = library_of(data)
    if library == "numpy" and not isinstance(answers[0], list):
        return sys.modules[library].array(answers)
    if library == "pandas":
        return sys.modules[library].Series(answers, index=data.index, name=name)
    if library == "polars":
        return sys.modules[library].Series(name or "", answers)
    return answers
