"""Ctrl-C that comes before a change or after it, never in the middle."""

from contextlib import contextmanager
from types import FrameType
from typing import Any, Callable, Iterator, Optional, Tuple

Handler = Callable[[int, Optional[FrameType]], Any]


@contextmanager
def held_signals() -> Iterator["Held"]:
    """Inside, SIGINT waits until the end, or until a block of the object that this gives.

    The handler that was in force (Python's own raises KeyboardInterrupt) is called then.  Outside
    the main thread nothing needs to be done: signals never arrive there.
    """
    import signal  # a tenth of what importing pyref takes, so it waits until it is needed
    import threading

    handler: Any = None  # a function; or what else Python has for none, or for another program's
    if threading.current_thread() is threading.main_thread():
        handler = signal.getsignal(signal.SIGINT)
    held = Held(handler)
    if not callable(handler) or not is_allowed(signal.signal, signal.SIGINT, held.arrived):
        yield held
        return
    try:
        yield held
    finally:
        signal.signal(signal.SIGINT, handler)
        held.deliver()


def is_allowed(set_handler: Callable[[int, Handler], Any], number: int, handler: Handler) -> bool:
    """Not in a sub-interpreter: its main thread is not the one that signals come to."""
    try:
        set_handler(number, handler)
    except ValueError:
        return False
    return True


class Held:
    """`depth` counts the blocks we are in; `waiting` is the signal that has come meanwhile."""

    def __init__(self, handler: "Handler") -> None:
        self.handler = handler
        self.depth = 1
        self.waiting: Optional[Tuple[int, Optional[FrameType]]] = None

    def arrived(self, number: int, frame: Optional[FrameType]) -> None:
        if self.depth:
            self.waiting = (number, frame)
            return
        self.depth = 1  # what it raises is on its way out: a second one must not meet it
        self.handler(number, frame)
        self.depth = 0

    def deliver(self) -> None:
        if self.waiting is not None:
            arrived, self.waiting = self.waiting, None
            self.handler(*arrived)

    @contextmanager
    def unbroken(self) -> Iterator[None]:
        """Inside, in the midst of `interruptible`, SIGINT waits until the end of the block."""
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1
            if not self.depth:
                self.deliver()

    def interruptible(self) -> "Interruptible":
        """Inside, it does not wait."""
        return Interruptible(self)


class Interruptible:
    """No generator: each epoch that somebody looks at goes through two, in half a microsecond."""

    def __init__(self, held: Held) -> None:
        self.held, self.depth = held, held.depth

    def __enter__(self) -> None:
        self.held.depth = 0
        try:
            self.held.deliver()
        except BaseException:
            self.held.depth = self.depth
            raise

    def __exit__(self, *_: object) -> None:
        self.held.depth = self.depth
