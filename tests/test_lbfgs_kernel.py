"""L-BFGS in the kernel: the reference's bits in every set, slice and number of threads, whatever
becomes of its ring of pairs."""

import gc

import pytest

from conftest import require_kernel
from test_lbfgs import case, everything, in_short_slices
from pyref import LBFGS, Network, Trainer

SHAPES = [
    dict(sizes=(1, 1), rows=1, biases=False),
    dict(sizes=(4, 9), rows=9),
    dict(sizes=(2, 1, 1), rows=70, hidden="silu"),
    dict(sizes=(5, 8, 3), rows=33, biases=False, output="softmax"),
    dict(sizes=(9, 7, 17, 2), rows=41, l1=0.01, l2=0.01),
    dict(sizes=(3, 65, 2), rows=17, hidden="relu", output="identity"),
]
SLICES = [(1, 4), (5, 8), (40, 16), (10**9, 128)]  # rows of a slice, and of a tile


@pytest.fixture
def kernel():
    require_kernel()
    from pyref.engine import kernel

    return kernel


@pytest.fixture(params=["plain", "base", "avx2", "avx512"])
def instruction_set(request, kernel, monkeypatch):
    number = kernel.calls.INSTRUCTION_SETS[request.param]
    if number > kernel.lib.best_instruction_set():
        pytest.skip(f"this processor has no {request.param}")
    monkeypatch.setattr(kernel.calls, "instruction_set", number)


def trained(backend, epochs, callback=None, threads=1, **recipe):
    trainer, inputs, targets = case(backend, **recipe)
    trainer.threads = threads
    pauses = []
    trainer.train(inputs, targets, epochs, callback=callback, progress=pauses.append)
    return everything(trainer), len(pauses)


EXPECTED = {}  # what Python gives: once, whatever the kernel is told to do otherwise


def expected_of(epochs, **recipe):
    key = repr((epochs, sorted(recipe.items())))
    if key not in EXPECTED:
        EXPECTED[key], _ = trained("python", epochs, **recipe)
    return EXPECTED[key]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_set_and_every_slice(instruction_set, monkeypatch, shape):
    expected = expected_of(9, **shape)
    for rows, tile in SLICES:
        with monkeypatch.context() as patched:
            in_short_slices(patched, rows, tile)
            found, _ = trained("c", 9, **shape)
        assert found == expected, (rows, tile)


def test_a_slice_of_one_row_ends_within_evaluations_and_directions(kernel, monkeypatch):
    """Ten iterations have at least 11 evaluations, each with 3 ends of tiles in it, and two loops
    over 0 + 1 + … + 9 pairs."""
    in_short_slices(monkeypatch, 1, 4)
    _, pauses = trained("c", 10, sizes=(9, 7, 2), rows=16)
    assert pauses >= 11 * 3 + 90


def test_the_network_of_a_pause_is_that_of_the_last_epoch(kernel, monkeypatch):
    """Trials change the kernel's weights; whoever breaks off finds none of them."""
    class Stop(Exception):
        pass

    def stopping(trainer):
        left[0] -= 1
        if not left[0]:
            raise Stop

    ends = {}
    whole, inputs, targets = case("python")
    for epoch in range(6):
        ends[epoch] = whole.network.digest()
        whole.train(inputs, targets, 1)
    in_short_slices(monkeypatch, 1, 4)
    epochs = set()
    for pauses in range(1, 40):
        trainer, inputs, targets = case("c")
        left = [pauses]
        with pytest.raises(Stop):
            trainer.train(inputs, targets, 6, progress=stopping)
        in_epoch = bool(trainer.run.order) and not trainer.run.position
        if in_epoch:
            epochs.add(trainer.epoch)
            assert trainer.network.digest() == ends[trainer.epoch]
    assert len(epochs) > 2


@pytest.mark.parametrize("threads", [2, 3, 7])
def test_every_number_of_threads(kernel, monkeypatch, threads):
    if kernel.lib.most_threads() == 1:
        pytest.skip("the kernel was built without threads")
    monkeypatch.setattr("pyref.engine.pace.TILE_WORTH_THREADS", 0)
    monkeypatch.setattr("pyref.engine.pace.CALL_WORTH_THREADS", 0)
    monkeypatch.setattr("pyref.engine.pace.processors", lambda: 16)
    recipe = dict(sizes=(40, 70, 20), rows=70)
    assert trained("c", 6, threads=threads, **recipe)[0] == expected_of(6, **recipe)


