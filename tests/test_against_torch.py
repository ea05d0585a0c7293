"""PyTorch computes the same, up to rounding: the functions, and 200 steps of every optimizer.

In float64, and the optimizers in float32 too, from the same start and over the same batches.  Where
PyTorch is not installed these tests skip; with PYREF_TORCH=1 in the environment its absence is an
error.
"""

import os

import pytest

from pyref import SGD, Adagrad, Adam, AdamW, IRpropMinus, Network, RMSprop, Rprop, Trainer
from pyref.reference.guard import guarded_train
from pyref.reference.activations import ACTIVATIONS
from pyref.engine.python import examples
from pyref.arguments.units import training_data
from pyref.reference.losses import LOSSES, output_deltas, row_loss
from pyref.reference.parameters import parameters
from pyref.reference.optimizers import OPTIMIZERS
from pyref.reference.schedules import Cosine, Exponential, InverseScaling, ReduceOnPlateau, Step

try:
    import torch
except ImportError:
    if os.environ.get("PYREF_TORCH") == "1":
        raise
    pytest.skip("PyTorch is not installed", allow_module_level=True)

from torch.nn import functional

torch.set_num_threads(1)  # the matrices are tiny

ROWS, STEPS, NEAR = 40, 200, 1e-9
NEAR_IN_SINGLE = 1e-4  # pyref's own two precisions are up to 2e-5 apart after as many steps
SIZES = [4, 7, 3]


def tensor(values, dtype=torch.float64):
    return torch.tensor(values, dtype=dtype)


def assert_close(ours, theirs):
    torch.testing.assert_close(tensor(ours), theirs.detach(), rtol=1e-13, atol=1e-15)


TORCH_ACTIVATIONS = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": functional.relu,
    "leaky_relu": functional.leaky_relu,
    "elu": functional.elu,
    "softplus": functional.softplus,
    "softsign": functional.softsign,
    "silu": functional.silu,
    "gelu": lambda z: functional.gelu(z, approximate="tanh"),
    "exp": torch.exp,
    "softmax": lambda z: functional.softmax(z, 0),
}
Z = [-3.0, -1.25, -0.5, -1e-3, 1e-3, 0.75, 2.0, 4.5]
ERRORS = [0.5, -1.0, 2.0, 0.25, -3.0, 1.0, -0.125, 0.7]


@pytest.mark.parametrize("name", TORCH_ACTIVATIONS)
def test_activations_and_their_derivatives(name):
    z = tensor(Z).requires_grad_()
    y = TORCH_ACTIVATIONS[name](z)
    y.backward(tensor(ERRORS))
    ours = ACTIVATIONS[name].outputs(Z)
    assert_close(ours, y)
    assert_close(ACTIVATIONS[name].deltas(ERRORS, Z, ours), z.grad)


TORCH_LOSSES = {  # of the pre-activations z where the loss is fused, else of the outputs y
    "half_squared_error": lambda y, t: 0.5 * functional.mse_loss(y, t, reduction="sum"),
    "mean_squared_error": functional.mse_loss,
    "mean_absolute_error": functional.l1_loss,
    "huber": functional.huber_loss,
    "poisson": lambda y, t: functional.poisson_nll_loss(y, t, log_input=False),
    "binary_cross_entropy": functional.binary_cross_entropy_with_logits,
    "cross_entropy": functional.cross_entropy,
}
TARGETS = [0.0, 1.0, 0.25, 2.5]
PROBABILITIES = [0.0, 0.7, 0.1, 0.2]


@pytest.mark.parametrize(
    "loss, output",
    [(loss, output) for loss in TORCH_LOSSES for output in LOSSES[loss].outputs],
)
def test_losses_and_their_gradients(loss, output):
    z, t = [-1.5, 0.5, 2.0, -0.25], PROBABILITIES if "cross_entropy" in loss else TARGETS
    y = ACTIVATIONS[output].outputs(z)
    theirs = tensor(z).requires_grad_()
    read = theirs if LOSSES[loss].fused else TORCH_ACTIVATIONS[output](theirs)
    value = TORCH_LOSSES[loss](read, tensor(t))
    value.backward()
    divisor = LOSSES[loss].divisor(1.0, len(z))
    assert_close(row_loss(loss, z, y, t) / divisor, value)
    assert_close(output_deltas(loss, output, z, y, t, 1.0, divisor), theirs.grad)


