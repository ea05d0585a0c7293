"""Optimizers, schedules and stopping rules of a user's own: classes derived from pyref's.

They are Python, so the C engine cannot ask them, and the Python engine trains.  A file holds no
code: a run with one of them cannot be saved, and a recipe with one cannot be followed.
"""

from typing import Iterable, Optional

from ..reference.optimizers import OPTIMIZERS
from ..reference.schedules import SCHEDULES
from ..reference.settings import Settings
from ..reference.stopping import RULES

KNOWN = {*OPTIMIZERS.values(), *SCHEDULES.values(), *RULES.values()}


def first_own(things: Iterable[Settings]) -> Optional[str]:
    """The name of the first class among theirs that is not pyref's, or None."""
    return next((type(thing).__name__ for thing in things if type(thing) not in KNOWN), None)