@pytest.mark.parametrize("history_size", [1, 2, 7, 8, 9, 17, 100, 10**15])
def test_the_ring_at_every_size(kernel, history_size):
    """It begins with room for 8 pairs, and doubles until the history fits; the last never would."""
    recipe = dict(optimizer=LBFGS(history_size=history_size))
    expected, _ = trained("python", 30, **recipe)
    assert trained("c", 30, **recipe)[0] == expected
    assert len(expected["scalars"]) == min(history_size, 30)


def resized(sizes):
    def callback(trainer, epoch):
        trainer.optimizer.history_size = sizes.get(epoch, trainer.optimizer.history_size)

    return callback


@pytest.mark.parametrize("sizes", [{9: 3}, {9: 20}, {7: 2, 12: 9, 20: 1, 22: 40}, {3: 1, 4: 5}],
                         ids=str)
@pytest.mark.parametrize("first", [5, 8])
def test_a_history_that_is_given_another_size(kernel, first, sizes):
    """While the ring's oldest pair stands anywhere in it."""
    ends = []
    for backend in ("python", "c"):
        recipe = dict(optimizer=LBFGS(history_size=first))
        ends.append(trained(backend, 30, resized(sizes), **recipe)[0])
    assert ends[0] == ends[1]


def test_a_history_that_was_longer_before(kernel):
    """A run may come with more pairs than are to be kept: they count until there is a new one."""
    ends = []
    for backend in ("python", "c"):
        trainer, inputs, targets = case(backend)
        trainer.train(inputs, targets, 12)
        trainer.optimizer.history_size = 3
        for _ in range(3):
            trainer.train(inputs, targets, 2)
        ends.append(everything(trainer))
    assert ends[0] == ends[1] and len(ends[0]["scalars"]) == 3


@pytest.mark.parametrize("epoch", [1, 4, 11])
def test_a_callback_that_changes_nothing_costs_no_evaluation(kernel, epoch):
    """Nor does -0.0 in the place of 0.0: both engines go on with what they had."""
    def callback(trainer, at):
        if at == epoch:
            weights = trainer.network.layers[0].weights
            weights[0][0] = -0.0 if weights[0][0] == 0.0 else weights[0][0]

    ends = []
    for backend in ("python", "c"):
        network = Network([2, 2, 1], hidden="relu", initializer=[
            [[0.0, -1.0], [1.0, -1.0]], [[1.0], [1.0]]], biases=False)
        trainer = Trainer(network, optimizer=LBFGS(), batch_size=None, backend=backend)
        trainer.train([[0.0, 1.0], [0.0, 2.0], [0.0, 3.0]], [0.0, 1.0, 1.0], 15, callback=callback)
        ends.append(everything(trainer))
    assert ends[0] == ends[1]


def test_the_collector_of_garbage_is_left_as_it_was(kernel):
    gc.disable()
    try:
        trained("c", 3)
        assert not gc.isenabled()
    finally:
        gc.enable()
    trained("c", 3)
    assert gc.isenabled()


def test_memory_that_runs_out_for_more_pairs(kernel, monkeypatch):
    """What has been done stays, and the training goes on where there is memory again."""
    from pyref.engine.kernel_memory import FIRST_ROOM, Pairs

    def failing(self, room):
        if room > FIRST_ROOM:
            raise MemoryError
        grow(self, room)

    grow = Pairs.grow
    whole, inputs, targets = case("c")
    whole.train(inputs, targets, FIRST_ROOM + 4)
    trainer, inputs, targets = case("c")
    with monkeypatch.context() as patched, pytest.raises(MemoryError):
        patched.setattr(Pairs, "grow", failing)
        trainer.train(inputs, targets, FIRST_ROOM + 4)
    assert trainer.epoch == len(trainer.run.scalars) == FIRST_ROOM
    trainer.train(inputs, targets, 4)
    assert everything(trainer) == everything(whole)
