"""The formats that tables come in: one small reader for each, chosen by what is in a file and not
by what it is called."""

from contextlib import contextmanager
from typing import Iterator

from ..sources import Source
from ..streams import InUtf8, Stream, opened
from .arff import Attributes, is_arff
from .databases import PARQUET, SQLITE, Database, Parquet
from .delimited import Delimited
from .idx import Images, is_idx
from .numpy_arrays import ARCHIVE, MARK, from_archive, one_array
from .others import refuse_other
from .patterns import Fann, Proben1, is_fann, is_proben1
from .reader import Reader


@contextmanager
def opened_reader(source: Source) -> Iterator[Reader]:
    """A reader of the table in a source.  Raises ValueError for what is no table."""
    with opened(source) as stream:
        try:
            yield reader_of(stream, source)
        except ValueError as error:
            if str(error).startswith(source.name):
                raise
            raise ValueError(f"{source.name}: {error}") from None


def reader_of(stream: Stream, source: Source) -> Reader:
    head = stream.head
    if head.startswith(SQLITE):
        return Database(source)
    if head.startswith(PARQUET):
        return Parquet(source)
    if head.startswith(ARCHIVE):
        return from_archive(source)
    if source.part is not None:
        raise ValueError(
            f"{source.name}: only databases and archives of arrays have parts to name after ?"
        )
    if head.startswith(MARK):
        return one_array(stream, source)
    if is_idx(head):
        return Images(stream, source)
    refuse_other(head)
    if source.encoding is not None:
        stream = Stream(InUtf8(stream, source))
        head = stream.head
    if is_arff(head):
        return Attributes(stream, source)
    if source.separator is None and is_proben1(head):
        return Proben1(stream, source)
    if source.separator is None and is_fann(head):
        return Fann(stream, source)
    return Delimited(stream, source)
