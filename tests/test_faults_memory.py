"""Lists that change under a training, that lie, or that are too large: nothing torn, nothing read
that is not there, and nobody told something that is not so."""

import copy
import os
import pickle
import subprocess
import sys
import textwrap
import threading
from array import array
from pathlib import Path

import pytest

from conftest import require_kernel
import pyref
from pyref import Adam, LBFGS, Network, Trainer
from pyref.engine import one_training, python

INPUTS = [[0.1 * i, 0.2] for i in range(40)]
TARGETS = [i % 2 for i in range(40)]


def trainer_of(backend, sizes=(2, 40, 30, 1), **settings):
    settings = {"optimizer": Adam(0.01), "batch_size": 8, **settings}
    return Trainer(Network(list(sizes), seed=1), backend=backend, **settings)


def fewer(network):
    network.layers[1].weights[:] = [row[:1] for row in network.layers[1].weights]


def more(network):
    for row in network.layers[1].weights:
        row.extend([0.0] * 1000)


def no_list(network):
    network.layers[1].weights[3] = None


def none_of_them(network):
    network.layers[1].weights = None


def no_biases(network):
    network.layers[1].biases = None


def one_layer_less(network):
    del network.layers[1]


def often(monkeypatch):
    """Have progress functions called after a few rows."""
    monkeypatch.setattr("pyref.engine.hooks.BETWEEN_PROGRESS", 0.0)
    if pyref.kernel_missing is None:
        monkeypatch.setattr("pyref.engine.pace.Pace.start", lambda self, most: (9, 1))


CHANGES = [fewer, more, no_list, none_of_them, no_biases, one_layer_less]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("optimizer", [Adam(0.01), LBFGS(tolerance_change=0.0)])
def test_another_shape_from_a_progress_function(backend, optimizer, change, monkeypatch):
    """The kernel once wrote as many numbers as it had, whatever room the lists had."""
    often(monkeypatch)
    trainer = trainer_of(backend, optimizer=optimizer, batch_size=None)
    trainer.train(INPUTS, TARGETS, 2)
    network, straight, before = trainer.network, copy.copy(trainer), copy.copy(trainer)
    layers, lists = list(network.layers), [
        (list(layer.weights), [list(row) for row in layer.weights], layer.biases)
        for layer in network.layers
    ]

    def progress(_):
        if not changed:
            changed.append(True)
            change(network)

    changed = []
    with pytest.raises(ValueError, match="layer 2: its shape was changed|2 layers found"):
        trainer.train(INPUTS, TARGETS, 4, progress=progress)
    assert changed and trainer.epoch == 2 and len(trainer.history.loss) == 2

    network.layers[:] = layers
    for layer, (rows, values, biases) in zip(layers, lists):
        for row, old in zip(rows, values):
            row[:] = old
        layer.weights, layer.biases = rows, biases
    assert trainer == before
    trainer.train(INPUTS, TARGETS, 3)
    straight.train(INPUTS, TARGETS, 3)
    assert trainer == straight and trainer.network.recipe == straight.network.recipe


@pytest.mark.parametrize("change", CHANGES)
def test_another_shape_from_another_thread(backend, change):
    trainer = trainer_of(backend)
    timer = threading.Timer(0.05, change, [trainer.network])
    timer.start()
    with pytest.raises(ValueError, match="layer|layers"):
        trainer.train(INPUTS, TARGETS, epochs=10**6, time_limit=0.4)
    timer.join()
    assert trainer.epoch == 0 and trainer.history.loss == []


@pytest.mark.parametrize("change", CHANGES)
def test_another_shape_from_a_callback(backend, change):
    trainer = trainer_of(backend)

    def callback(_, epoch):
        if epoch == 3:
            change(trainer.network)

    with pytest.raises(ValueError, match="layer"):
        trainer.train(INPUTS, TARGETS, epochs=5, callback=callback)
    assert trainer.epoch == 3


def test_what_is_edited_elsewhere_than_in_a_callback_is_written_over(backend, monkeypatch):
    """In both engines alike, an activation's name apart, which the training does not hand back."""
    often(monkeypatch)
    trainer = trainer_of(backend)
    straight = copy.copy(trainer)

    def progress(_):
        trainer.network.layers[0].weights[0][0] = 1e300
        trainer.network.layers[0].activation = "relu"

    trainer.train(INPUTS, TARGETS, 3, progress=progress)
    straight.train(INPUTS, TARGETS, 3)
    assert trainer.network.layers[0].activation == "relu"
    trainer.network.layers[0].activation = "tanh"
    assert trainer == straight and trainer.network.recipe == straight.network.recipe


