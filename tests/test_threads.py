"""Threads: the same bits in any number, tolerance zero, and good manners towards the process.

The thresholds below which work stays on one thread are set to 0 here, and the number of
processors to plenty.  What is divided are the units of a layer, by eights, and in prediction the
rows: shapes and batches here lie on both sides of what the kernel finds worth dividing.
"""

import copy
import os
import pickle
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from conftest import missing, require_kernel
import pyref
from pyref import Adam, AdamW, IRpropPlus, LBFGS, Network, Quickprop, RMSprop, SGD, Trainer
from pyref import ValidationPatience
from pyref.reference.generator import Stream

SHAPES = [[3, 1], [13, 65, 4], [300, 24, 67, 3], [120, 250, 201, 40]]


def rows_of(count, width, seed):
    stream = Stream(seed)
    return [[2.0 * stream.random() - 1.0 for _ in range(width)] for _ in range(count)]


def targets_of(count, width, seed):
    stream = Stream(seed)
    return [[float(stream.random() < 0.5) for _ in range(width)] for _ in range(count)]


@pytest.fixture
def kernel():
    require_kernel()
    from pyref.engine import kernel

    if kernel.lib.most_threads() == 1:
        pytest.skip("the kernel was built without threads")
    return kernel


@pytest.fixture
def divided(kernel, monkeypatch):
    """A list of how many threads each call of the kernel was given."""
    from pyref.engine import pace

    given = []

    class Watched:
        def __getattr__(self, name):
            function = getattr(lib, name)
            if name not in ("train", "evaluate", "predict"):
                return function

            def call(run, *arguments):
                given.append(run.threads)
                return function(run, *arguments)

            return call

    lib = kernel.lib
    monkeypatch.setattr(kernel.calls, "lib", Watched())
    monkeypatch.setattr(pace, "TILE_WORTH_THREADS", 0)
    monkeypatch.setattr(pace, "CALL_WORTH_THREADS", 0)
    monkeypatch.setattr(pace, "processors", lambda: 16)
    return given


@pytest.fixture(params=["plain", "base", "avx2", "avx512"])
def instruction_set(request, kernel, monkeypatch):
    """Every set that this processor has."""
    number = kernel.calls.INSTRUCTION_SETS[request.param]
    if number > kernel.lib.best_instruction_set():
        pytest.skip(f"this processor has no {request.param}")
    monkeypatch.setattr(kernel.calls, "instruction_set", number)


def trained(sizes, threads, rows=135, epochs=2, validation=None, **settings):
    settings.setdefault("batch_size", 65)
    network = Network(sizes, hidden="tanh", output="sigmoid", seed=2)
    trainer = Trainer(network, backend="c", threads=threads, **settings)
    inputs, targets = rows_of(rows, sizes[0], 5), targets_of(rows, sizes[-1], 6)
    trainer.train(inputs, targets, epochs, validation=validation)
    return trainer


def alike(a, b):
    assert a.network.digest() == b.network.digest()
    assert [loss.hex() for loss in a.history.loss] == [loss.hex() for loss in b.history.loss]
    assert a == b


@pytest.mark.parametrize("sizes", SHAPES, ids=str)
def test_the_same_bits(divided, instruction_set, sizes):
    alone = trained(sizes, 1)
    assert set(divided) == {1}
    for threads in (2, 3, 7):
        divided.clear()
        alike(trained(sizes, threads), alone)
        assert threads in divided and set(divided) <= {1, threads}


@pytest.mark.parametrize("batch_size", [1, 7, 8, 16, 65, None])
def test_the_same_bits_in_batches_of_any_size(divided, batch_size):
    """None are 300 rows here, more than pass through the layers together."""
    alone = trained([40, 130, 10], 1, rows=300, batch_size=batch_size)
    for threads in (2, 7):
        alike(trained([40, 130, 10], threads, rows=300, batch_size=batch_size), alone)


