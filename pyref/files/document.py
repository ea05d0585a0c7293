"""The JSON documents that both kinds of files are: reading them with care.

Compatibility: `format_version` counts changes of the form.  A file of an older version is read by
every newer pyref; a file of a newer version is refused, with a word on what to do.  Numbers are
written in the shortest decimal form that gives back the same bits.

The last member, `checksum`, is the SHA-256 of the text before it.  One who changes a file by hand,
and means it, takes that member out.
"""

import os
import warnings
from operator import countOf
from typing import Any, Dict, List, Mapping, NoReturn, Optional

from ..reference.guard import SPECIFICATION
from ..rows.scanning import decimals
from .atomic import Path, write_text

FORMAT_VERSION = 3  # with `precision` or `class_kind`, which older versions would not know
PLAIN_VERSION = 2  # of files without these: with `preparation`
BEFORE_CHECKSUM = ',\n "checksum": '
LARGEST = 1.7976931348623157e308  # float
MOST = 2**53  # of epochs, rows, units and whatever else is counted


class ModelFileError(ValueError):
    """A file that is not what it should be: not there in full, changed, or too new."""


def write(path: Path, kind: str, content: Dict[str, Any], version: int = PLAIN_VERSION) -> None:
    document = {"format": kind, "format_version": version, **content}
    text = to_text(document, "")[: -len("\n}")]
    write_text(path, f'{text}{BEFORE_CHECKSUM}"{sha256(text)}"\n}}\n')


def sha256(text: str) -> str:
    import hashlib  # see rows/digests.py

    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def to_text(value: Any, indent: str) -> str:
    """JSON with one line for each innermost list, so that a weight matrix looks like one."""
    import json  # which the smallest Pythons lack, and can do much without

    inner = indent + " "
    if isinstance(value, dict) and value:
        members = [f"{inner}{json.dumps(key)}: {to_text(value[key], inner)}" for key in value]
        return "{\n" + ",\n".join(members) + f"\n{indent}}}"
    if isinstance(value, list) and value and isinstance(value[0], (list, dict)):
        return "[\n" + ",\n".join(inner + to_text(v, inner) for v in value) + f"\n{indent}]"
    if isinstance(value, list) and countOf(map(type, value), float) == len(value) > 0:
        text = decimals(value)  # a third of what json takes, and less than a tenth with the kernel
        if "n" not in text:  # as in nan and inf, which json refuses
            return f"[{text}]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def read(path: Path, kind: str) -> "Members":
    """The members of the document in a file of the given kind."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError as error:
        error.filename = error.filename or os.fspath(path)  # where reading fails, not opening
        raise
    except ValueError as error:
        raise not_one(path, kind, error) from None
    return parsed(text, path, kind)


def parsed(text: str, path: Path, kind: str) -> "Members":
    """The same, of the text that was in the file."""
    import json

    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise not_one(path, kind, error) from None
    if not isinstance(document, dict) or "format" not in document:
        raise ModelFileError(f'{path}: this is not a {kind} file: it has no member "format"')
    members = Members(path, "", document)
    members.text_before = text.rpartition(BEFORE_CHECKSUM)[0]
    if document["format"] != kind:
        members.refuse("format", f"a {kind} file is needed, this is {document['format']!r:.40}")
    version = members.whole("format_version", 1)
    if version > FORMAT_VERSION:
        members.refuse(
            "format_version",
            f"the file has version {version!r:.40}, this pyref reads up to {FORMAT_VERSION}: "
            "a newer pyref can read it",
        )
    return members


def not_one(path: Path, kind: str, error: Exception) -> ModelFileError:
    return ModelFileError(f"{path}: this is not a {kind} file, or it is damaged ({error})")


def refused(path: Path, what: str) -> ModelFileError:
    """`what` begins with a member's name, which may be no better than what it names."""
    text = what.encode("utf-8", "backslashreplace").decode("utf-8")
    return ModelFileError(f"{path}: member {text}")


