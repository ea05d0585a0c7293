"""Standard output and standard error that take nothing: a full disk, a closed stream, a reader that
has left.  Every command in a process of its own, with an environment that holds next to nothing:
PYTHONUNBUFFERED hides what stays in a buffer until Python ends, and fails there with 120."""

import ast
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import pyref
from pyref import Network
from pyref.command_line import main

FOLDER = str(Path(pyref.__file__).resolve().parent.parent)
BARE = {name: os.environ[name] for name in ("PATH", "HOME", "PYREF_BACKEND") if name in os.environ}
BARE["COLUMNS"] = "1000"  # as in the fixture `run`
TRAIN = "train xor --epochs 3 --patience 0"
FULL = "No space left on device"

pytestmark = [
    pytest.mark.usefixtures("in_a_folder"),
    pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full"),
]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    path = tmp_path_factory.mktemp("trained") / "m.json"
    assert main([*TRAIN.split(), "-q", "-o", str(path)]) == 0
    return path.read_bytes()


@pytest.fixture
def model(in_a_folder, trained):
    """m.json is in the current folder."""
    Path("m.json").write_bytes(trained)


def started(line, out, err, **environment):
    """`out` and `err` are "read", "full", "closed", or "left": by a reader who is gone before."""
    streams, ours = [], []
    for way in (out, err):
        if way == "read":
            streams.append(subprocess.PIPE)
            continue
        if way == "left":
            reader, writer = os.pipe()
            os.close(reader)
        else:
            writer = os.open("/dev/full", os.O_WRONLY)
        streams.append(writer)
        ours.append(writer)
    closed = [number for number, way in ((1, out), (2, err)) if way == "closed"]
    process = subprocess.Popen(
        [sys.executable, "-m", "pyref", *line.split()],
        stdin=subprocess.DEVNULL,
        stdout=streams[0],
        stderr=streams[1],
        encoding="utf-8",
        env={**BARE, "PYTHONPATH": FOLDER, **environment},
        preexec_fn=lambda: [os.close(number) for number in closed],
    )
    for writer in ours:
        os.close(writer)
    return process


def ended(process):
    """Its exit code, and what could be read."""
    with process:
        out, err = process.communicate(timeout=100)
    return process.returncode, out, err


WAYS = ("read", "full", "closed", "left")


def test_one_file_writes_all_that_commands_say():
    """What the tests below hold for then holds for everything that is ever printed."""
    for path in Path(FOLDER, "pyref", "command_line").rglob("*.py"):
        names = {node.id for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                 if isinstance(node, ast.Name)}
        assert "print" not in names, path


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("out", WAYS)
def test_a_training_is_kept_whoever_reads(out, unbuffered):
    """The same model and exit code; a full disk is told of where that can be."""
    trained = {
        err: started(f"{TRAIN} -o {err}.json", out, err, PYTHONUNBUFFERED=unbuffered)
        for err in WAYS
    }
    ends = {err: ended(process) for err, process in trained.items()}
    assert {err: code for err, (code, *_) in ends.items()} == dict.fromkeys(WAYS, 0)
    assert len({Network.load(f"{err}.json").digest() for err in WAYS}) == 1
    warnings = [line for line in ends["read"][2].splitlines() if "warning" in line]
    told = f"pyref: warning: standard output: {FULL}: the report is cut short"
    assert warnings == ([told] if out == "full" else [])
    if out == "read":
        assert all("\nSHA-256     " in output for _, output, _ in ends.values())


def test_head_costs_no_model():
    """As in the shell: `head` leaves at some time while the training is under way."""
    for lines in (0, 1, 30):
        train = f"train iris --epochs 3 --patience 0 -o {lines}.json"
        command = f"({sys.executable} -m pyref {train}; echo $? >code) | head -n "
        subprocess.run(command + str(lines), shell=True, check=True, timeout=100,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       env={**BARE, "PYTHONPATH": FOLDER})
        assert Path("code").read_text(encoding="ascii") == "0\n"
        assert Network.load(f"{lines}.json").recipe["epochs"] == 3


