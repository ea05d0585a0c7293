"""A Run whose long members wait to be made until somebody reads them.

The kernel keeps numbers side by side where Python has lists of them.  To make these takes longer
than the epoch that has changed the numbers, and hardly any callback looks at them.
"""

from typing import Any, Callable, Dict, List, Optional, Tuple

from ..reference.layer import Row, Rows
from ..reference.run import Run
from .arrays import Floats


class Late:
    """What `make(*given)` is, from when it is first asked for; nobody changes what is given."""

    def __init__(self, make: Callable[..., Any], *given: Any) -> None:
        self.make = make
        self.given: Optional[Tuple[Any, ...]] = given  # None: it is made

    def made(self) -> Any:
        given = self.given  # another thread may be making it, too
        if given is not None:
            self.value = self.make(*given)
            self.given = None
        return self.value


def late(name: str) -> Any:
    """A member that may be set to a Late, and reads as what that makes."""

    def read(run: Run) -> Any:
        value = vars(run)[name]
        return value.made() if isinstance(value, Late) else value

    def write(run: Run, value: Any) -> None:
        vars(run)[name] = value

    return property(read, write)


class LateRun(Run):
    """Whoever reads, compares, copies or pickles it finds what a Run has."""

    memory = late("memory")
    best = late("best")
    stream = late("stream")

    def waiting(self, name: str) -> Optional[Tuple[Any, ...]]:
        """What that member will be made of, unless it is made."""
        value = vars(self)[name]
        return value.given if isinstance(value, Late) else None

    @property
    def memory_count(self) -> int:
        """How many lists of lists its memory has."""
        flats, *_ = self.waiting("memory") or [self.memory]
        return len(flats)

    def __getstate__(self) -> Dict[str, Any]:
        return {name: getattr(self, name) for name in vars(self)}


def rows_of(flat: Floats, lengths: List[int]) -> Rows:
    """The numbers as new lists of these lengths."""
    rows: List[Row] = []
    first = 0
    for length in lengths:
        rows.append(flat[first : first + length].tolist())
        first += length
    return rows


def all_rows_of(flats: List[Floats], lengths: List[int]) -> List[Rows]:
    return [rows_of(flat, lengths) for flat in flats]
