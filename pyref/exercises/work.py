"""A learner's file: what it defines, and what is said where it fails."""

import traceback
from typing import Any, Callable, Dict, Optional, Tuple, Union


class Wrong(Exception):
    """What is wrong, in words for the learner."""


class Work:
    """What a file defines, after it was run.  Raises Wrong where it does not run, and OSError
    where it cannot be read."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.names: Dict[str, Any] = {"__name__": "exercise", "__file__": path}
        with open(path, "rb") as file:
            source = file.read()
        try:
            exec(compile(source, path, "exec"), self.names)
        except (Exception, SystemExit) as error:
            raise Wrong(in_words(error, path)) from None

    def get(self, name: str, kind: Union[type, Tuple[type, ...]], meant: str) -> Any:
        """What it calls so.  Raises Wrong where there is none, or it is of another kind."""
        if name not in self.names:
            raise Wrong(f"there is no {name} in it: {meant}")
        found = self.names[name]
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            raise Wrong(f"{name} is {shortly(found)}: {meant}")
        return found

    def function(self, name: str, meant: str) -> Callable[..., Any]:
        found: Optional[Callable[..., Any]] = self.names.get(name)
        if found is None:
            raise Wrong(f"there is no {name} in it: {meant}")
        if not callable(found):
            raise Wrong(f"{name} is {shortly(found)}: {meant}")
        return found


def shortly(value: Any) -> str:
    """
    >>> shortly(0.5), shortly("x" * 99)[-3:]
    ('0.5', 'xx…')
    """
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


def in_words(error: BaseException, path: str) -> str:
    """An error, and the line of the learner's file that it came from, where it came from there."""
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if isinstance(error, SyntaxError) and error.filename == path:
        return f"line {error.lineno}: {type(error).__name__}: {error.msg}: {line(error.text)}"
    if isinstance(error, (UnicodeDecodeError, SyntaxError)) or "null bytes" in said:
        return f"it is no Python: {said}"
    places = [place for place in traceback.extract_tb(error.__traceback__)
              if place.filename == path]
    if not places:
        return said
    return f"line {places[-1].lineno}: {said}: {line(places[-1].line)}"


def line(text: Any) -> str:
    return (text or "").strip()


def is_in(error: BaseException, path: str) -> bool:
    """Whether it came about in the learner's file."""
    return any(place.filename == path for place in traceback.extract_tb(error.__traceback__))
