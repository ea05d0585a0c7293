"""Work side by side: threads, processes and other executors, and workers that are lost."""

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

import pyref
from pyref.work.crews import Given, Here, Processes, Threads, local_crew, safe_context
from pyref.work.side_by_side import Work, side_by_side
from pyref.work.worker import HELD, perform

FOLDER = str(Path(pyref.__file__).resolve().parent.parent)


def piece(number, stop):
    """The third piece fails."""
    if number == 2:
        raise ValueError("the third one")
    return 10 * number


CREWS = {"here": Here, "threads": partial(Threads, 2), "processes": partial(Processes, 2)}


@pytest.fixture(params=CREWS)
def crew(request):
    return CREWS[request.param]()


def test_the_first_error_ends_all(crew):
    threads = threading.active_count()
    with pytest.raises(ValueError, match="the third one"):
        list(side_by_side(piece, range(9), crew))
    assert threading.active_count() == threads


def test_all_pieces_are_done_once(crew):
    assert sorted(side_by_side(piece, (0, 1), crew)) == [(0, 0), (1, 10)]
    assert list(side_by_side(piece, (), CREWS["here"]())) == []


def test_no_more_workers_than_pieces():
    assert isinstance(local_crew(5, 1, True), Here) and isinstance(local_crew(1, 9, False), Here)
    assert local_crew(5, 3, False).workers == 3
    assert isinstance(local_crew(2, 2, True), Processes)


def gone(number, stop):
    os._exit(3)


def test_a_process_that_dies_again_and_again_is_an_error():
    with pytest.raises(MemoryError, match="3 times a process ended in the midst .* lack of memory"):
        list(side_by_side(gone, range(3), Processes(2)))


def gone_once(folder, number, stop):
    """The fifth piece ends its process the first time that it is tried."""
    if number == 4:
        try:
            os.mkdir(os.path.join(folder, "was here"))
        except FileExistsError:
            return "again"
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    return number


def test_what_a_lost_process_had_is_done_again(tmp_path):
    do = partial(gone_once, str(tmp_path))
    found = dict(side_by_side(do, range(20), Processes(2)))
    assert found == {**{number: number for number in range(20)}, 4: "again"}


def wait_until_told(number, stop):
    end = time.monotonic() + 30
    while number and not stop() and time.monotonic() < end:
        time.sleep(0.001)
    return number


@pytest.mark.parametrize("kind", [Threads, Processes])
def test_who_has_enough_leaves_nobody_at_work(kind):
    started = time.monotonic()
    answers = side_by_side(wait_until_told, range(4), kind(2))
    assert next(answers) == (0, 0)
    answers.close()
    assert time.monotonic() - started < 20


def test_no_process_is_a_fork_of_one_with_other_threads():
    """Which might hold a lock that nobody would ever open in the child."""
    import multiprocessing

    over = threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()
    try:
        assert safe_context().get_start_method() != "fork"
    finally:
        over.set()
        other.join()
    assert safe_context().get_start_method() == multiprocessing.get_start_method()


PROGRAM = """
import multiprocessing, sys, threading, warnings
import pyref
print("the program begins")
warnings.simplefilter("error")  # as Python's, that a process with threads is forked
if sys.argv[1] != "threads":
    multiprocessing.set_start_method(sys.argv[1])
over = threading.Event()
threading.Thread(target=over.wait).start()
try:
    recipe = "--hidden 2 --epochs 2"
    found = pyref.cross_validate("xor", recipe, folds=2, backend="python", workers=2)
    print(len(found.folds), "folds,", __file__)
finally:
    over.set()
"""


@pytest.mark.parametrize("how", ["threads", "spawn"])
def test_a_program_needs_no_main_of_its_own(tmp_path, how):
    """Processes that begin with nothing do not begin with what the program does."""
    path = tmp_path / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    done = subprocess.run([sys.executable, str(path), how], stdout=subprocess.PIPE, timeout=60,
                          env={**os.environ, "PYTHONPATH": FOLDER}, encoding="utf-8")
    assert done.stdout.splitlines() == ["the program begins", f"2 folds, {path}"]


WITH_CTRL_C_WHILE_LOCKS_ARE_TAKEN = """
import signal, time
from concurrent.futures import _base
from contextlib import closing
from pyref.work.crews import {kind}
from pyref.work.side_by_side import side_by_side

def take_all(self, enter=_base._AcquireFutures.__enter__):
    enter(self)
    signal.raise_signal(signal.SIGINT)

def nap(number, stop):
    time.sleep(0.01)

_base._AcquireFutures.__enter__ = take_all
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    with closing(side_by_side(nap, range(9), {kind}(2))) as answers:
        list(answers)
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="no such signals here")
@pytest.mark.parametrize("kind", ["Threads", "Processes"])
def test_ctrl_c_leaves_no_lock_taken(kind):
    """Who needs it then would wait for ever."""
    script = WITH_CTRL_C_WHILE_LOCKS_ARE_TAKEN.format(kind=kind)
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, timeout=30,
                          env={**os.environ, "PYTHONPATH": FOLDER}, encoding="utf-8")
    assert (done.returncode, done.stdout) == (0, "interrupted\n")


def doubled(kind, number, stop):
    return 2 * number


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_somebody_else_s_executor_is_told_once_what_to_do_and_goes_on_living(kind):
    """Two tasks are under way before the first comes back with the question."""
    do = partial(doubled, kind.__name__)  # what another test did is known here already
    sent = []

    class Listening(kind):
        def submit(self, function, key, packed, pieces):
            sent.append(packed)
            return super().submit(function, key, packed, pieces)

    with Listening(1) as executor:
        found = dict(side_by_side(do, range(400), Given(executor, 1)))
        assert executor.submit(perform, "nothing", None, ()).result() is None  # it still works
    assert found == {number: 2 * number for number in range(400)}
    assert 1 <= sum(packed is not None for packed in sent) <= 2 < len(sent)


def test_a_process_holds_little_of_what_it_did():
    """One of dask may live for long."""
    with ProcessPoolExecutor(1) as executor:
        for number in range(9):
            packed = pickle.dumps(partial(doubled, str(number)))
            assert executor.submit(perform, str(number), packed, (1,)).result().answers == [2]
        known = [executor.submit(perform, str(number), None, ()).result() for number in range(9)]
    assert [number for number, done in enumerate(known) if done is not None] == [5, 6, 7, 8]
    before = len(HELD)
    with ThreadPoolExecutor(1) as executor:
        list(side_by_side(partial(doubled, "here"), (1, 2), Given(executor, 1)))
    assert len(HELD) == before


def test_a_broken_executor_of_somebody_else_is_an_error():
    with ProcessPoolExecutor(1) as executor:
        with pytest.raises(MemoryError, match="the executor is broken"):
            list(side_by_side(gone, range(3), Given(executor, 1)))


def test_small_pieces_go_out_together_and_long_ones_alone():
    def sizes(seconds, left=1000, workers=2):
        work = Work(piece, range(left), Threads(workers))
        work.crew.close(True)
        work.learn(10, 10 * seconds)
        return len(work.next_pieces())

    assert sizes(0.001) == 250 and sizes(1.0) == 1
    assert sizes(0.0, left=1000) == 250  # which leaves work for the others
    assert sizes(0.001, left=8) == 2
