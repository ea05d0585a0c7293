"""Build pyref.  The C kernel is optional; the environment variable PYREF_KERNEL decides:

    unset   build it if that works here, else install pure Python
    0       leave it out: the wheel is py3-none-any
    1       fail if it cannot be built (continuous integration, release wheels)
"""

import os
import sysconfig
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


BESIDE = ["CHANGELOG.md", "csrc/**/*.py", "csrc/**/*.[ch]", "tests/**/*.*"]


class BuildPy(build_py):
    """The package; a source distribution takes the files BESIDE it as well."""

    def get_source_files(self):
        found = [file for pattern in BESIDE for file in sorted(Path(".").glob(pattern))]
        return super().get_source_files() + [
            str(file) for file in found if file.is_file() and file.suffix != ".pyc"
        ]


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
setup(cmdclass={"build_py": BuildPy}, **kernel(wish))
