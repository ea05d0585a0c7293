"""The files that commands read and write: models and runs are asked for by what they are, names of
files are made, and what is there already is cared for."""

import os
import re
import tempfile
from typing import Optional

from ..engine import backend as engines
from ..files import model_file, run_file
from ..network import Network
from ..tables.sources import Source
from ..trainer import Trainer


def model_path(source: Source, wanted: Optional[str], resumed: Optional[str]) -> str:
    """-o, or a name beside the run file that is gone on with, or beside the data (in the current
    folder for built-in sets and stdin)."""
    if wanted or not resumed:
        return wanted or source.stem + ".model.json"
    ending = next(end for end in (".run.json", ".json", "") if resumed.endswith(end))
    return resumed[: len(resumed) - len(ending)] + ".model.json"


def run_path(model: str) -> str:
    """
    >>> run_path("iris.model.json"), run_path("my/net")
    ('iris.run.json', 'my/net.run.json')
    """
    for ending in (".model.json", ".json"):
        if model.endswith(ending) and model != ending:
            model = model[: -len(ending)]
            break
    return model + ".run.json"


def check(path: str, kind: str) -> None:
    """Before any work begins: whether a file of this kind may be written here.

    Raises ValueError where the folder is missing, or where another file is in the way.
    """
    if path == "-":
        raise ValueError(
            f"-o -: a {kind.split()[-1]} is written to a file, not to standard output; ./- is a "
            "file called -"
        )
    import json  # noqa: F401  what it is written with, which the smallest Pythons lack

    check_folder(path)
    if os.path.isdir(path):
        raise ValueError(f"{path}: this is a folder; -o needs the name of a file")
    if os.path.lexists(path) and not is_one_of_ours(path, kind):
        raise ValueError(
            f"{path}: there is a file of this name, and it is no {kind} file; "
            "it is left alone: choose another name with -o"
        )


def check_folder(path: str) -> None:
    """Tries it out: a folder may also refuse those who have the right to write there."""
    folder = os.path.dirname(os.path.realpath(path))
    if not os.path.isdir(folder):
        raise ValueError(f"{path}: there is no folder {folder}")
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ValueError(
            f"{path}: the folder {folder} cannot be written to ({error.strerror})"
        ) from None


def check_output(option: str, path: str, *used: Optional[str]) -> None:
    """Likewise for a table, which may take the place of another file, but of none that is used."""
    check_folder(path)
    if os.path.isdir(path):
        raise ValueError(f"{path}: this is a folder; {option} needs the name of a file")
    if os.path.lexists(path) and not os.path.isfile(path):
        raise ValueError(
            f"{path}: this is no regular file; {option} needs the name of one"
        )
    for other in used:
        if other and is_same(path, other):
            raise ValueError(f"{path}: this is also {other}, which must not be overwritten")


def is_same(path: str, other: str) -> bool:
    """Whether both are names of one file, which may not be there yet."""
    if os.path.exists(path) and os.path.exists(other):
        return os.path.samefile(path, other)
    return os.path.realpath(path) == os.path.realpath(other)


def is_one_of_ours(path: str, kind: str) -> bool:
    """Whether the file begins as pyref's files of this kind do; it may be damaged further on."""
    if not os.path.isfile(path):
        return False
    with open(path, encoding="utf-8", errors="replace") as file:
        return re.match(rf'\s*{{\s*"format"\s*:\s*"{kind}"', file.read(200)) is not None


def model_in(path: str) -> Network:
    needed = "a model file, as pyref train writes it, is needed"
    refuse_no_file(path, needed)
    if is_one_of_ours(path, run_file.KIND):
        raise ValueError(
            f"{path}: this is a run file, from which pyref train DATA --resume {path} goes on; "
            f"{needed}: it was written with the run"
        )
    return Network.load(path)


def run_in(path: str, backend: str) -> Trainer:
    needed = "a run file, as pyref train --checkpoint-every N writes it, is needed"
    refuse_no_file(path, needed)
    if is_one_of_ours(path, model_file.KIND):
        raise ValueError(f"{path}: this is a model file, whose training cannot go on; {needed}")
    return Trainer.load(path, backend=engines.choose(backend))


def refuse_no_file(path: str, needed: str) -> None:
    if os.path.isdir(path):
        raise ValueError(f"{path}: this is a folder; {needed}")
    if not os.path.exists(path):
        raise ValueError(f"{path}: there is no such file; {needed}")
