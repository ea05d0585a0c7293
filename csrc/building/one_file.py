"""Make pyref.pyz, all of pyref but its kernel in one file, which any Python from 3.9 on runs:

    python3 csrc/building/one_file.py [FILE]

It is a ZIP archive with a first line for shells.  The same sources give the same bytes, whoever
makes it, where, when and with whatever Python: the members are in order and not packed (zlib has
several makers, and small systems do without), and their date is SOURCE_DATE_EPOCH's, in seconds, or
else the first one that such an archive can tell.  Needs nothing but the standard library.
"""

import os
import sys
import time
from pathlib import Path
from typing import Dict
from zipfile import ZIP_STORED, ZipFile, ZipInfo

ROOT = Path(__file__).resolve().parent.parent.parent
ENDINGS = (".py", ".csv", ".json", ".typed")
FIRST_LINE = b"#!/usr/bin/env python3\n"
EARLIEST = 315532800  # 1980 begins, and the calendar of ZIP


def members() -> Dict[str, bytes]:
    """The package, the licence, and what Python starts: a copy of the package's own __main__."""
    folder = ROOT / "pyref"
    files = [path for path in folder.rglob("*") if path.suffix in ENDINGS and path.is_file()]
    found = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in files if path.stem != "_kernel"
    }
    found["LICENSE"] = (ROOT / "LICENSE").read_bytes()
    found["__main__.py"] = found["pyref/__main__.py"]
    return dict(sorted(found.items()))


def write(name: str) -> None:
    seconds = max(EARLIEST, int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST)))
    date = time.gmtime(seconds)[:6]
    with open(name, "wb") as file:
        file.write(FIRST_LINE)
        with ZipFile(file, "w", ZIP_STORED) as archive:
            for member, content in members().items():
                info = ZipInfo(member, date)
                info.create_system = 3  # Unix, on Windows too
                info.external_attr = 0o100644 << 16
                archive.writestr(info, content)
    os.chmod(name, os.stat(name).st_mode | 0o111)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit(__doc__)
    name = sys.argv[1] if len(sys.argv) == 2 else "pyref.pyz"
    write(name)
    print(name)
