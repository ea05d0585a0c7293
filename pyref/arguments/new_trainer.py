"""The arguments of Trainer: each by itself, and whether they go together."""

from typing import List, Optional, Sequence, Union

from ..reference.generator import Stream
from ..reference.gradient_descent import SGD
from ..reference.guard import SPECIFICATION
from ..reference.labels import means_labels
from ..reference.lbfgs import LBFGS
from ..reference.optimizers import OPTIMIZERS, Optimizer
from ..reference.regularization import Regularization
from ..reference.schedules import SCHEDULES, Constant, Schedule
from ..reference.settings import below_one, truth, whole, zero_or_more
from ..rows.conversion import is_row, plain_list
from ..rows.late import LateRun
from .by_name import made_by_name
from .changed import checked_layers
from .loss import check_trainable, natural_loss
from .machine import refuse_too_large
from .protocols import NetworkLike


def refuse_other_specification(network: NetworkLike) -> None:
    if network.specification != SPECIFICATION:
        raise ValueError(
            f"network: it was trained by numerical specification {network.specification}, "
            f"this pyref computes by {SPECIFICATION}: it can predict, but its training cannot "
            "go on here"
        )


def check_optimizer(optimizer: Optimizer) -> None:
    if not isinstance(optimizer, Optimizer) or type(optimizer) is Optimizer:
        raise TypeError(f"optimizer: one such as SGD() is needed, not {optimizer!r:.40}")
    if not hasattr(optimizer, "learning_rate") or not (
        hasattr(optimizer, "update") or isinstance(optimizer, LBFGS)
    ):
        raise TypeError(
            f"optimizer: {type(optimizer).__name__} needs a learning_rate, and a method "
            "update(rate, scalars, weights, gradient, …), which changes the weights"
        )


def check_schedule(schedule: Optional[Schedule], optimizer: Optimizer) -> None:
    if schedule is not None and not isinstance(schedule, Schedule):
        raise TypeError(
            f"schedule: one of {', '.join(SCHEDULES)} is needed, such as Step(10), "
            f"not {schedule!r:.40}"
        )
    if schedule is not None and schedule != Constant() and not optimizer.follows_rate:
        raise ValueError(
            f"schedule: {type(optimizer).__name__} has steps of its own and follows no "
            f"learning rate: {schedule!r} would change nothing"
        )


def check_one_function(
    optimizer: Optimizer, schedule: Optional[Schedule], regularization: Regularization
) -> None:
    """LBFGS's line search compares losses, so they must be values of one function of the weights.
    """
    if not isinstance(optimizer, LBFGS):
        return
    for name in ("dropout", "input_dropout", "clip_value", "clip_norm"):
        if getattr(regularization, name):
            raise ValueError(
                f"{name}: LBFGS needs the true gradients of one function, without dropout and "
                "clipping; penalties (l1, l2) are part of that function"
            )
    if schedule not in (None, Constant()):
        raise ValueError(
            f"schedule: LBFGS finds the length of each step by itself, {schedule!r} cannot help it"
        )


def checked_smoothing(smoothing: float, loss: str) -> float:
    smoothing = below_one("label_smoothing", smoothing)
    if smoothing and loss != "cross_entropy":
        raise ValueError(f"label_smoothing belongs to cross_entropy, the loss is {loss}")
    return smoothing


def new_run(
    network: NetworkLike,
    loss: Optional[str],
    optimizer: Union[None, str, Optimizer],
    batch_size: Optional[int],
    shuffle: bool,
    seed: Optional[int],
    schedule: Union[None, str, Schedule],
    regularization: Regularization,
    smoothing: float,
) -> LateRun:
    """A training of the network that has not begun, as Trainer's arguments tell."""
    refuse_other_specification(network)
    layers = checked_layers(network)
    loss = natural_loss(network) if loss is None else loss
    check_trainable(layers, loss)
    if optimizer is None:
        optimizer = SGD(learning_rate=0.1, momentum=0.9)
    steps: Optimizer = made_by_name("optimizer", optimizer, OPTIMIZERS)
    rates: Optional[Schedule] = made_by_name("schedule", schedule, SCHEDULES)
    check_optimizer(steps)
    check_schedule(rates, steps)
    check_one_function(steps, rates, regularization)
    if batch_size is not None:
        batch_size = whole("batch_size", batch_size, least=1)
    smoothing = checked_smoothing(smoothing, loss)
    refuse_too_large(network.sizes, copies=2 + len(steps.memory))  # and the gradients
    return LateRun(
        network.layers,
        loss,
        steps,
        batch_size,
        truth("shuffle", shuffle),
        network.stream.copy() if seed is None else Stream(seed),
        Constant() if rates is None else rates,
        regularization,
        smoothing,
    )


def checked_class_weights(
    weights: Union[None, str, Sequence[float]], network: NetworkLike, loss: str
) -> Union[None, str, List[float]]:
    outputs = network.sizes[-1]
    if weights is not None and means_labels(loss, outputs, network.class_names):
        raise ValueError(
            f"class_weights: the {outputs} outputs are yes-or-no questions, so a row has no one "
            "class to weigh it by; give class_names to the network if they are classes, or weights "
            "to the rows in train"
        )
    if weights is None or isinstance(weights, str) and weights == "balanced":
        return weights
    classes = max(2, outputs)
    weights = plain_list(weights) if is_row(weights) else weights
    if not is_row(weights) or len(weights) != classes:
        raise ValueError(
            f'class_weights: "balanced" or a list of {classes} numbers, one for each class, '
            f"is needed, not {weights!r:.60}"
        )
    return [zero_or_more(f"class_weights[{place}]", w) for place, w in enumerate(weights)]
