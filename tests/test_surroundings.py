"""What a process finds around it (locale, time zone, hash seed …) changes no bit and no file.

Each test runs the same program in another process and compares every byte that it wrote.
"""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import missing, require_kernel
import pyref

# Reads a table, trains with callbacks and everything that draws, saves, loads, predicts, prints.
PROGRAM = """
import locale, sys
if {decimal_comma}:
    locale.setlocale(locale.LC_ALL, "")
    if locale.localeconv()["decimal_point"] != ",":
        sys.exit("no decimal comma in " + locale.setlocale(locale.LC_ALL))
import pyref
from pyref.command_line import main
backend = sys.argv[1]
failed = main(["train", "table.csv", "--hidden", "5", "--epochs", "7", "--dropout", "0.25", "-q",
               "--optimizer", "adam", "--backend", backend, "-o", "table.model.json"])
failed = failed or main(["predict", "table.model.json", "table.csv", "-o", "answers.csv"])
if failed:
    sys.exit(failed)
network = pyref.Network([3, 7, 2], hidden="gelu", output="softmax", initializer="he_normal", seed=5)
trainer = pyref.Trainer(network, optimizer=pyref.IRpropMinus(), dropout=0.2, batch_size=4,
                        backend=backend)
rows = [[(i * k % 11 - 5) / 3.7 for k in (3, 5, 7)] for i in range(17)]
classes = [i % 2 for i in range(17)]
trainer.train(rows, classes, epochs=5, validation=(rows[:6], classes[:6]),
              stop=pyref.ValidationPatience(4), callback=lambda trainer, epoch: None)
trainer.save("half.run.json")
pyref.Trainer.load("half.run.json").train(rows, classes, epochs=5)
trainer.save("whole.run.json")
with open("digest.txt", "w") as file:
    print(network.digest(), network.predict(rows), network.evaluate(rows, classes), file=file)
"""

TABLE = "länge;breite;höhe;art\n" + "".join(
    f"{(i * 7 % 13) / 3.0!r};{-i / 7.0!r};{i * 1e-3!r};{'ja' if i % 3 else 'nein'}\n"
    for i in range(40)
)


@pytest.fixture(scope="module", params=["python", "c"])
def engine(request):
    if request.param == "c":
        require_kernel()
    return request.param


def written(folder, engine, decimal_comma=False, arguments=(), **environment):
    """The files that the program writes in a new folder, as bytes, by their names."""
    folder.mkdir(parents=True)
    (folder / "table.csv").write_text(TABLE, encoding="utf-8")
    usual = {n: v for n, v in os.environ.items() if not n.startswith(("PYTHON", "PYREF", "LC_"))}
    done = subprocess.run(
        [sys.executable, *arguments, "-c", PROGRAM.format(decimal_comma=decimal_comma), engine],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**usual, "PYTHONPATH": str(Path(pyref.__file__).resolve().parent.parent),
             **environment},
    )
    assert done.returncode == 0, done.stdout.decode("utf-8", "replace")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def usual(engine, tmp_path_factory):
    found = written(tmp_path_factory.mktemp("usual") / engine, engine)
    assert len(found) == 6 and all(found.values())
    return found


SURROUNDINGS = {
    "hash seed 0": {"PYTHONHASHSEED": "0"},
    "hash seed 4711": {"PYTHONHASHSEED": "4711"},
    "time zone": {"TZ": "Asia/Kathmandu"},
    "no locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "no home": {"HOME": "/nowhere", "USERPROFILE": "/nowhere", "PATH": ""},
    "narrow": {"COLUMNS": "20", "LINES": "5", "TERM": "dumb", "NO_COLOR": "1"},
    "optimised": {"PYTHONOPTIMIZE": "2"},
    "development mode": {"PYTHONDEVMODE": "1", "PYTHONMALLOC": "debug"},
    "short integers": {"PYTHONINTMAXSTRDIGITS": "640"},
    # With less of the processor in use, the C library's own exp and log give other last bits.
    "a C library without FMA": {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2,-AVX512F"},
    "threads of others": {"OMP_NUM_THREADS": "7", "OPENBLAS_NUM_THREADS": "7"},
}


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_the_environment_changes_nothing(tmp_path, engine, usual, name):
    assert written(tmp_path / "other", engine, **SURROUNDINGS[name]) == usual


@pytest.fixture(scope="module")
def german(tmp_path_factory):
    """Makes a German locale with a character set, once; its folder."""
    @functools.lru_cache(maxsize=None)
    def locale(charset):
        if shutil.which("localedef") is None:
            missing("no localedef, which makes locales")
        folder = tmp_path_factory.mktemp("german") / f"de_DE.{charset}"
        made = subprocess.run(["localedef", "-i", "de_DE", "-f", charset, str(folder)],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if not (folder / "LC_NUMERIC").is_file():
            missing(f"no German locale: {made.stdout.decode('ascii', 'replace').strip()}")
        return folder

    return locale


@pytest.mark.parametrize("charset", ["UTF-8", "ISO-8859-1"])
def test_a_decimal_comma_changes_nothing(tmp_path, engine, usual, german, charset):
    """In a German process, 1.5 is read and written as 1.5."""
    locale = german(charset)
    surroundings = {"LOCPATH": str(locale.parent), "LC_ALL": locale.name, "PYTHONUTF8": "0"}
    assert written(tmp_path / "other", engine, decimal_comma=True, **surroundings) == usual


def test_a_folder_of_another_name_changes_nothing(tmp_path, engine, usual):
    assert written(tmp_path / "mit Umlauten: äöü" / "2", engine) == usual


def test_hidden_packages_change_nothing(tmp_path, engine, usual):
    """-S: not even NumPy, where it is installed, takes part."""
    if engine == "c":
        pytest.skip("the kernel needs cffi, an installed package")
    assert written(tmp_path / "other", engine, arguments=("-S",)) == usual
