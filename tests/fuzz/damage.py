"""Saved files, and what becomes of them: bytes and members changed, as drawn from a seed.

The checksum is taken out, as one does who means a change; the digest of the weights often fits
again.  So what is left to find a fault is the look at each member.
"""

import copy
import functools
import json
import os
import tempfile
from typing import Any, Dict, List, NamedTuple, Optional

from pyref import (
    LBFGS, Adam, DivergedError, IRpropPlus, Network, Quickprop, Trainer, ValidationPatience,
)
from pyref.files.document import BEFORE_CHECKSUM
from pyref.reference.layer import Layer
from pyref.tables.preparation import Column, Preparation

from .draws import Dice, Training, training
from .walks import Interruption, Leg, go

BASES = 120  # different pairs of files, and
TABLES = 24  # more of networks that prepare the columns of a table
LONGEST = 40_000  # characters of a file: so that many can be tried

DEEP = "\0deep"
VALUES: List[Any] = [
    None, True, False, 0, 1, 2, 3, -1, 7, 600, 2**31, 2**32, 2**53, 2**53 + 1, 2**63, 2**64,
    10**12, 10**30, 10**400, 0.0, -0.0, 0.5, -0.5, 0.999, 1.0, 1.5, 1e-320, 1e200, 1e308, -1e308,
    float("nan"), float("inf"), float("-inf"), "", "NaN", "Infinity", "-Infinity", "\ud800",
    "\x1b[2J", "a" * 1000, "SGD", "LBFGS", "balanced", "tanh", "0" * 64, [], {}, [[]], [0],
    [0.5, 0.5], [None], {"name": "SGD"}, {"name": "Step", "every": 1, "factor": 0.5},
    f"{DEEP}3", f"{DEEP}30", f"{DEEP}500", f"{DEEP}900", f"{DEEP}100000",
]


COLUMNS = Preparation((
    Column("age", "numbers", gap=29.5, indicator=True),
    Column("ticket", "left out", reason="all words differ"),
    Column("sex", "words", ("female", "male"), gap="male"),
    Column("class", "words", ("1st", "2nd", "3rd"), gap="3rd", indicator=True),
))

INSERTED = [b"0", b"-", b"1e", b",", b"{", b"]", b'"', b"\\ud800", b"\xff", b"\0"]


class Base(NamedTuple):
    training: Training
    texts: Dict[str, str]  # of the model and of the run, without checksum


@functools.lru_cache(maxsize=None)
def base(number: int) -> Base:
    """A training that has been begun, in the middle of an epoch or at the end of one.

    From BASES on, one of a table."""
    seed = number
    while True:
        if number < BASES:
            made = begun(training(seed), None, Dice(seed))
        else:
            made = begun(with_table(seed), COLUMNS, Dice(seed))
        if made is not None:
            return made
        seed += 10_007


def with_table(seed: int) -> Training:
    """Of raw rows, with words and gaps, and validated every few epochs; half of them by L-BFGS."""
    dice = Dice(seed)

    def examples(rows: int) -> tuple:
        inputs = [
            [dice.choice([None, 20.0, 31, 47.5]), dice.choice(["female", "male", None]),
             dice.choice(["1st", "2nd", "3rd", None])]
            for _ in range(rows)
        ]
        return inputs, [dice.whole(0, 1) for _ in inputs], None

    optimizer = dice.choice([LBFGS(), LBFGS(history_size=3), Adam(), IRpropPlus(), Quickprop()])
    return Training(
        seed,
        {"sizes": [COLUMNS.inputs, 2, 1], "output": dice.choice(["sigmoid", "tanh"]), "seed": seed},
        {"loss": "mean_squared_error", "optimizer": optimizer, "batch_size": None},
        examples(dice.whole(3, 20)),
        examples(dice.whole(1, 8)),
        dice.choice([1, 2, 3]),
        [ValidationPatience(dice.whole(2, 9), restore_best=True)],
        dice.whole(4, 12),
        {},
    )


