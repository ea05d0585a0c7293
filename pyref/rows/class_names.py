"""Targets that name classes: a network learns the names in its first training.  They are texts, or
whole numbers other than 0, 1, 2 …, or truth values, and kept as texts with a word on what they are.

Texts may stand in a list (flat, or in rows of one), in an array of NumPy, or in a Series, a
categorical or a table of one column of pandas or polars.  The classes are in the order of their
names, by code point; those of a categorical in its own order.
"""

from typing import Any, List, Optional, Sequence, Set, Tuple

from ..reference.settings import Integral
from .conversion import is_row, offered_array, refuse_masked
from .targets import class_numbers

TEXT_KINDS = ("O", "U", "T", "S")  # of NumPy's arrays: objects, texts, and bytes, which are none
SAID = 12  # names that a message lists


def listed_objects(targets: Any) -> Any:
    """An array of objects or texts, or what offers one, as a list; all else as it is."""
    if isinstance(targets, (list, tuple)):
        return targets
    refuse_masked("targets", targets)
    offered = offered_array(targets)
    if getattr(getattr(offered, "dtype", None), "kind", None) in TEXT_KINDS:
        return offered.tolist()
    return targets


def texts_in(targets: Any) -> Optional[List[str]]:
    """The text of each row, of what `listed_objects` gave; None where there is none among them.

    Raises ValueError where some rows have another thing, such as None, in its place.
    """
    if not isinstance(targets, (list, tuple)) or not targets:
        return None
    values: Sequence[Any] = targets
    if is_row(targets[0]):
        if not all(is_row(row) and len(row) == 1 for row in targets):
            return None
        values = [value for row in targets for value in row]
    kinds = set(map(type, values))
    if not any(issubclass(kind, str) for kind in kinds):
        return None
    for place, value in enumerate(values):
        if not isinstance(value, str):
            raise ValueError(
                f"targets, row {place}: {value!r:.40} found, a text is needed, as in other rows"
            )
    return list(map(str, values))


def whole_numbers_in(targets: Any) -> Optional[List[int]]:
    """The number of each row, of what `listed_objects` gave; None where they are not whole."""
    numbers = class_numbers(offered_array(targets), 0)
    return list(map(int, numbers)) if numbers is not None and are_whole(numbers) else None


def are_whole(values: Sequence[Any]) -> bool:
    return all(issubclass(kind, Integral) and not is_truth(kind) for kind in kinds_of(values))


def are_truths(values: Sequence[Any]) -> bool:
    return all(map(is_truth, kinds_of(values)))


def kinds_of(values: Sequence[Any]) -> Set[type]:
    """There are few, however many values there are.  (Of 60,000: 1.4 ms; 43 to ask each one.)"""
    return set(map(type, values))


def is_truth(kind: type) -> bool:
    return kind.__name__ in ("bool", "bool_")  # Python's and NumPy's


def other_names_in(targets: Any, classes: int) -> Tuple[Optional[str], Optional[List[str]]]:
    """What other names than texts are for so many classes, "integer" or "boolean", and the names in
    order; (None, None) for the numbers of classes, and for all that are no names."""
    values = class_numbers(offered_array(targets), 0)
    if values is None or not len(values):
        return None, None
    if classes == 2 and are_truths(values):
        return "boolean", ["False", "True"]
    known = set(map(int, set(values))) if are_whole(values) else set()
    if len(known) == classes and known != set(range(classes)):
        return "integer", list(map(str, sorted(known)))
    return None, None


def as_given(names: Sequence[str], kind: Optional[str]) -> List[Any]:
    """The names as they stood among the targets."""
    if kind == "integer":
        return list(map(int, names))
    return [name == "True" for name in names] if kind == "boolean" else list(names)


def names_in(targets: Any, texts: List[str], classes: int) -> List[str]:
    """The names of so many classes; ValueError where there are more or fewer."""
    known = set(texts)
    categories: Any = getattr(getattr(targets, "dtype", None), "categories", None)
    if hasattr(categories, "to_list"):
        in_order = list(map(str, categories.to_list()))
        if len(in_order) != classes:  # some may have no rows
            in_order = [name for name in in_order if name in known]
    else:
        in_order = sorted(known)
    if len(in_order) != classes:
        place = next((i for i, text in enumerate(texts) if text != texts[0]), 0)
        raise ValueError(
            f"targets, row {place}: {texts[place]!r:.40} found, a class from 0 to {classes - 1} is "
            f"needed; as names they are {said(in_order)}, but the network tells {classes} classes "
            "apart"
        )
    return in_order


def places_of(texts: List[str], names: Sequence[str]) -> List[int]:
    """For each row the number of its class."""
    place_of = {name: place for place, name in enumerate(names)}
    try:
        return [place_of[text] for text in texts]
    except KeyError:
        row, text = next((row, text) for row, text in enumerate(texts) if text not in place_of)
        raise ValueError(
            f"targets, row {row}: {text!r:.40} found, which is none of the classes {said(names)}"
        ) from None


def said(names: Sequence[str]) -> str:
    more = f" … ({len(names)} in all)" if len(names) > SAID else ""
    return ", ".join(f"{name!r:.40}" for name in names[:SAID]) + more
