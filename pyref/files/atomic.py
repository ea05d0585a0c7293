"""Writing a file whole or not at all."""

import os
import secrets
from typing import Union

Path = Union[str, "os.PathLike[str]"]


def write_text(path: Path, text: str) -> None:
    """Write to a temporary name beside `path` and rename: a crash leaves the old file.

    An OSError names `path` as it was given.
    """
    wanted = os.path.realpath(path)
    # A name that no crashed process can have left behind; process numbers come again.
    temporary = f"{wanted}.{secrets.token_hex(4)}.tmp"
    try:
        with open(temporary, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, wanted)
    except BaseException as error:
        try:
            os.remove(temporary)
        except OSError:
            pass
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, os.fspath(path)) from None
        raise
