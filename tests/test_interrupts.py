"""Ctrl-C: it is answered soon, spoils nothing, and training goes on with the same bits."""

import copy
import math
import os
import signal
import sys
import threading
import time
from array import array

import pytest

from conftest import require_kernel
from pyref import Network, SGD, Trainer
from pyref.engine import python
from pyref.arguments.units import training_data
from pyref.reference.generator import Stream
from pyref.reference.lbfgs import LBFGS
from pyref.reference.parameters import parameters
from pyref.reference.guard import guarded_train as reference_train

pytestmark = pytest.mark.skipif(os.name == "nt", reason="os.kill ends the process on Windows")

C_ENGINE = (
    "kernel.py", "kernel_training.py", "calls.py", "interrupts.py", "handing_back.py", "hooks.py",
)
SOON = 2.0  # seconds; 0.2 are promised, but a busy machine may be slow to run this process at all


@pytest.fixture(autouse=True)
def answered():
    """A shell lets what it runs in the background ignore Ctrl-C, and all that is started there."""
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, previous)


def drawn_rows(rows, columns, seed):
    draw = Stream(seed).random
    return array("d", [draw() for _ in range(rows * columns)])


MOMENTUM = SGD(0.01, 0.5)
TIRELESS = LBFGS(tolerance_gradient=0.0, tolerance_change=0.0)

# Names of cases: sizes, rows, batch size, dropout, optimizer.
CASES = {
    "tiny, online": ([2, 3, 1], 4, 1, 0.0, MOMENTUM),
    "mini-batches": ([20, 30, 5], 500, 32, 0.25, MOMENTUM),
    "full batch of many tiles": ([30, 40, 5], 700, None, 0.0, MOMENTUM),
    "full batch with dropout": ([20, 30, 5], 700, None, 0.25, MOMENTUM),
    "L-BFGS": ([20, 10, 5], 700, None, 0.0, TIRELESS),
}


def case(name, backend):
    sizes, rows, batch_size, dropout, optimizer = CASES[name]
    inputs = drawn_rows(rows, sizes[0], 1)
    targets = drawn_rows(rows, sizes[-1], 2)
    trainer = Trainer(Network(sizes, seed=4), optimizer=optimizer, batch_size=batch_size,
                      backend=backend, dropout=dropout)
    return trainer, inputs, targets


def interrupted(trainer, inputs, targets, after, **more):
    """Train until Ctrl-C; returns how long its answer took."""
    sent = []

    def interrupt():
        sent.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(after, interrupt)
    with pytest.raises(KeyboardInterrupt):
        timer.start()
        trainer.train(inputs, targets, epochs=10**9, **more)
    answered = time.perf_counter() - sent[0]
    timer.join()
    print(f"answered after {1000 * answered:.0f} ms, in epoch {trainer.epoch + 1}")
    return answered


def batches_later(trainer, inputs, targets, epochs, position):
    """After whole epochs by the trainer's own engine, batches by the plain reference."""
    trainer.train(inputs, targets, epochs)
    run = trainer.run
    examples = python.examples(training_data(trainer, inputs, targets))
    steps = reference_train(run, examples, epochs=1)
    while run.position < position:
        next(steps)
    steps.close()


@pytest.mark.parametrize("name", CASES)
def test_an_interruption_comes_between_batches_and_spoils_nothing(backend, name):
    trainer, inputs, targets = case(name, backend)
    untouched = copy.copy(trainer)
    handler = signal.getsignal(signal.SIGINT)
    assert interrupted(trainer, inputs, targets, after=0.2) < SOON
    assert signal.getsignal(signal.SIGINT) is handler

    run, rows = trainer.run, len(inputs) // trainer.network.sizes[0]
    assert all(math.isfinite(value) for row in parameters(run.layers) for value in row)
    assert len(trainer.history.loss) == trainer.epoch
    batch = min(trainer.batch_size or rows, rows)
    assert run.position % batch == 0 or run.position == rows
    if trainer.epoch < 10**5:  # otherwise the reference would take too long
        twin = copy.copy(untouched)
        batches_later(twin, inputs, targets, trainer.epoch, run.position)
        assert twin.network == trainer.network

    epochs = trainer.epoch + 2
    trainer.train(inputs, targets, epochs=2)
    untouched.train(inputs, targets, epochs)
    assert trainer == untouched


