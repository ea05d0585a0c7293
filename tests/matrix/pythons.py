"""The reference on every Python that is here: `python3 -m pyref selftest`, from a bare copy."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import List, Optional

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

NEEDED = ("CPython 3.9", "CPython 3.10", "CPython 3.11", "CPython 3.12", "CPython 3.13", "PyPy")
WELCOME = ("CPython 3.14",)  # nothing is said where it is missing

PRINT_NAME = "import platform as p; print(p.python_implementation(), p.python_version())"


class Trial:
    """A Python that trains the golden recipes by this command, in this folder; None: none here."""

    def __init__(self, title: str, command: Optional[List[str]], folder: Path) -> None:
        self.title = title
        self.command = command
        self.folder = folder
        self.cell = self.details = self.missing = ""
        self.seconds = 0.0

    def run(self) -> None:
        if self.command is None:
            self.cell, self.missing = "skipped", "it is not here"
            return
        started = time.monotonic()
        environment = {n: v for n, v in os.environ.items() if not n.startswith(("PYTHON", "PYREF"))}
        done = subprocess.run(
            self.command, cwd=self.folder, env=environment, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, encoding="utf-8",
        )
        self.cell = "same" if done.returncode == 0 else "other"
        self.details = done.stdout[-1000:]
        self.seconds = time.monotonic() - started

    def is_right(self) -> bool:
        return self.cell == "same"

    def cells(self) -> list:
        return [self.title, self.cell, f"{self.seconds:.1f}"]


def trials(folder: Path) -> List[Trial]:
    """-S hides what is installed, so that the reference runs alone."""
    bare = folder / "bare"
    shutil.copytree(ROOT / "pyref", bare / "pyref",
                    ignore=shutil.ignore_patterns("_kernel*", "__pycache__"))
    arguments = ["-m", "pyref", "selftest"]
    here = [sys.executable, *arguments]
    found = [
        Trial("this Python, all engines", here, ROOT),
        Trial("this Python, all engines, 3 threads", [*here, "--threads", "3"], ROOT),
    ]
    for name in (*NEEDED, *WELCOME):
        python = python_of(name)
        if python:
            found.append(Trial(full_name(python), [python, "-S", *arguments], bare))
        elif name in NEEDED:
            found.append(Trial(name, None, bare))
    pyodide = pyodide_folder()
    if pyodide:
        version = json.loads((pyodide / "package.json").read_text(encoding="utf-8"))["version"]
        command = ["node", str(HERE / "webassembly.mjs"), str(pyodide), str(bare)]
        found.append(Trial(f"CPython as WebAssembly, Pyodide {version}", command, bare))
    return found


def pyodide_folder() -> Optional[Path]:
    """Where `npm install -g pyodide` has put it, or None."""
    if not (shutil.which("npm") and shutil.which("node")):
        return None
    done = subprocess.run(["npm", "root", "-g"], stdout=subprocess.PIPE, encoding="utf-8")
    folder = Path(done.stdout.strip()) / "pyodide"
    return folder if folder.is_dir() else None


def python_of(name: str) -> Optional[str]:
    """The path of a Python that works, such as "CPython 3.9" or "PyPy"."""
    implementation, _, version = name.partition(" ")
    candidates = [shutil.which("pypy3")]
    if version:
        installed = Path.home().glob(f".pyenv/versions/{version}.*/bin/python3")
        candidates = [*map(str, installed), shutil.which(f"python{version}"), sys.executable]
    for candidate in candidates:
        if candidate and f"{full_name(candidate)}.".startswith(f"{implementation} {version}"):
            return candidate
    return None


def full_name(python: str) -> str:
    done = subprocess.run([python, "-c", PRINT_NAME], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, encoding="utf-8")
    return done.stdout.strip()
