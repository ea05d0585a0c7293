"""A copy of pyref and its C for a learner to change, and how its kernel is compiled there.

The kernel is compiled without optimisation, which takes a fraction of the time: the bits are the
same at every level, which is what pyref promises.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, List

from pyref.exercises.work import Wrong

CLONE = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns("__pycache__", "_kernel*", "*.pyc")


def copy(folder: str) -> None:
    """A new folder with pyref/ and csrc/.  Raises ImportError where there are no sources of C."""
    if not (CLONE / "csrc" / "kernel.c").is_file():
        raise ImportError(
            "this exercise needs pyref's sources, of which an installed pyref has no C: it works "
            "from a clone, or an unpacked source distribution, with pip install -e '.[c]'"
        )
    os.mkdir(folder)
    for name in ("pyref", "csrc"):
        shutil.copytree(CLONE / name, Path(folder) / name, ignore=LEFT_OUT)


def asked(folder: str, script: str, *arguments: str) -> Any:
    """What a script prints as JSON, with the pyref of that folder.  Raises Wrong where it fails."""
    environment = {name: value for name, value in os.environ.items() if name != "PYREF_BACKEND"}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    start = "import sys; sys.path.insert(0, sys.argv[1]); "
    done = subprocess.run(
        [sys.executable, "-c", start + script, os.path.abspath(folder), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
        env=environment,
    )
    if done.returncode:
        raise Wrong(last_words(done.stderr, folder))
    return json.loads(done.stdout.splitlines()[-1])


def last_words(text: str, folder: str) -> str:
    """Of a traceback: the error, and the line of the folder that it came from."""
    lines = [line for line in text.splitlines() if line.strip()]
    inside = str(Path(folder).resolve()) + os.sep
    places = [line.strip().replace(inside, "") for line in lines if f'File "{inside}' in line]
    return ": ".join([*(place.replace('"', "") for place in places[-1:]),
                      lines[-1].strip() if lines else "it ended without a word"])


def what_is_missing() -> str:
    """Why no kernel can be compiled here, or nothing."""
    try:
        import cffi  # noqa: F401
    except ImportError:
        return "cffi (pip install cffi)"
    if os.name != "posix":
        return "a POSIX system, such as Linux, macOS or Windows' WSL"
    compiler = compiler_words()
    if not compiler or shutil.which(compiler[0]) is None:
        return f"a C compiler ({' '.join(compiler[:1]) or 'cc'})"
    if not os.path.isfile(os.path.join(sysconfig.get_path("include"), "Python.h")):
        return "Python.h (python3-dev, or python3-devel, has it)"
    return ""


def compiler_words() -> List[str]:
    return (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()


EMIT = """
import json, runpy
built = runpy.run_path("csrc/building/build_kernel.py")
built["ffibuilder"].emit_c_code("build/_kernel.c")
print(json.dumps([built["FLAGS"], built["LINK_FLAGS"], built["SETS"]]))
"""


def compile_kernel(folder: str) -> None:
    """Into the folder's pyref/.  Raises Wrong with the compiler's first error."""
    place = Path(folder).resolve()
    build = place / "build"
    build.mkdir(exist_ok=True)
    emit = f"import os; os.chdir({str(place)!r})\n{EMIT}"
    flags, link_flags, sets = asked(folder, emit)
    flags = [flag for flag in flags if not flag.startswith("-O")] + ["-O0", "-w"]
    flags += (sysconfig.get_config_var("CCSHARED") or "-fPIC").split()
    includes = [f"-I{sysconfig.get_path('include')}", "-Icsrc"]

    def compiled(source: str) -> str:
        made = f"build/{Path(source).stem}.o"
        run([*compiler_words(), *flags, *includes, "-c", source, "-o", made], place)
        return made

    with ThreadPoolExecutor(os.cpu_count() or 1) as workers:
        objects = list(workers.map(compiled, ["build/_kernel.c", *sets]))
    module = f"pyref/_kernel{sysconfig.get_config_var('EXT_SUFFIX')}"
    linker = (sysconfig.get_config_var("LDSHARED") or "cc -shared").split()
    run([*linker, *objects, "-o", module, *link_flags], place)
    shutil.rmtree(build)


def run(command: List[str], place: Path) -> None:
    done = subprocess.run(command, cwd=str(place), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8", errors="replace")
    if done.returncode:
        lines = done.stdout.splitlines() or ["it says nothing"]
        first = next((line for line in lines if "error" in line), lines[-1])
        raise Wrong(f"the compiler: {first.strip()}")
