"""Build pyref.  The C kernel is optional; the environment variable PYREF_KERNEL decides:

    unset   build it if that works here, else install pure Python
    0       leave it out: the wheel is py3-none-any
    1       fail if it cannot be built (continuous integration, release wheels)

Where SOURCE_DATE_EPOCH is set (the time that files are given, in seconds), the same sources give
the same bytes: the umask, the owner, the folder and the hour leave no trace.
"""

import gzip
import os
import sysconfig
import tarfile
import time
from pathlib import Path

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist


BESIDE = ["CHANGELOG.md", "csrc/**/*.py", "csrc/**/*.[ch]", "tests/**/*.*"]


class BuildPy(build_py):
    """The package; a source distribution takes the files BESIDE it as well."""

    def get_source_files(self):
        found = [file for pattern in BESIDE for file in sorted(Path(".").glob(pattern))]
        return super().get_source_files() + [
            str(file) for file in found if file.is_file() and file.suffix != ".pyc"
        ]


class Wheel(bdist_wheel):
    """Whose files may be read by all and written by the owner; setuptools sees to the rest."""

    def write_wheelfile(self, *arguments, **named):
        """The last step before the archive is written."""
        super().write_wheelfile(*arguments, **named)
        for path in Path(self.bdist_dir).rglob("*"):
            if path.is_file():
                path.chmod(0o644)


class SourceDistribution(sdist):
    """Whose archive says nothing of the machine that made it."""

    def make_archive(self, base_name, format, root_dir=None, base_dir=None, **owner):
        if format != "gztar":
            raise SystemExit(f"a source distribution is a .tar.gz here, and not {format}")
        seconds = int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))

        def anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
            member.uid = member.gid = 0
            member.uname = member.gname = ""
            member.mode = 0o755 if member.isdir() else 0o644
            member.mtime = seconds
            return member

        folder = Path(root_dir or ".", base_dir)
        name = base_name + ".tar.gz"
        with open(name, "wb") as file, \
                gzip.GzipFile("", "wb", 9, file, mtime=seconds) as packed, \
                tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for path in [folder, *sorted(folder.rglob("*"))]:
                archive.add(path, path.relative_to(folder.parent).as_posix(), recursive=False,
                            filter=anonymous)
        return name


def kernel(wish: str) -> dict:
    """What setup() is told of the kernel."""
    if wish == "0":
        return {}
    try:
        import cffi  # noqa: F401  setup() would not know what cffi_modules are
    except ImportError:
        if wish == "1":
            raise
        return {}
    has_gil = not sysconfig.get_config_var("Py_GIL_DISABLED")
    return {
        "cffi_modules": ["csrc/building/build_kernel.py:ffibuilder"],
        "options": {"bdist_wheel": {"py_limited_api": "cp39"} if has_gil else {}},
    }


wish = os.environ.get("PYREF_KERNEL", "")
if wish not in ("", "0", "1"):
    raise SystemExit(f"PYREF_KERNEL is {wish!r}: use 0, 1 or leave it unset")
setup(
    cmdclass={"build_py": BuildPy, "bdist_wheel": Wheel, "sdist": SourceDistribution},
    **kernel(wish),
)
