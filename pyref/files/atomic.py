"""Writing a file whole or not at all, and meanwhile nothing that others may read."""

import errno
import os
import re
import stat
import time
from binascii import crc32  # zlib, which has it, too, is not in every Python
from typing import Any, Dict, Optional, Union

Path = Union[str, "os.PathLike[str]"]

# host, process and its start (hexadecimal), and something no other thread has
NAME = r"\.([0-9a-f]{8})\.([0-9a-f]+)\.([0-9a-f]+)\.[0-9a-f]{8}\.tmp"
LONGEST = 200  # bytes of the file's own name in that of a temporary one: most systems allow 255
LONG_AGO = 86400.0  # seconds; nothing takes as long to write


def write_text(path: Path, text: str) -> None:
    """As UTF-8, with a line feed at the ends of lines everywhere; see `write`."""
    write(path, text, {"mode": "x", "encoding": "utf-8", "newline": "\n"})


def write_bytes(path: Path, data: bytes) -> None:
    write(path, data, {"mode": "xb"})


def write(path: Path, content: Union[str, bytes], opened: Dict[str, Any]) -> None:
    """Write to a temporary name beside `path` and rename: a crash leaves the old file.

    The new one has the old one's permissions, or those that any new file gets here; until it is
    whole, only its owner can read it.  What processes that were killed have left beside this file
    is removed first.  An OSError names `path` as it was given; it is raised, too, for a device or
    a pipe, which a file would take the place of.
    """
    wanted = os.path.realpath(path)
    mode = os.stat(wanted).st_mode if os.path.exists(wanted) else None
    if mode is not None and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise OSError(errno.EINVAL, "this is no file, but a device or a pipe", os.fspath(path))
    remove_left_behind(wanted)
    temporary = new_name(wanted)
    try:
        if mode is None:
            mode = mode_of_new_files(temporary)
        with open(temporary, opener=for_its_owner, **opened) as file:
            file.write(content)
            file.flush()
            if os.stat(temporary).st_mode != mode:
                os.chmod(temporary, stat.S_IMODE(mode))
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


def for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def mode_of_new_files(temporary: str) -> int:
    """Asked of an empty file: to read the umask is to change it, for all threads."""
    with open(temporary, "x", encoding="utf-8") as file:
        mode = os.fstat(file.fileno()).st_mode
    os.remove(temporary)
    return mode


def new_name(wanted: str) -> str:
    number = os.getpid()
    parts = f"{host():08x}.{number:x}.{start_of(number) or 0:x}.{os.urandom(4).hex()}"
    return os.path.join(os.path.dirname(wanted), f"{stem(wanted)}.{parts}.tmp")


def stem(wanted: str) -> str:
    """The file's own name, or what stands for a long one."""
    name = os.path.basename(wanted)
    encoded = os.fsencode(name)
    return name if len(encoded) <= LONGEST else f"{name[:40]}.{crc32(encoded):08x}"


def host() -> int:
    """Where a process number means a process: this machine or, in it, this container."""
    name = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    try:
        numbers = os.readlink("/proc/self/ns/pid")
    except OSError:
        numbers = ""
    return crc32(f"{name} {numbers}".encode("utf-8", "surrogateescape"))


def start_of(number: int) -> Optional[int]:
    """When a process began, which tells it from others that have had its number; None where the
    system does not say."""
    try:
        with open(f"/proc/{number}/stat", "rb") as file:
            return int(file.read().rpartition(b")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return None


def remove_left_behind(wanted: str) -> None:
    """Remove temporary files of this file whose processes have died.  What cannot be is left."""
    folder, pattern = os.path.dirname(wanted), re.compile(re.escape(stem(wanted)) + NAME)
    try:
        found = [match for match in map(pattern.fullmatch, os.listdir(folder)) if match]
    except OSError:
        return
    for match in found:
        path = os.path.join(folder, match[0])
        try:
            age = time.time() - os.lstat(path).st_mtime
            if int(match[1], 16) == host() and not may_live(
                int(match[2], 16), int(match[3], 16), age
            ):
                os.remove(path)
        except OSError:
            pass


def may_live(number: int, start: int, age: float) -> bool:
    """Whether the process of this number and start (0: unknown) may still write a file that was
    last written `age` seconds ago."""
    if os.name == "nt" or not hasattr(os, "kill"):  # on Windows it would end the process
        return age < LONG_AGO
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        pass  # somebody else's
    found = start_of(number)
    if start and found is not None:
        return found == start
    return age < LONG_AGO
