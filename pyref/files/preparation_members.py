"""The preparation of a table's columns, as a member of a model file.

    "preparation": {
     "missing": "mean",
     "columns": [
      {"name": "age", "kind": "numbers", "gap": 29.7, "indicator": true},
      {"name": "sex", "kind": "words", "gap": "male", "indicator": false,
       "words": ["female", "male"]},
      {"name": "ticket", "kind": "left out", "reason": "681 different words in 891 rows"}
     ]
    }

What the members mean stands in pyref/tables/preparation.py.
"""

from typing import Any, Dict

from ..tables.preparation import LEFT_OUT, MISSING, NUMBERS, WORDS, Column, Preparation
from .document import Members


def preparation_content(preparation: Preparation) -> Dict[str, Any]:
    return {
        "missing": preparation.missing,
        "columns": [column_content(column) for column in preparation.columns],
    }


def column_content(column: Column) -> Dict[str, Any]:
    made: Dict[str, Any] = {"name": column.name, "kind": column.kind}
    if column.kind == LEFT_OUT:
        made["reason"] = column.reason
        return made
    made.update(gap=column.gap, indicator=column.indicator)
    if column.kind == WORDS:
        made["words"] = list(column.words)
    return made


def preparation_from(members: Members, inputs: int) -> Preparation:
    """Raises ModelFileError for members that are not as above, or make another number of inputs."""
    missing = members.text("missing")
    if missing not in MISSING:
        members.refuse("missing", f"one of {', '.join(MISSING)} is needed, not {missing!r:.40}")
    made = Preparation(tuple(map(column_from, members.objects("columns"))), missing)
    if made.inputs != inputs:
        members.refuse("columns", f"they make {made.inputs} inputs, the network has {inputs}")
    named = [column.name is not None for column in made.columns]
    if any(named) and not all(named):
        members.refuse("columns", "some have a name and some have none")
    return made


def column_from(members: Members) -> Column:
    kind = members.text("kind")
    name = members.text("name") if members.get("name") is not None else None
    if kind == LEFT_OUT:
        return Column(name, kind, reason=members.text("reason"))
    if kind not in (NUMBERS, WORDS):
        members.refuse("kind", f"{kind!r:.40} is unknown")
    words = tuple(members.texts("words")) if kind == WORDS else ()
    if len(set(words)) < len(words) or (kind == WORDS and not words):
        members.refuse("words", "different words are needed")
    gap = members.get("gap")
    if gap is not None:
        gap = members.number("gap") if kind == NUMBERS else members.text("gap")
        if kind == WORDS and gap not in words:
            members.refuse("gap", f"one of the words is needed, not {gap!r:.40}")
    return Column(name, kind, words, gap, members.truth("indicator"))
