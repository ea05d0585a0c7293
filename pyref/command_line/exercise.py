"""pyref exercise: tasks for a course, each with hints, a checker and a solution."""

import os
import sys
from argparse import Namespace
from types import ModuleType
from typing import Iterator, Optional, Tuple

from ..exercises import NAMES, exercise, task, title
from ..exercises.work import Work, Wrong, in_words, is_in
from ..options.output import add_json_option
from ..options.values import count, file_name
from .help.parser import NewParser, with_whole_paragraphs
from .reports.progress import saying_while
from .reports.words import titled
from .saying import answer, answer_object, answer_text, command
from .terminal import columns, folded

DESCRIPTION = """\
Exercises on how a network computes and learns, in the order of the files of pyref/reference/.

  pyref exercise                       all of them
  pyref exercise xor-units             the task, and a file to fill in; its number does, too
  pyref exercise xor-units --check     whether it is right, and if not, why
  pyref exercise xor-units --hint 2    the second hint
  pyref exercise xor-units --solution  a file that is right

The verdict is exact: numbers are compared bit by bit, formulas in fractions.  The check runs the
file, so check no file that you would not run.  Exit code 0: right.  1: not yet.  2: it could not be
checked.

new-activation works on a copy of pyref's sources, the kernel's among them: it needs a clone,
installed by pip install -e, and its check a C compiler."""

OBJECT = """\
With --json, the verdict of --check: exercise, file, right, and message (what is wrong, or what was
found to be right)."""


def add_parser(new_parser: NewParser) -> None:
    parser = new_parser(
        usage="pyref exercise [NAME] [options]",
        description=DESCRIPTION, epilog=OBJECT,
    )
    parser.set_defaults(run=run)
    parser.add_argument("name", metavar="EXERCISE", nargs="?", help="name or number of one")
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "-o", "--output", type=file_name, metavar="FILE",
        help="write the file to fill in here (default: the exercise's name, as in xor-units.py)",
    )
    group.add_argument(
        "--check", nargs="?", const=True, type=file_name, metavar="FILE",
        help="say whether this file is right (default: the exercise's name)",
    )
    group.add_argument(
        "--hint", nargs="?", const=1, type=count, metavar="N", help="the N-th hint (default: 1)"
    )
    group.add_argument("--solution", action="store_true", help="print a file that is right")
    add_json_option(parser)


def run(options: Namespace) -> int:
    if options.json and options.check is None:
        raise ValueError("--json is for the verdict of --check")
    if options.name is None:
        if options.output or options.check or options.hint or options.solution:
            raise ValueError(f"which exercise? {command()} exercise lists them")
        answer(listing(columns(sys.stdout)))
        return 0
    options.name = called(options.name)
    module = exercise(options.name)
    if options.check is not None:
        return check(options, module)
    if options.hint is not None:
        answer(hint(options.name, module, options.hint))
    elif options.solution:
        answer_text(module.SOLUTION)
    else:
        begin(options.name, module, options.output or file_of(options.name, module))
    return 0


def listing(width: int) -> Iterator[str]:
    widest = max(map(len, NAMES))
    for number, name in enumerate(NAMES, 1):
        line = f"{number:2}  {name:<{widest}}  {title(name)[:-1]} ({exercise(name).CHAPTER})"
        yield from folded(line, widest + 6, widest + 6, width)
    yield ""
    yield f"In brackets: the chapter that it goes with, for {command()} read."
    yield from folded(f"{command()} exercise NAME (or its number) prints the task, and writes a "
                      "file to fill in.", 0, 0, width)
    yield from folded("new-activation needs a clone of pyref, installed by pip install -e; the "
                      "others any pyref.", 0, 0, width)


def called(word: str) -> str:
    """The name of what may be said by its number in the list."""
    numbers = {str(number): name for number, name in enumerate(NAMES, 1)}
    return numbers.get(word, word)


def file_of(name: str, module: ModuleType) -> str:
    return name if hasattr(module, "begin") else f"{name}.py"


def hint(name: str, module: ModuleType, number: int) -> Iterator[str]:
    there = len(module.HINTS)
    if number > there:
        raise ValueError(f"{name} has {there} hints, and no number {number}")
    yield from folded(f"Hint {number} of {there}: {module.HINTS[number - 1]}", 0, 0,
                      columns(sys.stdout))
    if number < there:
        yield f"next: {command()} exercise {name} --hint {number + 1}"


def begin(name: str, module: ModuleType, file: str) -> None:
    """The task, and the file, unless it is there."""
    refuse_other_kind(file, module)
    width = columns(sys.stdout)
    for paragraph in with_whole_paragraphs(task(name).rstrip()):
        answer(folded(paragraph, 0, 0, width))
    answer(["", f"Read: {command()} read {module.CHAPTER}"])
    is_folder = hasattr(module, "begin")
    if os.path.lexists(file):
        answer([f"File: {file}, which is there already and stays as it is"])
    else:
        try:
            if is_folder:
                module.begin(file)
            else:
                with open(file, "x", encoding="utf-8", newline="\n") as new:
                    new.write(module.START)
        except OSError as error:
            raise OSError(error.errno, error.strerror, file) from None
        answer([f"File: {file}, {'a folder to work in' if is_folder else 'to be filled in'}"])
    other = "" if file == file_of(name, module) else f" {file}"
    answer([f"Then: {command()} exercise {name} --check{other}"])


def refuse_other_kind(file: str, module: ModuleType) -> None:
    """What is there has to be what the exercise is worked on in: a file, or a folder."""
    if os.path.exists(file) and os.path.isdir(file) is not hasattr(module, "begin"):
        found, needed = ("folder", "file") if os.path.isdir(file) else ("file", "folder")
        raise ValueError(f"{file}: this is a {found}, and a {needed} is needed")


def check(options: Namespace, module: ModuleType) -> int:
    file = file_of(options.name, module) if options.check is True else options.check
    if not os.path.exists(file):
        raise ValueError(f"there is no {file}: {command()} exercise {options.name} writes it")
    refuse_other_kind(file, module)
    own_output = sys.stdout
    if options.json:
        sys.stdout = sys.stderr  # what the learner's file prints
    try:
        with saying_while("checking", file, quiet=options.json):
            right, message = verdict(module, file)
    finally:
        sys.stdout = own_output
    if options.json:
        answer_object({"exercise": options.name, "file": file, "right": right, "message": message})
    else:
        answer([titled("right" if right else "not yet", f"{file}: {message}")])
        if not right:
            answer([titled("", f"{command()} exercise {options.name} --hint may help")])
        elif following(options.name):
            answer([titled("next", f"{command()} exercise {following(options.name)}")])
    return 0 if right else 1


def verdict(module: ModuleType, file: str) -> Tuple[bool, str]:
    """Whether the file is right, and what there is to say."""
    try:
        if hasattr(module, "check_folder"):
            return True, module.check_folder(file)
        return True, module.check(Work(file))
    except Wrong as wrong:
        return False, str(wrong)
    except (Exception, SystemExit) as error:
        of_values = isinstance(error, (TypeError, ValueError)) and hasattr(module, "check")
        if not is_in(error, file) and not of_values:
            raise
        return False, in_words(error, file)


def following(name: str) -> Optional[str]:
    place = NAMES.index(name) + 1
    return NAMES[place] if place < len(NAMES) else None
