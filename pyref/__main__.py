"""`python3 -m pyref` is the `pyref` command.  So are `python3 FOLDER`, with the path of the folder
that this file is in, for which -I does not look by itself, and `python3 pyref.pyz`, where a copy of
this file stands beside that folder.  A Python that is too old can read as far as the sentence that
says so."""

import os
import sys

if sys.version_info < (3, 9):
    sys.stderr.write(
        "pyref: error: Python 3.9 or newer is needed, this is %d.%d\n" % sys.version_info[:2]
    )
    sys.exit(2)

if __name__ == "__main__":
    folder = os.path.dirname(os.path.abspath(__file__))
    if not __package__ and os.path.isdir(folder):
        sys.path[0] = os.path.dirname(folder)  # which was this folder itself

    from pyref.command_line import main

    sys.exit(main())
