"""pyref in the smallest installations: as pyref.pyz and as a folder, in file systems that hold
BusyBox, a C library, one of Debian's Pythons and nothing else, no /proc, /dev, /tmp or home.

    python3 tests/matrix/roots.py

They are mounted read-only, but for the folder /out, and entered by a user who owns nothing in them,
with an empty environment and `python3 -I -S -E -B`.  What is printed and written there is compared,
byte for byte, with what this Python does here.

Needs root on a Debian or Ubuntu whose packages can be had (apt-get download, dpkg-deb, unshare,
chroot).  Elsewhere it is skipped, and says so; where the environment variable CI is set, that is a
failure.  Alpine's own packages are not tried: they come from another index.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Callable, Dict, List, NamedTuple, Optional

ROOT = Path(__file__).resolve().parent.parent.parent
OUT = "/out"
NOBODY = "65534:65534"
TOOLS = ("apt-get", "dpkg-deb", "unshare", "mount", "chroot")

# The root is bound to itself, to be mounted read-only in this process alone.
ENTER = """\
mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && mount --bind "$2" "$1/out" || exit 99
root=$1
shift 2
exec env -i "$(command -v chroot)" --userspec=65534:65534 "$root" "$@"
"""

BARE = ["-I", "-S", "-E", "-B"]


def packages(python: str) -> List[str]:
    """Debian's python3-minimal; hashlib does without libssl."""
    return ["busybox-static", "libc6", "libexpat1", "zlib1g", f"{python}-minimal",
            f"lib{python}-minimal"]


def whole(python: str) -> List[str]:
    """Debian's python3, as far as pyref goes."""
    return [*packages(python), f"lib{python}-stdlib", "libbz2-1.0", "liblzma5"]


class Done(NamedTuple):
    code: int
    printed: bytes
    written: bytes  # in the file that the command was told to write, if it was


class Case(NamedTuple):
    """`right` is told what was done in the root and what here; None: the same in both."""

    words: str
    right: Optional[Callable[[Done], bool]] = None


def said(code: int, *texts: str) -> Callable[[Done], bool]:
    """One line, which has these texts, and this exit code."""
    def right(done: Done) -> bool:
        line = done.printed.decode("utf-8")
        return done.code == code and line.count("\n") == 1 and all(text in line for text in texts)
    return right


def has(text: bytes) -> Callable[[Done], bool]:
    """It went well, and this is among what was printed."""
    return lambda done: done.code == 0 and text in done.printed


ANYWHERE = [
    Case("--help", has(b"  train             learn from a table, and write a model\n")),
    Case("info", has(b"engine      Python\n")),
    Case("tutorial gates"),
    Case("explain"),
    Case("check-gradient xor"),
    Case("read neuron", has(b" read activations\n")),  # which says how it was started
    Case("exercise", has(b"\n 5  sum-order        Add in the order that the bits are made of")),
]
WITHOUT_JSON = [
    Case("train iris", said(2, "lacks the module json", "the package python3")),
    Case("selftest --quick", said(2, "lacks the module json", "the package python3")),
    Case("compare iris a b", said(2, "lacks the module concurrent", "the package python3")),
]
WITH_ALL = [
    Case("train iris --hidden 3 --epochs 3 -q -o {out}/iris.json"),
    Case("train iris --epochs 3", said(2, "iris.model.json: the folder / cannot be written to")),
    Case("predict {out}/iris.json iris"),
    Case("verify -q {out}/iris.json iris", has(b"identical to the last bit")),
    Case("explain -q --html {out}/page.html"),
    Case("cross-validate iris --hidden 2 --epochs 2 --folds 3 --workers 2 -q"),
    Case("selftest --quick", has(b"Python")),
]


