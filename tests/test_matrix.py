"""The matrix's own machinery, with one build: what it calls right is right, and a wrong bit shows.

The matrix itself takes minutes: python tests/matrix/run.py.
"""

import copy
import shutil
from pathlib import Path

import pytest

from conftest import missing, require_kernel

if not (Path(__file__).resolve().parent.parent / "csrc").is_dir():
    pytest.skip("the kernel's sources are not beside the tests", allow_module_level=True)


@pytest.fixture(scope="module")
def matrix(tmp_path_factory):
    """A folder with the header, the cases, and the trial of a build without optimisation."""
    require_kernel()
    if shutil.which("gcc") is None:
        missing("no gcc")
    from matrix import builds, cases, image, trial

    class Matrix:
        folder = tmp_path_factory.mktemp("matrix")
        known = cases.canary_cases() + cases.elementary_cases() + cases.golden_cases()

        def tried(self, compiler, flags, **more):
            made = trial.Trial(
                builds.build(compiler, flags, **more), self.folder, str(self.folder / "driver")
            )
            made.run(self.known)
            return made

    made = Matrix()
    (made.folder / "members.h").write_text(image.members_header(), encoding="ascii")
    made.gcc = made.tried("gcc", "-O0", threads=(1, 3))
    return made


def test_a_driver_without_python_gives_the_golden_digests(matrix):
    assert matrix.gcc.details == ""
    assert matrix.gcc.is_right() and {"plain", "base"} <= set(matrix.gcc.results)
    assert set(matrix.gcc.results.values()) == {"same"}
    assert len(matrix.known) > 50


def test_one_wrong_bit_is_seen_and_named(matrix):
    *known, last = matrix.known
    history, *others = last.results
    altered = last._replace(results=[*others, history._replace(digest="0" * 64)])
    printed = matrix.gcc.output(
        ("0", "1"), f"{len(matrix.known)}\n" + "".join(case.text for case in matrix.known)
    )
    trial = copy.deepcopy(matrix.gcc)
    trial.compare("plain", 1, matrix.known, printed)
    assert trial.is_right()
    trial.compare("plain", 1, [*known, altered], printed)
    assert not trial.is_right() and trial.results["plain"] == "other"
    assert trial.details == f"plain, threads 1: 1 differ: {last.name}: history"


def test_fast_mathematics_is_refused(matrix):
    trial = matrix.tried("gcc", "-ffast-math", expected="refused")
    assert trial.is_right() and "compile without -ffast-math" in trial.details


def test_a_tool_that_is_missing_is_named(matrix):
    trial = matrix.tried("no-such-gcc", "-O2", package="gcc-for-nothing")
    assert trial.missing == "no-such-gcc is not here (Debian's gcc-for-nothing)"
    assert trial.cells()[1] == "skipped"
