"""What a worker does, in whichever process it is: pieces of work that it is handed."""

import pickle
import time
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence

Stop = Callable[[], bool]
Do = Callable[[Any, Stop], Any]  # of a piece, and of whether it is to stop


class Stopped(Exception):
    """Raised by a piece of work that found out that it is to stop."""


class Done(NamedTuple):
    """What a worker answers: of each piece what it gives, and how long all of them took.  After an
    error come no more."""

    answers: List[Any]
    seconds: float
    error: Optional[Exception] = None


MOST_HELD = 4  # at once, in a process that outlives the work
HELD: Dict[str, Do] = {}  # what to do, by its digest, in the process of a worker
STOP: Dict[str, Stop] = {}  # whether to stop, where the worker can be told


def hold(key: str, packed: bytes) -> Do:
    do: Do = pickle.loads(packed)
    HELD[key] = do
    for old in list(HELD)[:-MOST_HELD]:
        HELD.pop(old, None)
    return do


def perform(key: str, packed: Optional[bytes], pieces: Sequence[Any]) -> Optional[Done]:
    """In the process of a worker; None where it does not hold yet what to do, and was not sent it
    now."""
    do = HELD.get(key)
    if do is None:
        if packed is None:
            return None
        do = hold(key, packed)
    return done_by(do, pieces, STOP.get(key, lambda: False))


def done_by(do: Do, pieces: Sequence[Any], stop: Stop) -> Done:
    began, answers, error = time.perf_counter(), [], None
    try:
        for piece in pieces:
            if stop():
                break
            answers.append(do(piece, stop))
    except Exception as raised:  # which is for the one who waits
        error = raised
    return Done(answers, time.perf_counter() - began, error)
