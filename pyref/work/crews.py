"""Who does pieces of work: an executor of concurrent.futures, and what is to be known of it.

On this machine threads, where the kernel computes, which holds no lock of Python's, and processes
where Python does.  Others are in clusters.py.
"""

import os
import sys
import threading
import warnings
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator

from ..engine import backend as engines
from ..engine.interrupts import held_signals
from .worker import HELD, STOP, hold


class Crew:
    """`open` makes the executor when the work begins, `mend` again where it broke; `close` ends it,
    at once unless all is done.  `sent` goes out with each task, to workers that do not share this
    process's memory: whatever becomes the bytes that say what to do when it arrives there, or None
    where those were told in another way, or are to be told when they ask."""

    shares_memory = False
    workers: int
    executor: Executor
    sent: Any = None

    @property
    def most_tasks(self) -> int:
        return 2 * self.workers

    def open(self, key: str, packed: bytes) -> None:
        raise NotImplementedError

    def submit(self, function: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        """Ctrl-C waits: executors have locks, of which it would leave one taken for ever."""
        with held_signals():
            return self.executor.submit(function, *arguments)

    def mend(self, error: BaseException, key: str, packed: bytes) -> bool:
        """After a task did not come back; whether no other one will."""
        if isinstance(error, BrokenExecutor):
            self.open(key, packed)
            return True
        return False

    def close(self, finished: bool) -> None:
        self.executor.shutdown()


class Here(Crew):
    """One after the other, by whoever waits for the answers."""

    shares_memory = True
    workers = 1

    @property
    def most_tasks(self) -> int:
        return 1

    def open(self, key: str, packed: bytes) -> None:
        pass

    def submit(self, function: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        """Does it, and Ctrl-C is for what is done."""
        future: "Future[Any]" = Future()
        future.set_result(function(*arguments))
        return future

    def close(self, finished: bool) -> None:
        pass


class Threads(Crew):
    shares_memory = True

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def open(self, key: str, packed: bytes) -> None:
        self.executor = ThreadPoolExecutor(self.workers)


class Processes(Crew):
    def __init__(self, workers: int) -> None:
        self.workers = workers

    def open(self, key: str, packed: bytes) -> None:
        from concurrent.futures import ProcessPoolExecutor

        context = safe_context()
        self.stop = context.Event()
        self.executor = ProcessPoolExecutor(
            self.workers, context, initializer=begin, initargs=(key, packed, self.stop)
        )
        with warnings.catch_warnings():
            # Python counts threads that are none of its own, too, such as those of NumPy: what they
            # may have locked, a worker never asks for.
            warnings.filterwarnings("ignore", "This process .* is multi-threaded")
            self.submit(int)  # where workers are forks, the first task starts all of them

    def submit(self, function: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        """Which may start a process."""
        with no_program():
            return super().submit(function, *arguments)

    def mend(self, error: BaseException, key: str, packed: bytes) -> bool:
        if isinstance(error, BrokenExecutor):
            self.executor.shutdown()  # and its thread, as forks are to have none beside them
        return super().mend(error, key, packed)

    def close(self, finished: bool) -> None:
        self.stop.set()
        self.executor.shutdown()


def safe_context() -> Any:
    """What starts processes here.  Where other threads of Python are at work, it forks none: the
    child would have whatever lock one of them holds at that moment, and nobody to open it."""
    import multiprocessing

    if multiprocessing.get_start_method() == "fork" and threading.active_count() > 1:
        return multiprocessing.get_context("spawn")
    return multiprocessing.get_context()


@contextmanager
def no_program() -> Iterator[None]:
    """Inside, processes that begin with nothing do not load the program that runs here: all that
    they do is in pyref, and a program is not to begin with `if __name__ == "__main__":` for that.
    """
    program = vars(sys.modules["__main__"])
    names = [name for name in ("__file__", "__spec__") if name in program]
    hidden: Dict[str, Any] = {name: program[name] for name in names}
    program.update(dict.fromkeys(names))
    try:
        yield
    finally:
        program.update(hidden)


def begin(key: str, packed: bytes, stop: Any) -> None:
    """The first that a process does.  Ctrl-C, which the terminal sends to all, is for the one that
    waits; where that is gone, nobody waits any more."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=leave_with_parent, daemon=True).start()
    hold(key, packed)
    STOP[key] = stop.is_set


def leave_with_parent() -> None:
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class Given(Crew):
    """Somebody else's executor, which is not ended here; its workers are told what to do when they
    ask.  `workers` is about how many it has."""

    def __init__(self, executor: Executor, workers: int) -> None:
        self.executor = executor
        self.workers = workers

    def open(self, key: str, packed: bytes) -> None:
        self.key = key

    def mend(self, error: BaseException, key: str, packed: bytes) -> bool:
        if isinstance(error, BrokenExecutor):
            raise MemoryError(
                "the executor is broken: a process of it ended in the midst of its work"
            ) from error
        return False

    def close(self, finished: bool) -> None:
        HELD.pop(self.key, None)  # where its workers are threads of this process


def local_crew(workers: int, pieces: int, in_processes: bool) -> Crew:
    """For so many pieces on this machine."""
    workers = min(workers, pieces)
    if workers <= 1:
        return Here()
    if not in_processes:
        return Threads(workers)
    try:
        from multiprocessing import Event
        Event()  # small systems may not have what it is made of, or no /dev/shm to keep it in
    except (ImportError, OSError):
        return Here()
    return Processes(workers)


def usual_crew(workers: int, pieces: int, backend: str) -> Crew:
    """Threads for the kernel, processes for Python."""
    return local_crew(workers, pieces, engines.choose(backend) == "python")
