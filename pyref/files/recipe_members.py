"""The member `recipe` of a model (recipe.py says what it tells): looked through before it is taken
from a file, and before it is written into one.

A recipe that loads can be saved again, shown, and added to by a further training.  Whether it can
be followed is for `pyref verify` to say: it may be of a newer pyref, with optimizers that this one
does not know, and its model still predicts.

Every member may hold what JSON can: finite numbers, texts without lone surrogates, nested at most
DEEPEST deep.  Those that pyref writes have a type and a range of their own; none has to be there.
"""

import warnings
from typing import Any, Callable, Dict, Mapping, Type

from ..reference.initializers import WITH_SETTINGS
from ..reference.optimizers import OPTIMIZERS
from ..reference.regularization import Regularization
from ..reference.schedules import SCHEDULES
from ..reference.settings import Settings
from ..reference.stopping import RULES
from .document import LARGEST, MOST, Members, ModelFileError, can_be_written

DEEPEST = 20
HEXADECIMAL = set("0123456789abcdef")
INITIALIZERS = {kind.__name__: kind for kind in WITH_SETTINGS}
REGULARIZATIONS = {"Regularization": Regularization}


def recipe_from(recipe: Members) -> Dict[str, Any]:
    """The recipe, which is as it should be; raises ModelFileError that names the member."""
    check_plain(recipe, DEEPEST)
    check_known(recipe, OF_RECIPE)
    return recipe.members


def recipe_to_write(recipe: Dict[str, Any]) -> Dict[str, Any]:
    """The recipe, or, where it cannot be written, one that says why: weights that took hours are
    not lost for a note that somebody made."""
    try:
        return recipe_from(Members("recipe", "", recipe))
    except ModelFileError as error:
        reason = f"its recipe could not be written: {str(error).partition(': ')[2]}"
        warnings.warn(
            f"the network is saved, but {reason}",
            stacklevel=5,  # where Network.save or Trainer.save was called
        )
        return {"start": None, "segments": [], "not_repeatable": reason}


def check_plain(members: Members, deepest: int) -> None:
    """Whether JSON can hold all of it, and give it back."""
    for name, value in members.members.items():
        if not isinstance(name, str) or not can_be_written(name):
            members.refuse_member(f"{name!r:.40}: names have to be texts that UTF-8 can hold")
        check_value(members, name, value, deepest)


def check_value(members: Members, name: str, value: Any, deepest: int) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        if not can_be_written(value):
            members.refuse(name, "a text that UTF-8 can hold is needed: it has a lone surrogate")
    elif isinstance(value, (int, float)):
        if not -LARGEST <= value <= LARGEST:
            members.refuse(name, f"a finite number is needed, not {value!r:.40}")
    elif not isinstance(value, (dict, list, tuple)):
        members.refuse(name, f"JSON cannot hold {type(value).__name__} objects")
    elif not deepest:
        members.refuse(name, f"it is nested more than {DEEPEST} deep")
    elif isinstance(value, dict):
        check_plain(members.as_object(name, value), deepest - 1)
    else:
        for place, part in enumerate(value):
            check_value(members, f"{name}[{place}]", part, deepest - 1)


Check = Callable[[Members, str], Any]


def check_known(members: Members, known: Dict[str, Check]) -> None:
    for name, check in known.items():
        if name in members.members:
            check(members, name)


def or_null(check: Check) -> Check:
    return lambda members, name: members.optional(name) and check(members, name)


def whole_from(least: int, most: int = MOST) -> Check:
    return lambda members, name: members.whole(name, least, most)


def object_of(known: Dict[str, Check]) -> Check:
    return lambda members, name: check_known(members.object(name), known)


def objects_of(known: Dict[str, Check]) -> Check:
    def check(members: Members, name: str) -> None:
        for each in members.objects(name):
            check_known(each, known)

    return check


