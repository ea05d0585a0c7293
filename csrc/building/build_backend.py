"""setuptools, asked to fetch cffi only for builds that can use it.

pip fetches what a build requires before it runs setup.py.  Were cffi on that list for everybody,
`pip install .` would fail where no cffi can be had (no ready-made one for the platform and no
compiler to make one), although pyref itself needs neither.  So cffi is required where a compiler
is found; PYREF_KERNEL=0 or 1 decides instead of the search.
"""

import os
import shutil
import sys
import sysconfig
from typing import List

from setuptools.build_meta import *  # noqa: F403  all hooks but the three at the end


def compiler_found() -> bool:
    """Whether the compiler that this Python would use is there (on Windows, that is not known)."""
    if sys.platform == "win32":
        return True
    command = os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc"
    return shutil.which(command.split()[0]) is not None


def cffi_exists() -> bool:
    """cffi has no form for the Pythons without a global lock that came before 3.14."""
    return sys.version_info >= (3, 14) or not sysconfig.get_config_var("Py_GIL_DISABLED")


def requires(config_settings=None) -> List[str]:
    wish = os.environ.get("PYREF_KERNEL", "")
    wanted = wish == "1" or (wish != "0" and compiler_found() and cffi_exists())
    return ["cffi>=1.17"] if wanted else []


get_requires_for_build_sdist = requires
get_requires_for_build_wheel = requires
get_requires_for_build_editable = requires
