"""L-BFGS and its line search: by hand, against exact solutions, and in both engines alike."""

import json
import math
import pickle
import random
from fractions import Fraction

import pytest

from conftest import require_kernel
from test_parity import bits
import pyref
from pyref import DivergedError, LBFGS, Network, Patience, SGD, Step, Trainer, ValidationPatience
from pyref.reference.lbfgs import search_direction
from pyref.reference.line_search import C1, C2, TRIALS, Trial, cubic_minimum, strong_wolfe
from pyref.reference.losses import LOSSES
from pyref.reference.layer import Layer
from pyref.reference.parameters import parameters
from pyref.reference.regularization import Regularization, penalties

VANISHED = "the gradient vanished: no part of it is above 1e-07"


# The line search.


@pytest.mark.parametrize(
    "a, b, minimum",
    [
        ((0.0, 1.0, -2.0), (3.0, 4.0, 4.0), 1.0),  # (t − 1)²
        ((0.0, 0.0, -3.0), (2.0, 2.0, 9.0), 1.0),  # t³ − 3t
        ((0.0, 0.0, -3.0), (0.5, -1.375, -2.25), 1.0),  # the same, outside the two
        ((1.0, 3.0, -1.0), (2.0, 2.0, -1.0), 9.0),  # a straight line downhill: as far as allowed
        ((1.0, 2.0, 1.0), (2.0, 3.0, 1.0), -9.0),  # uphill
        ((0.0, 0.0, -1.0), (1.0, -0.7, -1.0), 0.0),  # no minimum: halfway
        ((0.0, 1.0, -1.0), (1.0, math.inf, -1.0), 0.0),
        ((0.0, 1.0, -1.0), (1.0, 1.0, math.nan), 0.0),
        ((0.0, 1.0, -1.0), (0.0, 1.0, -1.0), 0.0),
    ],
)
def test_cubics_by_hand(a, b, minimum):
    a, b = Trial(*a, None), Trial(*b, None)
    assert cubic_minimum(a, b, -9.0, 9.0) == cubic_minimum(b, a, -9.0, 9.0) == minimum
    assert cubic_minimum(a, b, 100.0, 102.0) == (101.0 if minimum == 0.0 else
                                                 102.0 if minimum == 9.0 else 100.0)


def hilly(seed):
    """A function that is bounded below, with its derivative, downhill at 0."""
    draw = random.Random(seed)
    a, b, c, k = draw.uniform(0.1, 5.0), draw.uniform(0.5, 3.0), draw.random(), draw.uniform(0.2, 6)
    slope = 2.0 * a * -b - c * k
    assert slope < 0.0
    return (
        lambda t: a * (t - b) * (t - b) - c * math.sin(k * t),
        lambda t: 2.0 * a * (t - b) - c * k * math.cos(k * t),
    )


@pytest.mark.parametrize("first", [1e-6, 0.01, 1.0, 30.0, 1e5])
def test_the_step_meets_both_conditions(first):
    for seed in range(100):
        value, slope = hilly(seed)
        tried = []

        def trial_at(t):
            tried.append(t)
            return Trial(t, value(t), slope(t), None)

        found = strong_wolfe(trial_at, Trial(0.0, value(0.0), slope(0.0), None), first, 0.0)
        assert found.loss <= value(0.0) + C1 * found.step * slope(0.0)
        assert abs(found.slope) <= C2 * abs(slope(0.0))
        assert found.step in tried and len(tried) <= TRIALS + 1


def test_trials_beyond_all_floats_are_shortened():
    def trial_at(t):
        return Trial(t, (t - 1.0) * (t - 1.0) if t < 2.0 else math.inf, 2.0 * (t - 1.0), None)

    found = strong_wolfe(trial_at, trial_at(0.0), 1000.0, 1e-9)
    assert 0.05 < found.step < 1.95


