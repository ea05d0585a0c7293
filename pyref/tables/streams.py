"""The bytes of a source, unpacked where they are packed, which their first bytes say.

They are read and unpacked piece by piece, so that a small file that would unpack to more than fits
in memory is refused like any table of that size, and fills nothing before.
"""

import codecs
import sys
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Iterator, Tuple, Type

from .sources import Source

HEAD = 1 << 16  # bytes at the beginning, by which formats are told apart
BLOCK = 1 << 18
LONGEST_LINE = 1 << 26

# Modules that are loaded when they are needed: a Python may have been built without them.
PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\xfd7zXZ\x00": "lzma"}
DAMAGE = {"zlib": "error", "lzma": "LZMAError"}  # their own exceptions


class Stream:
    """A file with its first bytes in `head`; `read` gives them too."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.head = read_up_to(file, HEAD)
        self._rest = self.head

    def read(self, size: int) -> bytes:
        if self._rest:
            given, self._rest = self._rest[:size], self._rest[size:]
            return given
        found: bytes = self._file.read(size)
        return found

    def read_exactly(self, size: int) -> bytes:
        found = read_up_to(self, size)
        if len(found) < size:
            raise ValueError(f"the file ends too early: {size - len(found):,} bytes are missing")
        return found


class InUtf8:
    """What reads bytes of text in another encoding, and gives them in UTF-8."""

    def __init__(self, stream: Stream, source: Source) -> None:
        assert source.encoding is not None  # there is nothing to do else
        self._stream, self._name, self._encoding = stream, source.name, source.encoding
        self._decoder = codecs.getincrementaldecoder(self._encoding)()
        self._line = 1

    def read(self, size: int) -> bytes:
        """About as many; none at the end only."""
        while True:
            read = self._stream.read(size)
            try:
                text = self._decoder.decode(read, final=not read)
            except UnicodeDecodeError as error:
                before = error.object[: error.start].decode(self._encoding, "ignore")
                raise ValueError(
                    f"{self._name}, line {self._line + before.count(chr(10))}: "
                    f"0x{error.object[error.start : error.end].hex()} is no text in "
                    f"{self._encoding} ({error.reason})"
                ) from None
            self._line += text.count("\n")
            if text or not read:
                return text.encode("utf-8")


def damage() -> Tuple[Type[Exception], ...]:
    """What unpacking raises where the bytes are not what they should be."""
    loaded = [name for name in DAMAGE if sys.modules.get(name)]
    return (EOFError, *(getattr(sys.modules[name], DAMAGE[name]) for name in loaded))


def unpacked(stream: Stream) -> Stream:
    """Itself where it is not packed."""
    for mark, packing in PACKED.items():
        if stream.head.startswith(mark):
            return Stream(import_module(packing).open(stream))
    return stream


def read_up_to(file: Any, size: int) -> bytes:
    parts, found = [], 0
    while found < size:
        part = file.read(min(size - found, BLOCK))
        if not part:
            break
        parts.append(part)
        found += len(part)
    return b"".join(parts)


@contextmanager
def opened(source: Source) -> Iterator[Stream]:
    """The bytes of a source.  Raises OSError that names it, ValueError where packing is damaged."""
    try:
        with source.open() as file:
            yield unpacked(Stream(file))
    except damage() as error:
        raise ValueError(f"{source.name}: the packed file is damaged ({error})") from None
    except OSError as error:  # one while reading names no file
        if error.errno is None:  # of bz2 and gzip
            raise ValueError(f"{source.name}: the packed file is damaged ({error})") from None
        raise OSError(error.errno, error.strerror, source.name) from None


def blocks_of_lines(stream: Stream) -> Iterator[bytes]:
    """Blocks that end where a line does."""
    rest = b""
    while True:
        block = stream.read(BLOCK)
        if not block:
            break
        end = block.rfind(b"\n") + 1
        if not end:
            rest += block
            if len(rest) > LONGEST_LINE:
                raise ValueError(
                    f"a line of more than {LONGEST_LINE:,} bytes: this is no table of text"
                )
            continue
        yield rest + block[:end]
        rest = block[end:]
    if rest:
        yield rest
