"""Optimizers and schedules that are named instead of made: "adam" for Adam()."""

from typing import Any, Callable, Mapping


def plain(name: str) -> str:
    """
    >>> plain("Validation_Patience") == plain("ValidationPatience")
    True
    """
    return name.replace("_", "").lower()


def made_by_name(what: str, value: Any, table: Mapping[str, Callable[[], Any]]) -> Any:
    """What the text `value` names, with its default settings; all else as it is.

    Raises ValueError for names that are unknown, and where there is a setting without a default.
    """
    if not isinstance(value, str):
        return value
    for name, kind in table.items():
        if plain(name) == plain(value):
            break
    else:
        raise ValueError(
            f"{what}: {value!r:.40} is unknown; one of {', '.join(table)} is needed, in upper or "
            "lower case, or an object"
        )
    try:
        return kind()
    except TypeError as error:  # which names the setting
        raise ValueError(
            f"{what}: {error}, so a name is not enough: give an object, {name}(…)"
        ) from None
