"""How a training was set up, in words: of the trainer at work, and of one in a recipe."""

from typing import Any, Dict, List, Optional, Sequence

from ..reference.stopping import Rule
from .words import amount


def called(described: Dict[str, Any]) -> str:
    """What `settings.describe` gave, as it is called in Python.

    >>> called({"name": "SGD", "learning_rate": 0.1})
    'SGD(learning_rate=0.1)'
    """
    settings = [f"{name}={value!r}" for name, value in described.items() if name != "name"]
    return f"{described.get('name', 'unknown')}({', '.join(settings)})"


def course(epochs: Optional[int], settings: Dict[str, Any]) -> str:
    """`settings` are those of `recipe.settings_of`; `epochs` are those planned, if known."""
    size = settings["batch_size"]
    batches = "all rows at once" if size is None else f"batches of {size:,}"
    if not settings["shuffle"]:
        batches += " in the table's order"
    planned = "" if epochs is None else f"{amount(epochs, 'epoch')}, "
    return f"{planned}{batches}, loss {settings['loss']}"


def steps(settings: Dict[str, Any], rules: Sequence[Rule]) -> List[str]:
    """What ends it, and how the weights move, line by line; nothing of what was not asked for."""
    lines = [f"or until {rule.reason()}" for rule in rules]
    lines.append(called(settings["optimizer"]))
    if settings["schedule"] != {"name": "Constant"}:
        lines.append(f"learning rate by {called(settings['schedule'])}")
    wishes = {**settings["regularization"], "name": None}
    for name in ("label_smoothing", "class_weights"):
        wishes[name] = settings[name]
    given = [f"{name.replace('_', ' ')} {value}" for name, value in wishes.items() if value]
    if given:
        lines.append(", ".join(given))
    return lines


def seed_in_words(seed: Optional[int]) -> str:
    return "the network's own stream" if seed is None else f"seed {seed}"