def data(loss):
    """A function to learn, with some noise; its largest output as a class for cross_entropy."""
    draw = torch.Generator().manual_seed(1)

    def normal(rows, columns):
        return torch.randn(rows, columns, generator=draw, dtype=torch.float64)

    inputs = normal(ROWS, SIZES[0])
    targets = torch.sin(inputs @ normal(SIZES[0], SIZES[-1])) + 0.1 * normal(ROWS, SIZES[-1])
    if loss == "cross_entropy":
        targets = targets.argmax(1)
    if loss == "poisson":
        targets = torch.floor(torch.exp(targets))
    return inputs, targets


def new_trainer(loss, optimizer, batch_size=8, precision="double", **settings):
    output = {"cross_entropy": "softmax", "poisson": "softplus"}.get(loss, "identity")
    network = Network(SIZES, hidden="tanh", output=output, seed=5, precision=precision)
    return Trainer(network, loss=loss, optimizer=optimizer, batch_size=batch_size, **settings)


def our_steps(trainer, inputs, targets):
    """For each step the batch's rows by number, and all parameters after it."""
    run = trainer.run
    batch_size = trainer.batch_size or ROWS
    given = examples(training_data(trainer, inputs.tolist(), targets.tolist()))
    for epoch_ended in guarded_train(run, given, STEPS * batch_size // ROWS):
        if not epoch_ended:
            batch = run.order[run.position - batch_size : run.position]
            yield batch, tensor([value for row in parameters(run.layers) for value in row])


class Peer:
    """The same network in PyTorch, up to the pre-activations of its last layer."""

    def __init__(self, network):
        dtype = torch.float32 if network.precision == "single" else torch.float64
        self.tensors = [
            tensor(values, dtype).requires_grad_()
            for layer in network.layers
            for values in (layer.weights, layer.biases)
        ]

    def outputs(self, inputs):
        weights, biases, last_weights, last_biases = self.tensors
        return torch.tanh(inputs @ weights + biases) @ last_weights + last_biases

    def flat(self):
        return torch.cat([part.detach().flatten() for part in self.tensors]).double()


def largest_distance(trainer, optimizer, criterion, clip=None):
    """The largest distance of any step, in lengths of PyTorch's vector of parameters."""
    inputs, targets = data(trainer.loss)
    if trainer.network.precision == "single":
        inputs = inputs.float()
        targets = targets.float() if targets.is_floating_point() else targets
    peer = Peer(trainer.network)
    optimizer = optimizer(peer.tensors)
    start, farthest, steps = peer.flat(), 0.0, 0
    for batch, ours in our_steps(trainer, inputs, targets):
        optimizer.zero_grad()
        criterion(peer.outputs(inputs[batch]), targets[batch]).backward()
        if clip is not None:
            clip(peer.tensors)
        optimizer.step()
        theirs = peer.flat()
        farthest = max(farthest, float((ours - theirs).norm() / theirs.norm()))
        steps += 1
    assert steps == STEPS
    assert (theirs - start).norm() > 1e-3 * start.norm(), "nothing was learned"
    return farthest


MINI_BATCH_PAIRS = [
    (SGD(), torch.optim.SGD),
    (SGD(0.1), lambda p: torch.optim.SGD(p, 0.1)),
    (SGD(0.1, 0.9), lambda p: torch.optim.SGD(p, 0.1, momentum=0.9)),
    (SGD(0.1, 0.9, True), lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, nesterov=True)),
    (RMSprop(), torch.optim.RMSprop),
    (RMSprop(momentum=0.9), lambda p: torch.optim.RMSprop(p, momentum=0.9)),
    (RMSprop(centered=True), lambda p: torch.optim.RMSprop(p, centered=True)),
    (
        RMSprop(0.02, 0.9, 1e-4, 0.5, True),
        lambda p: torch.optim.RMSprop(p, 0.02, 0.9, 1e-4, momentum=0.5, centered=True),
    ),
    (Adagrad(), torch.optim.Adagrad),
    (
        Adagrad(0.1, 1e-4, 0.1),
        lambda p: torch.optim.Adagrad(p, 0.1, eps=1e-4, initial_accumulator_value=0.1),
    ),
    (Adam(), torch.optim.Adam),
    (Adam(0.02, 0.8, 0.95, 1e-4), lambda p: torch.optim.Adam(p, 0.02, (0.8, 0.95), 1e-4)),
    (AdamW(), torch.optim.AdamW),
    (
        AdamW(0.02, 0.8, 0.95, 1e-4, 0.3),
        lambda p: torch.optim.AdamW(p, 0.02, (0.8, 0.95), 1e-4, 0.3),
    ),
]
FULL_BATCH_PAIRS = [
    (Rprop(), torch.optim.Rprop),
    (
        Rprop(0.1, 0.4, 1.3, 1e-3, 0.5),
        lambda p: torch.optim.Rprop(p, 0.1, etas=(0.4, 1.3), step_sizes=(1e-3, 0.5)),
    ),
    (
        IRpropMinus(0.03, 0.03),
        lambda p: torch.optim.Rprop(p, 0.03, step_sizes=(0.0, 50.0)),
    ),
]
PAIRS = [(ours, theirs, 8) for ours, theirs in MINI_BATCH_PAIRS] + [
    (ours, theirs, None) for ours, theirs in FULL_BATCH_PAIRS
]
CRITERIA = {
    "cross_entropy": torch.nn.CrossEntropyLoss(),
    "mean_squared_error": torch.nn.MSELoss(),
}