@pytest.mark.parametrize(
    "settings",
    [
        {"optimizer": SGD(0.1)},
        {"optimizer": SGD(0.1, momentum=0.9, nesterov=True)},
        {"optimizer": RMSprop(0.01, momentum=0.5, centered=True)},
        {"optimizer": Adam(0.01)},
        {"optimizer": AdamW(0.01)},
        {"optimizer": IRpropPlus(), "batch_size": None},
        {"optimizer": Quickprop(0.01), "batch_size": None},
        {"optimizer": LBFGS(), "batch_size": None},
        {"dropout": 0.3, "input_dropout": 0.1},
        {"l1": 0.001, "l2": 0.01, "clip_value": 0.05},
        {"clip_norm": 0.1},
        {"shuffle": False, "loss": "mean_squared_error"},
        {"class_weights": [1.0, 2.0, 0.0, 0.5] * 5, "loss": "mean_squared_error"},
    ],
    ids=str,
)
def test_the_same_bits_with_every_recipe(divided, settings):
    sizes = [60, 130, 70, 20]
    alone = trained(sizes, 1, **settings)
    for threads in (2, 3):
        divided.clear()
        alike(trained(sizes, threads, **settings), alone)
        assert threads in divided and set(divided) <= {1, threads}


def test_the_same_bits_as_the_reference(divided):
    sizes = [13, 30, 3]
    twin = Trainer(
        Network(sizes, seed=2, hidden="tanh"), backend="python", threads=3, batch_size=65
    )
    twin.train(rows_of(135, 13, 5), targets_of(135, 3, 6), epochs=2)
    assert trained(sizes, 3).network.digest() == twin.network.digest()


@pytest.mark.parametrize("hidden", ["relu", "softmax"])
def test_softmax_and_smoothed_labels(divided, hidden):
    """Whose units depend on each other, and stay together."""
    def losses(threads):
        network = Network([90, 70, 40, 5], output="softmax", hidden=hidden, seed=3)
        trainer = Trainer(network, threads=threads, backend="c", label_smoothing=0.1)
        classes = [place % 5 for place in range(90)]
        return trainer.train(rows_of(90, 90, 4), classes, epochs=3).loss, network.digest()

    assert losses(1) == losses(2) == losses(5)


def test_validation(divided):
    held_out = rows_of(200, 13, 8), targets_of(200, 4, 9)
    alone = trained([13, 65, 4], 1, validation=held_out)
    together = trained([13, 65, 4], 3, validation=held_out)
    alike(together, alone)
    assert together.history.validation_loss == alone.history.validation_loss
    assert together.history.validation_accuracy == alone.history.validation_accuracy


def test_prediction_and_evaluation(divided, instruction_set):
    network = Network([13, 65, 4], seed=2)
    inputs, targets = rows_of(301, 13, 8), targets_of(301, 4, 9)
    alone = network.predict(inputs, backend="c"), network.evaluate(inputs, targets, backend="c")
    assert set(divided) == {1}
    divided.clear()
    for threads in (2, 7):
        assert network.predict(inputs, backend="c", threads=threads) == alone[0]
        assert network.evaluate(inputs, targets, backend="c", threads=threads) == alone[1]
        assert network.predictor(backend="c", threads=threads)(inputs) == alone[0]
    assert set(divided) == {2, 7}
    assert network.classify(inputs, backend="c", threads=3) == network.classify(inputs)


def test_small_work_stays_on_one_thread(kernel, monkeypatch):
    from pyref.engine import pace

    monkeypatch.setattr(pace, "processors", lambda: 16)
    tiny, large = Network([64, 32, 10]), Network([784, 128, 10])
    assert pace.team(4, pace.products(tiny.layers), 32, 10**9) == 1
    assert pace.team(4, pace.products(large.layers), 128, 10**9) == 4
    assert pace.team(4, pace.products(large.layers), 128, 10) == 1


def test_not_more_threads_than_processors(kernel, monkeypatch):
    """More would only take turns."""
    from pyref.engine import pace

    monkeypatch.setattr(pace, "processors", lambda: 3)
    assert pace.team(2, 10**9, 100, 10**4) == 2
    assert pace.team(8, 10**9, 100, 10**4) == 3
    assert pace.team(None, 10**9, 100, 10**4) == 3
    monkeypatch.setattr(pace, "processors", lambda: 10**4)
    assert pace.team(None, 10**9, 100, 10**4) == kernel.lib.most_threads()