def digest(members: Members, name: str) -> None:
    text = members.text(name)
    if len(text) != 64 or not HEXADECIMAL.issuperset(text):
        members.refuse(name, f"64 hexadecimal digits are needed, not {text!r:.40}")


def check_settings(described: Members, known: Mapping[str, Type[Settings]]) -> None:
    """What `settings.describe` gave: those settings that are known here are as they may be."""
    kind = known.get(described.text("name"))
    for name, setting in (kind.settings if kind else {}).items():
        if name in described.members:
            try:
                setting.check(name, described.get(name))
            except ValueError as error:
                described.refuse_member(str(error))


def settings(known: Mapping[str, Type[Settings]]) -> Check:
    return lambda members, name: check_settings(members.object(name), known)


def initializer(members: Members, name: str) -> None:
    if isinstance(members.get(name), str):
        members.text(name)
    else:
        check_settings(members.object(name), INITIALIZERS)


def rules(members: Members, name: str) -> None:
    for rule in members.objects(name):
        check_settings(rule, RULES)


def class_weights(members: Members, name: str) -> None:
    if members.get(name) in (None, "balanced"):
        return
    if any(weight < 0.0 for weight in members.numbers(name)):
        members.refuse(name, "weights of 0 or more are needed")


def smoothing(members: Members, name: str) -> None:
    if not 0.0 <= members.number(name) < 1.0:
        members.refuse(name, f"a number from 0 to below 1 is needed, not {members.get(name)!r}")


def biases(members: Members, name: str) -> None:
    """true, false, or what draws them."""
    if not isinstance(members.get(name), bool):
        initializer(members, name)


def rising(members: Members, name: str) -> None:
    """Whole numbers from 1, each above the one before."""
    epochs = members.wholes(name)
    if any(now <= before for before, now in zip([0, *epochs], epochs)):
        members.refuse(name, "rising numbers from 1 are needed")


def one_for_each_validation(members: Members, name: str) -> None:
    count = len(members.wholes("validation_epochs"))
    if len(members.numbers(name)) != count:
        members.refuse(name, f"{count} numbers are needed, one for each of validation_epochs")


def accuracies(members: Members, name: str) -> None:
    one_for_each_validation(members, name)
    if any(not 0.0 <= accuracy <= 1.0 for accuracy in members.numbers(name)):
        members.refuse(name, "numbers from 0 to 1 are needed")


OF_ROWS: Dict[str, Check] = {"rows": whole_from(1), "sha256": digest}
OF_START: Dict[str, Check] = {
    "initializer": initializer, "biases": biases, "model": Members.text, "digest": digest,
}
OF_SEGMENT: Dict[str, Check] = {
    "trainer": whole_from(1),
    "seed": or_null(whole_from(0, 2**32 - 1)),
    "specification": whole_from(1),
    "loss": Members.text,
    "optimizer": settings(OPTIMIZERS),
    "batch_size": or_null(Members.whole),
    "shuffle": Members.truth,
    "schedule": settings(SCHEDULES),
    "regularization": settings(REGULARIZATIONS),
    "label_smoothing": smoothing,
    "class_weights": class_weights,
    "activations": Members.texts,
    "data": object_of(OF_ROWS),
    "validation": or_null(object_of(OF_ROWS)),
    "stop": rules,
    "validation_every": or_null(whole_from(1)),
    "engines": Members.texts,
    "epochs": whole_from(0),
    "ended": or_null(Members.text),
    "loss_every": whole_from(1),
    "losses": Members.numbers,
    "validation_epochs": rising,
    "validation_losses": one_for_each_validation,
    "validation_accuracies": accuracies,
    "position": or_null(whole_from(0)),
    "digest": digest,
    "restored_best": Members.truth,
}
OF_RECIPE: Dict[str, Check] = {
    "start": or_null(object_of(OF_START)),
    "segments": objects_of(OF_SEGMENT),
    "not_repeatable": or_null(Members.text),
}
