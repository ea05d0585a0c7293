"""All names that options take, as they stand at the end of a help text."""

from typing import Any, Iterable, List, Mapping

from ...reference.initializers import INITIALIZERS
from ...reference.losses import LOSSES, SLOPED
from ...reference.optimizers import OPTIMIZERS
from ...reference.schedules import SCHEDULES
from ...reference.stopping import RULES
from ...options.named_settings import setting_in_words


def names(title: str, all_of_them: Iterable[str]) -> str:
    return f"{title}:\n  {', '.join(all_of_them)}"


def listing(title: str, table: Mapping[str, Any]) -> List[str]:
    """Every name of a table with its settings and their defaults, a line for each."""
    lines = [f"{title}:"]
    for name, kind in table.items():
        settings = ", ".join(map(setting_in_words, kind.settings.items()))
        lines.append(f"  {name}  {settings}".rstrip())
    return lines


NETWORK_NAMES = "\n".join((
    names("activations", SLOPED),
    names("losses", LOSSES),
    names("initializers", [*INITIALIZERS, "uniform:low=…,high=…", "normal:mean=…,deviation=…",
                           "constant:value=…"]),
))

NAMES = "\n".join((
    NETWORK_NAMES,
    "",
    "What follows has settings, written as NAME:setting=value,…, as in step:every=20,factor=0.5.",
    "Case and underscores in the names make no difference.  After = stands the default.",
    "",
    *listing("optimizers", OPTIMIZERS),
    *listing("schedules", SCHEDULES),
    *listing("stopping rules", RULES),
))
