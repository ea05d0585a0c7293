"""Targets that name the classes of a network: how it learns the names, and what they stand for."""

from contextlib import contextmanager
from typing import Any, Iterator

from ..rows.class_names import (
    listed_objects, names_in, other_names_in, places_of, texts_in, whole_numbers_in,
)
from ..rows.targets import one_hot
from .names import check_names
from .protocols import NetworkLike


def numbered(network: NetworkLike, targets: Any, loss: str) -> Any:
    """Names as the numbers of their classes, or for a loss that compares with all outputs as rows
    with a 1 in the place of the class; all else as it is."""
    targets = listed_objects(targets)
    texts = texts_in(targets)
    if texts is None and network.class_kind == "integer":
        numbers = whole_numbers_in(targets)
        texts = None if numbers is None else list(map(str, numbers))
    if texts is None:
        return targets
    outputs = network.sizes[-1]
    if network.class_names is None:
        raise ValueError(
            f"targets, row 0: {texts[0]!r:.40} found, {numbers_needed(loss, outputs)}"
        )
    check_names(network)
    places = places_of(texts, network.class_names)
    if outputs == 1 or loss == "cross_entropy":
        return places
    return one_hot(places, outputs, len(places)).lists()


def numbers_needed(loss: str, outputs: int) -> str:
    """Why texts cannot be learned, or why they are not known."""
    if learns_classes(loss, outputs):
        classes = f"a class from 0 to {max(2, outputs) - 1} is needed"
        return f"{classes}: this network has no class_names; it learns them in training"
    return (
        f"a number is needed: {loss} with {outputs} outputs learns no classes from names, unless "
        "the network is given its class_names; cross_entropy does, with an output for each, and "
        "binary_cross_entropy with one output for two classes"
    )


def learns_classes(loss: str, outputs: int) -> bool:
    """Whether the task can be nothing but to tell classes apart of which one is right."""
    return outputs > 1 if loss == "cross_entropy" else (
        loss == "binary_cross_entropy" and outputs == 1
    )


@contextmanager
def learning_names(network: NetworkLike, targets: Any, loss: str) -> Iterator[None]:
    """The network has the names in `targets` from here on, if they are names and it had none;
    unless what is done meanwhile, a look at all data, ends with an error."""
    if network.class_names is not None or not learns_classes(loss, network.sizes[-1]):
        yield
        return
    listed, classes = listed_objects(targets), max(2, network.sizes[-1])
    texts = texts_in(listed)
    if texts is not None:
        network.class_names = names_in(targets, texts, classes)
    else:
        network.class_kind, network.class_names = other_names_in(listed, classes)
    try:
        yield
    except BaseException:
        network.class_kind = network.class_names = None
        raise
