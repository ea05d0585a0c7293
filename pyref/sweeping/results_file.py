"""The file of a sweep: JSON lines, the first of which says on what, each other one what came of a
run.

Whole lines are added as runs are done.  What a process that was killed had begun to write is taken
off before the next one goes on.  A run that stands twice has to have given the same bits.

data         the table, as it was named
sha256       of its numbers, as all rows prepare them
table        what pyref.read_table was told besides
folds        from 2, or null
The other members of the first line, and those of all others, are those of Ground and Result.
"""

import json
import os
from typing import Any, Dict, NamedTuple, NoReturn, Optional, Tuple

from ..files.atomic import write_text
from ..files.document import ModelFileError
from ..options.groups import TOLD
from ..reference.guard import SPECIFICATION
from ..tables.examples import RawExamples
from ..tables.layout import CLASSIFICATION, LABELS, REGRESSION
from ..version import VERSION
from .trainings import FOLD, TRAINING, VALIDATION, Result, Run

KIND = "pyref sweep"
FORMAT_VERSION = 1

TEXT, WHOLE, NUMBER, NONE = (str,), (int,), (float, int), type(None)
MEMBERS: Dict[str, Tuple[type, ...]] = {
    "recipe": TEXT, "seed": WHOLE, "fold": (int, NONE), "judged_by": TEXT, "learning_rows": WHOLE,
    "rows": WHOLE, "epochs": WHOLE, "kept": WHOLE, "loss": (float, int, NONE),
    "score": (float, int, NONE), "error": (float, int, NONE), "constant": (float, int, NONE),
    "diverged": (str, NONE), "seconds": NUMBER, "engine": TEXT, "digest": TEXT,
}
OF_GROUND: Dict[str, Tuple[type, ...]] = {
    "data": TEXT, "sha256": TEXT, "rows": WHOLE, "task": TEXT, "table": (dict,),
    "folds": (int, NONE),
}
ONE_OF = {"judged_by": (FOLD, VALIDATION, TRAINING), "task": (CLASSIFICATION, LABELS, REGRESSION)}


class Ground(NamedTuple):
    """What all runs of a file share."""

    data: str
    sha256: str
    rows: int
    task: str
    table: Dict[str, Any]
    folds: Optional[int]


def ground_of(table: RawExamples, folds: Optional[int]) -> Ground:
    digest = table.prepared().digest()
    return Ground(table.name, digest, table.rows, table.task, table.told, folds)