def test_the_search_ends_where_there_is_nothing_to_find():
    def never(t):
        return Trial(t, -t * 1e-3, -1e-3, None)  # falls for ever

    steps = []
    end = strong_wolfe(lambda t: steps.append(t) or never(t), never(0.0), 1.0, 1e-9)
    assert len(steps) == TRIALS + 1 and end.step == steps[-1]
    assert steps[:3] == [1.0, 10.0, 100.0]

    def wall(t):
        return Trial(t, 1.0 if t == 0.0 else 2.0, -1.0, None)  # a slope that lies

    assert strong_wolfe(wall, wall(0.0), 1.0, 1e-9) == wall(0.0)


# The direction.


def test_directions_by_hand():
    layers = [Layer([[0.0], [0.0]], None, "identity")]
    assert search_direction(layers, [], [], [[3.0], [-4.0]]) == [[-3.0], [4.0]]
    # One pair along the first axis, where the curvature is 4, and the scale of all others too.
    s, y = [[0.5], [0.0]], [[2.0], [0.0]]
    assert search_direction(layers, [s, y], [1.0], [[8.0], [4.0]]) == [[-2.0], [-1.0]]
    # A later one along the second axis, with curvature 2: now H is the inverse of both.
    t, z = [[0.0], [1.0]], [[0.0], [2.0]]
    assert search_direction(layers, [s, y, t, z], [1.0, 2.0], [[8.0], [4.0]]) == [[-2.0], [-2.0]]


# Least squares have exact solutions.


def solved(matrix, right):
    """Gauss's elimination, in fractions."""
    rows = [list(map(Fraction, row)) + [Fraction(r)] for row, r in zip(matrix, right)]
    size = len(rows)
    for column in range(size):
        pivot = next(i for i in range(column, size) if rows[i][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for i in range(size):
            if i != column:
                factor = rows[i][column]
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[column])]
    return [float(row[-1]) for row in rows]


INPUTS = [[1.0, 2.0, -1.0], [0.5, -1.0, 2.0], [-2.0, 0.25, 1.0], [1.5, 1.0, 1.0], [0.0, -1.0, -1.5],
          [2.0, 0.5, 0.75], [-1.0, -1.25, 0.5]]
TARGETS = [1.0, -2.0, 0.5, 3.0, 0.25, 1.5, -1.0]


def least_squares(row_weights, l2):
    """The minimum of Σ w·(x·b − t)² / Σ w + ½·l2·|b without its last|²."""
    rows = [x + [1.0] for x in INPUTS]
    total = sum(map(Fraction, row_weights))
    matrix = [
        [sum(2 * Fraction(w) * Fraction(x[i]) * Fraction(x[j]) for x, w in zip(rows, row_weights))
         / total + (Fraction(l2) if i == j < 3 else 0) for j in range(4)]
        for i in range(4)
    ]
    right = [
        sum(2 * Fraction(w) * Fraction(x[i]) * Fraction(t)
            for x, t, w in zip(rows, TARGETS, row_weights)) / total
        for i in range(4)
    ]
    return solved(matrix, right)


@pytest.mark.parametrize("l2", [0.0, 0.5])
@pytest.mark.parametrize("weights", [[1.0] * 7, [1.0, 2.0, 0.5, 3.0, 0.0, 1.0, 4.0]])
def test_least_squares_are_solved_exactly_in_few_iterations(backend, l2, weights):
    network = Network([3, 1], output="identity", seed=2)
    trainer = Trainer(network, optimizer=LBFGS(tolerance_change=0.0), batch_size=None, l2=l2,
                      backend=backend)
    history = trainer.train(INPUTS, TARGETS, epochs=100, weights=weights)
    assert history.stopped_by == VANISHED and trainer.epoch <= 12
    layer = network.layers[0]
    for found, exact in zip([row[0] for row in layer.weights] + layer.biases,
                            least_squares(weights, l2)):
        assert abs(found - exact) < 1e-6


def test_a_parabola_is_done_in_two_iterations(backend):
    """(w − 3)²: one step of 1/|gradient|, which is too short, then its curvature is known."""
    network = Network([1, 1], output="identity", initializer=[[[0.0]]], biases=False)
    trainer = Trainer(network, optimizer=LBFGS(), batch_size=None, backend=backend)
    history = trainer.train([1.0], [3.0])
    assert len(history.loss) == 2 and network.layers[0].weights == [[3.0]]
    assert history.loss == [9.0, (3.0 - 1.0) * (3.0 - 1.0)]
    assert history.stopped_by == VANISHED


