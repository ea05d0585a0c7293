"""What the commands print with --json: the reports as objects of plain members.  The help text of
each command says what they are; a member that is not known is null."""

from typing import Any, Dict, List, Optional

from ... import __version__
from ...arguments.task import classes_of, targets_of, task_of
from ...measures import class_counts
from ...network import Network
from ...recipe import settings_of
from ...reference.settings import describe
from ...work.job import Job
from ...work.judging import Judgement
from ...work.outcome import Outcome

JUDGEMENT = """\
A judgement has rows and loss, and of what the model learned: for classes right, accuracy, log_loss,
and, in detail, balanced_accuracy, roc_auc, confusion_matrix (a list for each true class) and
classes, each with name, rows, answered, right, precision and recall; for labels right_in_all and
labels, each with name, rows, have_it, found, mistaken, right, precision and recall; for a
regression targets, each with name, root_mean_squared_error, mean_absolute_error and r_squared."""


def judgement_object(network: Network, judged: Optional[Judgement]) -> Optional[Dict[str, Any]]:
    return None if judged is None else object_of(network, judged)


def object_of(network: Network, judged: Judgement) -> Dict[str, Any]:
    made: Dict[str, Any] = {"rows": judged.rows, "loss": judged.loss}
    if judged.right is not None:
        made.update(
            right=judged.right, accuracy=judged.right / judged.rows, log_loss=judged.log_loss
        )
    if judged.matrix is not None:
        made.update(
            balanced_accuracy=judged.balanced_accuracy,
            roc_auc=judged.roc_auc,
            confusion_matrix=judged.matrix,
            classes=[
                {"name": name, **counts._asdict(), "precision": counts.precision,
                 "recall": counts.recall}
                for name, counts in zip(classes_of(network) or (), class_counts(judged.matrix))
            ],
        )
    if judged.labels is not None:
        made.update(right_in_all=judged.right_in_all, labels=[
            {"name": name, **counts._asdict(), "right": counts.right,
             "precision": counts.precision, "recall": counts.recall}
            for name, counts in zip(targets_of(network), judged.labels)
        ])
    if judged.errors is not None:
        made["targets"] = [
            {"name": name, "root_mean_squared_error": error.root_mean_square,
             "mean_absolute_error": error.mean_absolute, "r_squared": error.r_squared}
            for name, error in zip(targets_of(network), judged.errors)
        ]
    return made


def training_object(job: Job, notes: List[str], seconds: float, outcome: Outcome) -> Dict[str, Any]:
    trainer, network = job.trainer, job.trainer.network
    return {
        "pyref": __version__,
        "data": job.recipe["data"],
        "rows": job.recipe["rows"],
        "training_rows": job.training_rows,
        "validation_rows": job.validation_rows,
        "test_rows": job.test_rows,
        "task": task_of(network),
        "input_names": network.input_names,
        "target_names": network.target_names,
        "class_names": classes_of(network),
        "network": {
            "sizes": network.sizes,
            "activations": [layer.activation for layer in network.layers],
            "parameters": network.parameter_count,
        },
        "settings": {
            "planned_epochs": job.recipe["planned_epochs"], "seed": job.recipe["seed"],
            **settings_of(trainer), "stop": [describe(rule) for rule in job.rules],
        },
        "choice": job.recipe.get("choice"),
        "notes": notes,
        "engine": trainer.backend,
        "epochs": trainer.epoch,
        "seconds": seconds,
        "ended": trainer.history.stopped_by,
        "kept_epoch": job.recipe["kept_epoch"],
        "training": judgement_object(network, outcome.training),
        "validation": judgement_object(network, outcome.validation),
        "test": judgement_object(network, outcome.test),
        "constant": constant_object(network, *outcome.constant),
        "linear": judgement_object(network, outcome.linear),
        "digest": network.digest(),
    }


def constant_object(network: Network, answer: str, judged: Judgement) -> Dict[str, Any]:
    return {"answer": answer, **object_of(network, judged)}
