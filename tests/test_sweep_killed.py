"""A sweep that is interrupted, or loses a worker or its own process, and goes on."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import pyref
from pyref import sweep

pytestmark = pytest.mark.usefixtures("in_a_folder")

FOLDER = str(Path(pyref.__file__).resolve().parent.parent)


def lines():
    text = Path("iris.sweep.jsonl").read_text(encoding="ascii")
    return [json.loads(line) for line in text.splitlines()[1:]]


def digests(found):
    return {result.run: result.digest for result in found.results}


def begun(backend, seeds):
    """The command in a process of its own, when a few of its trainings are done."""
    line = [sys.executable, "-m", "pyref", "sweep", "iris", "--hidden", "4", "--epochs", "5",
            "--seeds", seeds, "--workers", "2", "--backend", backend]
    process = subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), encoding="utf-8",
        env={**os.environ, "PYTHONPATH": FOLDER},
    )
    file = Path("iris.sweep.jsonl")
    while not (file.exists() and file.read_bytes().count(b"\n") > 6):
        assert process.poll() is None
        time.sleep(0.01)
    return process


def goes_on(seeds):
    """What the file has is right and not done again."""
    recipe = "--hidden 4 --epochs 5"
    found = sweep("iris", recipe, seeds=seeds, workers=1, file="iris.sweep.jsonl",
                  progress=lambda result: pytest.fail("done before"))
    assert digests(found) == digests(sweep("iris", recipe, seeds=seeds, workers=1))


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="no such signals here")
def test_ctrl_c_and_the_same_command_again(backend):
    """It goes to all processes of the terminal's group."""
    process = begun(backend, "1-9000")
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.splitlines()[-1] == "pyref: interrupted"
    (done,) = re.findall(r"^pyref: ([\d,]+) of 9,000 trainings are in iris.sweep.jsonl: the same "
                         "command goes on$", errors, re.MULTILINE)
    assert len(lines()) == int(done.replace(",", ""))
    goes_on(range(1, 4))


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="no /proc here")
def test_a_worker_that_is_killed_costs_its_runs_which_are_done_again():
    process = begun("python", "1-16")
    os.kill(children_of(process.pid)[0], signal.SIGKILL)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert sorted(line["seed"] for line in lines()) == [*range(1, 17)]
    goes_on(range(1, 17))


def children_of(number):
    found = []
    for name in filter(str.isdecimal, os.listdir("/proc")):
        try:
            told = Path("/proc", name, "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if int(told.rpartition(")")[2].split()[1]) == number:
            found.append(int(name))
    return found


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signals here")
def test_who_is_killed_leaves_nobody_at_work():
    """All of its processes have its output open: it ends with the last of them."""
    process = begun("python", "1-9000")
    process.kill()
    process.communicate(timeout=60)
    assert 5 < len(lines()) < 9000
    goes_on(range(1, 4))