def test_penalties_by_hand():
    layers = [Layer([[1.0, -2.0], [0.0, 0.5]], [9.0, 9.0], ""), Layer([[4.0], [-1.0]], None, "")]
    assert penalties(Regularization(), layers) == 0.0
    assert penalties(Regularization(l1=2.0), layers) == 2.0 * 8.5
    assert penalties(Regularization(l2=2.0), layers) == 1.0 + 4.0 + 0.25 + 16.0 + 1.0
    assert penalties(Regularization(l1=1.0, l2=0.5), layers) == 0.25 * 22.25 + 8.5


def test_l1_leaves_out_what_explains_little(backend):
    """(w − 1)² + 3·|w| has its minimum at the kink: the penalty is steeper than the loss."""
    network = Network([1, 1], output="identity", initializer=[[[2.0]]], biases=False)
    trainer = Trainer(network, optimizer=LBFGS(), batch_size=None, l1=3.0, backend=backend)
    trainer.train([1.0], [1.0], epochs=50)
    assert abs(network.layers[0].weights[0][0]) < 1e-3


# Training.


def case(backend="auto", optimizer=None, sizes=(3, 6, 2), rows=15, output="sigmoid", hidden="tanh",
         biases=True, seed=1, **recipe):
    network = Network(list(sizes), hidden=hidden, output=output, biases=biases, seed=seed)
    draw = random.Random(seed)
    inputs = [[draw.uniform(-2.0, 2.0) for _ in range(sizes[0])] for _ in range(rows)]
    targets = [[draw.random() for _ in range(sizes[-1])] for _ in range(rows)]
    if output == "softmax":
        targets = [[float(value == max(row)) for value in row] for row in targets]
    trainer = Trainer(network, optimizer=optimizer or LBFGS(), batch_size=None, backend=backend,
                      **recipe)
    return trainer, inputs, targets


def everything(trainer):
    run = trainer.run
    return {
        "weights": bits(parameters(run.layers)), "memory": bits(run.memory),
        "scalars": bits(run.scalars), "loss": bits(run.losses), "why": run.converged,
        "validation": bits([run.validation_losses, run.validation_accuracies]),
        "place": (run.epoch, run.position, run.order), "best": bits([run.best_loss, run.best]),
    }


def assert_same(epochs=12, validation=False, stop=(), weights=None, **recipe):
    require_kernel()
    ends = []
    for backend in ("python", "c"):
        trainer, inputs, targets = case(backend, **recipe)
        failure = None
        held_out = (inputs[:5], targets[:5]) if validation else None
        try:
            trainer.train(inputs, targets, epochs, held_out, stop, weights=weights)
        except DivergedError as error:
            failure = (error.epoch, error.batch, error.layer)
        assert trainer.backend == backend
        ends.append({**everything(trainer), "failure": failure})
    for part in ends[0]:
        assert ends[0][part] == ends[1][part], part
    return ends[0]


PAIRS = [(loss, output) for loss in LOSSES for output in LOSSES[loss].outputs]


@pytest.mark.parametrize("loss, output", PAIRS)
def test_both_engines_alike_with_every_loss(loss, output):
    hidden = ["tanh", "relu", "silu", "sigmoid"][PAIRS.index((loss, output)) % 4]
    end = assert_same(loss=loss, output=output, hidden=hidden)
    assert len(end["loss"]) > 3 or end["why"]


@pytest.mark.parametrize("sizes, rows, biases", [
    ([1, 1], 1, False), ([4, 1], 9, True), ([2, 1, 1], 64, True), ([5, 8, 3], 65, False),
    ([9, 7, 17, 2], 130, True), ([4, 3, 3, 3, 2], 20, True),
])
def test_both_engines_alike_with_every_shape(sizes, rows, biases):
    assert_same(sizes=sizes, rows=rows, biases=biases)


