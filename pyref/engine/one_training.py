"""One training of a network at a time, and what others see of it meanwhile.

A training works on numbers of its own and *hands back* to the network's lists now and then: at the
end, for a callback, and every few seconds at the end of an epoch (`LONGEST_ABSENCE`).  Whoever
moves whole networks, there and everywhere else, holds `LISTS`, so that nobody sees half of one.
"""

import os
from _thread import RLock, get_ident
from contextlib import contextmanager
from typing import Callable, Iterator, List, Optional, Protocol

from ..arguments.changed import checked_layers, copied
from ..arguments.protocols import NetworkLike
from ..reference.layer import Layer

LONGEST_ABSENCE = 5.0  # seconds

# One for all networks: it is held for milliseconds, and what it guards is Python's lists, which
# only one thread at a time works on anyway.  Nobody holds it while a user's function runs.
LISTS = RLock()

if hasattr(os, "register_at_fork"):  # a child gets whole networks, and nobody else holds the lock
    os.register_at_fork(
        before=LISTS.acquire, after_in_parent=LISTS.release, after_in_child=LISTS.release
    )


def nothing_new() -> None:
    pass


class UnderWay:
    """A training: who does it; `at_epoch_end` while a callback looks on; `tell` writes into the
    network's recipe what nobody has read so far."""

    def __init__(self) -> None:
        self.process, self.thread = os.getpid(), get_ident()
        self.at_epoch_end = False
        self.tell: Callable[[], None] = nothing_new

    def is_here(self) -> bool:
        """Not in the child of a fork, which has only the thread that forked."""
        return self.thread == get_ident() or self.process == os.getpid()

    def shows_whole_trainers(self) -> bool:
        return self.at_epoch_end and self.thread == get_ident()


class NetworkInTraining(NetworkLike, Protocol):
    _under_way: Optional[UnderWay]


def under_way(network: NetworkInTraining) -> bool:
    return network._under_way is not None and network._under_way.is_here()


def layers_now(network: NetworkInTraining) -> List[Layer]:
    """A copy of the network's layers, checked: to be read whatever becomes of its lists."""
    with LISTS:
        return copied(checked_layers(network))


@contextmanager
def being_trained(network: NetworkInTraining) -> Iterator[UnderWay]:
    """Two trainings of one network at the same time would spoil each other: the second is refused.
    """
    with LISTS:
        if under_way(network):
            raise RuntimeError(
                "this network is being trained at the moment, which has to end first: a callback "
                "cannot train it, nor can another thread"
            )
        network._under_way = UnderWay()
    try:
        yield network._under_way
    finally:
        network._under_way = None


def refuse_in_training(network: NetworkInTraining, what: str) -> None:
    """What needs more than the weights: where the training stands, too."""
    training = network._under_way
    if training is not None and training.is_here() and not training.shows_whole_trainers():
        raise RuntimeError(
            f"the network is in training, and where that stands is not to be had at this moment: "
            f"{what} a Trainer in a callback, at the end of an epoch, or after the training"
        )
