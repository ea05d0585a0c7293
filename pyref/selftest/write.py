"""Write the golden digests: `python3 -m pyref.selftest.write`.

Trains every recipe of golden.json with the Python reference and writes what comes out beside it.
To add a recipe, copy one in golden.json, change it, leave out its digests, and run this program.
The kernel's canary (pyref/engine/canary.py) has its digests written along with them.

Once the numerical specification is frozen (pyref.SPECIFICATION is 1 or more), digests that exist
do not change any more: writing others needs --new-specification, and is only right together with
a new number.
"""

import argparse
import sys
from typing import Dict, List, Optional, Sequence

from .. import own_files
from ..engine import canary
from ..engine.canary_digests import DIGESTS
from ..files.atomic import write_text
from ..files.document import write
from ..reference.guard import SPECIFICATION
from .recipes import FILE, KIND, Digests, computed, golden, with_digests

PATH = own_files.path_of(FILE)
CANARY_PATH = own_files.path_of("engine/canary_digests.py")


def main(arguments: Optional[Sequence[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="python3 -m pyref.selftest.write",
                                     description="Write the golden digests.")
    parser.add_argument("--new-specification", action="store_true",
                        help="write digests that differ from the frozen ones")
    options = parser.parse_args(arguments)

    recipes, new, changed = [], [], []
    for recipe in golden().recipes:
        digests = computed(recipe, "python")
        known = [recipe.members.get(name) for name in Digests._fields]
        if not any(known):
            new.append(recipe.text("name"))
        elif known != list(digests):
            changed.append(recipe.text("name"))
        recipes.append(with_digests(recipe, digests))
    of_canary = canary.reference_digests()
    if any(of_canary[name] != digest for name, digest in DIGESTS.items()):
        changed.append("the kernel's canary")
    print(f"{len(recipes)} recipes; new: {', '.join(new) or 'none'}; "
          f"changed: {', '.join(changed) or 'none'}")
    refused = refusal(changed, options.new_specification)
    if refused:
        print(refused, file=sys.stderr)
        return 1
    write(PATH, KIND, {"specification": SPECIFICATION, "recipes": recipes})
    write_text(CANARY_PATH, canary_module(of_canary))
    return 0


def refusal(changed: List[str], new_specification: bool) -> str:
    """Why nothing is written, or ""."""
    if not changed or SPECIFICATION == 0 or new_specification:
        return ""
    return (
        f"numerical specification {SPECIFICATION} is frozen: these digests are other results, "
        "which need a new number (--new-specification); nothing was written"
    )


def canary_module(digests: Dict[str, str]) -> str:
    lines = [f'    "{name}":\n        "{digest}",\n' for name, digest in digests.items()]
    return (
        '"""What canary.py must find.  Written by `python3 -m pyref.selftest.write`."""\n\n'
        "DIGESTS = {\n" + "".join(lines) + "}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