@pytest.mark.parametrize("recipe", [
    dict(l2=0.01), dict(l1=0.003), dict(l1=0.1, l2=0.1, biases=False),
    dict(optimizer=LBFGS(0.3, 2), epochs=25), dict(optimizer=LBFGS(50.0, 1)),
    dict(optimizer=LBFGS(1.0, 5, 0.0, 0.0), sizes=(2, 1), epochs=60),
    dict(output="softmax", label_smoothing=0.1), dict(output="softmax", class_weights="balanced"),
    dict(weights=[0.5 * (i % 4) for i in range(15)], validation=True, stop=ValidationPatience(2)),
    dict(validation=True, stop=Patience(2, 0.1)), dict(epochs=300, l2=0.1),
], ids=repr)
def test_both_engines_alike_with_every_setting(recipe):
    assert_same(**recipe)


@pytest.mark.parametrize("weight", [1e-320, 1e-160, 1e3, 1e76, 1e80, 1e160, 1e306])
@pytest.mark.parametrize("output", ["identity", "sigmoid"])
def test_both_engines_alike_at_the_ends_of_the_floats(weight, output):
    """Row weights scale the loss and its gradients: subnormal, or beyond all floats."""
    assert_same(output=output, weights=[weight] * 15)
    assert_same(output=output, loss="half_squared_error", weights=[weight] * 15)


def test_the_epoch_loss_is_that_of_its_beginning_without_penalties(backend):
    trainer, inputs, targets = case(backend, l2=0.05, l1=0.01)
    for epoch in range(8):
        before = trainer.network.evaluate(inputs, targets, backend=backend).loss
        assert trainer.train(inputs, targets, epochs=1).loss[epoch] == before


def test_the_loss_never_rises(backend):
    trainer, inputs, targets = case(backend, sizes=(3, 8, 8, 2), rows=40)
    losses = trainer.train(inputs, targets, epochs=60).loss
    assert all(after < before for before, after in zip(losses, losses[1:])) and len(losses) == 60
    assert losses[-1] < 0.9 * losses[0]


@pytest.mark.parametrize("parts", [[20, 20], [1, 39], [7, 0, 33], [1] * 40])
def test_training_on_is_training_longer(backend, parts):
    whole, inputs, targets = case(backend, optimizer=LBFGS(history_size=6))
    whole.train(inputs, targets, 40)
    assert whole.epoch == 40 and len(whole.run.memory) == 12
    trainer, inputs, targets = case(backend, optimizer=LBFGS(history_size=6))
    for epochs in parts:
        trainer.train(inputs, targets, epochs)
    assert trainer == whole


@pytest.mark.parametrize("first, second", [("python", "c"), ("c", "python"), ("c", "c")])
def test_training_goes_on_from_a_file_in_another_engine(tmp_path, first, second):
    require_kernel()
    whole, inputs, targets = case("python")
    whole.train(inputs, targets, 20)
    trainer, inputs, targets = case(first)
    trainer.train(inputs, targets, 11)
    trainer.save(tmp_path / "run.json")
    loaded = Trainer.load(tmp_path / "run.json", backend=second)
    assert loaded == trainer == pickle.loads(pickle.dumps(trainer)) and loaded.backend == second
    loaded.train(inputs, targets, 9)
    assert loaded == whole != trainer


def test_an_iteration_usually_costs_one_evaluation(monkeypatch):
    counted = []
    batch_gradients = pyref.reference.training.batch_gradients

    def counting(*arguments):
        counted.append(arguments)
        return batch_gradients(*arguments)

    monkeypatch.setattr(pyref.reference.search, "batch_gradients", counting)
    trainer, inputs, targets = case("python")
    trainer.train(inputs, targets, 30)
    assert trainer.epoch == 30 and 31 <= len(counted) <= 45


def edit_weights(trainer, epoch):
    trainer.network.layers[0].weights[1][0] *= 0.5
    trainer.network.layers[1].biases = [0.25] * 2


def edit_settings(trainer, epoch):
    trainer.optimizer.learning_rate *= 0.5
    trainer.optimizer.history_size = 2
    if epoch == 3:
        trainer.network.layers[0].activation = "softsign"


def edit_and_end(trainer, epoch):
    edit_weights(trainer, epoch)
    return epoch == 4


