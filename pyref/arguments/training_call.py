"""The arguments of Trainer.train."""

from typing import Any, Callable, List, Optional

from ..reference.lbfgs import LBFGS
from ..reference.run import Run
from ..reference.stopping import RULES, Rule


def check_functions(**functions: Optional[Callable[..., Any]]) -> None:
    for name, function in functions.items():
        if not (function is None or callable(function)):
            raise TypeError(f"{name}: a function is needed, not {function!r:.40}")


def checked_rules(stop: Any, with_validation: bool) -> List[Rule]:
    rules = list(stop) if isinstance(stop, (list, tuple)) else [stop]
    for rule in rules:
        if not isinstance(rule, Rule):
            raise TypeError(
                f"stop: one or several of {', '.join(RULES)} are needed, not {rule!r:.40}; "
                "a condition of your own can be a callback, or a class derived from pyref.Rule"
            )
        if not (hasattr(rule, "says_stop") and hasattr(rule, "reason")):
            raise TypeError(
                f"stop: {type(rule).__name__} needs the methods says_stop(state, loss, "
                "validation_loss), and reason(), which tells people why it did"
            )
        if rule.needs_validation and not with_validation:
            raise ValueError(f"stop: {rule!r} needs validation rows")
    return rules


def check_row_count(run: Run, count: int) -> None:
    """Whether the training can go on with so many rows."""
    if run.order and len(run.order) != count:
        raise ValueError(
            f"an epoch over {len(run.order)} rows is under way, but {count} rows were "
            "given: go on with the same data, or make a new Trainer"
        )
    if isinstance(run.optimizer, LBFGS) and (run.batch_size or count) < count:
        raise ValueError(
            f"batch_size: LBFGS needs all {count} rows at once, not {run.batch_size}: "
            "make a Trainer with batch_size=None"
        )
