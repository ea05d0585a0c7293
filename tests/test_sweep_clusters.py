"""Sweeps over the workers of dask and the ranks of MPI, real ones, on this machine.

Each skips where its library is not installed; with PYREF_CLUSTERS=1 in the environment that is an
error.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import pyref
from pyref import sweep

pytestmark = [
    pytest.mark.usefixtures("in_a_folder"),
    pytest.mark.skipif(os.name == "nt", reason="processes are killed by signals here"),
]

FOLDER = str(Path(pyref.__file__).resolve().parent.parent)
# mpiexec of Open MPI asks for these where it runs as root, and for more ranks than processors.
ENVIRONMENT = {
    **os.environ, "PYTHONPATH": FOLDER, "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1",
    "OMPI_MCA_mpi_yield_when_idle": "1",
    "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
}
RECIPES = "--hidden 8 --epochs 30 60"
SEEDS = range(1, 21)


def needed(there, what):
    if there:
        return
    if os.environ.get("PYREF_CLUSTERS") == "1":
        pytest.fail(f"{what} is not installed")
    pytest.skip(f"{what} is not installed")


def started(*words, **more):
    return subprocess.Popen(
        [sys.executable, *words], env={**ENVIRONMENT, **more}, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def dask(tmp_path):
    """The address of a scheduler, its two workers, of which one has no C engine, and how to start
    another."""
    try:
        import distributed
    except ImportError:
        distributed = None
    needed(distributed is not None, "dask.distributed")
    told = tmp_path / "scheduler.json"
    where = ["--scheduler-file", str(told), "--no-dashboard"]
    processes = [started("-m", "distributed.cli.dask_scheduler", "--port", "0", "--host",
                         "127.0.0.1", *where)]
    try:
        def one_more(**more):
            processes.append(started(
                "-m", "distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", *where, **more
            ))

        one_more()
        one_more(PYREF_BACKEND="python")
        until = time.monotonic() + 60
        while not told.exists():
            assert time.monotonic() < until and processes[0].poll() is None
            time.sleep(0.05)
        address = json.loads(told.read_text(encoding="utf-8"))["address"]
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield address, processes[1:], one_more
    finally:
        for process in processes:
            process.kill()
            process.wait()


def lines():
    path = Path("s.jsonl")
    return path.read_text(encoding="ascii").splitlines()[1:] if path.exists() else []


def digests(found):
    return {result.run: result.digest for result in found.results}


def test_workers_of_dask_are_killed_in_mid_sweep(dask):
    """First one, later the other, with what it was sent, before a third is there."""
    address, workers, one_more = dask
    line = f"sweep iris {RECIPES} --seeds 1-20 --dask {address} -o s.jsonl --json"
    process = subprocess.Popen(
        [sys.executable, "-m", "pyref", *line.split()], env=ENVIRONMENT, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )
    for worker, done in zip(workers, (5, 10)):
        while len(lines()) < done:
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.01)
        os.kill(worker.pid, signal.SIGKILL)
    one_more()
    answer, errors = process.communicate(timeout=100)
    assert process.returncode == 0, errors
    assert json.loads(answer)["new"] == 40 == len(lines())
    alone = sweep("iris", RECIPES, seeds=SEEDS, workers=1)
    again = sweep("iris", RECIPES, seeds=SEEDS, file="s.jsonl",
                  progress=lambda result: pytest.fail("done before"))
    assert digests(again) == digests(alone)


def test_dask_s_own_executor(dask):
    from distributed import Client

    with Client(dask[0], set_as_default=False) as client:
        found = sweep("xor", "--hidden 2 --epochs 5", seeds=SEEDS,
                      executor=client.get_executor(pure=False))
    assert digests(found) == digests(sweep("xor", "--hidden 2 --epochs 5", seeds=SEEDS, workers=1))


def test_three_ranks_of_mpi():
    try:
        import mpi4py.futures  # noqa: F401
        mpiexec = Path(sys.executable).with_name("mpiexec")
        mpiexec = str(mpiexec) if mpiexec.exists() else shutil.which("mpiexec")
    except ImportError:
        mpiexec = None
    needed(mpiexec, "mpi4py, or mpiexec")
    line = f"sweep iris {RECIPES} --seeds 1-5 --mpi -o s.jsonl --json"
    done = subprocess.run(
        [mpiexec, "-n", "3", sys.executable, "-m", "mpi4py.futures", "-m", "pyref", *line.split()],
        env=ENVIRONMENT, encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["new"] == 10 == len(lines())
    alone = sweep("iris", RECIPES, seeds=SEEDS[:5], workers=1)
    again = sweep("iris", RECIPES, seeds=SEEDS[:5], file="s.jsonl",
                  progress=lambda result: pytest.fail("done before"))
    assert digests(again) == digests(alone)


def test_mpi_without_ranks_says_how(run):
    try:
        import mpi4py.futures  # noqa: F401
    except ImportError:
        needed(False, "mpi4py")
    shown = run("sweep xor --mpi", code=2)
    assert "by mpiexec -n 3 python -m mpi4py.futures -m pyref" in shown.err


@pytest.mark.parametrize("option, library", [
    ("--dask tcp://127.0.0.1:1", "distributed"), ("--mpi", "mpi4py"),
])
def test_what_is_missing_is_told(run, monkeypatch, option, library):
    monkeypatch.setitem(sys.modules, library, None)
    shown = run(f"sweep xor {option}", code=2).err
    assert shown.startswith(f"pyref: error: {option.split()[0]}: ")
    assert f"pip install {library}" in shown
    assert "only one of them" in run("sweep xor --mpi --dask tcp://127.0.0.1:1", code=2).err