@pytest.mark.parametrize("out", WAYS)
def test_a_sweep_is_done_whoever_reads(out):
    line = "sweep xor --hidden 2 3 --epochs 2 --workers 1"
    ends = [ended(started(f"{line} -o {out}-{err}.jsonl", out, err)) for err in ("read", "left")]
    assert [code for code, *_ in ends] == [0, 0]
    for err in ("read", "left"):
        assert Path(f"{out}-{err}.jsonl").read_text(encoding="ascii").count("\n") == 3


ANSWERS = (
    "predict m.json xor", "evaluate m.json xor", "show m.json", "verify m.json xor",
    "check-gradient xor --hidden 2", "selftest --quick", "bench 3,2 --seconds 0.01", "info",
    "explain", "read", "read 5", "exercise", "tutorial", "tutorial bias --iterations 100",
    "--version", "--help", "train --help",
)


@pytest.mark.parametrize("line", ANSWERS)
def test_an_answer_that_cannot_be_given(model, line):
    """2, and a word on it, where there is no space; quiet where nobody listens."""
    ways = [("full", "read"), ("full", "full"), ("left", "read")]
    full, both_full, left = map(ended, [started(line, *way) for way in ways])
    assert full == (2, None, f"pyref: error: standard output: {FULL}\n")
    assert both_full[0] == 2
    assert left == (141, None, "")


@pytest.mark.parametrize("line", ["show m.json", "info", "predict m.json xor"])
def test_who_closes_the_output_wants_none(model, run, monkeypatch, line):
    monkeypatch.setattr("pyref.command_line.saying.command", lambda: "python3 -m pyref")
    ways = [("closed", "read"), ("closed", "closed"), ("read", "closed"), ("read", "full")]
    ends = [ended(started(line, *way)) for way in ways]
    assert [code for code, *_ in ends] == [0, 0, 0, 0]
    assert ends[0][2] == "" and ends[2][1] == ends[3][1] == run(line).out


@pytest.mark.parametrize("line", ["info", "train --help", "--version", "show m.json"])
def test_nor_does_python_hide_it_where_it_does_not_buffer(model, line):
    """argparse lets help vanish in silence where writing it fails at once."""
    assert ended(started(line, "full", "read", PYTHONUNBUFFERED="1"))[0] == 2
    assert ended(started(line, "left", "read", PYTHONUNBUFFERED="1"))[0] == 141


@pytest.mark.parametrize("out", WAYS)
def test_answers_in_a_file_are_there_whoever_reads(model, run, out):
    wanted = run("predict m.json xor").out
    predicted = [started(f"predict m.json xor -o {err}.csv", out, err) for err in WAYS]
    assert [ended(process)[0] for process in predicted] == [0, 0, 0, 0]
    assert {Path(f"{err}.csv").read_text(encoding="utf-8") for err in WAYS} == {wanted}


@pytest.mark.parametrize("line, code", [
    ("show nothing.json", 2),
    ("train iris --bogus", 2),
    ("tutorial nothing", 2),
    # Before the training there is a plan on standard output, and then it diverges.
    ("train iris --optimizer sgd --learning-rate 1e10 -o {}.json", 1),
])
def test_an_error_keeps_its_exit_code_whoever_reads(line, code):
    errors = [started(line.format(err), out, err) for out, err in zip(reversed(WAYS), WAYS)]
    assert [ended(process)[0] for process in errors] == [code] * 4


@pytest.mark.parametrize("out, err", [("full", "full"), ("closed", "left"), ("left", "closed")])
def test_ctrl_c_keeps_what_was_learned_whoever_reads(out, err):
    line = "train iris --epochs 100000000 --patience 0 --backend python --checkpoint-every 1"
    training = started(line, out, err)
    until = time.monotonic() + 60
    while not os.path.exists("iris.run.json") and time.monotonic() < until:
        time.sleep(0.05)
    training.send_signal(signal.SIGINT)
    assert ended(training)[0] == 130
    assert Network.load("iris.model.json").recipe["epochs"] >= 1