def test_a_callback_may_put_other_layers_in_their_place(backend):
    trainer, other = trainer_of(backend), Network([2, 40, 30, 1], seed=9)
    trainer.train(INPUTS, TARGETS, 1, callback=lambda *_: setattr(
        trainer.network, "layers", copy.copy(other).layers))
    assert trainer.network == other
    trainer.train(INPUTS, TARGETS, 1)
    assert trainer.network != other and trainer.run.layers is trainer.network.layers


class Liar(list):
    """Says of its length what it is told to."""

    said = 400_000

    def __len__(self):
        return self.said


LIES = [400_000, 0, 1, 2**62]


@pytest.mark.parametrize("said", LIES)
def test_a_list_that_lies_about_its_length(backend, monkeypatch, said):
    monkeypatch.setattr(Liar, "said", said)
    network = Network([2, 3, 1], seed=1)
    with pytest.raises(ValueError, match="no rows"):
        network.predict(Liar(), backend=backend)
    rows = Liar(Liar(row) for row in INPUTS)
    assert network.predict(rows, backend=backend) == network.predict(INPUTS, backend=backend)
    trainer, honest = trainer_of(backend), trainer_of(backend)
    trainer.train(rows, Liar(TARGETS), 2)
    honest.train(INPUTS, TARGETS, 2)
    assert trainer == honest

    network.layers[0].weights[1] = Liar([1.0, 2.0])
    network.layers[1].biases = Liar([1.0] * 5)
    with pytest.raises(ValueError, match="layer 1: the weights are no longer 2 rows of 3"):
        network.predict(INPUTS, backend=backend)


def test_lies_about_first_weights(monkeypatch):
    monkeypatch.setattr(Liar, "said", 2)
    with pytest.raises(ValueError, match="3 rows of weights found in layer 1, 2 are needed"):
        Network([2, 1], initializer=[Liar([[1.0], [2.0], [3.0]])])


def test_doubles_at_odd_addresses_are_copied(backend):
    """The sanitizer for undefined behaviour sees where they were not."""
    doubles = array("d", [value for row in INPUTS for value in row])
    odd = memoryview(bytearray(1) + bytearray(doubles.tobytes()))[1:].cast("d")
    trainer, straight = trainer_of(backend), trainer_of(backend)
    trainer.train(odd, TARGETS, 2)
    straight.train(doubles, TARGETS, 2)
    assert trainer == straight
    if backend == "c":
        from pyref._kernel import ffi
        from pyref.rows.conversion import table

        flat = table("inputs", odd, 2).flat()
        assert int(ffi.cast("uintptr_t", ffi.from_buffer(flat))) % 8 == 0


def test_masked_arrays_are_refused(backend):
    numpy = pytest.importorskip("numpy")
    masked = numpy.ma.masked_array(INPUTS, mask=[[i == 3, False] for i in range(len(INPUTS))])
    network = Network([2, 3, 1], seed=1)
    with pytest.raises(TypeError, match=r"inputs: a masked array found.*filled"):
        network.predict(masked, backend=backend)
    with pytest.raises(TypeError, match=r"targets: a masked array found"):
        network.evaluate(INPUTS, numpy.ma.masked_array(TARGETS, mask=TARGETS), backend=backend)
    with pytest.raises(TypeError, match=r"weights: a masked array found"):
        trainer_of(backend).train(INPUTS, TARGETS, weights=numpy.ma.masked_array(TARGETS))


def test_an_array_of_objects_may_have_gaps():
    numpy = pytest.importorskip("numpy")
    rows = numpy.array([[1.0, None]], dtype=object)
    with pytest.raises(TypeError, match="inputs: .*format 'O'; gaps, .* have to be filled first"):
        Network([2, 3, 1], seed=1).predict(rows)


# Memory that runs out.

PLACES = {"c": ["kernel_training.Training.flat", "kernel_training.Place.of",
                "kernel_training.Spare", "kernel_training.Training.take_records"],
          "python": ["python.Spare", "python.Snapshot"]}


