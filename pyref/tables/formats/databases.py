"""Tables whose cells have types: SQLite databases, and Parquet files by pyarrow."""

from typing import Any, Iterator, List, Sequence

from ..columns import Columns
from ..sources import DATABASE, Source
from .reader import Reader

SQLITE = b"SQLite format 3\0"
PARQUET = b"PAR1"
ROWS = 4096


class Values(Reader):
    """`blocks` gives columns of Python's values, rows after rows."""

    def __init__(self, source: Source, names: Sequence[str]) -> None:
        super().__init__(source.name)
        self.has_names, self.first = True, list(names)

    def blocks(self, places: List[int]) -> Iterator[List[Sequence[Any]]]:
        raise NotImplementedError

    def fill(self, columns: Columns, places: List[int], with_first: bool) -> None:
        for block in self.blocks(places):
            columns.add_values([list(map(plain_value, values)) for values in block])
        if not columns.rows:
            self.refuse("the table is empty")


def plain_value(value: Any) -> Any:
    """A number, a text or None."""
    if value is None or type(value) in (float, int, str):
        return value
    from datetime import date, time
    from decimal import Decimal

    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (date, time)):
        return str(value)
    return value


class Database(Values):
    """Opened read-only; `source.part` is a table or a query."""

    def __init__(self, source: Source) -> None:
        import sqlite3
        from pathlib import Path

        if source.path is None:
            raise ValueError(f"{source.name}: a database cannot be read from a pipe; give its path")
        self._error = sqlite3.Error
        where = f"{Path(source.path).resolve().as_uri()}?mode=ro"
        try:
            self._connection = sqlite3.connect(where, uri=True)
            query = self.query(source)
            self._rows = self._connection.execute(query)
        except sqlite3.Error as error:
            raise ValueError(f"{source.name}: {error}") from None
        super().__init__(source, [column[0] for column in self._rows.description])

    def query(self, source: Source) -> str:
        tables = [name for (name,) in self._connection.execute(
            "select name from sqlite_master where type in ('table', 'view') "
            "and name not like 'sqlite!_%' escape '!' order by name"
        )]
        part = source.part
        if part is not None and part.lstrip().lower().startswith(("select ", "with ", "select\n")):
            return part
        if part is None and len(tables) == 1:
            part = tables[0]
        if part is None or part not in tables:
            asked = "" if part is None else f"no table {part!r}; "
            raise ValueError(
                f"{source.name}: {asked}its tables are {', '.join(tables) or 'none'}: say which, "
                f"as in '{DATABASE}{source.path}?{tables[0] if tables else 'TABLE'}' or "
                f"'{DATABASE}{source.path}?select …'"
            )
        name = part.replace('"', '""')
        return f'select * from "{name}"'

    def blocks(self, places: List[int]) -> Iterator[List[Sequence[Any]]]:
        while True:
            try:
                rows = self._rows.fetchmany(ROWS)
            except self._error as error:
                self.refuse(str(error))
            if not rows:
                self._connection.close()
                return
            columns = list(zip(*rows))
            yield [columns[place] for place in places]


class Parquet(Values):
    def __init__(self, source: Source) -> None:
        if source.path is None:
            raise ValueError(f"{source.name}: Parquet cannot be read from a pipe; give its path")
        try:
            from pyarrow.parquet import ParquetFile
        except ImportError:
            raise ValueError(
                f"{source.name}: this is a Parquet file, which needs pyarrow: pip install pyarrow"
            ) from None
        self._file = ParquetFile(source.path)
        super().__init__(source, self._file.schema_arrow.names)

    def blocks(self, places: List[int]) -> Iterator[List[Sequence[Any]]]:
        for batch in self._file.iter_batches(batch_size=ROWS):
            yield [batch.column(place).to_pylist() for place in places]
