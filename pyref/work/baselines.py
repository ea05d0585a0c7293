"""What to hold a network against: the answer that is always the same, and a linear model.

The linear model is a network without hidden layers, with the same outputs, loss and scaling, that
L-BFGS trains on at most a million numbers of the training rows, which stand at equal distances.
"""

from array import array
from collections import Counter
from typing import Optional, Tuple

from ..arguments.task import classes_of, task_of
from ..measures import balanced_accuracy, column_error, label_counts, rows_right_in_all
from ..network import Network
from ..reference.divergence import DivergedError
from ..reference.lbfgs import LBFGS
from ..tables import passes
from ..tables.layout import CLASSIFICATION, LABELS
from ..trainer import Trainer
from .division import Rows
from .from_options import targets_for
from .job import Job
from .judging import Judgement, judge

MOST_NUMBERS = 1_000_000
LEAST_EPOCHS, MOST_EPOCHS = 20, 100
PART_OF_THE_TRAINING = 5  # it may take a fifth of the products of the network's training
PENALTY = 0.001  # of squared weights: where classes can be separated, they would grow for ever


def constant_answer(network: Network, training: Rows, judged: Rows) -> Tuple[str, Judgement]:
    """Always the most frequent class, the more frequent answer for each label, or the mean, of the
    training rows: in words, and how good that is."""
    wanted = judged[1]
    rows = len(judged[0]) // network.sizes[0]
    width = len(wanted) // rows
    if task_of(network) == CLASSIFICATION:
        names = classes_of(network) or []
        times, counts = (Counter(targets) for targets in (training[1], wanted))
        likeliest = max(range(len(names)), key=lambda place: times[float(place)])
        matrix = [[0] * len(names) for _ in names]
        for place, row in enumerate(matrix):
            row[likeliest] = counts[float(place)]
        return names[likeliest], Judgement(
            rows, right=matrix[likeliest][likeliest], matrix=matrix,
            balanced_accuracy=balanced_accuracy(matrix),
        )
    means = [passes.mean(training[1][column::width]) for column in range(width)]
    columns = [(array("d", [mean]) * rows, wanted[j::width]) for j, mean in enumerate(means)]
    if task_of(network) == LABELS:
        said = array("d", means) * rows
        right = rows_right_in_all(said, wanted, width)
        labels = [label_counts(*column) for column in columns]
        return "the likelier of yes and no", Judgement(rows, labels=labels, right_in_all=right)
    return "the mean", Judgement(rows, errors=[column_error(*column) for column in columns])


def linear_model(job: Job, judged: Rows) -> Optional[Judgement]:
    """None where the network has no hidden layers either, has not trained, or this diverges."""
    trainer, network = job.trainer, job.trainer.network
    if len(network.layers) == 1 or not trainer.epoch:
        return None
    inputs, outputs = network.sizes[0], network.sizes[-1]
    linear = Network([inputs, outputs], output=network.layers[-1].activation, initializer="zeros")
    for name in ("input_scaling", "target_scaling", "class_names", "target_names"):
        setattr(linear, name, getattr(network, name))
    linear.recipe["task"] = task_of(network)
    rows = range(0, job.training_rows, -(-len(job.training[0]) // MOST_NUMBERS))
    of_each = len(job.training[1]) // job.training_rows
    chosen, targets = (
        passes.fastest.taken(flat, width, width, rows)
        for flat, width in zip(job.training, (inputs, of_each))
    )
    spent = job.training_rows * trainer.epoch * network.parameter_count
    epochs = spent // (PART_OF_THE_TRAINING * len(rows) * linear.parameter_count)
    epochs = max(LEAST_EPOCHS, min(epochs, MOST_EPOCHS))
    by_lbfgs = Trainer(
        linear, loss=trainer.loss, optimizer=LBFGS(), batch_size=None, backend=trainer.backend,
        l2=PENALTY,
    )
    try:
        by_lbfgs.train(chosen, targets_for(linear, targets), epochs=epochs)
    except DivergedError:
        return None
    return judge(linear, *judged, trainer.backend)