@pytest.mark.parametrize("backend, place", [(b, p) for b in PLACES for p in PLACES[b]])
def test_memory_that_runs_out_while_weights_are_handed_back(backend, place, monkeypatch):
    """Either all moves or nothing does, and the training goes on as if it had never stopped."""
    if backend == "c":
        require_kernel()
    trainer, straight = trainer_of(backend), trainer_of(backend)
    trainer.train(INPUTS, TARGETS, 2)
    straight.train(INPUTS, TARGETS, 6)
    before = trainer.network.digest()

    def fails(*_):
        raise MemoryError

    def progress(_):  # from now on nothing can be handed back
        patch.setattr("pyref.engine." + place, fails)

    with monkeypatch.context() as patch, pytest.raises(MemoryError):
        if place == "kernel_training.Training.take_records":  # which comes before the progress
            progress(trainer)
        trainer.train(INPUTS, TARGETS, 3, progress=progress)
    assert (trainer.epoch, trainer.network.digest()) == (2, before)
    trainer.train(INPUTS, TARGETS, 4)
    assert trainer == straight and trainer.network.recipe == straight.network.recipe


class Scarce(array):
    """Numbers of which so many pieces can be taken, and then there is no memory for another."""

    pieces = 0

    def __getitem__(self, numbers):
        if not Scarce.pieces:
            raise MemoryError
        Scarce.pieces -= 1
        return super().__getitem__(numbers)


@pytest.mark.parametrize("whole", [0, 1, 2, 37, 74])
def test_memory_that_runs_out_in_the_midst_of_handing_back(whole, monkeypatch):
    """There are 75 lists to write into; so many of them have their new numbers."""
    require_kernel()
    from pyref.engine.kernel_training import Training

    trainer, straight = trainer_of("c"), trainer_of("c")
    trainer.train(INPUTS, TARGETS, 2)
    straight.train(INPUTS, TARGETS, 6)
    before, flat = copy.copy(trainer), Training.flat

    def progress(_):  # the next that is handed back is scarce
        monkeypatch.setattr(Training, "flat", lambda *given: Scarce("d", flat(*given)))
        monkeypatch.setattr(Scarce, "pieces", whole)

    with pytest.raises(MemoryError):
        trainer.train(INPUTS, TARGETS, 3, progress=progress)
    monkeypatch.undo()
    assert trainer == before and trainer.run.memory == before.run.memory
    trainer.train(INPUTS, TARGETS, 4)
    assert trainer == straight


def test_handing_back_makes_no_second_network(monkeypatch):
    """A buffer of doubles, and another that is hashed, and one row of numbers, of 24 bytes each."""
    require_kernel()
    tracemalloc = pytest.importorskip("tracemalloc")  # PyPy has none
    from pyref.engine.kernel_training import Training

    def hand_back(self, layers):
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        try:
            return usual(self, layers)
        finally:
            peaks.append(tracemalloc.get_traced_memory()[1] - before)

    usual, peaks = Training.hand_back, []
    monkeypatch.setattr(Training, "hand_back", hand_back)
    trainer = trainer_of("c", sizes=(2, 200, 200, 1), optimizer=pyref.SGD())
    tracemalloc.start()
    try:
        for _ in range(2):  # before the first, many biases are the same 0.0
            trainer.train(INPUTS, TARGETS, 1)
    finally:
        tracemalloc.stop()
    assert 0 < peaks[-1] < 24 * trainer.network.parameter_count


def test_lists_and_numbers_that_others_hold(backend):
    """The lists are the network's own and get the new weights; the numbers of before stay."""
    trainer = trainer_of(backend)
    weights = trainer.network.layers[0].weights
    rows, numbers = list(weights), [list(row) for row in weights]
    written = [[x.hex() for x in row] for row in numbers]
    trainer.train(INPUTS, TARGETS, 3)
    assert all(row is own for row, own in zip(rows, trainer.network.layers[0].weights))
    assert [[x.hex() for x in row] for row in numbers] == written != [
        [x.hex() for x in row] for row in rows
    ]


def test_memory_that_runs_out_in_the_midst_of_a_step(monkeypatch):
    """Half of the layers have taken it: all go back to the end of the epoch before."""
    trainer, straight = trainer_of("python"), trainer_of("python")
    straight.train(INPUTS, TARGETS, 6)
    update, calls = Adam.update, []

    def fails(self, *arguments):
        calls.append(True)
        if len(calls) == 2 * 5 * 75 + 40:
            raise MemoryError
        update(self, *arguments)

    with monkeypatch.context() as patch, pytest.raises(MemoryError):
        patch.setattr(Adam, "update", fails)
        trainer.train(INPUTS, TARGETS, 6)
    whole = trainer_of("python")
    whole.train(INPUTS, TARGETS, trainer.epoch)
    assert 0 < trainer.epoch < 6 and trainer == whole
    trainer.train(INPUTS, TARGETS, 6 - trainer.epoch)
    assert trainer == straight