@pytest.mark.parametrize("edit", [edit_weights, edit_settings, edit_and_end])
def test_edits_in_a_callback_count(edit):
    require_kernel()
    ends = []
    for backend in ("python", "c"):
        trainer, inputs, targets = case(backend)
        trainer.train(inputs, targets, 8, callback=edit)
        ends.append(everything(trainer))
        # One epoch at a time nothing is known from before: what is kept within a call is the same.
        again, inputs, targets = case(backend)
        for epoch in range(1, 9):
            again.train(inputs, targets, 1)
            if edit(again, epoch):
                break
        ends.append(everything(again))
    assert ends[0] == ends[1] == ends[2] == ends[3]
    undisturbed, inputs, targets = case("python")
    undisturbed.train(inputs, targets, 8)
    assert everything(undisturbed) != ends[0]


def in_short_slices(monkeypatch, rows, tile):
    """Have the kernel return after so many rows, or what takes as long, to be asked again."""
    monkeypatch.setattr("pyref.engine.hooks.BETWEEN_PROGRESS", 0.0)
    monkeypatch.setattr("pyref.engine.pace.TILE", tile)
    monkeypatch.setattr("pyref.engine.pace.SHORTEST_TILE", tile)
    monkeypatch.setattr("pyref.engine.pace.Pace.start", lambda self, most: (rows, most))