@pytest.mark.parametrize("factor", [0.5, 1.9])
def test_whichever_is_faster_gets_nearly_all_the_time(kernel, monkeypatch, factor):
    """Two threads that are `factor` times as fast as one, by a clock of our own."""
    from pyref.engine import pace

    now = 0.0
    monkeypatch.setattr(pace.time, "perf_counter", lambda: now)
    of_two = pace.Pace(100)
    rows_done = {1: 0, 2: 0}
    for _ in range(400):
        rows, threads = of_two.start(2)
        rows_done[threads] += rows
        now += rows / (10**5 * (factor if threads == 2 else 1.0))
        of_two.measure(rows)
    assert rows_done[2 if factor > 1.0 else 1] > 0.97 * sum(rows_done.values())
    assert now == pytest.approx(sum(rows_done.values()) / (10**5 * max(factor, 1.0)), rel=0.03)
    factor = 1.0 / factor  # and now it is the other way round
    before = dict(rows_done)
    for _ in range(400):
        rows, threads = of_two.start(2)
        rows_done[threads] += rows
        now += rows / (10**5 * (factor if threads == 2 else 1.0))
        of_two.measure(rows)
    faster = 2 if factor > 1.0 else 1
    assert rows_done[faster] - before[faster] > 0.95 * (
        sum(rows_done.values()) - sum(before.values()))


def test_one_thread_is_never_tried_against_itself(kernel):
    from pyref.engine import pace

    alone = pace.Pace(100)
    for _ in range(20):
        rows, threads = alone.start(1)
        assert threads == 1 and rows == alone.rows
        alone.measure(rows)


@pytest.mark.parametrize("wrong", [0, -1, "x", 1.5, True])
def test_what_is_no_number_of_threads(wrong):
    network = Network([2, 1])
    with pytest.raises(ValueError, match="threads: a whole number, at least 1, is needed"):
        Trainer(network, threads=wrong)
    with pytest.raises(ValueError, match="threads"):
        network.predict([[0, 0]], threads=wrong)
    with pytest.raises(ValueError, match="threads"):
        network.evaluate([[0, 0]], [0], threads=wrong)
    trainer = Trainer(network)
    with pytest.raises(ValueError, match="threads"):
        trainer.threads = wrong
    assert trainer.threads == 1


def test_a_setting_of_the_machine(tmp_path, backend):
    """Copies and run files keep it; trainers that differ in it alone are equal."""
    trainer = Trainer(Network([2, 3, 1]), threads=2, backend=backend)
    trainer.save(tmp_path / "run.json")
    for other in (copy.copy(trainer), pickle.loads(pickle.dumps(trainer)),
                  Trainer.load(tmp_path / "run.json")):
        assert other.threads == 2
        other.threads = None
        assert other == trainer
    assert "threads 2" in repr(trainer)
    other.save(tmp_path / "all.json")
    assert Trainer.load(tmp_path / "all.json").threads is None


def test_a_run_goes_on_with_another_number(divided):
    twin, trainer = trained([13, 65, 4], 1, epochs=4), trained([13, 65, 4], 2)
    trainer.threads = 5
    trainer.train(rows_of(135, 13, 5), targets_of(135, 4, 6), epochs=2)
    alike(trainer, twin)


def test_divergence(divided):
    def diverged(threads):
        network = Network([13, 65, 4], output="identity", hidden="relu", seed=2)
        trainer = Trainer(network, optimizer=SGD(100.0), threads=threads, backend="c")
        with pytest.raises(ArithmeticError) as caught:
            trainer.train(rows_of(135, 13, 5), targets_of(135, 4, 6), epochs=50)
        return str(caught.value), network.digest()

    assert diverged(3) == diverged(1)