class ResultsFile:
    """Reads what is there, and adds to it; without a path, there is none."""

    def __init__(self, path: Optional[str]) -> None:
        self.path = path
        self.ground: Optional[Ground] = None
        self.results: Dict[Run, Result] = {}
        self.file: Any = None
        self.is_cut = False

    def read(self) -> None:
        """Raises ModelFileError, with the line, for what is no file of a sweep, or damaged."""
        assert self.path is not None
        with open(self.path, "rb") as file:
            whole = file.read()
        self.whole_lines = whole.rfind(b"\n") + 1  # bytes
        self.is_cut = self.whole_lines < len(whole)
        if whole and not self.whole_lines:
            raise ModelFileError(f"{self.path}: this is not a {KIND} file")
        places: Dict[Run, int] = {}
        for number, line in enumerate(whole[: self.whole_lines].splitlines(), 1):
            where = f"{self.path}, line {number}"
            if number == 1:
                self.ground = ground_from(line, where)
                continue
            result = Result(**checked(members_of(line, where), MEMBERS, where))
            other = self.results.setdefault(result.run, result)
            if other.digest != result.digest:
                raise ModelFileError(
                    f"{where}: the same run is in line {places[result.run]}, and its network has "
                    f"other bits there: {other.digest[:16]}… by the engine {other.engine!r}, "
                    f"{result.digest[:16]}… here by {result.engine!r}"
                )
            places.setdefault(result.run, number)

    def look(self, ground: Ground) -> None:
        """What is there already.  Raises ValueError where that is of another table or of other
        folds."""
        if self.path is None or not os.path.exists(self.path):
            return
        self.read()
        if self.ground is None:  # an empty file
            return
        for name in ("sha256", "rows", "task"):
            there, here = getattr(self.ground, name), getattr(ground, name)
            if there != here:
                what = f"of {self.ground.data}" if name == "sha256" else f"{name} {there}"
                raise ValueError(
                    f"{self.path}: the runs in this file are {what}, "
                    f"{'with other numbers' if name == 'sha256' else f'not {here}'}: choose "
                    "another file with -o"
                )
        if self.ground.folds != ground.folds:
            there, here = in_folds(self.ground.folds), in_folds(ground.folds)
            to_go_on = "leave --folds out" if self.ground.folds is None else f"go on {there}"
            raise ValueError(
                f"{self.path}: the runs in this file were made {there}, those of this sweep are "
                f"{here}: {to_go_on}, or choose another file with -o"
            )

    def begin(self, ground: Ground) -> None:
        """Get ready to add to what is there, or begin the file: which a sweep that cannot be leaves
        alone."""
        if self.path is None:
            return
        if self.ground is None or self.is_cut:
            self.look(ground)  # another process may have begun it meanwhile, or gone on
        if self.ground is None:
            self.ground = ground
            first = {"format": KIND, "format_version": FORMAT_VERSION,
                     "specification": SPECIFICATION, "pyref": VERSION, **ground._asdict()}
            write_text(self.path, line_of(first))
        if self.is_cut:
            os.truncate(self.path, self.whole_lines)
        self.file = open(self.path, "ab")  # so that two processes do not write over each other

    def add(self, result: Result) -> None:
        self.results[result.run] = result
        if self.file is not None:
            self.file.write(line_of(result._asdict()).encode("ascii"))
            self.file.flush()

    def close(self) -> None:
        if self.file is not None:
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()


def in_folds(folds: Optional[int]) -> str:
    return "without --folds" if folds is None else f"with --folds {folds}"


def line_of(members: Dict[str, Any]) -> str:
    return json.dumps(members, allow_nan=False) + "\n"


def members_of(line: bytes, where: str) -> Dict[str, Any]:
    try:
        members = json.loads(line)
    except (ValueError, RecursionError) as error:
        refuse(where, f"this is no JSON ({error})")
    if not isinstance(members, dict):
        refuse(where, f"an object is needed, not {members!r:.40}")
    return members


def ground_from(line: bytes, where: str) -> Ground:
    if KIND.encode("ascii") not in line:
        raise ModelFileError(f"{where}: this is not a {KIND} file, whose first line says so")
    members = members_of(line, where)
    if members.get("format") != KIND:
        raise ModelFileError(f"{where}: this is not a {KIND} file, whose first line says so")
    version = members.get("format_version")
    if version != FORMAT_VERSION:
        raise ModelFileError(
            f"{where}: format_version: this pyref reads {FORMAT_VERSION}, not {version!r:.40}: a "
            "newer pyref can"
        )
    if members.get("specification") != SPECIFICATION:
        raise ModelFileError(
            f"{where}: specification: its runs are of {members.get('specification')!r:.40}, this "
            f"pyref computes by {SPECIFICATION}, which gives other bits"
        )
    ground = Ground(**checked(members, OF_GROUND, where))
    for name in ground.table:
        if name not in TOLD:
            refuse(where, f"table: {name!r:.40} is nothing that a table is read by")
    return ground


def checked(
    members: Dict[str, Any], kinds: Dict[str, Tuple[type, ...]], where: str
) -> Dict[str, Any]:
    """Those that are known; what others a newer pyref may have is passed over."""
    found: Dict[str, Any] = {}
    for name, kind in kinds.items():
        if name not in members:
            refuse(where, f"{name}: it is missing")
        value = found[name] = members[name]
        wrong = not isinstance(value, kind) or isinstance(value, bool)
        if wrong or value not in ONE_OF.get(name, (value,)):
            refuse(where, f"{name}: this cannot be {value!r:.40}")
    return found


def refuse(where: str, what: str) -> NoReturn:
    raise ModelFileError(f"{where}: {what}; the file is damaged")