@pytest.mark.parametrize("at", [1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 25, 50])
def test_an_interruption_spoils_nothing(backend, monkeypatch, at):
    """Ctrl-C in the middle of an evaluation, or of the way to a direction."""
    whole, inputs, targets = case(backend)
    whole.train(inputs, targets, 14)
    trainer, inputs, targets = case(backend)
    called = []

    def interrupting(*arguments):
        called.append(at)
        if len(called) == (at if backend == "c" else (at + 3) // 4):
            raise KeyboardInterrupt
        return batch_gradients(*arguments)

    batch_gradients = pyref.reference.search.batch_gradients
    with monkeypatch.context() as patched:
        if backend == "c":
            batch_gradients = lambda trainer: None  # noqa: E731
            in_short_slices(patched, 1, 4)
        else:
            patched.setattr(pyref.reference.search, "batch_gradients", interrupting)
        with pytest.raises(KeyboardInterrupt):
            trainer.train(inputs, targets, 14, progress=interrupting if backend == "c" else None)
    epoch, evaluation = trainer.epoch, trainer.network.evaluate(inputs, targets)
    assert epoch < 14 and evaluation.loss == whole.history.loss[epoch]
    trainer.train(inputs, targets, 14 - epoch)
    assert everything(trainer) == everything(whole)


def test_a_minimum_ends_the_training_and_stays(backend, tmp_path):
    trainer, inputs, targets = case(backend, LBFGS(tolerance_change=0.0), sizes=(2, 1), l2=0.1)
    history = trainer.train(inputs, targets, 100)
    assert trainer.epoch < 20 and history.stopped_by == VANISHED == trainer.history.stopped_by
    trainer.save(tmp_path / "run.json")
    assert Trainer.load(tmp_path / "run.json").history.stopped_by == VANISHED
    # Another call looks once more, and finds nothing to do.
    digest, epoch = trainer.network.digest(), trainer.epoch
    assert trainer.train(inputs, targets, 100).stopped_by == VANISHED
    assert trainer.epoch == epoch + 1 and trainer.network.digest() == digest
    # With other data it goes on.
    assert trainer.train(inputs, [[1.0 - t] for t, in targets], 2).stopped_by is None
    assert trainer.network.digest() != digest


@pytest.mark.parametrize("settings, why", [
    (dict(tolerance_gradient=0.05), "the gradient vanished: no part of it is above 0.05"),
    (dict(tolerance_change=0.01), "0.01"),
    (dict(tolerance_gradient=0.0, tolerance_change=1e-3), "0.001"),
])
def test_why_it_ended_is_said(backend, settings, why):
    trainer, inputs, targets = case(backend, optimizer=LBFGS(**settings), l2=0.01)
    assert why in trainer.train(inputs, targets, 500).stopped_by and trainer.epoch < 500


def test_trials_beyond_all_floats_do_not_end_the_training(backend):
    """y = w₁·w₂·…·w₆₀: from 1 for every weight, the first trial leads to about 1600 each."""
    network = Network([1] * 61, hidden="identity", output="identity", biases=False,
                      initializer=[[[1.0]]] * 60)
    assert 120.0 * math.log10(1600.0) > 308.0  # the squared error of that is beyond all floats
    trainer = Trainer(network, optimizer=LBFGS(learning_rate=1e5), batch_size=None, backend=backend)
    trainer.train([1.0], [2.0], epochs=1)
    trainer.optimizer.learning_rate = 1.0
    trainer.train([1.0], [2.0], epochs=20)
    assert abs(network.predict([1.0])[0][0] - 2.0) < 1e-3


def test_a_loss_that_is_no_number_is_too_far(backend):
    """The first trial makes one pre-activation infinite and the other minus that."""
    network = Network([1, 2], output="softmax", initializer=[[[0.0, 0.0]]], biases=False)
    trainer = Trainer(network, optimizer=LBFGS(learning_rate=1e308), batch_size=None,
                      backend=backend)
    trainer.train([10.0], [1], epochs=1)
    assert network.predict([10.0], backend=backend) == [[0.0, 1.0]]


def test_steps_that_teach_nothing_are_not_remembered(backend):
    """At the minimum, to the last bit, both s and y are rounding errors."""
    trainer, inputs, targets = case(backend, LBFGS(tolerance_gradient=0.0, tolerance_change=0.0),
                                    sizes=(2, 1), l2=0.1)
    history = trainer.train(inputs, targets, 100)
    assert history.stopped_by and trainer.epoch > len(trainer.run.scalars) > 3
    assert all(sy > 1e-10 for sy in trainer.run.scalars)


def test_a_convergence_that_is_taken_back_is_not_reported(backend):
    """The validation loss is beyond all floats, so the epoch does not count."""
    network = Network([1, 1], output="identity", initializer=[[[1.0]]], biases=False)
    trainer = Trainer(network, optimizer=LBFGS(tolerance_gradient=100.0), batch_size=None,
                      backend=backend)
    with pytest.raises(DivergedError):
        trainer.train([1.0], [3.0], validation=([1e200], [0.0]))
    assert trainer.history.stopped_by is None and trainer.epoch == 0
    assert trainer.train([1.0], [3.0]).stopped_by is not None and trainer.epoch == 1


@pytest.mark.parametrize("weight, layer", [(1e200, 2), (1e100, 2), (1e308, 1)])
def test_divergence_leaves_the_network_as_it_was(backend, weight, layer):
    """The squared error is beyond all floats; or only the squared gradient; or the sum itself."""
    network = Network([1, 1, 1], hidden="identity", output="identity",
                      initializer=[[[weight]], [[1.0]]], biases=False)
    trainer = Trainer(network, optimizer=LBFGS(), batch_size=None, backend=backend)
    with pytest.raises(DivergedError) as caught:
        trainer.train([10.0], [1.0])
    assert (caught.value.epoch, caught.value.batch, caught.value.layer) == (1, 1, layer)
    assert network.layers[0].weights == [[weight]] and trainer.epoch == 0
    network.layers[0].weights[0][0] = 0.5
    trainer.train([10.0], [1.0])
    assert abs(network.predict([10.0])[0][0] - 1.0) < 1e-4


@pytest.mark.parametrize("calls", [[3], [1, 2]])
def test_no_iteration_ends_where_none_can_begin(backend, calls):
    """A unit that was off comes on beyond 1e155: where the first iteration ends, the loss and the
    slope are small, and only the squared gradient of that unit's last weight is beyond all floats.
    """
    network = Network([1, 1, 2, 1], hidden=["identity", "relu"], output="identity",
                      initializer=[[[1.0]], [[1.0, 1e160]], [[1.0], [0.0]]],
                      biases=[[0.0], [0.0, -1.1e160], [0.0]])
    before = network.digest()
    trainer = Trainer(network, optimizer=LBFGS(), batch_size=None, backend=backend)
    with pytest.raises(DivergedError) as caught:
        for epochs in calls:
            trainer.train([1.0], [2.0], epochs)
    assert (caught.value.epoch, caught.value.batch, caught.value.layer) == (1, 1, 3)
    assert trainer.epoch == 0 and network.digest() == before and trainer.run.memory == []


def test_curvature_that_is_no_float_is_not_remembered(backend):
    """The second iteration, on other rows, changes the gradient by 1e-162, whose square is 0, over
    a way so long that s·y is 7e-10."""
    network = Network([1, 1], output="identity", initializer=[[[0.0]]], biases=False)
    optimizer = LBFGS(learning_rate=1e300, tolerance_gradient=0.0, tolerance_change=0.0)
    trainer = Trainer(network, optimizer=optimizer, batch_size=None, backend=backend)
    trainer.train([7e-151], [0.7], 1)
    remembered, weight = trainer.run.scalars, network.layers[0].weights[0][0]
    optimizer.learning_rate = 3e14
    for _ in range(2):
        trainer.train([2.7e-158], [4.2e-5 + weight * 2.7e-158], 1)
    assert trainer.run.scalars == remembered != []
    assert network.layers[0].weights[0][0] > 1e153


# What does not fit.


@pytest.mark.parametrize("damage", [
    lambda training: training["memory"].pop(),
    lambda training: training["scalars"].pop(),
    lambda training: training["scalars"].__setitem__(0, 0.0),
    lambda training: training["scalars"].__setitem__(1, -1.0),
    lambda training: training["optimizer"].update(history_size=4),
    lambda training: training["memory"][3][0].append(1.0),
])
def test_a_damaged_memory_is_refused(tmp_path, damage):
    trainer, inputs, targets = case()
    trainer.train(inputs, targets, 5)
    trainer.save(tmp_path / "run.json")
    document = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert len(document["training"]["scalars"]) == 5
    damage(document["training"])
    (tmp_path / "run.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ValueError, match="member training.memory"):
        Trainer.load(tmp_path / "run.json")


@pytest.mark.parametrize("recipe, message", [
    (dict(dropout=0.1), "^dropout: LBFGS needs the true gradients"),
    (dict(input_dropout=0.1), "^input_dropout: LBFGS needs"),
    (dict(clip_value=1.0), "^clip_value: LBFGS needs"),
    (dict(clip_norm=1.0), "^clip_norm: LBFGS needs"),
    (dict(schedule=Step(every=10)), "^schedule: LBFGS finds the length of each step"),
])
def test_recipes_without_one_function_are_refused(recipe, message):
    with pytest.raises(ValueError, match=message):
        Trainer(Network([2, 1]), optimizer=LBFGS(), batch_size=None, **recipe)


@pytest.mark.parametrize("settings, message", [
    (dict(learning_rate=0.0), "LBFGS: learning_rate: a number above 0"),
    (dict(history_size=0), "LBFGS: history_size: a whole number, at least 1"),
    (dict(history_size=2.5), "LBFGS: history_size: a whole number"),
    (dict(tolerance_gradient=-1.0), "LBFGS: tolerance_gradient: 0 or a number above"),
    (dict(tolerance_change=math.nan), "LBFGS: tolerance_change: a finite number"),
])
def test_settings_that_do_not_fit_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        LBFGS(**settings)


def test_batches_smaller_than_the_data_are_refused(backend):
    trainers = [
        Trainer(Network([3, 1]), optimizer=LBFGS(), batch_size=size, backend=backend)
        for size in (6, 7, 8, None)
    ]
    targets = [[float(t > 0.0)] for t in TARGETS]
    with pytest.raises(ValueError, match="batch_size: LBFGS needs all 7 rows at once, not 6"):
        trainers[0].train(INPUTS, targets, epochs=1)
    assert trainers[0].epoch == 0
    for trainer in trainers[1:]:
        trainer.train(INPUTS, targets, epochs=3)
        assert trainer.network == trainers[1].network


def test_other_optimizers_never_converge_by_themselves(backend):
    network = Network([1, 1], output="identity", initializer=[[[3.0]]], biases=False)
    trainer = Trainer(network, optimizer=SGD(0.1), batch_size=None, backend=backend)
    assert trainer.train([1.0], [3.0], epochs=5).stopped_by is None and trainer.epoch == 5
