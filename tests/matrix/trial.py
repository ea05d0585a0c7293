"""One build of the kernel: compiled, run, and compared."""

import re
import runpy
import shutil
import subprocess
import time
from pathlib import Path
from typing import Dict, List

from .builds import NOTICED, REFUSED, SAME, Build
from .cases import CANARY, Case
from pyref.engine.calls import INSTRUCTION_SETS

HERE = Path(__file__).resolve().parent
CSRC = HERE.parent.parent / "csrc"
FLAGS = runpy.run_path(str(CSRC / "building" / "build_kernel.py"))["FLAGS"]
# The driver calls not every function of kernel.c.
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wno-unused-function"]

LONGEST = 900  # seconds, for what takes a few

GUARDS = re.compile(r"^#error.*|^#pragma (STDC FP_CONTRACT|GCC optimize).*", re.MULTILINE)


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
        for tool in (self.build.compiler, *self.build.runner):
            if shutil.which(tool) is None:
                self.missing = f"{tool} is not here" + (
                    f" (Debian's {self.build.package})" if self.build.package else ""
                )
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
            self.results["plain"], self.details = "failed", str(error)
        self.seconds = time.monotonic() - started

    def compiled(self) -> str:
        """The compiler's first words about an error, or ""."""
        sources = CSRC if self.build.guarded else self.unguarded_sources()
        done = subprocess.run(
            [self.build.compiler, *FLAGS, *WARNINGS, *self.build.flags, f"-I{sources}",
             f"-I{self.folder}", HERE / "driver.c", *sorted(sources.glob("set_*.c")),
             "-o", self.program, "-pthread"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
        )
        if done.returncode == 0:
            return ""
        errors = [line for line in done.stdout.splitlines() if "error" in line]
        return (errors or [done.stdout])[0]

    def unguarded_sources(self) -> Path:
        copy = Path(self.program + "-sources")
        shutil.copytree(CSRC, copy)
        header = copy / "arithmetic.h"
        text, count = GUARDS.subn("", header.read_text(encoding="utf-8"))
        if count < 6:
            raise ValueError("arithmetic.h has other guards than trial.py knows")
        header.write_text(text, encoding="utf-8")
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
        done = subprocess.run(
            [*self.build.runner, self.program, *arguments], input=text, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, encoding="ascii", timeout=LONGEST,
        )
        if done.returncode:
            raise ValueError(f"exit code {done.returncode}: {done.stderr:.200}")
        return done.stdout.splitlines()

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