@pytest.mark.parametrize("loss", CRITERIA)
@pytest.mark.parametrize(
    "ours, theirs, batch_size", PAIRS, ids=[repr(ours) for ours, _, _ in PAIRS]
)
def test_optimizers(ours, theirs, batch_size, loss):
    trainer = new_trainer(loss, ours, batch_size)
    assert largest_distance(trainer, theirs, CRITERIA[loss]) < NEAR


@pytest.mark.parametrize("loss", CRITERIA)
@pytest.mark.parametrize(
    "ours, theirs", MINI_BATCH_PAIRS, ids=[repr(ours) for ours, _ in MINI_BATCH_PAIRS]
)
def test_optimizers_in_single_precision(ours, theirs, loss):
    """Those of full batches go by signs: one that rounding turns makes another step."""
    trainer = new_trainer(loss, ours, precision="single")
    assert largest_distance(trainer, theirs, CRITERIA[loss]) < NEAR_IN_SINGLE


def test_every_optimizer_that_pytorch_has_is_here():
    tested = {type(ours).__name__ for ours, _, _ in PAIRS}
    of_its_own = {"LBFGS"}  # one step of it is many passes: it has a test of its own
    assert {name for name in OPTIMIZERS if hasattr(torch.optim, name)} - of_its_own <= tested


def gentle_descent(tensors):
    return torch.optim.SGD(tensors, 0.05)


@pytest.mark.parametrize(
    "loss, criterion",
    [
        ("mean_absolute_error", torch.nn.L1Loss()),
        ("huber", torch.nn.HuberLoss()),
        ("poisson", lambda z, t: TORCH_LOSSES["poisson"](functional.softplus(z), t)),
    ],
)
def test_other_losses(loss, criterion):
    trainer = new_trainer(loss, SGD(0.05))
    assert largest_distance(trainer, gentle_descent, criterion) < NEAR


WEIGHTS = [0.5, 2.0, 3.0]


def row_by_row(z, t):
    """Label smoothing, then the weight of a row's class on the whole of its loss: pyref's way."""
    weights = tensor(WEIGHTS)[t]
    of_rows = functional.cross_entropy(z, t, label_smoothing=0.2, reduction="none")
    return (weights * of_rows).sum() / weights.sum()


def class_by_class(z, t):
    """Each term of a smoothed target with the weight of its own class: PyTorch's way."""
    smooth = 0.8 * functional.one_hot(t, len(WEIGHTS)).double() + 0.2 / len(WEIGHTS)
    terms = -smooth * functional.log_softmax(z, 1) * tensor(WEIGHTS)
    return terms.sum() / tensor(WEIGHTS)[t].sum()