def begun(drawn: Training, preparation: Optional[Preparation], dice: Dice) -> Optional[Base]:
    leg = Leg("python", dice.whole(0, drawn.epochs), pauses=dice.choice([None, 1, 2, 5]))
    with tempfile.TemporaryDirectory() as folder:
        texts = {}
        try:
            network = Network(**drawn.network)
            if preparation is not None:
                network.preparation = preparation
                network.input_names = preparation.input_names()
            trainer = Trainer(network, backend="python", **drawn.recipe)
            try:
                go(trainer, drawn._replace(edits={}), leg)
            except Interruption:
                pass
            for kind, saved in (("model", trainer.network), ("run", trainer)):
                path = os.path.join(folder, kind)
                saved.save(path)
                with open(path, encoding="utf-8") as file:
                    texts[kind] = file.read().rpartition(BEFORE_CHECKSUM)[0] + "\n}\n"
        except (ValueError, DivergedError):
            return None
    return Base(drawn, texts) if max(map(len, texts.values())) <= LONGEST else None


def damaged(kind: str, text: str, dice: Dice) -> bytes:
    if dice.chance(0.25):
        return with_other_bytes(text.encode("utf-8"), dice)
    return with_other_members(kind, json.loads(text), dice)


def with_other_bytes(content: bytes, dice: Dice) -> bytes:
    for _ in range(dice.choice([1, 1, 1, 2, 5])):
        place = dice.whole(0, len(content) - 1)
        length = dice.choice([1, 1, 2, 8, dice.whole(1, 200)])
        before, after = content[:place], content[place + length :]
        drawn = dice.choice(["flip", "digit", "cut", "end", "insert", "twice"])
        if drawn == "flip":
            flipped = content[place] ^ 1 << dice.whole(0, 7)
            content = before + bytes([flipped]) + content[place + 1 :]
        elif drawn == "digit":
            content = before + b"%d" % dice.whole(0, 9) + content[place + 1 :]
        elif drawn == "cut":
            content = before + after
        elif drawn == "end":
            content = before or b" "
        elif drawn == "insert":
            content = before + dice.choice(INSERTED) + content[place:]
        else:
            content = content[: place + length] + content[place:]
    return content


def with_other_members(kind: str, document: Any, dice: Dice) -> bytes:
    for _ in range(dice.choice([1, 1, 1, 1, 2, 3])):
        change(document, document, dice)
    network = document.get("network") if kind == "run" else document
    if dice.chance(0.8):
        try:
            network["digest"] = digest_of(network["layers"])
        except (LookupError, TypeError, AttributeError, ValueError, OverflowError):
            pass  # then the digest is the least of it
    text = json.dumps(document)
    for depth in (3, 30, 500, 900, 100_000):
        text = text.replace(json.dumps(f"{DEEP}{depth}"), "[" * depth + "]" * depth)
    return text.encode("utf-8")


def digest_of(layers: List[Dict[str, Any]]) -> str:
    made = Network([1, 1])
    made.layers = [Layer(each["weights"], each["biases"], each["activation"]) for each in layers]
    return made.digest()


def change(document: Any, within: Any, dice: Dice) -> None:
    """One member, at any depth; near the top as likely as far down."""
    keys = list(within) if isinstance(within, dict) else list(range(len(within)))
    if not keys:
        return
    key = dice.choice(keys)
    value = within[key]
    if isinstance(value, (dict, list)) and value and dice.chance(0.85):
        change(document, value, dice)
        return
    drawn = dice.choice(["value", "value", "value", "delete", "number", "other", "add"])
    if drawn == "delete":
        del within[key]
    elif drawn == "number" and isinstance(value, (int, float)) and abs(value) < 1e300:
        within[key] = dice.choice(
            [-value, value + 1, value - 1, value * 2, value * 0.5, float(value), value * 1e-9]
        )
    elif drawn == "other":
        within[key] = any_part(document, dice)
    elif drawn == "add" and isinstance(within, dict):
        within[dice.choice(["more", "note\ud800", "\x1b", ""])] = any_value(dice)
    elif drawn == "add":
        within.insert(key, value)
    else:
        within[key] = any_value(dice)


def any_value(dice: Dice) -> Any:
    """A copy: a further change must not reach VALUES, or files would depend on those before."""
    return copy.deepcopy(dice.choice(VALUES))


def any_part(value: Any, dice: Dice) -> Any:
    """A copy of what stands anywhere in the document."""
    while isinstance(value, (dict, list)) and value and dice.chance(0.8):
        value = dice.choice(list(value.values()) if isinstance(value, dict) else value)
    return json.loads(json.dumps(value))
