"""Ctrl-C that comes before a change or after it, never in the middle."""

from contextlib import contextmanager
from typing import Callable, ContextManager, Iterator


@contextmanager
def held_while_unbroken() -> Iterator[Callable[[], ContextManager]]:
    """Gives `unbroken`: inside `with unbroken():` SIGINT waits until the end of the block.

    The handler that was in force (Python's own raises KeyboardInterrupt) is called then.  Outside
    the main thread nothing needs to be done: signals never arrive there.
    """
    import signal  # a tenth of what importing pyref takes, so it waits until it is needed
    import threading

    handler = None
    if threading.current_thread() is threading.main_thread():
        handler = signal.getsignal(signal.SIGINT)
    held = Held(handler)
    if not callable(handler):
        yield held.unbroken
        return
    signal.signal(signal.SIGINT, held.arrived)
    try:
        yield held.unbroken
    finally:
        signal.signal(signal.SIGINT, handler)


class Held:
    """`depth` counts the blocks we are in; `waiting` is the signal that has come meanwhile."""

    def __init__(self, handler) -> None:
        self.handler = handler
        self.depth = 0
        self.waiting = None

    def arrived(self, number, frame) -> None:
        if self.depth:
            self.waiting = (number, frame)
        else:
            self.handler(number, frame)

    @contextmanager
    def unbroken(self) -> Iterator[None]:
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1
            if not self.depth and self.waiting is not None:
                arrived, self.waiting = self.waiting, None
                self.handler(*arrived)
