"""What users hand over, turned into rows of numbers; what is wrong with it, said with its place.

Accepted are lists (or tuples) of rows, a flat list of numbers where rows have one column, and any
object with the buffer protocol (array.array, memoryview, NumPy arrays) or that offers one through
`to_numpy` or `__array__` (pandas, polars; of columns of several kinds, too, as long as they hold
numbers and truth values without gaps).  C-contiguous doubles are used in place by the C engine, and
so are floats of single precision by a network that keeps its numbers so, unless they stand at odd
addresses.
"""

from array import array
from typing import Any, Sequence

from .arrays import Buffer, Floats, View
from .data import Table
from .packing import packed
from .scanning import first_not_finite, is_aligned

REAL_KINDS = ("b", "i", "u", "f")  # of NumPy's arrays, which convert themselves fastest


def table(what: str, data: Any, width: int, precision: str = "double") -> Table:
    """`data` as a Table of rows with `width` columns; `what` names it in messages.

    The numbers are doubles; of single precision only where that is the `precision` and they are so
    already.

    Raises TypeError for objects that are no rows of numbers, ValueError for numbers that do not
    fit: another number of columns, no rows, NaN or infinity.
    """
    if type(data) not in (list, array):  # which nothing else is to be asked of
        refuse_masked(what, data)
        refuse_unfinished(what, data)
        given, data = data, offered_array(data)
        kind = getattr(getattr(data, "dtype", None), "kind", None)
        if kind in REAL_KINDS:
            is_single = precision == "single" and data.dtype == "float32"
            data = data.astype("float32" if is_single else "float64", order="C", copy=False)
        elif kind == "O" and data is not given:
            return table_of_objects(what, data, width)
    if isinstance(data, (list, tuple)):
        made = table_of_lists(what, data, width)
    elif isinstance(data, (str, bytes)):
        raise TypeError(f"{what}: rows of numbers are needed, not {type(data).__name__}")
    else:
        try:
            view: View = memoryview(data)
        except (TypeError, ValueError, BufferError):
            raise TypeError(
                f"{what}: lists of rows or a buffer of numbers are needed, "
                f"not {type(data).__name__}"
            ) from None
        made = table_of_buffer(what, view, width, precision)
    if made.count == 0:
        raise ValueError(f"{what}: there are no rows")
    return made


def refuse_masked(what: str, data: Any) -> None:
    """Of NumPy's masked arrays: their buffer holds the numbers that are masked, too."""
    if hasattr(data, "mask") and hasattr(data, "filled"):
        raise TypeError(
            f"{what}: a masked array found; the numbers behind its mask would count. Give one "
            "without a mask: filled(number), or only the rows that are whole"
        )


def refuse_unfinished(what: str, data: Any) -> None:
    """Of what would be rows of numbers after one more call of its own."""
    if hasattr(data, "toarray") and hasattr(data, "nnz"):  # as SciPy's
        raise TypeError(f"{what}: a sparse matrix found; give all of its numbers: toarray()")
    if hasattr(data, "collect") and hasattr(data, "lazy"):  # as polars' LazyFrame
        raise TypeError(f"{what}: a lazy table found; give its rows: collect()")


def plain_list(values: Any) -> Sequence[Any]:
    """What is in a list or tuple, or the like: the thing itself, or a list of all that it gives,
    whatever it says of its length."""
    return values if type(values) in (list, tuple) else [value for value in values]


def offered_array(data: Any) -> Any:
    """Objects such as pandas' say how to turn them into an array; a list or tuple is a plain one
    then."""
    if isinstance(data, (list, tuple)):
        return plain_list(data)
    if isinstance(data, (str, bytes, array, memoryview)):
        return data
    for name in ("to_numpy", "__array__"):
        offer = getattr(data, name, None)
        if offer is not None:
            return offer()
    return data


