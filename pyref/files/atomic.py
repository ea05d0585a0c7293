"""Writing a file whole or not at all."""

import errno
import os
import secrets
import stat
from typing import Union

Path = Union[str, "os.PathLike[str]"]


def write_text(path: Path, text: str) -> None:
    """Write to a temporary name beside `path` and rename: a crash leaves the old file.

    The new one has the old one's permissions.  An OSError names `path` as it was given; it is
    raised, too, for a device or a pipe, which a file would take the place of.
    """
    wanted = os.path.realpath(path)
    mode = os.stat(wanted).st_mode if os.path.exists(wanted) else None
    if mode is not None and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise OSError(errno.EINVAL, "this is no file, but a device or a pipe", os.fspath(path))
    # A name that no crashed process can have left behind; process numbers come again.
    temporary = f"{wanted}.{secrets.token_hex(4)}.tmp"
    try:
        with open(temporary, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            if mode is not None:
                os.chmod(temporary, stat.S_IMODE(mode))
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
