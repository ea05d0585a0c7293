"""Writing a file whole or not at all."""

import os
from typing import Union

Path = Union[str, "os.PathLike[str]"]


def write_text(path: Path, text: str) -> None:
    """Write to a temporary name beside `path` and rename: a crash leaves the old file."""
    path = os.path.realpath(path)
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        with open(temporary, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        try:
            os.remove(temporary)
        except OSError:
            pass
        raise