class Place(NamedTuple):
    """A way to start pyref, and the folder for what it writes."""

    start: List[str]
    out: str
    files: Path  # that folder, seen from here

    def do(self, words: str) -> Done:
        told = words.format(out=self.out).split()
        names = [Path(word).name for word in told if word.startswith(self.out)]
        done = subprocess.run([str(shutil.which(self.start[0])), *self.start[1:], *told],
                              cwd="/", env={}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        files = [self.files / name for name in names]
        written = b"".join(path.read_bytes() for path in files if path.is_file())
        return Done(done.returncode, done.stdout, written)


def made(folder: Path, names: List[str]) -> Path:
    """The packages' files, without what their scripts would do."""
    for name in names:
        for archive in archives(folder.parent, name):
            subprocess.run(["dpkg-deb", "-x", str(archive), str(folder)], check=True)
    python = next((folder / "usr/bin").glob("python3.*"))
    (folder / "usr/bin/python3").symlink_to(python.name)
    busybox = next(path for path in folder.rglob("busybox") if os.access(path, os.X_OK))
    for name in ("bin/sh", "usr/bin/env"):
        (folder / name).symlink_to(f"/{busybox.relative_to(folder)}")
    shutil.copytree(ROOT / "pyref", folder / "pyref",
                    ignore=shutil.ignore_patterns("_kernel*", "__pycache__"))
    subprocess.run([sys.executable, str(ROOT / "csrc/building/one_file.py"),
                    str(folder / "pyref.pyz")], check=True, stdout=subprocess.DEVNULL)
    (folder / "out").mkdir()
    return folder


def archives(folder: Path, name: str) -> List[Path]:
    """A package, downloaded once."""
    if not list(folder.glob(f"{name}_*.deb")):
        subprocess.run(["apt-get", "-qq", "download", name], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return list(folder.glob(f"{name}_*.deb"))


def debian_python() -> str:
    """The version that the package python3-minimal means, such as python3.11."""
    told = subprocess.run(["apt-cache", "depends", "python3-minimal"], stdout=subprocess.PIPE,
                          encoding="utf-8", check=True).stdout
    return next(word[: -len("-minimal")] for word in told.split()
                if word.startswith("python3.") and word.endswith("-minimal"))


def writable(path: Path) -> Path:
    path.mkdir()
    path.chmod(0o777)
    return path


def expected(folder: Path, cases: List[Case]) -> Dict[Case, Done]:
    """Of those that are to be the same, what is done here."""
    out = writable(folder / "here")
    here = Place([sys.executable, *BARE, str(ROOT / "pyref")], str(out), out)
    return {case: here.do(case.words) for case in cases if case.right is None}


def tried(root: Path, way: str, cases: List[Case], known: Dict[Case, Done]) -> List[str]:
    """Print what becomes of each case, started in this way; what was wrong."""
    wrong = []
    out = writable(root.parent / f"{root.name}-{way}")
    enter = ["unshare", "-m", "sh", "-c", ENTER, "sh", str(root), str(out)]
    place = Place([*enter, "/usr/bin/python3", *BARE, f"/{way}"], OUT, out)
    for case in cases:
        started = time.monotonic()
        done = place.do(case.words)
        right = case.right(done) if case.right else done == known[case]
        seconds = time.monotonic() - started
        what = f"{root.name}, {way}: {case.words.format(out=OUT)}"
        print(f"{what:90}{'right' if right else 'WRONG':>6}{seconds:6.1f} s", flush=True)
        if not right:
            wrong.append(f"{what}\n{done.code}: {done.printed.decode('utf-8', 'replace')}")
    return wrong


def missing() -> str:
    """Why it cannot be tried here, or ""."""
    for tool in TOOLS:
        if shutil.which(tool) is None:
            return f"there is no {tool}"
    if os.geteuid() != 0:
        return "only root can make such file systems"
    done = subprocess.run(["unshare", "-m", "true"], stderr=subprocess.PIPE, encoding="utf-8")
    return done.stderr.strip()


def main() -> int:
    reason = missing()
    if reason:
        print(f"skipped: {reason}")
        print("0 passed, 1 failed" if os.environ.get("CI") else "0 passed, 0 failed, 1 skipped")
        return 1 if os.environ.get("CI") else 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        python = debian_python()
        known = expected(folder, ANYWHERE + WITH_ALL)
        roots = {
            made(folder / "python3-minimal", packages(python)): ANYWHERE + WITHOUT_JSON,
            made(folder / "python3", whole(python)): ANYWHERE + WITH_ALL,
        }
        jobs = [(root, way) for root in roots for way in ("pyref.pyz", "pyref")]
        with ThreadPoolExecutor(os.cpu_count()) as workers:
            found = workers.map(lambda job: tried(*job, roots[job[0]], known), jobs)
            wrong = [each for one in found for each in one]
        count = sum(len(roots[root]) for root, _ in jobs)
    print()
    for each in wrong:
        print(f"WRONG: {each}")
    print(f"{count - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
