"""One training of a network at a time."""

from contextlib import contextmanager
from typing import Iterator


@contextmanager
def being_trained(network) -> Iterator[None]:
    """Two trainings of one network at the same time would spoil each other: the second is refused.
    """
    if network._in_training:
        raise RuntimeError(
            "this network is being trained at the moment, which has to end first: a callback "
            "cannot train it, nor can another thread"
        )
    network._in_training = True
    try:
        yield
    finally:
        network._in_training = False
