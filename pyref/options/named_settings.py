"""Objects that are nothing but their settings, written on the command line: name:setting=value,…

    adam:beta1=0.8      step:every=20,factor=0.5      patience:epochs=20      uniform:low=-1,high=1

The names are those of the library; upper and lower case and underscores make no difference.  A
value is a number, true or false.  What a setting may be is for the class to say.
"""

from typing import Any, Dict, Mapping, NamedTuple, Tuple

from ..arguments.by_name import plain
from ..guessing import closest, did_you_mean
from ..reference.settings import REQUIRED, Declared, truth
from ..tables.cells import number

TRUTHS = {"true": True, "false": False}


class Named(NamedTuple):
    """What a text says: a name of a table, and the settings given."""

    name: str
    settings: Dict[str, Any]


def parse(what: str, text: str, table: Mapping[str, Any]) -> Named:
    """Raises ValueError, which begins with `what`, for names and settings that are not known."""
    name, _, rest = text.partition(":")
    known = {plain(known_name): known_name for known_name in table}
    if plain(name.strip()) not in known:
        meant = did_you_mean(closest(plain(name.strip()), table))
        raise ValueError(f"{what}: {name!r:.40} is unknown; there are {', '.join(table)}{meant}")
    name = known[plain(name.strip())]
    settings: Dict[str, Any] = {}
    for part in rest.split(",") if rest else []:
        setting, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals:
            raise ValueError(f"{what}: setting=value is needed after {name}:, not {part!r:.40}")
        if setting in settings:
            raise ValueError(f"{what}: {setting} is given twice")
        check_setting(what, name, setting, table)
        is_truth = table[name].settings[setting].check is truth
        settings[setting] = value_of(f"{what}: {name}: {setting}", value, is_truth)
    return Named(name, settings)


def check_setting(what: str, name: str, setting: str, table: Mapping[str, Any]) -> None:
    """Raises ValueError if what has this name has no such setting."""
    known = table[name].settings
    if setting not in known:
        has = f"its settings are {', '.join(known)}" if known else "it has none"
        meant = did_you_mean(closest(setting, known))
        raise ValueError(f"{what}: {name} has no setting {setting!r:.40}; {has}{meant}")


def make(what: str, named: Named, table: Mapping[str, Any]) -> Any:
    """The object.  Raises ValueError where settings are missing or wrong."""
    missing = [
        setting
        for setting, (_, default) in table[named.name].settings.items()
        if default is REQUIRED and setting not in named.settings
    ]
    if missing:
        wish = ",".join(f"{setting}=…" for setting in missing)
        raise ValueError(
            f"{what}: {named.name} needs its {', '.join(missing)}: {named.name}:{wish}"
        )
    try:
        return table[named.name](**named.settings)
    except ValueError as error:
        raise ValueError(f"{what}: {error}") from None


def value_of(what: str, text: str, is_truth: bool) -> Any:
    """A whole number stays whole: a class that needs one refuses others."""
    if is_truth:
        if text.lower() not in TRUTHS:
            raise ValueError(f"{what}: true or false is needed, not {text!r:.40}")
        return TRUTHS[text.lower()]
    value = number(text)
    if value is None:
        raise ValueError(f"{what}: a number is needed, not {text!r:.40}")
    return int(text) if text.isdigit() else value


def setting_in_words(named: Tuple[str, Declared]) -> str:
    name, (_, default) = named
    if default is REQUIRED:
        return name
    return f"{name}={str(default).lower() if isinstance(default, bool) else default}"
