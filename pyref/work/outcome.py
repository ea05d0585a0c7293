"""How good a training's network is, and what to hold that against."""

from typing import Iterator, NamedTuple, Optional, Tuple

from .baselines import constant_answer, linear_model
from .choosing import Judged
from .job import Job
from .judging import Judgement, judge


class Outcome(NamedTuple):
    """How good the network is now, on the rows that trained it and on those kept aside; and, on the
    last of these that there are, always the same answer, which it says, and a linear model.  Where
    folds judged what was chosen, `validation` is what they found."""

    training: Judgement
    validation: Optional[Judgement]
    test: Optional[Judgement]
    constant: Tuple[str, Judgement]
    linear: Optional[Judgement]
    folds: Optional[Judged]

    def judgements(self) -> Iterator[Tuple[str, Judgement]]:
        """Those that there are, by name; the last one is in detail."""
        for name in ("training", "validation", "test"):
            judged = getattr(self, name)
            if judged is not None:
                yield name, judged


def outcome_of(job: Job) -> Outcome:
    network, backend = job.trainer.network, job.trainer.backend
    folds = None if job.choice is None else job.choice.judged
    # Nothing has seen those of the test: where there are any, they are the ones to compare by.
    last = job.test or job.validation or (job.training if folds is None else None)
    training = judge(network, *job.training, backend, in_detail=job.training is last)
    validation, test = (
        None if rows is None else judge(network, *rows, backend, in_detail=rows is last)
        for rows in (job.validation, job.test)
    )
    if folds is not None:
        validation = folds.chosen
    if last is not None:
        constant, linear = constant_answer(network, job.training, last), linear_model(job, last)
    else:
        assert folds is not None
        constant, linear = constant_answer(network, job.training, folds.rows), folds.linear
    return Outcome(training, validation, test, constant, linear, folds)
