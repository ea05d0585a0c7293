"""Pieces of work side by side, by a crew: any executor of concurrent.futures (see crews.py).

What a piece gives depends on the piece alone, so that who does it, and how often, is a matter of
time only.  Small pieces go out several at a time.  Those of a worker that is lost are done again;
where that happens to the same ones again and again, the fault is theirs.
"""

import hashlib
import pickle
import threading
from collections import deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from typing import Any, Deque, Dict, Generator, Iterator, List, NamedTuple, Optional
from typing import Sequence, Tuple

from ..engine.interrupts import held_signals
from .crews import Crew
from .worker import Do, Done, done_by, perform

LOOK = 0.1  # seconds, after which it looks whether Ctrl-C has come: Windows wakes no waiting thread
TASK = 0.25  # seconds of work that go out together: sending a task to a process takes 0.2 ms
MOST_LOSSES = 3  # of the same task, before it is taken for their cause


Answers = Generator[Tuple[Any, Any], None, None]


class Task(NamedTuple):
    pieces: List[Any]
    losses: int = 0
    unknown: bool = False  # the worker that took it had not been sent what to do


def side_by_side(do: Do, pieces: Sequence[Any], crew: Crew) -> Answers:
    """Each piece and what it gives, in the order in which they are done.

    The first error of a piece is raised here.  However this ends, nothing works on afterwards, but
    for workers that cannot be told to stop, which end what they have begun.  For a crew that does
    not share this process's memory, `do`, the pieces and what they give have to be what pickle can
    take.
    """
    work = Work(do, pieces, crew)
    finished = False
    try:
        yield from work.answers()
        finished = True
    finally:
        with held_signals():
            work.stop.set()
            for future in work.under_way:
                future.cancel()
            crew.close(finished)


class Work:
    """What is still to be done, what is under way, and how long a piece takes."""

    def __init__(self, do: Do, pieces: Sequence[Any], crew: Crew) -> None:
        self.do, self.crew = do, crew
        self.left = deque(pieces)
        self.again: Deque[Task] = deque()
        self.under_way: Dict["Future[Optional[Done]]", Task] = {}
        self.seconds: Optional[float] = None
        self.stop = threading.Event()
        self.key, self.packed = "", b""
        if not crew.shares_memory:
            self.packed = pickle.dumps(do)
            self.key = hashlib.sha256(self.packed).hexdigest()
        crew.open(self.key, self.packed)

    def answers(self) -> Iterator[Tuple[Any, Any]]:
        while self.hand_out() or self.under_way:
            with held_signals():  # while it looks, wait() has the locks of all futures
                ready, _ = wait(self.under_way, LOOK, FIRST_COMPLETED)
            for future in ready:
                task = self.under_way.pop(future, None)
                if task is None:  # of an executor that broke
                    continue
                try:
                    done = future.result()
                except ImportError:  # a worker that has no pyref
                    raise
                except (Exception, CancelledError) as error:
                    self.lost(task, error)
                    continue
                if done is None:
                    self.again.append(task._replace(unknown=True))
                    continue
                yield from zip(task.pieces, done.answers)
                if done.error is not None:
                    raise done.error
                self.learn(len(done.answers), done.seconds)

    def hand_out(self) -> bool:
        """Keep every worker busy, with a task in hand for each; whether anything was to be done."""
        handed = False
        while (self.again or self.left) and len(self.under_way) < self.crew.most_tasks:
            task = self.again.popleft() if self.again else Task(self.next_pieces())
            try:
                future = self.submit(task)
            except BrokenExecutor as error:
                self.lost(task, error)
                continue
            self.under_way[future] = task
            handed = True
        return handed

    def next_pieces(self) -> List[Any]:
        """As many as take a quarter of a second, but fewer towards the end, where they have to be
        shared; one, as long as nobody knows what that takes."""
        count = 1
        if self.seconds is not None:
            of_each = -(-len(self.left) // (2 * self.crew.workers))
            count = max(1, min(int(TASK / max(self.seconds, 1e-9)), of_each))
        return [self.left.popleft() for _ in range(count)]

    def submit(self, task: Task) -> "Future[Optional[Done]]":
        if self.crew.shares_memory:
            return self.crew.submit(done_by, self.do, task.pieces, self.stop.is_set)
        packed = self.packed if task.unknown else self.crew.sent
        return self.crew.submit(perform, self.key, packed, task.pieces)

    def learn(self, pieces: int, seconds: float) -> None:
        """The mean of a task's pieces, and a little of those before."""
        if pieces:
            each = seconds / pieces
            self.seconds = each if self.seconds is None else (self.seconds + 3.0 * each) / 4.0

    def lost(self, task: Task, error: BaseException) -> None:
        """It did not come back: its pieces are done again."""
        if task.losses + 1 == MOST_LOSSES:
            first = f"{task.pieces[0]!r:.200}" + " …" * (len(task.pieces) > 1)
            raise MemoryError(
                f"{MOST_LOSSES} times a process ended in the midst of its work, perhaps for lack "
                f"of memory: fewer --workers need less ({first}: {type(error).__name__})"
            ) from error
        self.again.append(task._replace(losses=task.losses + 1))
        if self.crew.mend(error, self.key, self.packed):
            self.again.extend(
                other._replace(losses=other.losses + 1) for other in self.under_way.values()
            )
            self.under_way.clear()