@pytest.mark.parametrize(
    "settings, criterion",
    [
        ({"label_smoothing": 0.2}, torch.nn.CrossEntropyLoss(label_smoothing=0.2)),
        ({"class_weights": WEIGHTS}, torch.nn.CrossEntropyLoss(weight=tensor(WEIGHTS))),
        ({"label_smoothing": 0.2, "class_weights": WEIGHTS}, row_by_row),
    ],
    ids=["smoothing alone", "weights alone", "both, row by row"],
)
def test_smoothing_and_class_weights(settings, criterion):
    trainer = new_trainer("cross_entropy", SGD(0.05), **settings)
    assert largest_distance(trainer, gentle_descent, criterion) < NEAR


def test_pytorch_joins_smoothing_and_class_weights_otherwise():
    """What the docstrings of Trainer and `smoothed` say of it, and that the paths part."""
    theirs = torch.nn.CrossEntropyLoss(weight=tensor(WEIGHTS), label_smoothing=0.2)
    z, t = tensor([Z[:3], Z[3:6], Z[5:]]), torch.tensor([0, 1, 2])
    assert_close(float(class_by_class(z, t)), theirs(z, t))
    trainer = new_trainer("cross_entropy", SGD(0.05), label_smoothing=0.2, class_weights=WEIGHTS)
    assert largest_distance(trainer, gentle_descent, theirs) > 1e-3


@pytest.mark.parametrize(
    "settings, clip",
    [
        ({"clip_norm": 0.3}, lambda p: torch.nn.utils.clip_grad_norm_(p, 0.3)),
        ({"clip_value": 0.05}, lambda p: torch.nn.utils.clip_grad_value_(p, 0.05)),
    ],
)
def test_clipping(settings, clip):
    """Both limits bite in these 200 steps: without `clip` the paths part at once."""

    def distance(clip):
        trainer = new_trainer("cross_entropy", SGD(0.05), **settings)
        return largest_distance(trainer, gentle_descent, CRITERIA["cross_entropy"], clip)

    assert distance(clip) < NEAR
    assert distance(None) > 1e-3


SCHEDULERS = torch.optim.lr_scheduler


@pytest.mark.parametrize(
    "schedule, scheduler",
    [
        (Step(7), lambda sgd: SCHEDULERS.StepLR(sgd, 7)),
        (Exponential(0.97), lambda sgd: SCHEDULERS.ExponentialLR(sgd, 0.97)),
        (InverseScaling(), lambda sgd: SCHEDULERS.LambdaLR(sgd, lambda n: (n + 1) ** -0.5)),
        (Cosine(60, 0.01), lambda sgd: SCHEDULERS.CosineAnnealingLR(sgd, 60, 0.01)),
        (ReduceOnPlateau(), lambda sgd: SCHEDULERS.ReduceLROnPlateau(sgd, eps=0.0)),
        (
            ReduceOnPlateau(0.5, 2, 0.01, 3, 0.03),
            lambda sgd: SCHEDULERS.ReduceLROnPlateau(
                sgd, factor=0.5, patience=2, threshold=0.01, cooldown=3, min_lr=0.03, eps=0.0
            ),
        ),
    ],
    ids=repr,
)
def test_schedules(schedule, scheduler):
    """Over 60 epochs, with losses that fall, rise and stay."""
    losses = [2.0 + (n * n % 11) / (n + 1) if n < 40 else 2.5 for n in range(60)]
    sgd = torch.optim.SGD([torch.zeros(1)], lr=0.3)
    theirs, state = scheduler(sgd), schedule.start()
    for epoch, loss in enumerate(losses):
        rate = schedule.rate(state, 0.3, epoch)
        assert rate == pytest.approx(sgd.param_groups[0]["lr"], rel=1e-12)
        schedule.after_epoch(state, loss)
        sgd.step()
        if isinstance(theirs, SCHEDULERS.ReduceLROnPlateau):
            theirs.step(loss)
        else:
            theirs.step()
    assert schedule.rate(state, 0.3, 60) < 0.3