def test_one_row_takes_the_memory_of_one_thread():
    """A softmax needs room for whole rows, in each thread that may work."""
    require_kernel()
    from pyref.engine.buffers import Block, Buffers

    network = Network([2, 30_000], output="softmax", initializer="uniform", seed=1)
    blocks = [kept for kept in Buffers(network.layers, 1, training_too=False).keep
              if isinstance(kept, Block)]
    row = 8 * 30_000
    assert sum(len(block.store) * 8 for block in blocks) < 25 * row  # 9 rows of z, 9 of y, 3 copies


# Others who look on.

def readers(network, folder):
    """What may be called at any time: each gives a network."""
    path = folder / "network.json"
    yield "save", lambda: network.save(path) or Network.load(path)
    yield "copy", lambda: copy.copy(network)
    yield "pickle", lambda: pickle.loads(pickle.dumps(network))


@pytest.mark.parametrize("how", ["save", "copy", "pickle"])
@pytest.mark.parametrize("with_callback", [False, True])
def test_another_thread_gets_a_whole_network(backend, how, with_callback, tmp_path, monkeypatch):
    """Its weights are those of its recipe: doing that again gives the same network."""
    monkeypatch.setattr(one_training, "LONGEST_ABSENCE", 0.0)
    monkeypatch.setattr(python, "LONGEST_ABSENCE", 0.0)
    trainer = trainer_of(backend, sizes=(2, 60, 60, 1))
    read = dict(readers(trainer.network, tmp_path))[how]
    ended, found, wrong = threading.Event(), [], []

    def look_on():
        while not ended.is_set():
            try:
                found.append(read())
            except Exception as error:
                wrong.append(error)
                return

    def long_enough():
        trainer.train(INPUTS, TARGETS, epochs=10**6, time_limit=0.2,
                      callback=(lambda *_: None) if with_callback else None)
        return wrong or len(found) > 9

    thread = threading.Thread(target=look_on)
    thread.start()
    try:
        assert any(long_enough() for _ in range(100))
    finally:
        ended.set()
        thread.join()
    assert not wrong, wrong
    for network in found:
        segments = network.recipe["segments"]
        if segments:
            assert segments[-1]["digest"] == network.digest()
            assert "not_repeatable" not in network.recipe
    assert "not_repeatable" not in trainer.network.recipe
    middle = found[len(found) // 2]
    epochs = sum(segment["epochs"] for segment in middle.recipe["segments"])
    if epochs < 200:
        straight = trainer_of(backend, sizes=(2, 60, 60, 1))
        straight.train(INPUTS, TARGETS, epochs)
        assert straight.network.digest() == middle.digest()


def test_another_thread_predicts_with_weights_of_one_moment(backend):
    trainer = trainer_of(backend, sizes=(2, 60, 60, 1))
    network, ended, found = trainer.network, threading.Event(), set()
    seen = set()

    def look_on():
        while not ended.is_set():
            found.add((network.predict([[1.0, 1.0]], backend=backend)[0][0],))
            network.evaluate(INPUTS, TARGETS, backend=backend)

    def callback(trainer, epoch):
        seen.add((network.predict([[1.0, 1.0]], backend=backend)[0][0],))
        return epoch > 9 and len(found) > 9

    callback(trainer, 0)
    thread = threading.Thread(target=look_on)
    thread.start()
    try:
        trainer.train(INPUTS, TARGETS, epochs=10**6, time_limit=60.0, callback=callback)
    finally:
        ended.set()
        thread.join()
    assert found and found <= seen


def test_a_trainer_in_training_is_refused_elsewhere_than_in_a_callback(
    backend, tmp_path, monkeypatch
):
    often(monkeypatch)
    trainer = trainer_of(backend, sizes=(2, 3, 1))
    calls = [lambda: trainer.save(tmp_path / "run.json"), lambda: copy.copy(trainer),
             lambda: pickle.dumps(trainer), trainer.restore_best]
    refused = []

    def try_all():
        for call in calls:
            try:
                call()
            except RuntimeError as error:
                assert "in a callback" in str(error)
                refused.append(call)

    def callback(*_):
        try_all()
        assert not refused
        thread = threading.Thread(target=try_all)
        thread.start()
        thread.join()
        assert refused == calls
        refused.clear()

    trainer.train(INPUTS, TARGETS, 2, callback=callback)
    trainer.train(INPUTS, TARGETS, 1, progress=lambda _: try_all())
    assert refused[:4] == calls
    refused.clear()
    try_all()
    assert not refused
    assert Trainer.load(tmp_path / "run.json").network == trainer.network


def test_a_copy_made_in_a_callback_goes_on(backend):
    copies = []
    trainer = trainer_of(backend)
    trainer.train(INPUTS, TARGETS, 4, callback=lambda t, _: copies.append(copy.copy(t)))
    twin = pickle.loads(pickle.dumps(copies[1]))
    for each in (copies[1], twin):
        assert each.run.layers is each.network.layers
        each.train(INPUTS, TARGETS, 2)
        assert each == trainer


# Processes.

def in_a_new_process(program, seconds=120):
    """What it prints; the folder of pyref is the current one."""
    made = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True,
        timeout=seconds, cwd=Path(__file__).resolve().parent.parent,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    return made.stdout


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_predicts_and_trains_whatever_its_parent_was_doing(backend):
    """A lock that another thread holds is nobody's in the child."""
    answers = in_a_new_process(f"""
        import os, threading, time, warnings
        from pyref import Network, Trainer
        warnings.simplefilter("ignore")  # of fork with threads, which is what is tried
        network = Network([100, 300, 1], seed=1)
        rows = [[0.1] * 100] * (30_000 if {backend!r} == "c" else 3)
        predict = network.predictor(backend={backend!r})
        trained = Network([2, 50, 1], seed=1)
        trainer = Trainer(trained, backend={backend!r})
        # Python itself hangs where a thread was importing a module for the first time.
        trainer.train([[1, 2]], [1], epochs=1)
        ended = []
        def predict_on():
            while not ended:
                predict(rows)
        def train_on():
            while not ended:
                trainer.train([[1, 2]] * 50, [1] * 50, epochs=5, callback=lambda *_: bool(ended))
        threads = [threading.Thread(target=each) for each in (predict_on, predict_on, train_on)]
        for thread in threads:
            thread.start()
        for _ in range(12):
            time.sleep(0.03)
            child = os.fork()
            if child == 0:
                predict(rows[:1])
                trained.digest()
                Trainer(trained, backend={backend!r}).train([[1, 2]], [1], epochs=1)
                os._exit(7)
            for _ in range(1000):
                done, status = os.waitpid(child, os.WNOHANG)
                if done:
                    break
                time.sleep(0.01)
            else:
                os.kill(child, 9)
                os.waitpid(child, 0)
                print("hangs", end=" ")
                continue
            print(os.waitstatus_to_exitcode(status), end=" ")
        ended.append(True)
        for thread in threads:
            thread.join()
    """)
    assert answers.split() == ["7"] * 12


def test_a_subinterpreter_trains():
    """Signals never come to it, and may not be asked for; cffi may refuse to be loaded there."""
    answer = in_a_new_process("""
        import os, sys
        try:
            import _interpreters as interpreters
        except ImportError:
            try:
                import _xxsubinterpreters as interpreters
            except ImportError:
                raise SystemExit(print("none"))
        program = '''
        import os
        os.environ.pop("PYREF_BACKEND", None)  # C may have been asked for, and cannot be had there
        import pyref
        from pyref import Network, Trainer
        trainer = Trainer(Network([2, 3, 1], seed=1), backend="python")
        trainer.train([[0, 1], [1, 0]], [0, 1], epochs=3)
        other = Trainer(Network([2, 3, 1], seed=1))
        other.train([[0, 1], [1, 0]], [0, 1], epochs=3)
        assert other.network == trainer.network
        print(trainer.network.digest(), flush=True)
        '''
        import textwrap
        try:
            made = interpreters.create()
            failed = interpreters.run_string(made, textwrap.dedent(program))
        except RuntimeError as error:
            raise SystemExit(print("failed", error))
        if failed:
            print("failed", failed)
        sys.stdout.flush()
        os._exit(0)  # CPython 3.12.1 aborts at its end where a sub-interpreter has loaded hashlib
    """)
    if answer.strip() == "none":
        pytest.skip("this Python has no module for sub-interpreters")
    trainer = Trainer(Network([2, 3, 1], seed=1), backend="python")
    trainer.train([[0, 1], [1, 0]], [0, 1], epochs=3)
    assert answer.split() == [trainer.network.digest()]
