"""What all readers have in common: the one interface behind which formats stand."""

from typing import Any, List, NoReturn, Optional, Sequence, Set, Tuple

from ..columns import Columns


class Reader:
    """A table that was opened.

    `first` is its first row as texts, or the names of its columns: `has_names` says which, None
    where that has to be seen from it, and from some of the rows `below`.  `targets` are the places
    of the columns to learn, where the format tells; `categorical` those that it declares to be
    categories, whatever they hold.  `notes` tell what may have been misunderstood.
    """

    first: List[str]
    decimal = "."
    thousands = ""

    def __init__(self, name: str) -> None:
        self.name = name
        self.has_names: Optional[bool] = None
        self.targets: Optional[List[int]] = None
        self.categorical: Set[int] = set()
        self.below: List[List[str]] = []
        self.notes: List[str] = []

    @property
    def width(self) -> int:
        return len(self.first)

    def refuse(self, what: str) -> NoReturn:
        raise ValueError(f"{self.name}: {what}")

    def fill(self, columns: Columns, places: List[int], with_first: bool) -> None:
        """Put the cells of some columns into `columns`, in this order: those of all rows, the
        first of them only where it is a row."""
        raise NotImplementedError


def picked(rows: Sequence[Sequence[Any]], places: List[int]) -> List[Tuple[Any, ...]]:
    """Some columns of rows, by column."""
    columns = list(zip(*rows))
    return [columns[place] for place in places]
