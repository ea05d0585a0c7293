"""The recipe of a network: what was done to it, so that anybody can do it again and compare.

`network.recipe` is a dictionary of what JSON can hold, and goes into the model file.  Its members:

start           how the first weights were made: `initializer`, `biases` (true, false or an
                initializer too), or `model`, the name of the file that they are from; and their
                digest
segments        the trainings, in order; a call of `train` that goes on as the one before makes
                that segment longer
not_repeatable  only where doing it again would end elsewhere: the reason

A segment tells which `trainer` it was (from 1), the trainer's seed and settings, the SHA-256 of the
rows it learned from (Data.digest), the stopping rules, `validation_every` where it is not 1, what
happened (`epochs` finished, what `ended` it, the `position` in an epoch that was broken off), the
network's digest afterwards (in the midst of a training it is written as soon as somebody reads
`network.recipe`), and every so many (`loss_every`) of its losses.  Where there were validation
rows, it has their history, too: `validation_epochs` of the trainer, at most a thousand,
`validation_losses` of seven digits, and `validation_accuracies`.

The command line adds members of its own: where its rows came from.
"""

from bisect import bisect_right
from typing import Any, Dict, List, Optional, Tuple

from .arguments.own_classes import first_own
from .arguments.protocols import NetworkLike, TrainerLike
from .reference.initializers import WITH_SETTINGS
from .reference.run import Run
from .reference.settings import describe
from .reference.stopping import Rule
from .rows.data import Data
from .rows.late import Late

MOST_LOSSES = 1000  # in a segment
OF_VALIDATION = ("validation_epochs", "validation_losses", "validation_accuracies")

GIVEN = "its first weights were given, not drawn from a seed"
UNKNOWN = "how its first weights were made is not in its recipe"


def beginning(initializer: Any, biases: Any) -> Dict[str, Any]:
    """The recipe of a network that was just made with these arguments."""
    recipe: Dict[str, Any] = {"start": None, "segments": []}
    weights, biases = (
        describe(chosen) if type(chosen) in WITH_SETTINGS else chosen
        for chosen in (initializer, biases)
    )
    if isinstance(weights, (str, dict)) and isinstance(biases, (bool, str, dict)):
        recipe["start"] = {"initializer": weights, "biases": biases}
    else:
        recipe["not_repeatable"] = GIVEN
    return recipe


def unknown() -> Dict[str, Any]:
    """The recipe of a network from a file that has none."""
    return {"start": None, "segments": [], "not_repeatable": UNKNOWN}


def spoil(recipe: Dict[str, Any], reason: str) -> None:
    """The first reason is the one that stays."""
    recipe.setdefault("not_repeatable", reason)


def segments_of(network: NetworkLike) -> List[Dict[str, Any]]:
    """The list in the network's recipe; a recipe without one that can be gone on with, from
    elsewhere or changed by hand, is given one."""
    if not isinstance(network.recipe, dict):
        network.recipe = {}
    recipe = network.recipe
    segments = recipe.get("segments")
    if isinstance(segments, list) and all(map(is_segment, segments)):
        return segments
    recipe["segments"] = segments = []
    spoil(recipe, UNKNOWN)
    return segments


def is_segment(segment: Any) -> bool:
    """Whether it has what a further training reads of it."""
    if not isinstance(segment, dict):
        return False
    counts: List[Any] = [segment.get(name) for name in ("trainer", "epochs", "loss_every")]
    lists = [segment.get(name) for name in ("engines", "losses")]
    return all(type(count) is int for count in counts) and counts[2] > 0 and all(
        isinstance(each, list) for each in lists
    )


def epochs_of(segments: List[Dict[str, Any]]) -> int:
    return sum(segment["epochs"] for segment in segments)


def note_edits(network: NetworkLike, digest: Optional[str] = None) -> str:
    """Say so in the recipe if the weights are not as the last training left them; their digest, for
    those who have not computed it."""
    segments, digest = segments_of(network), digest or network.digest()
    if segments and segments[-1].get("digest") != digest:
        epochs = epochs_of(segments)
        spoil(network.recipe, f"its weights were changed by hand after {epochs} epochs")
    return digest


def note_converted(network: NetworkLike) -> None:
    """The network keeps its numbers in another precision than before.  Drawn weights are rounded
    once, whether at once or later: that alone can be done again."""
    epochs, precision = epochs_of(segments_of(network)), network.precision
    if epochs or precision != "single":
        spoil(network.recipe, f"it was converted to {precision} precision after {epochs} epochs")


def note_restored(trainer: TrainerLike) -> None:
    """The trainer has put back its best weights."""
    network = trainer.network
    segments = segments_of(network)
    if segments and segments[-1]["trainer"] == trainer.number:
        segments[-1].update(restored_best=True, digest=network.digest())
    else:
        spoil(network.recipe, "its best weights were put back after another trainer's work")


def settings_of(trainer: TrainerLike) -> Dict[str, Any]:
    """What a trainer was told, apart from its engine and its seed."""
    run = trainer.run
    return {
        "loss": run.loss,
        "optimizer": describe(run.optimizer),
        "batch_size": run.batch_size,
        "shuffle": run.shuffle,
        "schedule": describe(run.schedule),
        "regularization": describe(run.regularization),
        "label_smoothing": run.smoothing,
        "class_weights": trainer.class_weights,
    }


def described_rows(data: Optional[Data]) -> Optional[Dict[str, Any]]:
    return None if data is None else {"rows": data.count, "sha256": data.digest()}


