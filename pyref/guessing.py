"""What was meant by a word that is none of those that are known, for the errors that say so."""

from typing import Iterable, List

LEAST = 0.7  # of difflib's ratio, from 0 to 1: so --thread is no --header


def closest(word: str, known: Iterable[str]) -> List[str]:
    """One of the known words at most.  Upper and lower case make no difference.

    >>> closest("Iriss", ["xor", "iris"]), closest("thread", ["header"])
    (['iris'], [])
    """
    try:
        from difflib import get_close_matches  # 5 ms, for those who mistype
    except ImportError:  # the smallest Pythons cannot guess
        return []
    names = {name.lower(): name for name in known}
    return [names[name] for name in get_close_matches(word.lower(), names, 1, LEAST)]


def did_you_mean(close: List[str]) -> str:
    """What follows in an error message, of what `closest` found.

    >>> did_you_mean(["adam"]), did_you_mean([])
    ('; did you mean adam?', '')
    """
    return f"; did you mean {close[0]}?" if close else ""