def table_of_lists(what: str, rows: Sequence[Any], width: int) -> Table:
    if rows and width == 1 and not is_row(rows[0]):
        rows = [(value,) for value in rows]
    flat = array("d")
    for place, row in enumerate(rows):
        if not is_row(row):
            hint = f"; one row alone is {[list(rows)]!r:.60}" if len(rows) == width > 1 else ""
            raise TypeError(
                f"{what}, row {place}: a list of {width} numbers is needed, not {row!r:.40}{hint}"
            )
        try:
            flat.frombytes(packed(row if type(row) is list else [value for value in row]))
        except (TypeError, OverflowError):
            flat.extend(
                [number_at(what, place, column, value) for column, value in enumerate(row)]
            )
        found = len(flat) - place * width
        if found != width:
            raise ValueError(f"{what}, row {place}: {found} numbers found, {width} are needed")
    refuse_not_finite(what, flat, width)
    made = Table(len(flat) // width, width, None, flat)
    made.form = None
    return made


def table_of_objects(what: str, rows: Any, width: int) -> Table:
    """Of an array that a table offered whose columns differ in kind, or may have gaps: numbers and
    truth values are taken, one by one."""
    try:
        return table_of_lists(what, rows.tolist(), width)
    except TypeError as error:
        raise TypeError(
            f"{error}; words and gaps have to become numbers first (in pandas by get_dummies and "
            "fillna), or `pyref train` learns from the table as it is"
        ) from None


def is_row(row: object) -> bool:
    return isinstance(row, (list, tuple, array, memoryview)) or (
        hasattr(row, "__len__")
        and hasattr(row, "__iter__")
        and not isinstance(row, (str, bytes, bytearray, dict, set))
    )


def number_at(what: str, place: int, column: int, value: Any) -> float:
    if not isinstance(value, (str, bytes)):
        try:
            return float(value)
        except OverflowError:
            raise ValueError(
                f"{what}, row {place}, column {column}: {value!r:.40} is too large for a float"
            ) from None
        except (TypeError, ValueError):
            pass
    raise TypeError(f"{what}, row {place}, column {column}: a number is needed, not {value!r:.40}")


def refuse_not_finite(what: str, flat: Buffer, width: int) -> None:
    place = first_not_finite(flat)
    if place >= 0:
        raise ValueError(
            f"{what}, row {place // width}, column {place % width}: {flat[place]!r} found, "
            "a finite number is needed"
        )


def table_of_buffer(what: str, view: View, width: int, precision: str) -> Table:
    shape = view.shape or (1,)
    columns = shape[-1] if len(shape) == 2 else width
    if len(shape) > 2 or columns != width:
        raise ValueError(f"{what}: an array of shape {shape} found, {width} columns are needed")
    size = 1
    for length in shape:
        size *= length
    if size % width:
        raise ValueError(
            f"{what}: a flat buffer of {size} numbers cannot be split into rows of {width}"
        )
    code = view.format.lstrip("@=")
    native = code == "d" or code == "f" and precision == "single"
    if native and view.c_contiguous and view.itemsize == array(code).itemsize:
        flat: Buffer = view
        if view.ndim != 1 or view.format != code:
            flat = view.cast("B").cast("f" if code == "f" else "d") if view.nbytes else array(code)
        if not is_aligned(flat):
            flat = array(code, flat.tobytes())
    else:
        flat = converted(what, view)
    refuse_not_finite(what, flat, width)
    return Table(size // width, width, None, flat)


def converted(what: str, view: View) -> Floats:
    """A copy as doubles, of whatever numbers and strides."""
    try:
        values: Any = view.tolist()
        if view.ndim > 1:
            values = [value for row in values for value in row]
        return array("d", values)
    except (NotImplementedError, TypeError, ValueError):
        hint = "; gaps, such as pandas' NA, have to be filled first" if view.format == "O" else ""
        raise TypeError(
            f"{what}: a buffer of numbers is needed, not one of format {view.format!r}{hint}"
        ) from None
