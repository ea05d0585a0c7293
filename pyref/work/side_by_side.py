"""Pieces of work side by side, on several processors: threads where the kernel computes, which
holds no lock of Python's, and processes where Python does.

What a piece gives may depend on its number alone, so that their count is a matter of time only.
"""

import queue
import threading
from typing import Any, Callable, Iterator, Tuple

LOOK = 0.1  # seconds, after which it looks whether Ctrl-C has come: Windows wakes no waiting thread

Piece = Callable[[int, Callable[[], bool]], Any]  # of its number, and whether it is to stop
Answers = Iterator[Tuple[int, Any]]


class Stopped(Exception):
    """Raised by a piece of work that found out that it is to stop."""


def side_by_side(do: Piece, count: int, workers: int, in_processes: bool) -> Answers:
    """The number of each piece and what it gives, in the order in which they are done.

    The first error of a piece is raised here.  However this ends, nothing works on afterwards.
    """
    workers = min(workers, count)
    if workers > 1:
        if not in_processes:
            return by_threads(do, count, workers)
        try:
            import multiprocessing.connection  # noqa: F401  which small systems may not have
            return by_processes(do, count, workers)
        except ImportError:
            pass
    return ((number, do(number, lambda: False)) for number in range(count))


def by_threads(do: Piece, count: int, workers: int) -> Answers:
    answers: "queue.Queue[tuple]" = queue.Queue()
    numbers, lock, stop = iter(range(count)), threading.Lock(), threading.Event()

    def work() -> None:
        while not stop.is_set():
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            try:
                answers.put((number, do(number, stop.is_set), None))
            except BaseException as error:  # which is for the thread that waits
                answers.put((number, None, error))
                return

    threads = [threading.Thread(target=work) for _ in range(workers)]
    try:
        for thread in threads:
            thread.start()
        for _ in range(count):
            number, answer, error = next_of(answers)
            if error is not None:
                raise error
            yield number, answer
    finally:
        stop.set()
        for thread in threads:
            if thread.ident is not None:  # it was started
                thread.join()


def next_of(answers: "queue.Queue[tuple]") -> tuple:
    while True:
        try:
            return answers.get(timeout=LOOK)
        except queue.Empty:
            pass


def by_processes(do: Piece, count: int, workers: int) -> Answers:
    """`do` and what it gives have to be what pickle can take."""
    from multiprocessing import Pipe, Process
    from multiprocessing.connection import wait

    numbers = iter(range(count))
    processes, busy = [], {}
    try:
        for _ in range(workers):
            here, there = Pipe()
            processes.append(Process(target=serve, args=(do, there), daemon=True))
            processes[-1].start()
            there.close()
            busy[here] = next(numbers)
            here.send(busy[here])
        while busy:
            for here in wait(list(busy), LOOK):
                try:
                    answer, error = here.recv()
                except EOFError:
                    raise MemoryError(
                        "a process ended in the midst of its work, perhaps for lack of memory: "
                        "fewer --workers need less"
                    ) from None
                if error is not None:
                    raise error
                done = busy.pop(here)
                number = next(numbers, None)
                if number is not None:
                    busy[here] = number
                    here.send(number)
                yield done, answer
    finally:
        for process in processes:
            if process.pid is not None:  # it was started
                process.terminate()
                process.join()


def serve(do: Piece, there: Any) -> None:
    """The life of a process: Ctrl-C, which the terminal sends to all, is for the one that waits."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            number = there.recv()
        except EOFError:
            return
        try:
            answer = do(number, lambda: False), None
        except Exception as error:
            answer = None, error
        there.send(answer)