def can_be_written(text: str) -> bool:
    """Whether UTF-8 can hold it, which has no lone surrogates; JSON's escapes can spell them."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


class Members:
    """A JSON object's members, asked for by name and type; what is wrong is said with its place."""

    def __init__(self, path: Path, place: str, members: Dict[str, Any]) -> None:
        self.path = path
        self.place = place
        self.members = members
        self.text_before = ""  # the checksum, in a whole file

    def refuse_changed(self) -> None:
        """Where a file fits in all its members and was changed nevertheless."""
        if self.optional("checksum") and self.text("checksum") != sha256(self.text_before):
            self.refuse(
                "checksum",
                "the file was changed or damaged since it was written; if that was meant, take "
                "this member out of it",
            )

    def refuse(self, name: str, what: str) -> NoReturn:
        self.refuse_member(f"{name}: {what}")

    def refuse_member(self, what: str) -> NoReturn:
        """`what` begins with the member's name."""
        raise refused(self.path, f"{self.place}{what}")

    def refuse_all(self, what: str) -> NoReturn:
        raise refused(self.path, f"{self.place[:-1]}: {what}")

    def get(self, name: str) -> Any:
        if name not in self.members:
            self.refuse(name, "it is missing; the file is damaged")
        return self.members[name]

    def whole(self, name: str, least: int = 0, most: Optional[int] = None) -> int:
        return self.as_whole(name, self.get(name), least, most)

    def as_whole(self, name: str, value: Any, least: int = 0, most: Optional[int] = None) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.refuse(name, f"a whole number is needed, not {value!r:.40}")
        if value < least:
            self.refuse(name, f"at least {least} is needed, not {value}")
        if most is not None and value > most:
            self.refuse(name, f"at most {most} is needed, not {value!r:.40}")
        return value

    def wholes(self, name: str) -> List[int]:
        return [
            self.as_whole(f"{name}[{place}]", value, 0, MOST)
            for place, value in enumerate(self.list(name))
        ]

    def truth(self, name: str) -> bool:
        value = self.get(name)
        if not isinstance(value, bool):
            self.refuse(name, f"true or false is needed, not {value!r:.40}")
        return value

    def number(self, name: str) -> float:
        return self.as_number(name, self.get(name))

    def as_number(self, name: str, value: Any) -> float:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if -LARGEST <= value <= LARGEST:
                return float(value)
        self.refuse(name, f"a finite number is needed, not {value!r:.40}")

    def numbers(self, name: str) -> List[float]:
        return self.as_numbers(name, self.get(name))

    def as_numbers(self, name: str, values: Any) -> List[float]:
        if not isinstance(values, list):
            self.refuse(name, f"a list of numbers is needed, not {values!r:.40}")
        return [self.as_number(f"{name}[{place}]", value) for place, value in enumerate(values)]

    def rows(self, name: str) -> List[List[float]]:
        return self.as_rows(name, self.get(name))

    def as_rows(self, name: str, rows: Any) -> List[List[float]]:
        if not isinstance(rows, list):
            self.refuse(name, f"a list of lists is needed, not {rows!r:.40}")
        return [self.as_numbers(f"{name}[{place}]", row) for place, row in enumerate(rows)]

    def text(self, name: str) -> str:
        value = self.get(name)
        if not isinstance(value, str):
            self.refuse(name, f"a text is needed, not {value!r:.40}")
        if not can_be_written(value):
            self.refuse(name, "a text that UTF-8 can hold is needed: it has a lone surrogate")
        return value

    def list(self, name: str) -> List[Any]:
        value = self.get(name)
        if not isinstance(value, list):
            self.refuse(name, f"a list is needed, not {value!r:.40}")
        return value

    def texts(self, name: str) -> List[str]:
        values = self.list(name)
        if not all(isinstance(value, str) for value in values):
            self.refuse(name, "a list of texts is needed")
        return values

    def object(self, name: str) -> "Members":
        return self.as_object(name, self.get(name))

    def as_object(self, name: str, value: Any) -> "Members":
        if not isinstance(value, dict):
            self.refuse(name, f"an object is needed, not {value!r:.40}")
        return Members(self.path, f"{self.place}{name}.", value)

    def objects(self, name: str) -> List["Members"]:
        return [
            self.as_object(f"{name}[{place}]", value) for place, value in enumerate(self.list(name))
        ]

    def optional(self, name: str) -> bool:
        return self.members.get(name) is not None


def rebuild(members: Members, known: Mapping[str, type]) -> Any:
    """What `describe` described, made by its own constructor, which checks the settings."""
    settings = dict(members.members)
    name = settings.pop("name", None)
    if not isinstance(name, str) or name not in known:
        members.refuse("name", f"{name!r:.40} is unknown; one of {', '.join(known)} is needed")
    try:
        made = known[name](**settings)
    except (TypeError, ValueError) as error:
        members.refuse_all(str(error))
    for setting in vars(made):
        members.get(setting)  # none may be missing: it would silently be the default
    return made


def warn_of_other_specification(members: Members) -> int:
    """The file's specification number, with a warning where it is not this pyref's."""
    specification = members.whole("specification", 1, MOST)
    if specification != SPECIFICATION:
        warnings.warn(
            f"{members.path}: trained by numerical specification {specification}, this pyref "
            f"computes by {SPECIFICATION}: predictions may differ in their last bits, and going "
            "on with its training is refused",
            stacklevel=4,  # where Network.load was called
        )
    return specification