def test_restored_best_weights(divided):
    def digest(threads):
        network = Network([13, 65, 4], seed=2)
        trainer = Trainer(network, optimizer=SGD(5.0), threads=threads, backend="c")
        trainer.train(rows_of(135, 13, 5), targets_of(135, 4, 6), epochs=40,
                      validation=(rows_of(40, 13, 8), targets_of(40, 4, 9)),
                      stop=ValidationPatience(3))
        return network.digest(), trainer.epoch

    assert digest(2) == digest(1)


def test_several_trainers_in_several_threads(divided):
    """Each with threads of its own, in C at the same time."""
    expected = [trained([40, 130, 10], 1, epochs=5, seed=seed) for seed in range(4)]
    found = [None] * 4

    def job(seed):
        found[seed] = trained([40, 130, 10], 3, epochs=5, seed=seed)

    workers = [threading.Thread(target=job, args=(seed,)) for seed in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for a, b in zip(found, expected):
        alike(a, b)


def test_no_thread_outlives_a_call(divided):
    """So that fork finds none."""
    if not os.path.isdir("/proc/self/task"):
        pytest.skip("only Linux lists a process's threads")
    before = len(os.listdir("/proc/self/task"))
    trained([40, 130, 10], 7)
    assert len(os.listdir("/proc/self/task")) == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_trains_too(divided):
    expected = trained([40, 130, 10], 3).network.digest()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(write, trained([40, 130, 10], 3).network.digest().encode("ascii"))
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        assert pipe.read().decode("ascii") == expected
    os.waitpid(child, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent in another way there")
def test_an_interruption(divided):
    trainer = trained([200, 100, 10], 2, epochs=0)
    inputs, targets = rows_of(500, 200, 5), targets_of(500, 10, 6)
    untouched = copy.copy(trainer)
    untouched.threads = 1
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        trainer.train(inputs, targets, epochs=10**9)
    assert time.monotonic() - started < 5.0  # 0.3 are usual; a busy machine takes longer
    timer.join()
    epochs = trainer.epoch + 1
    trainer.train(inputs, targets, epochs=1)
    untouched.train(inputs, targets, epochs)
    alike(trainer, untouched)


REFUSING = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                   void *argument)
{
    static int granted;
    int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (granted++ >= atoi(getenv("THREADS_GRANTED")))
        return write(2, "refused\\n", 8) == 8 ? EAGAIN : ENOSYS;
    *(void **)&create = dlsym(RTLD_NEXT, "pthread_create");
    return create(thread, attributes, start, argument);
}
"""

# Two trainings with seven threads each; threads that Python itself has started count as well.
REFUSED = """
from pyref.engine import pace
pace.TILE_WORTH_THREADS = pace.CALL_WORTH_THREADS = 0
pace.processors = lambda: 16
from test_threads import trained
for _ in range(2):
    print(trained([40, 130, 10], 7).network.digest())
"""


@pytest.fixture(scope="module")
def refusing(tmp_path_factory):
    """A library in which the system grants a few threads, and then none."""
    if sys.platform != "linux":
        pytest.skip("LD_PRELOAD is Linux's")
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        missing("no gcc")
    folder = tmp_path_factory.mktemp("refusing")
    (folder / "refusing.c").write_text(REFUSING, encoding="ascii")
    subprocess.run([compiler, "-shared", "-fPIC", "refusing.c", "-o", "refusing.so", "-ldl"],
                   cwd=folder, check=True)
    return str(folder / "refusing.so")


@pytest.mark.parametrize("granted", [0, 1, 4, 8])
def test_threads_that_the_system_refuses_are_done_without(divided, refusing, granted):
    folders = [str(Path(pyref.__file__).resolve().parent.parent), str(Path(__file__).parent)]
    done = subprocess.run(
        [sys.executable, "-c", REFUSED], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        encoding="utf-8", timeout=120,
        env={**os.environ, "LD_PRELOAD": refusing, "THREADS_GRANTED": str(granted),
             "PYTHONPATH": os.pathsep.join(folders), "PYREF_BACKEND": "c"},
    )
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == {trained([40, 130, 10], 1).network.digest()}
    assert "refused" in done.stderr.split()