def test_several_interruptions_in_a_row(backend):
    trainer, inputs, targets = case("mini-batches", backend)
    untouched = copy.copy(trainer)
    for after in (0.05, 0.11, 0.07):
        assert interrupted(trainer, inputs, targets, after) < SOON
    untouched.train(inputs, targets, trainer.epoch + 1)
    trainer.train(inputs, targets, epochs=1)
    assert trainer == untouched


def test_a_second_interruption_does_not_meet_the_first(monkeypatch):
    """Whatever line of the C engine it comes at while an exception is already on its way out."""
    require_kernel()
    monkeypatch.setattr("pyref.engine.hooks.BETWEEN_PROGRESS", 0.0)
    monkeypatch.setattr("pyref.engine.pace.Pace.start", lambda self, most: (2, 1))

    class Stop(Exception):
        pass

    def progress(trainer):
        if trainer.epoch >= 3:
            lines.append(0)
            raise Stop

    def trace(frame, event, argument):
        if os.path.basename(frame.f_code.co_filename) in C_ENGINE:
            if event == "line" and lines:
                lines[0] += 1
                if lines[0] == moment:
                    signal.raise_signal(signal.SIGINT)
            return trace

    def training(trainer, inputs, targets):
        """A generator has exceptions of its own: what a trace function raises at the first line
        of a handler stays with Python 3.12 and later as the one that is being handled.
        """
        yield trainer.train(inputs, targets, epochs=10, progress=progress)

    for moment in range(1, 10_000):
        trainer, inputs, targets = case("tiny, online", "c")
        untouched = copy.copy(trainer)
        lines = []
        previous = sys.gettrace()
        sys.settrace(trace)
        try:
            with pytest.raises((Stop, KeyboardInterrupt)):
                next(training(trainer, inputs, targets))
        finally:
            sys.settrace(previous)
        if lines[0] < moment:
            break
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler, moment
        untouched.train(inputs, targets, trainer.epoch + 1)
        trainer.train(inputs, targets, epochs=1)
        assert trainer == untouched, moment
    assert moment > 10


def test_an_interruption_of_a_callback(backend):
    """A callback may sleep; what it did before it was interrupted counts."""
    def callback(trainer, epoch):
        trainer.network.layers[0].weights[0][0] = float(epoch)
        if epoch == 2:
            time.sleep(60)

    trainer, inputs, targets = case("tiny, online", backend)
    assert interrupted(trainer, inputs, targets, after=0.3, callback=callback) < SOON
    assert trainer.epoch == 2 and trainer.network.layers[0].weights[0][0] == 2.0
    trainer.train(inputs, targets, epochs=1)  # it is free again


def test_a_handler_of_the_users_own_is_kept_and_called(backend):
    """A program may count signals instead of ending: the training does not notice."""
    trainer, inputs, targets = case("mini-batches", backend)
    untouched = copy.copy(trainer)
    calls = []
    previous = signal.signal(signal.SIGINT, lambda number, frame: calls.append(number))
    timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
    try:
        timer.start()
        trainer.train(inputs, targets, epochs=10**9, callback=lambda *_: bool(calls))
    finally:
        timer.join()
        signal.signal(signal.SIGINT, previous)
    assert calls == [signal.SIGINT]
    untouched.train(inputs, targets, trainer.epoch)
    assert trainer == untouched


def test_training_works_outside_the_main_thread(backend):
    """Where signals never arrive, and may not be touched."""
    trainer, inputs, targets = case("tiny, online", backend)
    untouched = copy.copy(trainer)
    thread = threading.Thread(target=trainer.train, args=(inputs, targets, 20))
    thread.start()
    thread.join()
    untouched.train(inputs, targets, 20)
    assert trainer == untouched and trainer.epoch == 20


def test_predict_and_evaluate_answer_too(backend):
    network = Network([200, 300, 1], seed=1)
    rows = drawn_rows(100, 200, 3) * 400
    sent = []

    def interrupt():
        sent.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(0.2, interrupt)
    with pytest.raises(KeyboardInterrupt):
        timer.start()
        while True:
            network.predict(rows, backend=backend)
    assert time.perf_counter() - sent[0] < SOON
    timer.join()
