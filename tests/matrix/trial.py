"""One build of the kernel: compiled, run, and compared."""

import os
import re
import runpy
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Dict, List

from .builds import NOTICED, RACED, REFUSED, SAME, Build
from .cases import CANARY, Case
from pyref.engine.calls import INSTRUCTION_SETS

HERE = Path(__file__).resolve().parent
CSRC = HERE.parent.parent / "csrc"
FLAGS = runpy.run_path(str(CSRC / "building" / "build_kernel.py"))["FLAGS"]
# The driver calls not every function of kernel.c.
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wno-unused-function"]

LONGEST = 900  # seconds, for what takes a few

# What can be changed in the sources: the file, what is found there at least so often, and what
# takes its place.
EDITS = {
    "guards out": (
        "arithmetic.h", r"^#error.*|^#pragma (STDC FP_CONTRACT|GCC optimize).*", 6, ""),
    "tiny parts": ("fast/threads.c", r"(_AT_LEAST) = \d+", 5, r"\1 = 1"),
    "no order": (
        "fast/thread_platform.h", r"memory_order_(acquire|release)", 4, "memory_order_relaxed"),
}
SMALLEST_PROGRAM = "#include <stdio.h>\nint main(void) { return puts(\"\") < 0; }\n"


class Trial:
    """`missing` names a tool that is not here; `results` has a word for each instruction set."""

    def __init__(self, build: Build, folder: Path, program: str) -> None:
        self.build = build
        self.title = build.title
        self.folder = folder
        self.program = program
        self.results: Dict[str, str] = {}
        self.details = self.missing = ""
        self.seconds = 0.0

    def run(self, known: List[Case]) -> None:
        self.missing = self.what_is_missing()
        if self.missing:
            return
        started = time.monotonic()
        try:
            refusal = self.compiled()
            if refusal:
                self.results["plain"] = REFUSED if "pyref: " in refusal else "failed"
                self.details = refusal
            else:
                self.run_all(known)
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            said = str(error)
            self.details = said
            self.results["plain"] = RACED if "ThreadSanitizer: data race" in said else "failed"
        finally:
            if self.build.runner[:1] == ["wine"]:  # or it would stay for seconds, and write files
                subprocess.run(["wineserver", "--kill"], env=self.environment())
        self.seconds = time.monotonic() - started

    def what_is_missing(self) -> str:
        """A tool, or what it needs to make a program for its target; or ""."""
        package = f" (Debian's {self.build.package})" if self.build.package else ""
        for tool in (self.build.compiler, *self.build.runner[:1]):
            if shutil.which(tool) is None:
                return f"{tool} is not here{package}"
        done = subprocess.run(
            [self.build.compiler, *self.build.flags, "-x", "c", "-", "-o", self.program],
            input=SMALLEST_PROGRAM, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            encoding="utf-8", errors="replace",
        )
        if done.returncode:
            reason = done.stdout.partition("\n")[0]
            return f"not even a program that prints nothing was made{package}: {reason}"
        return ""

    def compiled(self) -> str:
        """The compiler's first words about an error, or ""."""
        sources = self.edited_sources() if self.build.edits else CSRC
        done = subprocess.run(
            [self.build.compiler, *FLAGS, *WARNINGS, *self.build.flags, f"-I{sources}",
             f"-I{self.folder}", HERE / "driver.c", *sorted(sources.glob("set_*.c")),
             "-o", self.program],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
        )
        if done.returncode == 0:
            return ""
        errors = [line for line in done.stdout.splitlines() if "error" in line]
        return (errors or [done.stdout])[0]

    def edited_sources(self) -> Path:
        copy = Path(self.program + "-sources")
        shutil.copytree(CSRC, copy)
        for edit in self.build.edits:
            name, pattern, least, replacement = EDITS[edit]
            text = (copy / name).read_text(encoding="utf-8")
            text, count = re.subn(pattern, replacement, text, flags=re.MULTILINE)
            if count < least:
                raise ValueError(f"{name} reads otherwise than trial.py expects ({edit})")
            (copy / name).write_text(text, encoding="utf-8")
        return copy

    def run_all(self, known: List[Case]) -> None:
        best, most_threads = map(int, self.output(())[0].split())
        text = f"{len(known)}\n" + "".join(case.text for case in known)
        for name, number in INSTRUCTION_SETS.items():
            if number > best:
                continue
            for threads in self.build.threads:
                if threads > most_threads:
                    raise ValueError(f"at most {most_threads} threads")
                self.compare(name, threads, known, self.output((str(number), str(threads)), text))

    def output(self, arguments, text: str = "") -> List[str]:
        """The lines printed; through files, since Node's WASI loses what comes through pipes."""
        with tempfile.TemporaryFile("w+") as given, tempfile.TemporaryFile("w+") as printed:
            given.write(text)
            given.seek(0)
            done = subprocess.run(
                [*self.build.runner, self.program, *arguments], stdin=given, stdout=printed,
                stderr=subprocess.PIPE, encoding="utf-8", errors="replace", timeout=LONGEST,
                env=self.environment(),
            )
            if done.returncode:
                raise ValueError(f"exit code {done.returncode}: {done.stderr:.200}")
            printed.seek(0)
            return printed.read().splitlines()

    def environment(self) -> Dict[str, str]:
        """Where wine keeps its files, one place for each since all of its processes are ended
        together; and how ThreadSanitizer ends."""
        return {**os.environ, "WINEPREFIX": f"{self.program}-wine", "WINEDEBUG": "-all",
                "TSAN_OPTIONS": "halt_on_error=1"}

    def compare(self, name: str, threads: int, known: List[Case], printed: List[str]) -> None:
        wrong = []
        for case in known:
            lines, printed = printed[: case.lines], printed[case.lines :]
            difference = case.first_difference(lines)
            if difference:
                wrong.append(f"{case.name}: {difference}")
        if wrong and not self.details:
            self.details = f"{name}, threads {threads}: {len(wrong)} differ: {'; '.join(wrong[:3])}"
        if not wrong:
            self.results.setdefault(name, SAME)
        elif any(said.startswith(CANARY) for said in wrong):
            self.results[name] = NOTICED
        else:
            self.results[name] = "other"

    def is_right(self) -> bool:
        return set(self.results.values()) == {self.build.expected}

    def cells(self) -> list:
        if self.missing:
            return [self.title, "skipped"]
        threads = " ".join(map(str, self.build.threads))
        results = [self.results.get(name, "-") for name in INSTRUCTION_SETS]
        return [self.title, threads, *results, f"{self.seconds:.1f}"]
