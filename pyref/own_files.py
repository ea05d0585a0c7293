"""The files that come with pyref, its tables and digests: also where pyref itself is an archive, as
pyref.pyz is, and they have no path that could be opened."""

import os
from typing import Optional

FOLDER = os.path.dirname(os.path.abspath(__file__))
ARCHIVE: Optional[str] = None if os.path.isdir(FOLDER) else os.path.dirname(FOLDER)


def path_of(name: str) -> str:
    """Where a file is, of a name such as "datasets/iris.csv"; within an archive nothing but a name
    for it."""
    return os.path.join(FOLDER, *name.split("/"))


def contents_of(name: str) -> bytes:
    """Raises OSError where it was lost."""
    from pkgutil import get_data

    found = get_data("pyref", name)
    assert found is not None  # which loaders say that know no files
    return found