class Recording:
    """One call of Trainer.train, written into the network's recipe while it goes on."""

    def __init__(
        self, trainer: TrainerLike, data: Data, validation: Optional[Data], rules: List[Rule],
        digest: str,
    ) -> None:
        """`digest` is the network's, as the call finds it."""
        self.trainer = trainer
        self.recipe: Dict[str, Any] = {}  # begin() gives both
        self.segment: Dict[str, Any] = {}
        self.set = self.began_with = self.settings()
        self.told = {
            "trainer": trainer.number,
            "seed": trainer.seed,
            "specification": trainer.network.specification,
            **self.began_with,
            "data": described_rows(data),
            "validation": described_rows(validation),
            "stop": [describe(rule) for rule in rules],
        }
        if validation is not None and trainer.run.validation_every > 1:
            self.told["validation_every"] = trainer.run.validation_every
        self.begin(digest)
        own = first_own([trainer.run.optimizer, trainer.run.schedule, *rules])
        if own is not None:
            spoil(self.recipe, f"it was trained with {own}, a class of its user's own")
        # A callback can do what it likes to the recipe: what goes on is kept here.
        self.losses, self.loss_every = self.segment["losses"], self.segment["loss_every"]
        self.epochs_before = self.segment["epochs"] - trainer.epoch
        self.measured_before = bisect_right(trainer.run.validation_epochs, -self.epochs_before)
        self.measured: Tuple[List[Any], ...] = ([], [], [])
        self.measured_every = 1
        self.update(Late(str, digest))
        self.note_digest()

    def settings(self) -> Dict[str, Any]:
        """What a callback might change."""
        layers = self.trainer.network.layers
        return {**settings_of(self.trainer), "activations": [layer.activation for layer in layers]}

    def begin(self, digest: str) -> None:
        """Go on with the last segment, or begin a new one."""
        trainer, network = self.trainer, self.trainer.network
        segments = segments_of(network)
        self.recipe = network.recipe
        note_edits(network, digest)
        if not segments and isinstance(self.recipe.get("start"), dict):
            self.recipe["start"]["digest"] = digest
        own = [segment for segment in segments if segment["trainer"] == trainer.number]
        if epochs_of(own) != trainer.epoch:
            spoil(self.recipe, "trainings that came before are not in its recipe")
        if trainer.number is None:
            numbers = [segment["trainer"] for segment in segments]
            self.told["trainer"] = trainer.number = 1 + max(numbers, default=0)
        if not segments or not self.goes_on(segments[-1]):
            segments.append({
                **self.told, "engines": [], "epochs": 0, "ended": None, "loss_every": 1,
                "losses": [],
            })
        self.segment = segments[-1]
        if self.segment["engines"][-1:] != [trainer.backend]:
            self.segment["engines"].append(trainer.backend)

    def goes_on(self, last: Dict[str, Any]) -> bool:
        """Whether to train once for all of the last segment and this would give the same."""
        every, trained = last["loss_every"], self.trainer.epoch
        if not len(last["losses"]) * every <= last["epochs"] <= trained:
            return False  # changed by hand
        same = all(last.get(name) == value for name, value in self.told.items())
        same &= last.get("validation_every", 1) == self.told.get("validation_every", 1)
        return same and last.get("ended") is None and not last.get("restored_best")

    def update(self, digest: Optional[Late] = None) -> None:
        """How far it is now: after each time that the weights were handed back.  Only their digest,
        which takes longest, waits until somebody reads the recipe."""
        trainer, run = self.trainer, self.trainer.run
        self.note_losses(self.epochs_before + trainer.epoch, run.losses)
        if run.validation_epochs or self.measured[0]:
            self.note_validation(run)
        self.digest = digest or Late(str, trainer.network.digest())
        self.segment.update(
            ended=run.rules[run.stopped_by].reason() if run.stopped_by is not None
            else run.converged,
            position=run.position if run.order else None,
        )

    def note_digest(self) -> None:
        self.segment["digest"] = self.digest.made()

    def note_losses(self, epochs: int, losses: List[float]) -> None:
        """Those of the epochs since the last time, up to the segment's `epochs`."""
        noted, every = self.losses, self.loss_every
        first = len(losses) - epochs  # the segment's first epoch
        del noted[epochs // every :]  # a divergence may have gone back
        for epoch in range(len(noted) * every + every, epochs + 1, every):
            noted.append(losses[first + epoch - 1])
        while len(noted) > MOST_LOSSES:
            noted, every = noted[1::2], 2 * every
        self.losses, self.loss_every = noted, every
        self.segment.update(epochs=epochs, loss_every=every, losses=noted)

    def note_validation(self, run: Run) -> None:
        """The measurements since the last time, likewise; from the first on where that was none."""
        noted, every = self.measured, self.measured_every
        count = len(run.validation_epochs) - self.measured_before
        for values in noted:
            del values[count // every :]
        for place in range(len(noted[0]) * every + every, count + 1, every):
            at = self.measured_before + place - 1
            noted[0].append(run.validation_epochs[at])
            noted[1].append(float(f"{run.validation_losses[at]:.7g}"))
            noted[2].append(float(f"{run.validation_accuracies[at]:.7g}"))
        while len(noted[0]) > MOST_LOSSES:
            noted, every = tuple(values[1::2] for values in noted), 2 * every
        self.measured, self.measured_every = noted, every
        self.segment.update(zip(OF_VALIDATION, noted))

    def settings_changed(self) -> bool:
        """Whether they are others than when this was asked before."""
        before, self.set = self.set, self.settings()
        return self.set != before

    def note_callback(self, may_be_changed: bool) -> None:
        """What a callback has changed cannot be done again."""
        network, epoch = self.trainer.network, self.trainer.epoch
        if may_be_changed and network.digest() != self.digest.made():
            spoil(self.recipe, f"a callback changed its weights after epoch {epoch}")
        if self.set != self.began_with:
            spoil(self.recipe, f"a callback changed how it is trained after epoch {epoch}")
